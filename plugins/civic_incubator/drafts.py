"""Applications while they are written: saved step by step, by several people, and handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db, money
from civic.api import lazy_gettext as _l
from civic_incubator import calls, phases, questions, registry
from civic_incubator.manifest import plugin
from civic_incubator.models import DRAFT, SUBMITTED, Application, Call, Line, Organisation
from civic_incubator.words import data, said

MOST_LINES = 40


@dataclass(frozen=True)
class Wanted:
    """Be one line of a budget as somebody typed it, read."""

    kind: str
    text: str
    fen: int


def application(community: Community, application_id: int) -> Application:
    """Return an application of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Application, application_id)
    if found is None or found.community_id != community.id:
        message = _l("There is no such application here.")
        raise Refused("no_application", message, HTTPStatus.NOT_FOUND)
    return found


def start(actor: Actor, which: Call, organisation: Organisation) -> Application:
    """Begin the application of an organisation, or return the one that it has begun.

    :raises Refused: `closed`, `not_yours`, `not_filed`.
    """
    if not calls.takes(which):
        raise closed()
    if not registry.speaks_for(actor, organisation.id):
        message = _l("Only people of an organisation can apply for it. Ask it for its code.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    if organisation.status not in registry.APPLIES:
        message = _l(
            "Only an organisation that is filed or registered can apply. Please ask the community "
            "office to file it."
        )
        raise Refused("not_filed", message, HTTPStatus.CONFLICT)
    query = select(Application).filter_by(call_id=which.id, organisation_id=organisation.id)
    found = db.session.scalar(query)
    if found is None:
        found = Application(
            community_id=which.community_id,
            call_id=which.id,
            organisation_id=organisation.id,
            partner_id=which.community_id,
            saved_at=clock.now(),
            saved_by=actor.person_id,
        )
        try:
            with db.session.begin_nested():
                db.session.add(found)
        except IntegrityError:
            return db.session.scalars(query).one()
    return found


def closed() -> Refused:
    """Return the refusal of whoever comes too late."""
    message = _l(
        "The last day of this call is over, so nothing was saved. What you typed is still here: "
        "copy it if you want to keep it."
    )
    return Refused("closed", message, HTTPStatus.CONFLICT)


def check_editable(actor: Actor, which: Application) -> None:
    """Refuse unless an application is a draft of one's own organisation and its call is open.

    :raises Refused: `not_yours`, `submitted`, `closed`.
    """
    if not registry.speaks_for(actor, which.organisation_id):
        message = _l("Only people of the organisation can write in its application.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    if which.state != DRAFT:
        message = _l("The application has been handed in, and stays as it is.")
        raise Refused("submitted", message, HTTPStatus.CONFLICT)
    flow = calls.workflow(which.call)
    if not (flow.may(which.call.phase, "edit", [phases.APPLICANT]) and calls.takes(which.call)):
        raise closed()


def _claim(actor: Actor, which: Application, version: int, values: dict[str, Any]) -> None:
    """Save as whoever has read a version; the database lets one of two have it.

    :raises Refused: `version` where somebody has saved since.
    """
    query = (
        update(Application)
        .where(Application.id == which.id, Application.version == version)
        .where(Application.state == DRAFT)
        .values(version=version + 1, saved_at=clock.now(), saved_by=actor.person_id, **values)
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(query) is None:
        raise _overtaken()
    db.session.refresh(which)


def _overtaken() -> Refused:
    message = _l(
        "Somebody else of your organisation has saved this step meanwhile. Nothing is lost: "
        "theirs is shown beside yours. Put together what should stay, and save again."
    )
    return Refused("version", message, HTTPStatus.CONFLICT)


def save(actor: Actor, which: Application, version: int, values: dict[str, Any]) -> None:
    """Save the title and the three partners.

    :param values: `title`, `partner_id`, `worker` and `agency`.
    :raises Refused: `partner` for a community of elsewhere, or as `check_editable` and `_claim`.
    """
    check_editable(actor, which)
    if values["partner_id"] not in {home.id for home in partners(which.call)}:
        message = _l(
            "This community does not take part in the call. Please choose one of the list."
        )
        raise Refused("partner", message)
    _claim(actor, which, version, values)


def save_answers(actor: Actor, which: Application, version: int, answers: dict[str, str]) -> None:
    """Save answers to the questions of the form; unfinished ones too."""
    check_editable(actor, which)
    known = {row["code"] for row in which.call.form}
    kept = {code: text for code, text in answers.items() if code in known and text}
    _claim(actor, which, version, {"answers": kept})


def save_lines(actor: Actor, which: Application, version: int, lines: Sequence[Wanted]) -> None:
    """Save the whole budget, which stays within what one project may ask for.

    :raises Refused: `ceiling` above it, `too_many`.
    """
    check_editable(actor, which)
    if len(lines) > MOST_LINES:
        message = _l("A budget has %(most)d lines at most.")
        raise Refused("too_many", message, values={"most": MOST_LINES})
    _claim(actor, which, version, {})
    _within(which.call, sum(line.fen for line in lines))
    which.lines.clear()
    db.session.flush()
    for position, line in enumerate(lines, 1):
        which.lines.append(Line(position=position, kind=line.kind, text=line.text, fen=line.fen))
    db.session.flush()


def _within(which: Call, total: int) -> None:
    if total > which.most:
        message = _l(
            "The budget comes to %(total)s yuan, %(over)s more than the %(most)s that one project "
            "may ask for. Nothing was saved; please lower a line."
        )
        values: dict[str, object] = {
            "total": money.shown(total),
            "over": money.shown(total - which.most),
            "most": money.shown(which.most),
        }
        raise Refused("ceiling", message, values=values)


def partners(which: Call) -> Sequence[Community]:
    """Return the communities for whose residents a project can be: the call's, and those below."""
    at = which.community.path
    query = select(Community).order_by(Community.id)
    return [home for home in db.session.scalars(query) if home.path[: len(at)] == at]


def lacks(which: Application) -> list[tuple[str, str]]:
    """Return what an application needs before it can be handed in: the step, and a sentence."""
    found: list[tuple[str, str]] = []
    if not which.title:
        found.append(("partners", str(_l("The project has no name yet."))))
    if which.partner_id is None:
        found.append(("partners", str(_l("Please choose the community it is for."))))
    if not (which.worker and which.agency):
        found.append(("partners", str(_l("Please name the social worker and their agency."))))
    for question in questions.missing(which.call.form, which.answers):
        sentence = _l("Not answered yet: %(question)s", question=said(question))
        found.append(("answers", str(sentence)))
    for row in data("budget")["line"]:
        of_kind = sum(line.fen for line in which.lines if line.kind == row["code"])
        if (most := row.get("most")) and of_kind * 100 > which.asked * most:
            sentence = _l(
                "“%(kind)s” may be %(most)d %% of the budget at most.", kind=said(row), most=most
            )
            found.append(("budget", str(sentence)))
    if not which.lines:
        found.append(("budget", str(_l("The budget has no line yet."))))
    return found


def submit(actor: Actor, which: Application, version: int) -> None:
    """Hand an application in: it gets the next number, and nobody changes it any more.

    :raises Refused: `incomplete` with the first thing that is missing, or as `check_editable`.
    """
    db.session.refresh(which.call, with_for_update=True)
    check_editable(actor, which)
    if which.version != version:
        raise _overtaken()
    if missing := lacks(which):
        raise Refused("incomplete", missing[0][1])
    _within(which.call, which.asked)
    last = select(func.max(Application.number)).where(Application.call_id == which.call_id)
    values = {
        "state": SUBMITTED,
        "number": (db.session.scalar(last) or 0) + 1,
        "submitted_at": clock.now(),
        "submitted_by": actor.person_id,
    }
    _claim(actor, which, version, values)
    plugin.audit(
        "submitted",
        community=which.community,
        subject=f"incubator_application:{which.id}",
        actor=actor,
        data={"call": which.call_id, "number": which.number, "fen": which.asked},
    )
