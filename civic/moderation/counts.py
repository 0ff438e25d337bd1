"""Public counts of moderation by month: of acts, never of people."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from civic.communities.models import Community
from civic.kernel import clock
from civic.kernel.db import db
from civic.moderation.models import ModerationCount

HIDDEN, REPORTED, OBJECTED, RESTORED, KEPT = "hidden", "reported", "objected", "restored", "kept"
REFUSED, CHECKED, REMOVED = "refused", "checked", "removed"
#: Months on the page.
MONTHS = 24


def add(community_id: int, *codes: str) -> None:
    """Count one act under each code in the current month, in the acting transaction."""
    month = clock.local(clock.now()).date().replace(day=1)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    for code in sorted(codes):
        row = insert(ModerationCount).values(
            community_id=community_id, month=month, code=code, number=1
        )
        db.session.execute(
            row.on_conflict_do_update(
                index_elements=["community_id", "month", "code"],
                set_={"number": ModerationCount.number + 1},
            )
        )


def months(community: Community) -> Sequence[tuple[date, dict[str, int]]]:
    """Return the counts of a community by month, the newest first, at most `MONTHS`."""
    newest = (
        select(ModerationCount.month)
        .filter_by(community_id=community.id)
        .distinct()
        .order_by(ModerationCount.month.desc())
        .limit(MONTHS)
    )
    rows = db.session.execute(
        select(ModerationCount.month, ModerationCount.code, ModerationCount.number)
        .filter_by(community_id=community.id)
        .where(ModerationCount.month.in_(newest))
        .order_by(ModerationCount.month.desc())
    )
    found: dict[date, dict[str, int]] = {}
    for month, code, number in rows:
        found.setdefault(month, {})[code] = number
    return list(found.items())
