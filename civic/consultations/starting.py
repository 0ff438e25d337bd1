"""Begin a case that goes the way of a process, as a draft that only the office sees."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.consultations import calendars, stages
from civic.consultations.calendars import Planned
from civic.consultations.models import Consultation
from civic.identities.kinds import AUDIENCES
from civic.kernel import audit, clock, holidays, plugins, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.procedures import services as procedures
from civic.procedures.models import ProcedureVersion
from civic.procedures.schema import Procedure
from civic.processes import bundles
from civic.processes.bundles import Template
from civic.processes.schema import Process


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """Hold what a case begins with.

    :ivar code: of the process.
    :ivar procedure: code of the procedure by which residents decide; nothing without a vote.
    :ivar form_key: random key of the form; nothing where there is no form.
    """

    code: str
    title: str
    background: str
    audience: list[str]
    procedure: str = ""
    checked_first: bool = False
    form_key: str = ""


def template(code: str) -> Template:
    """Return a process by its code.

    :raises Refused: `process` for one that is not here.
    """
    found = bundles.shipped().get(code)
    if found is None:
        raise Refused("process", _l("Please choose how the case goes its way."))
    return found


def procedures_for(process: Process) -> list[ProcedureVersion]:
    """Return the procedures in force that fit the votes of a process, the last vote's first."""
    votes = [stage.procedures for stage in process.stages if stage.procedures]
    codes = list(dict.fromkeys(code for codes in reversed(votes) for code in codes))
    holding = {one.code: one for one in procedures.in_force()}
    return [holding[code] for code in codes if code in holding]


def plan(code: str, procedure: str) -> list[Planned]:
    """Return the calendar of a case that would begin now.

    :raises Refused: `process` or `procedure`.
    """
    process = template(code).process
    chosen = _procedure(process, procedure)
    return calendars.calendar(process, chosen, clock.now(), holidays.load())


def _procedure(process: Process, code: str) -> Procedure | None:
    fitting = {one.code: one for one in procedures_for(process)}
    if not code and not any(stage.procedures for stage in process.stages):
        return None
    if code not in fitting:
        raise Refused("procedure", _l("Please choose the procedure by which people decide."))
    return procedures.procedure_of(fitting[code])


def check(beginning: Beginning) -> None:
    """Refuse what no case can begin with.

    :raises Refused: `title` or `audience`.
    """
    if not text.plain(beginning.title):
        raise Refused("title", _l("Please write the question."))
    if not beginning.audience or not set(beginning.audience) <= AUDIENCES.keys():
        raise Refused("audience", _l("Please choose who is asked."))


def begin(actor: Actor, community: Community, beginning: Beginning) -> Consultation:
    """Keep the draft of a case with a process; its first move publishes it.

    Its form sent again, at the same moment even, returns the case that it began.

    :raises Refused: `process`, `procedure`, `title`, or `audience`.
    """
    chosen = template(beginning.code)
    planned = plan(beginning.code, beginning.procedure)
    title, background = text.plain(beginning.title), text.plain(beginning.background)
    check(beginning)
    twin = _twin(actor, beginning)
    if twin is not None:
        return twin
    now = clock.now()
    # Lists that know of dates alone put it where it will probably end.
    last = max((one.ends for one in planned if one.ends is not None), default=now)
    first = chosen.process.stages[0].code
    kept: dict[str, Any] = {"data": chosen.data, "procedure_code": beginning.procedure}
    made = Consultation(
        community_id=community.id,
        title=title,
        background=background,
        background_html=str(plugins.registry().render_text(community.id, background)),
        audience=beginning.audience,
        checked_first=beginning.checked_first,
        opens_at=now,
        closes_at=max(last, now + timedelta(days=1)),
        created_by=actor.person_id,
        created_at=now,
        office=actor.office_at(community.path),
        process_code=beginning.code,
        process=kept,
        present=stages.present(chosen.data, first, until=None, back=""),
        stage=first,
        stage_since=now,
        form_key=beginning.form_key or None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        twin = _twin(actor, beginning)
        if twin is None:
            raise
        return twin
    audit.append(
        "consultation.begun",
        person_id=actor.person_id,
        post=made.office,
        subject=f"consultation:{made.id}",
        community_id=community.id,
        data={"process": beginning.code, "version": chosen.process.version, "title": title},
    )
    return made


def _twin(actor: Actor, beginning: Beginning) -> Consultation | None:
    if not beginning.form_key or actor.person_id is None:
        return None
    query = select(Consultation).filter_by(created_by=actor.person_id, form_key=beginning.form_key)
    return db.session.scalar(query)
