"""Check once more, at the count, whether those who voted by rule had the standing at the close."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from civic.kernel.db import db
from civic.voting import figures, kinds, news
from civic.voting.box import UsedRight
from civic.voting.models import Ballot
from civic.voting.taking_back import withdraw

#: The rule in words, where everybody reads it.
WORDS: dict[str, LazyString] = {
    "close": _l(
        "Whoever belongs to those who are asked, when they vote and still at the close. Votes of "
        "others are struck at the count, before the link between vote and voter is destroyed; how "
        "many were struck is published."
    ),
    "cast": _l(
        "Whoever belongs to those who are asked, when they vote. That is checked when they vote "
        "and only then: no vote can be found again in this box."
    ),
    "roll": _l(
        "Whoever the frozen roll lists. The vote is not counted while an objection to the roll, or "
        "a change of it, is open."
    ),
}
#: When a standing is checked beside the cast, as the rules of a ballot by rule publish it.
AT_CLOSE, AT_CAST = "close", "cast"


def rule(ballot: Ballot) -> str:
    """Say when standings are checked: nothing leads from a detached choice to a person."""
    return AT_CAST if ballot.secrecy == kinds.DETACHED else AT_CLOSE


def promised(ballot: Ballot) -> str | None:
    """Return when standings are checked by the fixed rules of a ballot, if they say so."""
    said: str | None = ballot.rules["roll"].get("standing")
    return said


def lost(ballot: Ballot) -> Sequence[UsedRight]:
    """Return, locked, the rights used by whoever had no standing of the audience at the close.

    They come in the order of their receipts' codes, which tells of no person. Nobody is asked again
    where the rules of a ballot do not say so: with a roll, in a rehearsal, in a detached ballot, or
    in one whose rules are older.
    """
    if promised(ballot) != AT_CLOSE:
        return ()
    query = (
        select(UsedRight)
        .where(
            UsedRight.ballot_id == ballot.id,
            UsedRight.person_id.not_in(figures.asked(ballot, at=ballot.closes_at)),
        )
        .order_by(UsedRight.code)
        .with_for_update()
    )
    return db.session.scalars(query, execution_options={"populate_existing": True}).all()


def strike(ballot: Ballot) -> dict[str, Any] | None:
    """Take back the votes of whoever had no standing at the close, and say how many they were.

    :returns: what the closing record says of it: the receipts there were before, and how many
        votes were struck by channel; nothing where its rules say nothing of it.
    """
    if promised(ballot) != AT_CLOSE:
        return {"checked": AT_CAST} if promised(ballot) == AT_CAST else None
    before = ballot.receipts
    found = lost(ballot)
    struck = Counter(used.channel for used in found)
    news.struck(ballot, [used.person_id for used in found if used.person_id is not None])
    for used in found:
        withdraw(ballot, used)
    db.session.refresh(ballot)
    return {"checked": AT_CLOSE, "receipts": before, "struck": dict(struck)}


def after(ballot: Ballot) -> int | None:
    """Return the number of the last receipt before votes were struck at the count, if any were."""
    said = (ballot.closing or {}).get("standing", {})
    return int(said["receipts"]) if said.get("struck") else None
