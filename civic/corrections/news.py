"""What people are told of corrections that they raised or signed."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, union

from civic.communities.models import Community
from civic.corrections.models import Correction, CorrectionSignature
from civic.corrections.phrases import STATES
from civic.kernel.tell import Kind, News, tell


def _address(values: Mapping[str, Any]) -> str:
    return f"/c/{values['community']}/corrections/{values['id']}/"


MOVED = Kind(
    code="corrections.moved",
    title=_l("Corrections that I raised or signed"),
    sentence=lambda values: _(
        "%(state)s: the correction of “%(title)s”",
        state=STATES[values["state"]],
        title=values["title"],
    ),
    address=_address,
)
KINDS = (MOVED,)


def moved(community: Community, found: Correction, but: int | None = None) -> None:
    """Tell whoever raised or signed a correction where it stands now, except who moved it."""
    raised = select(Correction.raised_by).where(Correction.id == found.id)
    signed = select(CorrectionSignature.person_id).where(
        CorrectionSignature.correction_id == found.id,
        CorrectionSignature.person_id.is_not(None),
    )
    people = union(raised, signed).subquery()
    tell(
        News(
            kind=MOVED.code,
            subject=f"correction:{found.id}",
            people=select(people.c[0]).where(people.c[0] != (but or 0)),
            community_id=community.id,
            values={
                "community": community.slug,
                "id": found.id,
                "title": found.title,
                "state": found.state,
            },
        )
    )
