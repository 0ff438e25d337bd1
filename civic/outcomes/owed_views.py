"""The page of what a community owes to people."""

from dataclasses import asdict

from flask import Blueprint, g, render_template

from civic.consultations import owed
from civic.kernel import clock

bp = Blueprint("owed", __name__, url_prefix="/c/<community>/owed")


@bp.get("/")
def index() -> str:
    """List answers and work that people wait for, by their dates."""
    now = clock.now()
    rows = [asdict(one) | {"late": one.late(now)} for one in owed.of(g.community)]
    return render_template("outcomes/owed.html", rows=rows)
