"""What bodies and meetings keep about people: given out, and forgotten with their account."""

from sqlalchemy import select, update

from civic.api import Table, clock, db
from civic.api import lazy_gettext as _l
from civic_party.listing import STEP_TITLES
from civic_party.meeting_models import Decision, Meeting, Place, Topic
from civic_party.models import Body, Charter, Holder, Seat, Swap
from civic_party.record_models import Action, ActionStep, Minutes, Remark

#: Columns that name a person and nothing more of them.
NAMED = (
    Charter.recorded_by,
    Swap.by_id,
    Meeting.made_by,
    Topic.proposed_by,
    Place.received_by,
    Decision.noted_by,
    Minutes.written_by,
    Minutes.signed_by,
    Minutes.issued_by,
    Remark.person_id,
    Remark.answered_by,
    Action.made_by,
    Action.reported_by,
    Action.checked_by,
    ActionStep.by_id,
)


def export(person_id: int) -> list[Table]:
    """Return all that bodies and meetings store about a person."""
    return [_seats(person_id), _words(person_id), _acts(person_id)]


def _seats(person_id: int) -> Table:
    query = (
        select(Holder, Body.title, Seat)
        .join(Seat, Seat.id == Holder.seat_id)
        .join(Body, Body.id == Seat.body_id)
        .where(Holder.person_id == person_id)
        .order_by(Holder.id)
    )
    return Table(
        name="party_seats",
        title=_l("Seats of units that you fill"),
        columns={
            "body": _l("Body"),
            "unit": _l("Unit"),
            "name": _l("Name"),
            "title": _l("What you are there"),
            "since": _l("Since"),
            "until": _l("Until"),
        },
        rows=[
            (title, seat.name, row.name, row.title, row.since, row.until)
            for row, title, seat in db.session.execute(query)
        ],
    )


def _words(person_id: int) -> Table:
    topics = select(Topic).where(Topic.proposed_by == person_id).order_by(Topic.id)
    remarks = select(Remark).where(Remark.person_id == person_id).order_by(Remark.id)
    rows: list[tuple[object, ...]] = [
        (_l("Topic"), row.proposed_at, f"{row.title}\n{row.text}".strip())
        for row in db.session.scalars(topics)
    ]
    rows += [
        (_l("Comment on minutes"), row.at, row.words or _l("agreed"))
        for row in db.session.scalars(remarks)
    ]
    return Table(
        name="party_words",
        title=_l("What you proposed and commented on for your unit"),
        columns={"what": _l("What"), "at": _l("When"), "words": _l("Words")},
        rows=rows,
    )


def _acts(person_id: int) -> Table:
    rows: list[tuple[object, ...]] = []
    for title, at, column, text in (
        (_l("Meeting called"), Meeting.made_at, Meeting.made_by, Meeting.place),
        (_l("Notice acknowledged"), Place.received_at, Place.received_by, Place.name),
        (_l("Decision noted"), Decision.noted_at, Decision.noted_by, Decision.words),
        (_l("Minutes written"), Minutes.written_at, Minutes.written_by, Minutes.opinions),
        (_l("Minutes signed"), Minutes.signed_at, Minutes.signed_by, Minutes.signer),
        (_l("Minutes issued"), Minutes.issued_at, Minutes.issued_by, Minutes.signer),
        (_l("Comment answered"), Remark.answered_at, Remark.answered_by, Remark.answer),
        (_l("Charter recorded"), Charter.recorded_at, Charter.recorded_by, Charter.text),
        (_l("Quarters swapped"), Swap.at, Swap.by_id, Swap.reason),
    ):
        found = db.session.execute(select(at, text).where(column == person_id).order_by(at))
        rows += [(title, moment, words) for moment, words in found]
    steps = select(ActionStep).where(ActionStep.by_id == person_id).order_by(ActionStep.id)
    rows += [(STEP_TITLES[row.act], row.at, row.words) for row in db.session.scalars(steps)]
    return Table(
        name="party_acts",
        title=_l("What you did for units, or in the office of a body"),
        columns={"act": _l("What"), "at": _l("When"), "words": _l("What was written")},
        rows=rows,
    )


def forget(person_id: int) -> None:
    """Take a person out of all that stays; their seat becomes free."""
    mine = update(Holder).where(Holder.person_id == person_id)
    db.session.execute(mine.where(Holder.until.is_(None)).values(until=clock.now()))
    db.session.execute(mine.values(person_id=None, name="–"))
    for column in NAMED:
        changed = update(column.class_).where(column == person_id)
        db.session.execute(changed.values({column.key: None}))
