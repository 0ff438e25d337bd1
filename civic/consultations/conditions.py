"""What ballots and notices have to be before a case moves on, and the panel of its vote."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.consultations import checks, linked, panels, stages
from civic.consultations.checks import Check
from civic.consultations.models import Consultation
from civic.consultations.panels import Panel
from civic.kernel import clock, holidays, i18n
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.notices.models import Notice
from civic.procedures import dates
from civic.procedures.snapshots import load_snapshot
from civic.processes import terms
from civic.voting import belonging
from civic.voting.belonging import About
from civic.voting.models import PUBLISHED, Ballot, BallotStep
from civic.voting.sheets import PaperWork

#: Of the panels of a case.
ORDER = 65
#: Those who watch a count are never one alone.
ALONE = 1
#: Kinds of stages at which the last ballot is one that everybody may see.
SHOWN = frozenset(terms.LINE[terms.LINE.index(terms.VOTING) :])


def _no_ballot(case: Consultation) -> tuple[Ballot | None, list[str]]:
    found = linked.ballot(case)
    if found is None:
        return None, [_("No ballot is linked with this vote. Draft one and link it here.")]
    return found, []


def _ready(case: Consultation) -> list[str]:
    found, said = _no_ballot(case)
    if found is None:
        return said
    if found.fingerprint is None:
        return [_("The rules of the ballot are not fixed yet. Two people open it.")]
    if found.closes_at <= clock.now():
        return [_("The ballot is over. Link the one that is to be held.")]
    return []


def _open(case: Consultation) -> list[str]:
    said = _ready(case)
    found = linked.ballot(case)
    if not said and found is not None and found.opens_at > clock.now():
        said = [_("Voting begins %(moment)s.", moment=i18n.moment(found.opens_at))]
    return said


def _closed(case: Consultation) -> list[str]:
    found, said = _no_ballot(case)
    if found is not None and found.sealed_at is None:
        said = [_("The ballot is not closed and counted yet.")]
    return said


def _published(case: Consultation) -> list[str]:
    found, said = _no_ballot(case)
    if found is not None and found.published_at is None:
        said = [_("The result of the ballot is not published yet. Two people publish it.")]
    return said


def _scrutineers(case: Consultation) -> list[str]:
    found, said = _no_ballot(case)
    if found is None:
        return said
    work = db.session.get(PaperWork, found.id)
    if work is not None:
        enough = len(work.counters) > ALONE
        return [] if enough else [_("Name those who watched the count of the papers: two or more.")]
    step = select(BallotStep.confirmed_by).filter_by(ballot_id=found.id, act=PUBLISHED)
    if db.session.scalar(step) is None:
        return [_("Two people have to stand for the count: one proposes, another one confirms.")]
    return []


def _issued(case: Consultation, *, here: bool) -> Notice | None:
    for link, notice in linked.notices(case.id):
        standing = notice.issued_at is not None and notice.withdrawn_at is None
        if standing and (link.stage == case.stage or not here):
            return notice
    return None


def _announced(case: Consultation) -> list[str]:
    if _issued(case, here=True) is None:
        return [_("No notice announces this yet. Issue one and link it here.")]
    return []


def _notice_over(case: Consultation) -> list[str]:
    notice = _issued(case, here=False)
    if notice is None or notice.issued_at is None:
        return _announced(case)
    kept = case.process.get("procedure")
    if not kept:
        return []
    since = max(notice.issued_at, case.stage_since or notice.issued_at)
    first = dates.earliest_opening(load_snapshot(kept).procedure, since, holidays.load())
    if clock.now() < first:
        return [_("The notice runs; the vote can begin %(moment)s.", moment=i18n.moment(first))]
    return []


def _panel(case: Consultation, _actor: Actor, _now: datetime) -> Panel | None:
    number = case.figures.get(linked.FIGURE, 0)
    if not number or case.stage is None or stages.kind(case) not in SHOWN:
        return None
    votes = stages.kind(case) == terms.VOTING
    return Panel(
        title=_("The vote"),
        text=_("People vote now.") if votes else _("The ballot, its rules and its result."),
        url=url_for("ballots.show", ballot_id=number),
        action=_("Go to the ballot") if votes else "",
    )


def _about(ballot: Ballot) -> About | None:
    number = linked.case_of(ballot.id)
    case = db.session.get(Consultation, number) if number is not None else None
    if case is None or case.published_at is None:
        return None
    return About(case.title, url_for("consultations.show", consultation_id=case.id))


CHECKS = (
    Check("ballot_ready", _l("A ballot with fixed rules is linked"), _ready),
    Check("ballot_open", _l("The ballot is open"), _open),
    Check("ballot_closed", _l("The ballot is closed and counted"), _closed),
    Check("result_published", _l("The result is published by two people"), _published),
    Check("scrutineers", _l("Two or more people watched the count"), _scrutineers),
    Check("notice_published", _l("A notice announces it"), _announced),
    Check("notice_over", _l("The period of the notice has passed"), _notice_over),
)


def init() -> None:
    """Register conditions, the panel, and the way back from ballots, in the current app."""
    for check in CHECKS:
        checks.register(check)
    panels.register(ORDER, _panel)
    belonging.register(_about)
