"""Columns of the spreadsheets of places, bodies and posts, and short names of kinds in them."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.communities import kinds, known
from civic.kernel import declared
from civic.kernel.sheets import Column

PLACES, BODIES, HELD = "places", "bodies", "posts"
WHAT: dict[str, LazyString] = {
    PLACES: _l("Communities, grids, estates, buildings and gates"),
    BODIES: _l("Bodies, as residents' committees"),
    HELD: _l("Posts"),
}
_TELEPHONE = Column(key="telephone", names=("电话", "联系电话", "Telephone"))
_HOURS = Column(key="hours", names=("办公时间", "Hours", "Office hours"))
_AT = Column(key="at", names=("位置", "所在位置", "Place"))
COLUMNS: dict[str, tuple[Column, ...]] = {
    PLACES: (
        Column(key=kinds.COMMUNITY, names=("社区", "居委会", "Community")),
        Column(key=kinds.FUNCTIONAL, names=("功能社区", "Functional community")),
        Column(key=kinds.GRID, names=("网格", "Grid")),
        Column(key=kinds.MICRO_GRID, names=("微网格", "Micro-grid")),
        Column(key=kinds.ESTATE, names=("小区", "院", "Estate")),
        Column(key=kinds.BUILDING, names=("楼", "楼栋", "楼号", "Building")),
        Column(key=kinds.GATE, names=("单元", "楼门", "单元（楼门）", "单元/楼门", "Gate")),
        Column(key="slug", names=("网址名", "Name in addresses", "Slug")),
        _TELEPHONE,
        _HOURS,
    ),
    BODIES: (
        _AT,
        Column(key="kind", names=("类型", "组织类型", "Kind"), required=True),
        Column(key="title", names=("名称", "组织名称", "Title"), required=True),
        _TELEPHONE,
        _HOURS,
        Column(key="place", names=("地点", "办公地点", "Room")),
    ),
    HELD: (
        _AT,
        Column(key="kind", names=("岗位", "岗位类型", "Kind"), required=True),
        Column(key="title", names=("名称", "岗位名称", "Title"), required=True),
        Column(key="office", names=("单位", "所属单位", "Office"), required=True),
    ),
}
#: How kinds are called in tables besides their titles, as people shorten them.
SHORT = {
    "居民委员会": "residents_committee",
    "居委会": "residents_committee",
    "社区居委会": "residents_committee",
    "人民调解委员会": "mediation_committee",
    "治安保卫委员会": "security_committee",
    "公共卫生委员会": "health_committee",
    "居务监督委员会": "supervision_committee",
    "社区议事厅": "deliberation_hall",
    "议事厅": "deliberation_hall",
    "业主委员会": "owners_committee",
    "业委会": "owners_committee",
    "物业管理委员会": "property_mgmt_committee",
    "物管会": "property_mgmt_committee",
    "社区党委": "community_party_committee",
    "社区服务站": "service_station",
    "街道办事处科室": "subdistrict_office",
    "科室": "subdistrict_office",
    "工作小组": "working_group",
    "其他组织": "other",
    "其他": "other",
    "社区党委书记": "secretary",
    "书记": "secretary",
    "社区党委副书记": "deputy_secretary",
    "副书记": "deputy_secretary",
    "居委会主任": "committee_head",
    "主任": "committee_head",
    "居委会委员": "committee_member",
    "委员": "committee_member",
    "社区工作者": "community_worker",
    "社工": "community_worker",
    "街道网格员": "grid_head",
    "网格员": "grid_head",
    "街道工作人员": "street_officer",
    "法制工作人员": "legal_officer",
    "系统管理员": "administrator",
    "管理员": "administrator",
}


def columns(what: str, plugins: Collection[str]) -> tuple[Column, ...]:
    """Return the columns of a table; places have one for each kind of the plugins that are on.

    They follow those of the core, as such a place stands below one of those.
    """
    if what != PLACES:
        return COLUMNS[what]
    more = tuple(
        Column(key=kind.code, names=kind.headings)
        for kind in known.places().imported
        if declared.owner(kind.code) in plugins
    )
    first = [column.key for column in COLUMNS[PLACES]].index("slug")
    return (*COLUMNS[PLACES][:first], *more, *COLUMNS[PLACES][first:])
