"""Enter papers: two people type each, what differs is decided by a third, all with witnesses."""

import json
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import canonical, choices, duplicates, news, opening, papers, services
from civic.voting.choices import Marks
from civic.voting.models import Ballot
from civic.voting.roll_call import second_person
from civic.voting.sheets import (
    COUNTED,
    DIFFERS,
    INVALID,
    ISSUED,
    STRUCK,
    TYPED,
    Sheet,
)

LATE = "late"
#: Why a paper is invalid; each stands in the published list by its words.
REASONS: dict[str, LazyString] = {
    LATE: _l("handed in outside the time of voting"),
    "blank": _l("nothing is marked"),
    "unclear": _l("the marks do not tell what was meant"),
    "overmarked": _l("more is marked than the ballot allows"),
    "unsigned": _l("the signature is missing"),
    "no_right": _l("no right on the roll belongs to it"),
    "marked": _l("it bears a sign that gives its voter away"),
    "damaged": _l("it is torn or cannot be read"),
    "foreign": _l("it is not a paper of this ballot"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Be what a clerk typed from one paper; nothing of it is believed yet.

    :ivar number: of the right on the roll.
    :ivar invalid: a code of `REASONS`, or nothing.
    :ivar handed_in_at: when it was handed in.
    :ivar witnesses: two, by name and post, as they stand on the list.
    """

    serial: int
    number: int | None
    marks: Marks
    invalid: str = ""
    handed_in_at: datetime
    witnesses: tuple[str, str]


def enter(actor: Actor, ballot: Ballot, entry: Entry) -> Sheet:
    """Take what one clerk typed; the second one's is compared with it.

    :raises Refused: `no_serial`, `used`, `differs`, `second_person`, `witnesses`, `time`, `own`,
        `no_right`, `other_right`, `entries_over`, `closed`, or a code of `choices.read`.
    """
    services.while_open(ballot, until_sealed=True)
    sheet = papers.find(ballot, entry.serial, lock=True)
    if sheet.state == DIFFERS:
        raise Refused("differs", _l("Two people typed this paper; a third one decides."))
    if sheet.state not in {ISSUED, TYPED}:
        raise Refused(
            "used", _l("This serial number has been entered already."), HTTPStatus.CONFLICT
        )
    if sheet.first_by is not None and sheet.first_by == actor.person_id:
        raise second_person()
    witnesses = _witnesses(entry)
    typed = _typed(actor, ballot, sheet, entry)
    if sheet.state == ISSUED:
        in_time(ballot)
        sheet.first_by, sheet.first_typed, sheet.state = actor.person_id, typed, TYPED
        sheet.handed_in_at = entry.handed_in_at
        sheet.witness_one, sheet.witness_two = witnesses
        _still_open(ballot)
    elif sheet.first_typed == typed:
        sheet.second_by = actor.person_id
        settle(actor, ballot, sheet, typed)
    else:
        sheet.second_by, sheet.second_typed, sheet.state = actor.person_id, typed, DIFFERS
        _still_open(ballot)
    db.session.flush()
    return sheet


def decide(actor: Actor, ballot: Ballot, entry: Entry, reason: str) -> Sheet:
    """Decide what a paper says that two people read differently.

    :raises Refused: `not_differing`, `second_person`, `reason`, or as `enter`.
    """
    services.while_open(ballot, until_sealed=True)
    sheet = papers.find(ballot, entry.serial, lock=True)
    if sheet.state != DIFFERS:
        raise Refused("not_differing", _l("Nothing is left to decide here."), HTTPStatus.CONFLICT)
    if actor.person_id in {None, sheet.first_by, sheet.second_by}:
        raise Refused(
            "second_person",
            _l("A third person decides, who has not typed this paper."),
            HTTPStatus.FORBIDDEN,
        )
    if not reason.strip():
        raise Refused("reason", _l("Please say why it is read so."))
    typed = _typed(actor, ballot, sheet, entry)
    sheet.decided_by, sheet.note = actor.person_id, reason.strip()
    sheet.handed_in_at = entry.handed_in_at
    settle(actor, ballot, sheet, typed)
    db.session.flush()
    return sheet


def in_time(ballot: Ballot) -> None:
    """Refuse a new entry once all papers are declared to be in, or their time is over.

    :raises Refused: `entries_over`.
    """
    work = papers.work(ballot)
    # An extension may have moved the close beyond it.
    last = max(work.entries_until, ballot.closes_at) if work else ballot.opens_at
    if work is None or work.confirmed_at is not None or clock.now() >= last:
        raise Refused(
            "entries_over",
            _l("The time to enter papers is over; what has come since does not count."),
            HTTPStatus.CONFLICT,
        )


def _witnesses(entry: Entry) -> tuple[str, str]:
    one, two = (" ".join(name.split()) for name in entry.witnesses)
    if not one or not two or one == two:
        raise Refused("witnesses", _l("Please name two witnesses, each by name and post."))
    return one, two


def _typed(actor: Actor, ballot: Ballot, sheet: Sheet, entry: Entry) -> str:
    """Return what was typed in one canonical way."""
    at = entry.handed_in_at
    if at > clock.now():
        raise Refused("time", _l("It cannot have been handed in later than now."))
    invalid = entry.invalid
    if invalid and invalid not in REASONS:
        raise Refused("invalid", _l("Please choose a reason of the list."))
    if not ballot.opens_at <= at < ballot.closes_at:
        invalid = LATE
    choice = None
    if not invalid:
        found = papers.right(ballot, entry.number)
        papers.not_own(actor, found)
        if sheet.printed_for is not None and sheet.printed_for != entry.number:
            raise Refused(
                "other_right",
                _l("This sheet was printed for no. %(number)d."),
                values={"number": sheet.printed_for},
            )
        choice = choices.read(ballot.rules, entry.marks)
    said: dict[str, Any] = {"invalid": invalid, "at": at.isoformat()}
    return canonical.text(said | ({} if invalid else {"right": entry.number, "choice": choice}))


def read_moment(text: str) -> datetime:
    """Return the moment that was typed, from what `enter` keeps of it."""
    return datetime.fromisoformat(text)


def _still_open(ballot: Ballot) -> None:
    db.session.flush()
    if opening.locked(ballot.id).sealed_at is not None:
        raise duplicates.sealed()


def settle(actor: Actor, ballot: Ballot, sheet: Sheet, typed: str) -> None:
    """Count what was agreed upon, or list it as invalid; a secret ballot forgets what was typed."""
    said = json.loads(typed)
    sheet.second_typed = typed if sheet.second_typed is None else sheet.second_typed
    if ballot.secret:
        sheet.first_typed = sheet.second_typed = None
    if said["invalid"]:
        sheet.state, sheet.reason = INVALID, said["invalid"]
        _still_open(ballot)
    else:
        replaced = count(ballot, sheet, said["right"], said["choice"])
        if replaced:
            held = papers.holders(papers.right(ballot, said["right"]))
            news.entered(ballot, sheet.channel, said["right"], held)
    audit.append(
        "ballot.paper_entered",
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"serial": sheet.serial, "state": sheet.state, "reason": sheet.reason},
    )


def count(ballot: Ballot, sheet: Sheet, number: int, choice: str) -> bool:
    """Put the choice of a sheet into the box; return whether it replaced another vote."""
    found = papers.right(ballot, number)
    assert sheet.handed_in_at is not None  # noqa: S101 - written with the first entry
    entered = duplicates.enter(
        ballot, found.id, found.key, choice, sheet.channel, sheet.handed_in_at
    )
    sheet.right_number, sheet.key = number, found.key
    sheet.state, sheet.reason = (STRUCK if entered.reason else COUNTED), entered.reason
    if entered.reason:
        _still_open(ballot)
    db.session.flush()
    return entered.replaced
