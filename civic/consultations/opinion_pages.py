"""What the page of the map of opinions shows, put into words."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from civic.consultations import opinion_figure as figure
from civic.consultations.models import Statement
from civic.consultations.opinion_rows import OpinionRound
from civic.kernel.db import db
from civic.kernel.i18n import gettext as _

#: Half the width of a sign beside a letter.
SIGN = 10
LISTS = ("unites", "consensus", "uncertain")
Place = tuple[str, tuple[int, int]]


def shown(drawn: OpinionRound) -> dict[str, Any]:
    """Return what everybody may see of a round; statements hidden since then are left out."""
    result = drawn.result
    texts = _texts(result)
    shapes = figure.shapes(group["label"] for group in result["groups"])
    several = len(shapes) > 1
    people = sum(group["people"] for group in result["groups"])
    lists = {name: list(_with_text(result[name], texts)) for name in LISTS}
    together = {row["id"] for row in lists["unites"]}
    return {
        "several": several,
        "people": people,
        "signs": {label: sign(shape) for label, shape in shapes.items()},
        "groups": [
            {
                **group,
                "shape": shape_name(shapes[group["label"]]),
                "representative": list(_with_text(group["representative"], texts)),
            }
            for group in (result["groups"] if several else ())
        ],
        "unites": [
            row | {"groups": [(label, *row["groups"][label]) for label in sorted(row["groups"])]}
            for row in lists["unites"]
        ],
        # What unites the groups is not said a second time.
        "consensus": [
            row for row in lists["consensus"] if row["id"] not in together or row["side"] != "agree"
        ],
        "uncertain": lists["uncertain"],
    }


def sign(shape: str) -> str:
    """Return the outline of a shape as it stands beside a letter."""
    return figure.mark(shape, SIGN, SIGN, SIGN - 2)


def shape_name(shape: str) -> str:
    """Return what a shape is called."""
    return {
        "circle": _("circle"),
        "square": _("square"),
        "triangle": _("triangle"),
        "diamond": _("diamond"),
        "cross": _("cross"),
    }[shape]


def plan(drawn: OpinionRound, place: Place | None = None) -> dict[str, Any]:
    """Return the drawing of a round.

    :param place: where the reader stands, for the reader alone.
    """
    dots, left, top = figure.cropped(drawn.result["dots"])
    groups, width, height = figure.drawing(dots)
    own = None
    if place is not None:
        column, row = place[1]
        own = figure.point(column - left, row - top)
    return {"groups": groups, "width": width, "height": height, "own": own}


def _texts(result: Mapping[str, Any]) -> dict[int, str]:
    ids = {row["id"] for name in LISTS for row in result[name]}
    ids |= {row["id"] for group in result["groups"] for row in group["representative"]}
    query = select(Statement.id, Statement.text).where(
        Statement.id.in_(ids), Statement.hidden_by.is_(None)
    )
    return {row[0]: row[1] for row in db.session.execute(query)} if ids else {}


def _with_text(
    rows: Iterable[Mapping[str, Any]], texts: Mapping[int, str]
) -> Iterable[dict[str, Any]]:
    return ({**row, "text": texts[row["id"]]} for row in rows if row["id"] in texts)
