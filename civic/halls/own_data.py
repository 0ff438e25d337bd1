"""What meetings in the hall store about people."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select

from civic.halls.minute_rows import HallMotion
from civic.halls.models import WAITING, HallHand, HallItem, HallMeeting, HallPresence
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table


def _export(person_id: int) -> list[Table]:
    meeting, at = _l("Meeting"), _l("When")
    hands = db.session.execute(
        select(HallMeeting.title, HallItem.title, HallHand)
        .join(HallMeeting, HallMeeting.id == HallHand.meeting_id)
        .join(HallItem, HallItem.id == HallHand.item_id)
        .where(HallHand.person_id == person_id)
        .order_by(HallHand.id)
    ).all()
    motions = db.session.execute(
        select(HallMeeting.title, HallMotion)
        .join(HallMeeting, HallMeeting.id == HallMotion.meeting_id)
        .where(or_(HallMotion.mover_id == person_id, HallMotion.seconder_id == person_id))
        .order_by(HallMotion.id)
    ).all()
    present = db.session.execute(
        select(HallMeeting.title, HallPresence.at)
        .join(HallMeeting, HallMeeting.id == HallPresence.meeting_id)
        .where(HallPresence.person_id == person_id)
        .order_by(HallPresence.at)
    ).all()
    led = db.session.scalars(
        select(HallMeeting)
        .where(or_(HallMeeting.chair_id == person_id, HallMeeting.secretary_id == person_id))
        .order_by(HallMeeting.id)
    ).all()
    return [
        Table(
            "hall_hands",
            _l("Hands that you raised in meetings"),
            {
                "meeting": meeting,
                "item": _l("Item of the agenda"),
                "raised": _l("Hand raised"),
                "from": _l("You spoke from"),
                "to": _l("You spoke until"),
            },
            [
                (title, item, hand.raised_at, hand.called_at, hand.ended_at)
                for title, item, hand in hands
            ],
        ),
        Table(
            "hall_motions",
            _l("Motions that you moved or seconded"),
            {"meeting": meeting, "text": _l("Text"), "moved": _l("You moved it"), "at": at},
            [(title, one.words, one.mover_id == person_id, one.moved_at) for title, one in motions],
        ),
        Table(
            "hall_presence",
            _l("Meetings at which you said that you are there"),
            {"meeting": meeting, "at": at},
            [tuple(row) for row in present],
        ),
        Table(
            "hall_led",
            _l("Meetings that you led or took the minutes of"),
            {"meeting": meeting, "led": _l("You led it"), "at": at},
            [(one.title, one.chair_id == person_id, one.starts_at) for one in led],
        ),
    ]


def _forget(person_id: int) -> None:
    """Take hands down that are still up, and forget who is in a hall; minutes stay as they are."""
    waiting = delete(HallHand).filter_by(person_id=person_id, state=WAITING)
    db.session.execute(waiting)
    db.session.execute(delete(HallPresence).filter_by(person_id=person_id))


PART = Part(
    owner="halls",
    title=_l("Meetings in the hall"),
    stored=(
        Collected(
            _l("When you raised your hand and spoke, and what you moved or seconded"),
            _l("So that everybody gets the floor in turn. Minutes show it under your masked name."),
            _l("as long as the record of the case; hands until you take them down"),
        ),
        Collected(
            _l("That you are in the hall, where you say so yourself"),
            _l("To count those who are there. Only the number is shown, never who."),
            _l("until the meeting ends"),
        ),
        Collected(
            _l("Name and post of whoever leads a meeting, and name of whoever takes its minutes"),
            _l("Minutes say who answers for them."),
            _l("as long as the record of the case"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("What you said in meetings and moved, under “已注销的用户”"),
            _l("Minutes that were signed do not change."),
        ),
        Kept(
            _l("Names of those who led meetings or took minutes"),
            _l("It was done in the name of an office, and others rely on it."),
        ),
    ),
)
