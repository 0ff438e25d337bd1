"""The page that leads to all that plugins have in a community."""

from flask import Blueprint, render_template

bp = Blueprint("more", __name__, url_prefix="/c/<community>/more")


@bp.get("/")
def index() -> str:
    """List the ways of plugins; the frame knows them."""
    return render_template("home/more.html")
