"""Calls: drawn up, opened, and moved from phase to phase as the data of their workflow say."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from sqlalchemy import Select, func, select

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_incubator import phases, questions
from civic_incubator.manifest import plugin
from civic_incubator.models import PASSED, SUBMITTED, Application, Call
from civic_incubator.phases import STAFF, TIME, Phase, Workflow
from civic_incubator.review_models import AwardList, Objection, Seat
from civic_incubator.words import data

PREPARING, OPEN, SCREENING, REVIEW = "preparing", "open", "screening", "review"
DECIDING, PUBLICITY, RUNNING = "deciding", "publicity", "running"
WORKFLOW = "single"
#: How long a call may be open.
LONGEST = timedelta(days=366)


def call(community: Community, call_id: int) -> Call:
    """Return a call of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Call, call_id)
    if found is None or found.community_id != community.id:
        raise Refused("no_call", _l("There is no such call here."), HTTPStatus.NOT_FOUND)
    return found


def workflow(which: Call) -> Workflow:
    """Return the phases a call goes through."""
    return phases.workflows()[which.workflow]


def phase(which: Call) -> Phase:
    """Return the phase in which a call stands."""
    return workflow(which).phases[which.phase]


def check(values: dict[str, Any]) -> None:
    """Refuse a call that could not be held.

    :raises Refused: `dates`, `too_long`, `ceiling`.
    """
    if values["closes_at"] <= values["opens_at"]:
        raise Refused("dates", _l("It has to close after it opens. Please look at both dates."))
    if values["closes_at"] - values["opens_at"] > LONGEST:
        raise Refused(
            "too_long", _l("A call is open for a year at most. Please choose a date before.")
        )
    if values["most"] > values["pot"]:
        message = _l("One project cannot ask for more than all projects get together.")
        raise Refused("ceiling", message)


def draw_up(actor: Actor, community: Community, values: dict[str, Any], form: str) -> Call:
    """Draw up a call with the questions, criteria and weights that the data begin with.

    :param form: code of the form whose questions it starts from; they are copied.
    """
    check(values)
    begun = data("calls")
    (chosen,) = (row for row in begun["form"] if row["code"] == form)
    made = Call(
        community_id=community.id,
        workflow=WORKFLOW,
        phase=phases.workflows()[WORKFLOW].first,
        form=[dict(row) for row in chosen["question"]],
        criteria=[dict(row) for row in begun["criterion"]],
        instalments=list(begun["instalments"]),
        most_marks=begun["most"],
        working_days=begun["working_days"],
        made_at=clock.now(),
        **values,
    )
    db.session.add(made)
    db.session.flush()
    _note(actor, made, "drawn_up")
    return made


def change(actor: Actor, which: Call, values: dict[str, Any]) -> None:
    """Change a call that has not opened yet.

    :raises Refused: `frozen` afterwards.
    """
    not_frozen(which)
    check(values)
    for key, value in values.items():
        setattr(which, key, value)
    _note(actor, which, "changed")


def not_frozen(which: Call) -> None:
    """Refuse once a call has opened: what it asks is the same for all who answer.

    :raises Refused: `frozen`.
    """
    db.session.refresh(which, with_for_update=True)
    if which.phase != PREPARING:
        message = _l("This call has opened; what it asks stays as it is for everybody.")
        raise Refused("frozen", message, HTTPStatus.CONFLICT)


def ask(actor: Actor, which: Call, question: dict[str, Any]) -> None:
    """Add a question to the form of a call.

    :raises Refused: `frozen`, `too_many`, `options` for a choice among fewer than two.
    """
    not_frozen(which)
    if len(which.form) >= questions.MOST_QUESTIONS:
        raise Refused("too_many", _l("A form has thirty questions at most."))
    if question["kind"] == questions.CHOICE and len(question.get("options", ())) < 2:  # noqa: PLR2004
        raise Refused("options", _l("Please write at least two answers, one on each line."))
    taken = {row["code"] for row in which.form}
    number = next(n for n in range(1, len(taken) + 2) if f"q{n}" not in taken)
    which.form = [*which.form, {"code": f"q{number}", **question}]
    _note(actor, which, "asked")


def unask(actor: Actor, which: Call, code: str) -> None:
    """Take a question out of the form of a call.

    :raises Refused: `frozen`.
    """
    not_frozen(which)
    which.form = [row for row in which.form if row["code"] != code]
    _note(actor, which, "unasked")


def move(actor: Actor, which: Call, to: str, *, by: str = STAFF) -> None:
    """Move a call to another phase; two at a time move it once.

    :raises Refused: `no_move` where its workflow has none, or what the phase asks for is missing.
    """
    db.session.refresh(which, with_for_update=True)
    here = phase(which)
    found = here.move(to)
    if found is None or by not in found.by:
        message = _l("The call has moved on. Please look at where it stands now.")
        raise Refused("no_move", message, HTTPStatus.CONFLICT)
    if guard := GUARDS.get((here.code, to)):
        guard(which)
    which.phase = to
    _note(actor, which, "moved", {"before": here.code, "after": to})


def _ready(which: Call) -> None:
    if not which.form:
        raise Refused("no_questions", _l("The form has no questions yet. Please add one first."))
    if which.closes_at <= clock.now():
        message = _l("The last day of this call lies in the past. Please change it first.")
        raise Refused("past", message, HTTPStatus.CONFLICT)


def _over(which: Call) -> None:
    if clock.now() < which.closes_at:
        message = _l("Applications can be handed in until the last day; it is not over yet.")
        raise Refused("not_over", message, HTTPStatus.CONFLICT)


def _checked(which: Call) -> None:
    counted = select(Application.state, func.count()).where(Application.call_id == which.id)
    states = {row[0]: row[1] for row in db.session.execute(counted.group_by(Application.state))}
    if states.get(SUBMITTED):
        message = _l("Some applications have not been checked yet. Please check their forms first.")
        raise Refused("unchecked", message, HTTPStatus.CONFLICT)
    if not states.get(PASSED):
        message = _l("No application has passed the check, so there is nothing to review.")
        raise Refused("none_passed", message, HTTPStatus.CONFLICT)
    if db.session.scalar(select(Seat.id).where(Seat.call_id == which.id).limit(1)) is None:
        message = _l("Nobody sits on the panel yet. Please choose reviewers first.")
        raise Refused("no_panel", message, HTTPStatus.CONFLICT)


def _shown(which: Call) -> None:
    if latest(which) is None:
        raise Refused(
            "no_list", _l("Please draw up the list of awards first."), HTTPStatus.CONFLICT
        )


def _settled(which: Call) -> None:
    last = latest(which)
    if last is None or clock.now() < last.until:
        message = _l("The awards are still shown, and objections can come in.")
        raise Refused("still_shown", message, HTTPStatus.CONFLICT)
    if db.session.scalar(_objections(which).where(Objection.upheld.is_(None))) is not None:
        message = _l("An objection waits for its answer. Please answer it first.")
        raise Refused("unanswered", message, HTTPStatus.CONFLICT)
    if upheld(last):
        message = _l("An objection was upheld. Please draw up the list of awards anew first.")
        raise Refused("redraw", message, HTTPStatus.CONFLICT)


def _objections(which: Call) -> Select[int]:
    """Find one objection to any list of a call: a later list does not answer those before it."""
    query = select(Objection.id).join(AwardList, AwardList.id == Objection.list_id)
    return query.where(AwardList.call_id == which.id).limit(1)


def upheld(last: AwardList) -> bool:
    """Tell whether an objection was upheld that the list that counts does not answer to yet.

    It is one to that list, or one to a list before it that was answered later than this one was
    drawn.
    """
    query = select(Objection.id).join(AwardList, AwardList.id == Objection.list_id)
    query = query.where(AwardList.call_id == last.call_id, Objection.upheld.is_(True))
    open_ = (Objection.list_id == last.id) | (Objection.answered_at > last.shown_at)
    return db.session.scalar(query.where(open_).limit(1)) is not None


#: What has to be true before a move.
GUARDS: dict[tuple[str, str], Callable[[Call], None]] = {
    (PREPARING, OPEN): _ready,
    (OPEN, SCREENING): _over,
    (SCREENING, REVIEW): _checked,
    (DECIDING, PUBLICITY): _shown,
    (PUBLICITY, RUNNING): _settled,
}


def latest(which: Call) -> AwardList | None:
    """Return the list of awards that counts: the last one."""
    query = select(AwardList).filter_by(call_id=which.id).order_by(AwardList.number.desc())
    return db.session.scalars(query.limit(1)).first()


def close_due(community: Community) -> None:
    """Move the calls whose last day is over."""
    query = select(Call).filter_by(community_id=community.id, phase=OPEN)
    for found in db.session.scalars(query.where(Call.closes_at <= clock.now()).order_by(Call.id)):
        move(Actor(), found, SCREENING, by=TIME)


def takes(which: Call) -> bool:
    """Tell whether applications to a call can be written and handed in now."""
    return which.phase == OPEN and which.opens_at <= clock.now() < which.closes_at


def _note(actor: Actor, which: Call, act: str, values: dict[str, Any] | None = None) -> None:
    plugin.audit(
        act,
        community=which.community,
        subject=f"incubator_call:{which.id}",
        actor=actor,
        data=values or {},
    )
