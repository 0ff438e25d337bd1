"""Minutes: drafted by the office, commented on by the units, signed by the chair, issued."""

import hashlib
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from sqlalchemy import func, select

from civic.api import Actor, Community, Refused, clock, db, plain
from civic.api import lazy_gettext as _l
from civic_party import actions, bodies, deciding, flow, noting, roll, seats, topics
from civic_party.flow import COUNTS
from civic_party.meeting_models import ACCEPTED, Decision, Meeting, Place
from civic_party.models import Body, Holder
from civic_party.record_models import DROPPED, Minutes, Remark

LONGEST, LONGEST_REMARK = 20_000, 1000


def of(meeting_id: int) -> Minutes | None:
    """Return the minutes of a meeting, where they were begun."""
    return db.session.get(Minutes, meeting_id)


def write(actor: Actor, which: Meeting, *, opinions: str, seen: int) -> Minutes:
    """Write what was said; decisions, tasks and attendance stand in the minutes by themselves.

    :param seen: version that the form was filled from, 0 for the first.
    :raises Refused: `moved_on`, `opinions`, `meanwhile`.
    """
    which = seats.held(which)
    if which.state not in {flow.OPEN, flow.DRAFTING}:
        message = _l("Minutes are written while the meeting is held, until the units comment.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    opinions = plain(opinions)
    if not opinions or len(opinions) > LONGEST:
        raise Refused("opinions", _l("Please write what was said, in at most 20,000 letters."))
    found = of(which.id)
    if (found.version if found else 0) != seen:
        message = _l(
            "Somebody else has changed the minutes meanwhile. What you typed is still here; open "
            "them in a second window, compare, and keep yours again."
        )
        raise Refused("meanwhile", message, HTTPStatus.CONFLICT)
    if found is None:
        found = Minutes(meeting_id=which.id, version=0)
    found.version, found.opinions = found.version + 1, opinions
    found.written_by, found.written_at = actor.person_id, clock.now()
    db.session.add(found)
    db.session.flush()
    noting.on_meeting(actor, which, "minutes_written", {"version": found.version})
    return found


def remarks(meeting_id: int) -> Sequence[Remark]:
    """Return what the units said to the minutes, all versions, in order."""
    query = select(Remark).filter_by(meeting_id=meeting_id).order_by(Remark.version, Remark.id)
    return db.session.scalars(query).all()


def remark(actor: Actor, which: Meeting, seat_id: int, words: str) -> Remark:
    """Comment on the draft for a seat; without words the unit agrees.

    :raises Refused: `moved_on`, `over`, `not_yours`, `not_there` for a unit not on the roll,
        `words`, `answered`.
    """
    which = seats.held(which)
    found = of(which.id)
    if which.state != flow.COMMENTING or found is None or found.comments_until is None:
        message = _l("The draft is not open for comments now.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    if clock.now() >= found.comments_until:
        message = _l("The time for comments is over. Please call the office.")
        raise Refused("over", message, HTTPStatus.CONFLICT)
    seats.own(actor, db.session.get_one(Body, which.body_id), seat_id)
    listed = select(Place.id).filter_by(meeting_id=which.id, seat_id=seat_id)
    if db.session.scalar(listed) is None:
        message = _l("This unit was not on the roll of the meeting.")
        raise Refused("not_there", message, HTTPStatus.FORBIDDEN)
    words = plain(words)
    if len(words) > LONGEST_REMARK:
        raise Refused("words", _l("Please write at most 1,000 letters."))
    query = select(Remark).filter_by(meeting_id=which.id, version=found.version, seat_id=seat_id)
    made = db.session.scalar(query)
    if made is None:
        made = Remark(meeting_id=which.id, version=found.version, seat_id=seat_id)
    if made.answered_at is not None:
        message = _l("The office has answered this comment already.")
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    made.words, made.person_id, made.at = words, actor.person_id, clock.now()
    db.session.add(made)
    db.session.flush()
    noting.on_meeting(actor, which, "minutes_remarked", {"seat": seat_id})
    return made


def answer(actor: Actor, which: Meeting, remark_id: int, *, adopted: bool, words: str) -> None:
    """Answer a comment for the office: adopted, or not with the reason.

    :raises Refused: `moved_on`, `answered`, `words`, 404.
    """
    which = seats.held(which)
    if which.state not in {flow.COMMENTING, flow.DRAFTING}:
        message = _l("Comments are answered until the chair has signed.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    query = select(Remark).filter_by(id=remark_id, meeting_id=which.id)
    found = db.session.scalar(query)
    if found is None or not found.words:
        raise Refused("no_remark", _l("There is no such comment here."), HTTPStatus.NOT_FOUND)
    if found.answered_at is not None:
        message = _l("This comment is answered already.")
        raise Refused("answered", message, HTTPStatus.CONFLICT)
    words = plain(words)
    if not words or len(words) > LONGEST_REMARK:
        message = _l("Please write what is changed, or why nothing is; the unit reads it.")
        raise Refused("words", message)
    found.adopted, found.answer = adopted, words
    found.answered_by, found.answered_at = actor.person_id, clock.now()
    db.session.flush()
    noting.on_meeting(actor, which, "remark_answered", {"remark": found.id, "adopted": adopted})


def open_remarks(meeting_id: int) -> int:
    """Return how many comments wait for their answer."""
    query = select(func.count(Remark.id)).where(
        Remark.meeting_id == meeting_id, Remark.words != "", Remark.answered_at.is_(None)
    )
    return db.session.scalar(query) or 0


def all_said(which: Meeting, found: Minutes) -> bool:
    """Tell whether each unit that attended has commented on this version, or agreed."""
    query = select(Remark.seat_id).filter_by(meeting_id=which.id, version=found.version)
    said = set(db.session.scalars(query))
    return said.issuperset(
        line.seat_id for line in roll.lines(which.id) if line.attendance in COUNTS
    )


def signer(which: Meeting) -> Holder | None:
    """Return who fills the seat of the chair of a meeting now."""
    query = select(Holder).filter_by(seat_id=which.chair_seat_id).where(Holder.until.is_(None))
    return db.session.scalar(query)


def is_chair(actor: Actor, which: Meeting) -> bool:
    """Tell whether an actor fills the seat of the chair of a meeting; liaisons do not sign."""
    found = signer(which)
    return found is not None and found.person_id == actor.person_id is not None


def on_paper(which: Meeting) -> bool:
    """Tell whether the chair of a meeting has no account: it signs on paper."""
    found = signer(which)
    return found is not None and found.person_id is None


def freeze(actor: Actor, which: Meeting) -> None:
    """Sign: keep all the minutes say as it stands now, with its fingerprint."""
    found, who = of(which.id), signer(which)
    assert found is not None  # noqa: S101 - the move asked for it
    assert who is not None  # noqa: S101 - only the chair makes it
    unit = bodies.names(which.body_id)[who.seat_id]
    signed = f"{unit} · {who.name}"
    said = content(which, found, signed)
    # All at once: the database holds that they belong together.
    found.signer, found.content, found.fingerprint = signed, said, fingerprint(said)
    found.signed_by, found.signed_at = actor.person_id, clock.now()
    db.session.flush()


def fingerprint(said: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of minutes."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def content(which: Meeting, found: Minutes, signed: str = "") -> dict[str, Any]:
    """Return all that minutes say, as JSON: what is signed, and what pages and prints show."""
    body = db.session.get_one(Body, which.body_id)
    community = db.session.get_one(Community, which.community_id)
    units = bodies.names(which.body_id)
    decided = deciding.of(which.id)
    quorum = roll.quorum(which)
    given = [each for each in actions.of_meeting(which.id) if each.state != DROPPED]
    return {
        "community": community.name,
        "body": body.title,
        "quarter": which.quarter,
        "starts_at": clock.local(which.starts_at).isoformat(),
        "place": which.place,
        "chair": units.get(which.chair_seat_id or 0, ""),
        "signer": signed,
        "quorum": {**vars(quorum), "met": quorum.met},
        "roll": [
            {"unit": line.name, "attendance": line.attendance, "who": line.who}
            for line in roll.lines(which.id)
        ],
        "topics": [
            {
                "title": topic.title,
                "unit": topic.seat.name if topic.seat else "",
                "decision": _decision(decided[topic.id]) if topic.id in decided else None,
                "tasks": [
                    {
                        "title": each.title,
                        "owner": each.seat.name,
                        "helpers": [helper.seat.name for helper in each.helpers],
                        "due_on": each.due_on.isoformat(),
                    }
                    for each in given
                    if each.topic_id == topic.id
                ],
            }
            for topic in topics.of(which.id, ACCEPTED)
        ],
        "carried": [
            {"title": each.title, "owner": each.seat.name, "due_on": each.due_on.isoformat()}
            for each in actions.carried(which.id)
        ],
        "opinions": found.opinions,
        "version": found.version,
    }


def _decision(row: Decision) -> dict[str, Any]:
    return {
        "words": row.words,
        "way": row.way,
        "votes": None
        if row.votes_for is None
        else [row.votes_for, row.votes_against, row.abstained],
        "passed": row.passed,
    }
