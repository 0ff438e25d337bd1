"""Pages of ballots: paper, receipt, board, result, and what one needs to check it."""

from flask import Blueprint

bp = Blueprint("ballots", __name__, url_prefix="/c/<community>/ballots")


@bp.get("/<int:ballot_id>/board")
def board(ballot_id: int) -> str:
    """Show the board."""
    return str(ballot_id)
