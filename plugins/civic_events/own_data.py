"""What is kept about people: given out to them, and forgotten with their account."""

from sqlalchemy import select, update

from civic.api import Table, db
from civic.api import lazy_gettext as _l
from civic_events.kinds import ACTS, STATES
from civic_events.models import Activity, Arrival, Feedback, SignUp, Step
from civic_events.service import Certificate, Service, Shift

EVENT, WHEN = _l("Event"), _l("When")


def export(person_id: int) -> list[Table]:
    """Return what somebody signed up for, said, and wrote."""
    signed = db.session.execute(
        select(Activity.title, SignUp.answers, SignUp.code, SignUp.at, Arrival.at)
        .join(SignUp, SignUp.activity_id == Activity.id)
        .outerjoin(Arrival, Arrival.sign_up_id == SignUp.id)
        .where(SignUp.person_id == person_id)
        .order_by(SignUp.id)
    ).all()
    said = db.session.execute(
        select(Activity.title, Feedback.stars, Feedback.words, Feedback.at)
        .join(Feedback, Feedback.activity_id == Activity.id)
        .where(Feedback.person_id == person_id)
        .order_by(Feedback.id)
    ).all()
    wrote = db.session.execute(
        select(Activity.title, Activity.state, Activity.made_at)
        .where(Activity.made_by == person_id)
        .order_by(Activity.id)
    ).all()
    helped = db.session.execute(
        select(Shift.task, Shift.starts_at, Service.minutes, Service.confirmed_at)
        .join(Service, Service.shift_id == Shift.id)
        .where(Service.person_id == person_id)
        .order_by(Service.id)
    ).all()
    certified = db.session.execute(
        select(Certificate.serial, Certificate.name, Certificate.minutes, Certificate.at)
        .where(Certificate.person_id == person_id)
        .order_by(Certificate.id)
    ).all()
    acts = db.session.execute(
        select(Activity.title, Step.act, Step.words, Step.at)
        .join(Step, Step.activity_id == Activity.id)
        .where(Step.by_id == person_id)
        .order_by(Step.id)
    ).all()
    let_in = db.session.execute(
        select(Activity.title, Arrival.heads, Arrival.at)
        .join(Arrival, Arrival.activity_id == Activity.id)
        .where(Arrival.by_id == person_id)
        .order_by(Arrival.id)
    ).all()
    return [
        Table(
            "events_acts",
            _l("What you did with filings of events"),
            {"event": EVENT, "act": _l("Act"), "words": _l("Words"), "at": WHEN},
            [(title, ACTS[act], words, at) for title, act, words, at in acts],
        ),
        Table(
            "events_let_in",
            _l("Whom you let in at the entrance: only how many, and when"),
            {"event": EVENT, "heads": _l("People"), "at": WHEN},
            [tuple(row) for row in let_in],
        ),
        Table(
            "events_service",
            _l("Your shifts as a volunteer"),
            {"task": _l("Task of the volunteers"), "at": WHEN, "minutes": _l("Minutes")}
            | {"confirmed": _l("Confirmed by both sides")},
            [tuple(row) for row in helped],
        ),
        Table(
            "events_certificates",
            _l("Certificates you asked for"),
            {"serial": _l("Number"), "name": _l("Name"), "minutes": _l("Minutes"), "at": WHEN},
            [tuple(row) for row in certified],
        ),
        Table(
            "events_sign_ups",
            _l("Events you signed up for"),
            {
                "event": EVENT,
                "answers": _l("What you answered"),
                "code": _l("Code for the entrance"),
                "at": WHEN,
                "came": _l("Came in"),
            },
            [(title, " · ".join(answers), *rest) for title, answers, *rest in signed],
        ),
        Table(
            "events_feedback",
            _l("What you said of events"),
            {"event": EVENT, "stars": _l("Stars"), "words": _l("Words"), "at": WHEN},
            [tuple(row) for row in said],
        ),
        Table(
            "events_written",
            _l("Events you wrote"),
            {"event": EVENT, "state": _l("State"), "at": WHEN},
            [(title, STATES[state], at) for title, state, at in wrote],
        ),
    ]


def forget(person_id: int) -> None:
    """Cut what was signed up, said and done off from the person; their words go."""
    mine = SignUp.person_id == person_id
    db.session.execute(update(SignUp).where(mine).values(person_id=None, answers=[], state="left"))
    said = Feedback.person_id == person_id
    db.session.execute(update(Feedback).where(said).values(person_id=None, words=""))
    db.session.execute(update(Activity).filter_by(made_by=person_id).values(made_by=None))
    db.session.execute(update(Service).filter_by(person_id=person_id).values(person_id=None))
    gone = update(Certificate).filter_by(person_id=person_id)
    db.session.execute(gone.values(person_id=None, name=""))
    for table in (Step, Arrival):
        db.session.execute(update(table).filter_by(by_id=person_id).values(by_id=None))
