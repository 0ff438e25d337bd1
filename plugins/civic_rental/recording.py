"""What is on record for a conversion: papers with their numbers and dates, and words."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

from sqlalchemy import func, select

from civic.api import Actor, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import cases, states
from civic_rental.manifest import plugin
from civic_rental.models import Conversion, Record

#: No paper of a conversion is older.
EARLIEST = date(1949, 10, 1)


def hold(conversion: Conversion) -> None:
    """Keep others from deciding on a conversion until this transaction ends, and read it anew."""
    db.session.refresh(conversion, with_for_update=True)


def subject(conversion: Conversion) -> str:
    """Return what the audit calls a conversion."""
    return f"rental_conversion:{conversion.id}"


def not_older(version: int, read: int) -> None:
    """Refuse words about something that somebody else has changed since it was read.

    :raises Refused: `meanwhile`.
    """
    if version != read:
        message = _l(
            "Somebody else changed this meanwhile. Open its page beside this one and compare; what "
            "you typed is still here, and sending it again keeps yours."
        )
        raise Refused("meanwhile", message, HTTPStatus.CONFLICT)


def not_closed(conversion: Conversion) -> None:
    """Refuse to touch a conversion that has come to its end.

    :raises Refused: `closed`.
    """
    if conversion.state == states.CLOSED:
        message = _l("This conversion is closed; nothing is added to it any more.")
        raise Refused("closed", message, HTTPStatus.CONFLICT)


def latest(conversion: Conversion) -> dict[str, Record]:
    """Return the records that count, by their codes."""
    newest = (
        select(func.max(Record.id))
        .where(Record.conversion_id == conversion.id)
        .group_by(Record.code)
    )
    query = select(Record).where(Record.id.in_(newest)).order_by(Record.id)
    return {row.code: row for row in db.session.scalars(query)}


def recordable(conversion: Conversion, there: Mapping[str, Record]) -> list[str]:
    """Return the codes of what can be recorded now: what its state asks for, and what is known."""
    if conversion.state == states.CLOSED:
        return []
    way = states.way()
    asked = way.states[conversion.state].records
    return [code for code in way.records if code in asked or code in there]


def record(
    actor: Actor,
    conversion: Conversion,
    code: str,
    number: str,
    day: date | None,
    words: str,
    case: str = "",
) -> Record:
    """Put something on record; what stood there before stays beneath it.

    :param case: address or number of the case in which people are heard, or nothing.
    :raises Refused: `not_now`, `number`, `day`, `words`; `case_elsewhere`, `no_case`.
    """
    hold(conversion)
    if code not in recordable(conversion, latest(conversion)):
        message = _l("This is not asked for now. Look at the page again.")
        raise Refused("not_now", message, HTTPStatus.CONFLICT)
    asked = states.way().records[code]
    _complete(asked, number, day, words)
    if case and not asked.get("case"):
        message = _l("A case is named only for how people were heard. Leave that line empty here.")
        raise Refused("case_elsewhere", message)
    heard = cases.find(conversion.community, case) if case else None
    made = Record(
        conversion_id=conversion.id,
        code=code,
        number=number if asked["number"] else "",
        day=day if asked["day"] else None,
        words=words,
        by_id=actor.person_id,
        office=actor.office_at(conversion.community.path),
        at=clock.now(),
    )
    db.session.add(made)
    if heard is not None:
        cases.name(made, heard)
    if code == "joint_inspection":
        conversion.inspected_on = made.day
    db.session.flush()
    plugin.audit(
        "recorded",
        community=conversion.community,
        subject=subject(conversion),
        actor=actor,
        data={"record": code, "number": made.number, "day": made.day and made.day.isoformat()}
        | ({"case": heard.id} if heard else {}),
    )
    return made


def _complete(asked: Mapping[str, Any], number: str, day: date | None, words: str) -> None:
    if asked["number"] and not number:
        raise Refused("number", _l("Please give the number of the paper."))
    if asked["day"]:
        today = clock.local(clock.now()).date()
        if day is None:
            raise Refused("day", _l("Please give the date."))
        if not EARLIEST <= day <= today:
            message = _l("The date lies ahead, or very long ago. Please look at it again.")
            raise Refused("day", message)
    if not asked["number"] and not words:
        raise Refused("words", _l("Please say in a few words how it is."))
