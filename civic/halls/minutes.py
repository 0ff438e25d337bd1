"""Take minutes while people speak: numbered entries, and corrections that keep what stood there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.halls import meetings, who
from civic.halls.minute_rows import MOTION, TAKEN, TASK, TURN, HallEntry, HallMotion, HallOldWords
from civic.halls.models import HallHand, HallMeeting
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

LONGEST, LONGEST_WHO = 4000, 200


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Hold what somebody writes down.

    :ivar who: of a task, which body does it; `due` by when.
    """

    kind: str
    words: str
    who: str = ""
    due: date | None = None
    form_key: str


def open_to(meeting: HallMeeting) -> None:
    """Refuse to write into minutes that have not begun or are signed.

    :raises Refused: `no_minutes`.
    """
    if meetings.state(meeting) not in {meetings.OPEN, meetings.CLOSED}:
        message = _l("Minutes are taken from the opening of the meeting until they are signed.")
        raise Refused("no_minutes", message, HTTPStatus.CONFLICT)


def take(
    actor: Actor, community: Community, case_id: int, meeting_id: int, taken: Taken
) -> HallEntry:
    """Write an entry; two who write at once get two numbers, and a form sent twice is kept once.

    :raises Refused: `not_at_the_desk`, `no_minutes`, `words` or `who`.
    """
    found = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, found, community.path)
    mine = select(HallEntry).filter_by(by_id=actor.person_id, form_key=taken.form_key)
    before = db.session.scalar(mine)
    if before is not None:
        return before
    open_to(found)
    words, body = _words(taken.words), text.plain(taken.who)
    if taken.kind not in TAKEN:
        raise Refused("words", _l("Please choose what it is: a note, a decision or a task."))
    if taken.kind == TASK and (not body or len(body) > LONGEST_WHO):
        raise Refused("who", _l("Please write who does it, in at most 200 characters."))
    made = HallEntry(
        kind=taken.kind,
        words=words,
        who=body if taken.kind == TASK else "",
        due=taken.due if taken.kind == TASK else None,
        form_key=taken.form_key,
    )
    return append(actor, found, made)


def append(actor: Actor, meeting: HallMeeting, entry: HallEntry) -> HallEntry:
    """Give an entry the next number; the meeting is held."""
    meeting.entries += 1
    entry.meeting_id, entry.number, entry.item = meeting.id, meeting.entries, meeting.item
    assert actor.person_id is not None  # noqa: S101 - at the desk nobody is a visitor
    entry.by_id, entry.at = actor.person_id, clock.now()
    entry.form_key = entry.form_key or f"{meeting.id}:{meeting.entries}"
    db.session.add(entry)
    meetings.happened(meeting)
    return entry


def of_turn(actor: Actor, meeting: HallMeeting, hand: HallHand) -> None:
    """Write down that somebody has spoken."""
    append(actor, meeting, HallEntry(kind=TURN, hand_id=hand.id))


def of_motion(actor: Actor, meeting: HallMeeting, motion: HallMotion) -> None:
    """Write down what came of a motion."""
    append(actor, meeting, HallEntry(kind=MOTION, motion_id=motion.id))


def correct(
    actor: Actor,
    community: Community,
    case_id: int,
    meeting_id: int,
    entry_id: int,
    *,
    words: str,
    seen: int,
) -> HallEntry:
    """Put an entry right; what stood there stays readable.

    :param seen: the edition that whoever corrects has read.
    :raises Refused: `not_at_the_desk`, `no_minutes`, `by_itself`, `words`, `meanwhile` or 404.
    """
    found = meetings.held(community, case_id, meeting_id)
    who.must_keep(actor, found, community.path)
    open_to(found)
    query = select(HallEntry).filter_by(id=entry_id, meeting_id=found.id)
    entry = db.session.scalar(query.execution_options(populate_existing=True))
    if entry is None:
        raise meetings.missing()
    if entry.kind not in TAKEN:
        message = _l("This was entered by itself. Write a note if something about it is wrong.")
        raise Refused("by_itself", message, HTTPStatus.CONFLICT)
    words = _words(words)
    if entry.edition != seen:
        message = _l("Somebody else has corrected this entry meanwhile. Please read it again.")
        raise Refused("meanwhile", message, HTTPStatus.CONFLICT)
    assert actor.person_id is not None  # noqa: S101 - at the desk nobody is a visitor
    old = HallOldWords(
        entry_id=entry.id,
        edition=entry.edition,
        words=entry.words,
        by_id=actor.person_id,
        at=clock.now(),
    )
    db.session.add(old)
    entry.words, entry.edition = words, entry.edition + 1
    meetings.happened(found)
    return entry


def _words(words: str) -> str:
    words = text.plain(words)
    if not words or len(words) > LONGEST:
        raise Refused("words", _l("Please write the entry, in at most 4,000 characters."))
    return words


def of(meeting_id: int, newest: int = 0) -> Sequence[HallEntry]:
    """Return the entries of a meeting in order, or only so many of the newest.

    Each comes with its turn or motion and the people of these.
    """
    people = (
        joinedload(HallEntry.hand).joinedload(HallHand.person),
        joinedload(HallEntry.motion).joinedload(HallMotion.mover_person),
        joinedload(HallEntry.motion).joinedload(HallMotion.seconder_person),
    )
    query = select(HallEntry).filter_by(meeting_id=meeting_id).options(*people)
    if newest:
        rows = db.session.scalars(query.order_by(HallEntry.number.desc()).limit(newest)).all()
        return rows[::-1]
    return db.session.scalars(query.order_by(HallEntry.number)).all()


def old_words(meeting_id: int) -> dict[int, list[HallOldWords]]:
    """Return what corrected entries of a meeting said before, by their keys."""
    query = (
        select(HallOldWords)
        .join(HallEntry, HallEntry.id == HallOldWords.entry_id)
        .where(HallEntry.meeting_id == meeting_id)
        .order_by(HallOldWords.entry_id, HallOldWords.edition)
    )
    found: dict[int, list[HallOldWords]] = defaultdict(list)
    for one in db.session.scalars(query):
        found[one.entry_id].append(one)
    return found
