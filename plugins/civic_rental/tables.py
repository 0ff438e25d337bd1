"""Tables that go out: homes, and conversions, of a community."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from civic.api import Community, clock, db, sheets
from civic_rental.home_models import Listing
from civic_rental.models import Conversion, Partner
from civic_rental.words import data

HOMES = (
    *("项目", "地址", "房源", "类型", "户型", "套数", "每套人数", "使用面积", "月租金（元）"),
    *(
        "付款周期（月）",
        "押金（元）",
        "押金托管",
        "其他费用",
        "租期（月）",
        "电梯",
        "无障碍",
        "状态",
    ),
)
CONVERSIONS = (
    *("项目", "地址", "原用途", "房屋类型", "运营单位", "状态", "共建单位数", "需求套数"),
    *("最近查验", "受理日期"),
)
YES, NO = "是", "否"


def _zh(name: str, table: str) -> dict[str, str]:
    return {row["code"]: row["zh"] for row in data(name)[table]}


def _hundredths(value: int) -> float:
    return value / 100


def homes(community: Community) -> Iterable[Sequence[sheets.Cell]]:
    """Return all homes, each listing in a row; without doors."""
    kinds, states = _zh("homes", "kind"), _zh("homes", "state")
    query = select(Listing).filter_by(community_id=community.id)
    for row in db.session.scalars(query.order_by(Listing.conversion_id, Listing.id)):
        yield (
            row.conversion.title,
            row.conversion.building,
            row.title,
            kinds[row.kind],
            row.layout,
            row.homes,
            row.persons,
            _hundredths(row.area),
            _hundredths(row.rent),
            row.pay_months,
            _hundredths(row.deposit),
            row.custody,
            row.fees,
            row.lease_months,
            YES if row.lift else NO,
            YES if row.step_free else NO,
            states[row.state],
        )


def conversions(community: Community) -> Iterable[Sequence[sheets.Cell]]:
    """Return all conversions, with how many units ask for how many homes."""
    kinds, states = _zh("homes", "kind"), _zh("conversion", "state")
    uses = _zh("conversion", "old_use")
    asked = {
        key: (names, homes)
        for key, names, homes in db.session.execute(
            select(Partner.conversion_id, func.count(Partner.id), func.sum(Partner.homes)).group_by(
                Partner.conversion_id
            )
        )
    }
    query = select(Conversion).filter_by(community_id=community.id)
    for row in db.session.scalars(query.order_by(Conversion.id)):
        units, homes = asked.get(row.id, (0, 0))
        yield (
            row.title,
            row.building,
            uses[row.old_use],
            kinds[row.kind],
            row.operator,
            states[row.state],
            units,
            int(homes or 0),
            row.inspected_on,
            clock.local(row.made_at).date(),
        )
