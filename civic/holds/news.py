"""What people are told of the places they wait for: that some are offered, and that it is over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.holds.line import ClaimMoved
from civic.holds.models import HoldClaim, HoldPool
from civic.holds.values import EXPIRED, OFFERED
from civic.identities import staying
from civic.kernel import i18n
from civic.kernel.db import db
from civic.kernel.tell import Kind, News, tell


def _offered(values: Mapping[str, Any]) -> str:
    return _(
        "Free for you until %(moment)s, if you say yes: %(title)s",
        moment=i18n.moment(datetime.fromisoformat(values["until"])),
        title=values["title"],
    )


KIND = Kind(
    code="holds.offered",
    title=_l("Places I wait for have become free"),
    sentence=_offered,
    address=lambda values: str(values["path"]),
)
OVER = Kind(
    code="holds.over",
    title=_l("An offer of places has ended unanswered"),
    sentence=lambda values: _(
        "The offer has ended; the places went to the next in line: %(title)s",
        title=values["title"],
    ),
    address=lambda values: str(values["path"]),
    rhythm="none",
)
KINDS = (KIND, OVER)


def heard(event: ClaimMoved) -> None:
    """Tell somebody of an offer, or that it has ended; what was overtaken meanwhile is left out."""
    if event.state not in {OFFERED, EXPIRED} or event.person_id is None:
        return
    if not staying.open_among([event.person_id]):
        return
    query = select(HoldClaim, HoldPool).join(HoldPool, HoldPool.id == HoldClaim.pool_id)
    row = db.session.execute(query.where(HoldClaim.id == event.claim_id)).one_or_none()
    if row is None or row[0].state != event.state:
        return
    claim, pool = row
    community = db.session.get_one(Community, pool.community_id)
    values = {"community": community.slug, "title": pool.title, "path": pool.path}
    if claim.until is not None:
        values["until"] = claim.until.isoformat()
    tell(
        News(
            kind=KIND.code if event.state == OFFERED else OVER.code,
            subject=f"hold_claim:{claim.id}",
            people={event.person_id},
            community_id=pool.community_id,
            values=values,
        )
    )
