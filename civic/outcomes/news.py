"""What people are told of what comes of a case: of each at most once a day."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select, union

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.tell import Kind, News, tell
from civic.outcomes import participating
from civic.outcomes.models import CaseTold, Following, Resolution, ResolutionObjection

RESOLVED, DONE, OVERDUE, RATE, REOPENED = "resolved", "done", "overdue", "rate", "reopened"
SENTENCES = {
    RESOLVED: _l("The resolution is published: %(title)s"),
    DONE: _l("A task is done: %(title)s"),
    OVERDUE: _l("A task is late: %(title)s"),
    RATE: _l("Is it solved? Your rating is asked for: %(title)s"),
    REOPENED: _l("Many say it is not solved; work begins once more: %(title)s"),
}
PAGES = {RESOLVED: "resolution", DONE: "tasks", OVERDUE: "tasks", RATE: "rating"}


def _address(values: Mapping[str, Any]) -> str:
    page = PAGES.get(values["what"], "tasks")
    return f"/c/{values['community']}/consultations/{values['id']}/outcome/{page}"


FOLLOWED = Kind(
    code="outcomes.followed",
    title=_l("What comes of cases that I follow"),
    sentence=lambda values: str(SENTENCES[values["what"]]) % {"title": values["title"]},
    address=_address,
    rhythm="daily",
)
ANSWERED = Kind(
    code="outcomes.answered",
    title=_l("An answer to my objection to a resolution"),
    sentence=lambda values: _(
        "%(office)s has answered your objection: %(title)s",
        office=values["office"],
        title=values["title"],
    ),
    address=lambda values: f"{_address(values)}#objection-{values['objection']}",
)
KINDS = (FOLLOWED, ANSWERED)


def followers(case_id: int) -> Select[Any]:
    """Select who hears of a case, except who wants to be left alone.

    These are who took part, who raised or joined a topic that led to it, and who follows it.
    """
    rows = select(Following.person_id).where(Following.consultation_id == case_id)
    took = participating.people(case_id).subquery()
    everybody = union(
        select(took.c[0].label("person_id")),
        participating.askers(case_id),
        rows.where(Following.hears.is_(True)),
    ).subquery()
    return select(everybody.c[0]).where(
        everybody.c[0].not_in(rows.where(Following.hears.is_(False)))
    )


def happened(community: Community, case: Consultation, what: str) -> None:
    """Tell the followers of a case, or keep it for tomorrow where they were told today."""
    today = clock.local(clock.now()).date()
    told = db.session.get(CaseTold, case.id, with_for_update=True, populate_existing=True)
    if told is None:
        told = CaseTold(consultation_id=case.id, day=today - timedelta(days=1))
        db.session.add(told)
    if told.day >= today:
        told.waits = what
        return
    told.day, told.waits = today, ""
    db.session.flush()
    _tell(community, case, what)


def _tell(community: Community, case: Consultation, what: str) -> None:
    values = {"community": community.slug, "id": case.id, "title": case.title, "what": what}
    tell(
        News(
            kind=FOLLOWED.code,
            subject=f"consultation:{case.id}",
            people=followers(case.id),
            community_id=community.id,
            values=values,
        )
    )


def waiting() -> Select[Any]:
    """Select what waits from an earlier day."""
    today = clock.local(clock.now()).date()
    return select(CaseTold).where(CaseTold.waits != "", CaseTold.day < today)


def send_waiting() -> int:
    """Tell what was kept from earlier days; return of how many cases."""
    today = clock.local(clock.now()).date()
    found = db.session.scalars(waiting().with_for_update(skip_locked=True)).all()
    for told in found:
        case = db.session.get_one(Consultation, told.consultation_id)
        community = db.session.get_one(Community, case.community_id)
        what, told.day, told.waits = told.waits, today, ""
        _tell(community, case, what)
    return len(found)


def answered(community: Community, case: Consultation, found: ResolutionObjection) -> None:
    """Tell who objected that there is an answer."""
    resolution = db.session.get_one(Resolution, found.resolution_id)
    tell(
        News(
            kind=ANSWERED.code,
            subject=f"objection:{found.id}",
            people={found.person_id},
            community_id=community.id,
            values={
                "community": community.slug,
                "id": case.id,
                "title": resolution.title,
                "what": RESOLVED,
                "office": found.answer_office,
                "objection": found.id,
            },
        )
    )
