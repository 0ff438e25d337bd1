"""Announced ballots as rows of lists: on the home of a community, and among its topics."""

from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.kernel import clock, i18n
from civic.voting.models import Ballot
from civic.voting.waiting import Announced, own

__all__ = ["own", "row", "todo", "votes_now"]


class BallotRow(NamedTuple):
    """Be a ballot as a row of a list, in words."""

    title: str
    url: str
    state: str
    left: str
    turnout: str
    question: str = ""


def votes_now(item: Announced) -> bool:
    """Tell whether somebody can use a right now that they have not used."""
    return item.free > 0 and item.ballot.opens_at <= clock.now() < item.ballot.closes_at


def _url(item: Announced) -> str:
    return url_for("ballots.show", community=item.slug, ballot_id=item.ballot.id)


def row(item: Announced) -> BallotRow:
    """Return a ballot as a row of a list."""
    ballot = item.ballot
    begun = ballot.opens_at <= clock.now()
    return BallotRow(
        title=ballot.question,
        url=_url(item),
        state="voting" if begun else "scheduled",
        left=i18n.remaining(ballot.closes_at) if begun else _begins(ballot),
        turnout=_("You have voted") if begun and not item.free else _turnout(ballot),
    )


def _begins(ballot: Ballot) -> str:
    return _("begins %(moment)s", moment=i18n.moment(ballot.opens_at))


def _turnout(ballot: Ballot) -> str:
    return ngettext("%(num)d right used", "%(num)d rights used", ballot.turnout)


def todo(item: Announced) -> dict[str, Any]:
    """Return a ballot as something that waits for somebody."""
    return {
        "title": item.ballot.question,
        "url": f"{_url(item)}#vote",
        "action": _("Vote"),
        "meta": i18n.remaining(item.ballot.closes_at),
        "at": item.ballot.closes_at,
    }
