"""Tables of the three lists that go out; no person stands in them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from civic.api import Community, clock, db, places_at, sheets
from civic.api import gettext as _
from civic_party.fit_words import hours
from civic_party.joint_models import Project, Rating
from civic_party.list_models import Need, Resource
from civic_party.list_queries import sides_of
from civic_party.list_rules import title
from civic_party.list_titles import STATES

NEEDS = (
    "需求",
    "类别",
    "需求方",
    "地点",
    "时段",
    "节假日",
    "数量",
    "紧急程度",
    "截止日",
    "状态",
    "说明",
)
RESOURCES = (
    "资源",
    "类别",
    "提供单位",
    "地点",
    "时段",
    "节假日",
    "数量",
    "条件",
    "截止日",
    "状态",
    "说明",
)
PROJECTS = (
    "项目",
    "类别",
    "需求方",
    "资源方",
    "状态",
    "立项日",
    "开始日",
    "结束日",
    "结项报告",
    "评价",
)
HEADERS = {"needs": NEEDS, "resources": RESOURCES, "projects": PROJECTS}
#: Rows of one list that go out.
ALL = 5000
Row = Sequence[sheets.Cell]


def needs(community: Community) -> Iterable[Row]:
    """Return all needs of a community."""
    query = select(Need).filter_by(community_id=community.id).order_by(Need.id)
    return need_rows(community, db.session.scalars(query).all())


def need_rows(community: Community, found: Iterable[Need]) -> list[Row]:
    """Return needs as rows."""
    places = places_at(community)
    return [
        (
            row.title,
            title("kind", row.kind),
            row.side,
            _place(places, row),
            hours(row.times),
            _yes(row.holidays),
            row.heads,
            title("urgency", row.urgency),
            row.by_day,
            str(STATES[row.state]),
            row.text,
        )
        for row in found
    ]


def resources(community: Community) -> Iterable[Row]:
    """Return all resources of a community."""
    query = select(Resource).filter_by(community_id=community.id).order_by(Resource.id)
    return resource_rows(community, db.session.scalars(query).all())


def resource_rows(community: Community, found: Iterable[Resource]) -> list[Row]:
    """Return resources as rows."""
    places = places_at(community)
    return [
        (
            row.title,
            title("kind", row.kind),
            row.side,
            _place(places, row),
            hours(row.times),
            _yes(row.holidays),
            row.capacity,
            row.conditions,
            row.until,
            str(STATES[row.state]),
            row.text,
        )
        for row in found
    ]


def projects(community: Community) -> Iterable[Row]:
    """Return all joint projects of a community."""
    query = select(Project).filter_by(community_id=community.id).order_by(Project.id)
    return project_rows(community, db.session.scalars(query).all())


def project_rows(_community: Community, found: Sequence[Project]) -> list[Row]:
    """Return projects as rows, each with who needs, who gives, and what was said of it."""
    sides = sides_of(found)
    stars: dict[int, list[int]] = {}
    query = select(Rating.project_id, Rating.stars).where(
        Rating.project_id.in_([row.id for row in found])
    )
    for project_id, given in db.session.execute(query.order_by(Rating.id)):
        stars.setdefault(project_id, []).append(given)
    return [
        (
            row.title,
            title("line", row.line),
            _joined(need for need, _resource in sides.get(row.id, ())),
            _joined(resource for _need, resource in sides.get(row.id, ())),
            title("state", row.state),
            clock.local(row.made_at).date(),
            row.begun_on,
            row.ended_on,
            row.report or row.reason,
            _joined(str(given) for given in stars.get(row.id, ())),
        )
        for row in found
    ]


def _joined(names: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(names))


def _place(places: dict[int, str], row: Any) -> str:  # noqa: ANN401 - a need or a resource
    return " ".join(part for part in (places.get(row.place_id, ""), row.room) if part)


def _yes(value: bool) -> str:  # noqa: FBT001 - a cell
    return _("yes") if value else _("no")
