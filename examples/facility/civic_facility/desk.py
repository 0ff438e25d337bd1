"""What waits: for staff, and for whoever reported something."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import url_for

from civic.api import Actor, Community, Due, allowed
from civic.api import gettext as _
from civic_facility import services
from civic_facility.kinds import KINDS
from civic_facility.manifest import plugin
from civic_facility.models import Defect


def work(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return the reports that the posts of an actor let them handle."""
    mine = {home.id: home for home in communities if allowed(actor, "facility.handle", home.path)}
    if not mine:
        return []
    found = []
    for defect in services.waiting(mine, limit):
        home = mine[defect.community_id]
        until = defect.reported_at + timedelta(days=plugin.setting(home, "days"))
        found.append(_due(defect, home, _("Handle the report"), until))
    return found


def answers(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return the handled reports of an actor that wait for their answer."""
    homes = {home.id: home for home in communities}
    found = services.to_answer(homes, actor.person_id, limit)
    return [_due(each, homes[each.community_id], _("Say whether it is solved")) for each in found]


def _due(defect: Defect, home: Community, action: str, at: datetime | None = None) -> Due:
    return Due(
        kind=_("Report of a defect"),
        title=f"{KINDS[defect.place.kind]} {defect.place.number}",
        action=action,
        url=url_for("facility.defect", community=home.slug, defect_id=defect.id),
        at=at,
        since=defect.handled_at or defect.reported_at,
        community_id=home.id,
    )
