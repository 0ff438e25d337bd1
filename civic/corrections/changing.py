"""Change a rule by asking those whom it binds: a consultation whose result makes a new version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations import services as consultations
from civic.consultations.models import Consultation
from civic.corrections.models import ADOPTED, REJECTED, RUNNING, Correction, RuleChange
from civic.corrections.resolved import in_favour
from civic.corrections.rules import AMEND, RULE
from civic.kernel import audit, clock, text
from civic.kernel.db import db
from civic.kernel.errors import Misconfigured, Refused
from civic.kernel.permissions import Actor
from civic.procedures import bundles, loading, snapshots
from civic.procedures import services as procedures
from civic.procedures.bundles import Draft
from civic.procedures.loading import Adoption
from civic.procedures.models import ProcedureVersion
from civic.procedures.phrases import say

MOST = 100
LONGEST, LONGEST_REASON = 20_000, 4000


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Hold other words of a rule, and when people speak and vote about them.

    :ivar data: the whole version as TOML.
    :ivar correction_id: of the correction that asks for it, where there is one.
    """

    data: str
    reason: str
    opens_at: datetime
    voting_opens_at: datetime
    closes_at: datetime
    audience: list[str]
    correction_id: int | None = None


def start(actor: Actor, community: Community, code: str, proposal: Proposal) -> RuleChange:
    """Write the consultation that asks for a change of a rule, as a draft of the office.

    :raises Refused: `data` with what is wrong and in which line, `reason`, `running` where a change
        of this rule is asked for already, `street` below the street, or what the consultation is
        refused for.
    """
    if len(community.path) > 1:
        raise Refused(
            "street",
            _l("A rule holds for the whole street. Please ask on the pages of the street."),
            HTTPStatus.CONFLICT,
        )
    version = procedures.one_in_force(code)
    reason = text.plain(proposal.reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused("reason", _l("Please say why the rule should change."))
    draft = checked(version, proposal.data)
    if _running(community, code) is not None:
        raise Refused(
            "running",
            _l("A change of this rule is being asked for already."),
            HTTPStatus.CONFLICT,
        )
    if proposal.correction_id is not None:
        _fits(proposal.correction_id, code)
    title = say(procedures.procedure_of(version).title)
    case = consultations.create(
        actor,
        community,
        consultations.Draft(
            title=_("Change of the rule: %(title)s", title=title)[:80],
            background=f"{reason}\n\n```\n{proposal.data.strip()}\n```",
            audience=proposal.audience,
            opens_at=proposal.opens_at,
            voting_opens_at=proposal.voting_opens_at,
            closes_at=proposal.closes_at,
            question=_("Shall the rule be changed as proposed?"),
            options=[_("Yes, change it"), _("No, it stays as it is")],
        ),
    )
    made = RuleChange(
        community_id=community.id,
        code=code,
        version_id=version.id,
        data=text.plain(proposal.data),
        reason=reason,
        correction_id=proposal.correction_id,
        consultation_id=case.id,
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    _recorded("rule.change_proposed", actor, made, number=version.number, id=draft.data["id"])
    return made


def checked(version: ProcedureVersion, data: str) -> Draft:
    """Return a proposed version, read as strictly as a bundle.

    :raises Refused: `data`, with each fault and its line.
    """
    if not data.strip() or len(data) > LONGEST:
        raise Refused("data", _l("Please write the whole rule, in at most 20,000 characters."))
    name = version.code.rpartition(".")[2]
    draft, problems = bundles.check_text(text.plain(data), Path(f"{name}.toml"))
    if problems or draft is None:
        raise Refused("data", bundles.lines(problems))
    if draft.data["id"] != version.code:
        raise Refused("data", _l("The id has to stay the same: it is a version of one rule."))
    resolved = draft.resolve(loading.site_jurisdiction())
    if resolved is None:
        raise Refused("data", _l("These words do not hold in this place."))
    if snapshots.fingerprint(resolved[1]) == version.fingerprint:
        raise Refused("data", _l("Nothing is changed yet."))
    return draft


def conclude(actor: Actor, community: Community, change_id: int) -> RuleChange:
    """Do what came of the consultation: load the new version, or keep the old one.

    A new version is not confirmed by it; the legal officer confirms as ever.

    :raises Refused: `done`, `running` before there is a result, or `data`.
    """
    query = select(RuleChange).filter_by(id=change_id, community_id=community.id)
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise missing()
    if found.state != RUNNING:
        raise Refused("done", _l("This is done already."), HTTPStatus.CONFLICT)
    case = db.session.get_one(Consultation, found.consultation_id)
    favour = in_favour(case)
    if favour is None:
        raise Refused("running", _l("The consultation has no result yet."), HTTPStatus.CONFLICT)
    if favour:
        found.made_id = _load(community, found, case).id
    found.state = ADOPTED if favour else REJECTED
    found.concluded_by, found.concluded_at = actor.person_id, clock.now()
    db.session.flush()
    _recorded("rule.change_concluded", actor, found, state=found.state, made=found.made_id)
    return found


def _load(community: Community, found: RuleChange, case: Consultation) -> ProcedureVersion:
    old = db.session.get_one(ProcedureVersion, found.version_id)
    if procedures.versions(found.code)[0].id != old.id:
        raise Refused(
            "data",
            _l("There is a newer version of this rule by now. Please ask again with its words."),
            HTTPStatus.CONFLICT,
        )
    draft = checked(old, found.data)
    by = _(
        "%(place)s, consultation %(number)d: %(title)s",
        place=community.name,
        number=case.id,
        title=case.title,
    )
    try:
        loading.load_drafts([(f"rule_change_{found.id}", draft)], Adoption(by, procedures.today()))
    except Misconfigured as wrong:
        raise Refused("data", str(wrong), HTTPStatus.CONFLICT) from wrong
    return procedures.versions(found.code)[0]


def find(community: Community, change_id: int) -> RuleChange:
    """Return a change of a rule.

    :raises Refused: 404.
    """
    query = select(RuleChange).filter_by(id=change_id, community_id=community.id)
    found = db.session.scalar(query)
    if found is None:
        raise missing()
    return found


def listed(community: Community) -> Sequence[RuleChange]:
    """Return the changes of rules that were asked for here, the newest first."""
    query = select(RuleChange).filter_by(community_id=community.id)
    return db.session.scalars(query.order_by(RuleChange.id.desc()).limit(MOST)).all()


def missing() -> Refused:
    """Return the one answer for what does not exist here."""
    return Refused("no_change", _l("There is no such change here."), HTTPStatus.NOT_FOUND)


def _running(community: Community, code: str) -> RuleChange | None:
    query = select(RuleChange).filter_by(community_id=community.id, code=code, state=RUNNING)
    return db.session.scalar(query.limit(1))


def _fits(correction_id: int, code: str) -> None:
    query = (
        select(ProcedureVersion.code)
        .join(Correction, Correction.subject_id == ProcedureVersion.id)
        .where(
            Correction.id == correction_id,
            Correction.target == RULE,
            Correction.effect == AMEND,
            Correction.decided_at.is_not(None),
        )
    )
    if db.session.scalar(query) != code:
        raise Refused("correction", _l("That correction does not ask for a change of this rule."))


def _recorded(act: str, actor: Actor, found: RuleChange, **data: object) -> None:
    community = db.session.get_one(Community, found.community_id)
    audit.append(
        act,
        person_id=actor.person_id,
        post=actor.office_at(community.path),
        subject=f"rule_change:{found.id}",
        community_id=found.community_id,
        data={"code": found.code, "consultation": found.consultation_id} | data,
    )
