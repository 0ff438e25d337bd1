"""Applications as a table, for staff."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from civic.api import Community, Person, clock, db, sheets
from civic.api import gettext as _
from civic_rental.allocation_models import Allocation
from civic_rental.application_models import DRAFT, Applicant
from civic_rental.words import data

HEADER = (
    *("配租", "受理号", "姓名", "电话", "现住址", "人数", "单位", "工作地点"),
    *("希望", "申报情况", "状态", "提交时间"),
)
STATES = {"submitted": "已受理", "withdrawn": "已撤回", "set_aside": "重复，已搁置"}
DECISIONS = {"claimed": "待核", "verified": "属实", "refused": "不予认定"}


def _query(community: Community, allocation_id: int | None) -> Select[Applicant, str]:
    query = (
        select(Applicant, Person.name)
        .outerjoin(Person, Person.id == Applicant.person_id)
        .where(Applicant.community_id == community.id, Applicant.state != DRAFT)
        .options(selectinload(Applicant.grounds), selectinload(Applicant.workplace))
        .order_by(Applicant.allocation_id, Applicant.number)
    )
    return (
        query if allocation_id is None else query.filter(Applicant.allocation_id == allocation_id)
    )


def rows(community: Community, allocation_id: int | None = None) -> Iterable[Sequence[sheets.Cell]]:
    """Return what was handed in, by receipt number; drafts are nobody's business."""
    words = {row["code"]: row["zh"] for row in data("allocation")["claim"]}
    for one, name in db.session.execute(_query(community, allocation_id)):
        said = (f"{words[row.kind]}：{DECISIONS[row.state]}" for row in one.grounds)
        yield (
            one.allocation.title,
            one.number,
            name or "",
            one.phone,
            one.address,
            one.household,
            one.unit,
            one.workplace.name if one.workplace else "",
            one.wishes,
            "；".join(said),
            STATES[one.state],
            f"{clock.local(one.submitted_at):%Y-%m-%d %H:%M:%S}" if one.submitted_at else "",
        )


def sheet(which: Allocation) -> tuple[bytes, list[int]]:
    """Return the applications to one allocation as a spreadsheet, and of whom they are."""
    people = select(Applicant.person_id).where(
        Applicant.allocation_id == which.id,
        Applicant.state != DRAFT,
        Applicant.person_id.is_not(None),
    )
    found = [one for one in db.session.scalars(people.distinct()) if one is not None]
    made = sheets.write_xlsx(
        list(rows(which.community, which.id)), HEADER, _("Applications for homes")
    )
    return made, sorted(found)
