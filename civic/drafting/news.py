"""What people are told of a text on which they commented."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.drafting.models import DraftComment, DraftVersion
from civic.drafting.words import VERDICTS
from civic.kernel.tell import Kind, News, tell

ANSWERED = Kind(
    code="drafting.answered",
    title=_l("An answer to my comment on a text"),
    sentence=lambda values: _(
        "%(office)s has answered your comment on “%(title)s”: %(verdict)s",
        office=values["office"],
        title=values["title"],
        verdict=VERDICTS[values["verdict"]],
    ),
    address=lambda values: (
        f"{_address(values)}/comments"
        + (f"/{values['comment']}" if values.get("comment") else f"?cluster={values['cluster']}")
    ),
)
CHANGED = Kind(
    code="drafting.changed",
    title=_l("A new version of a text on which I commented"),
    sentence=lambda values: _(
        "Version %(number)d is published: %(title)s",
        number=values["number"],
        title=values["title"],
    ),
    address=lambda values: f"{_address(values)}/compare",
    rhythm="daily",
)
KINDS = (ANSWERED, CHANGED)


def _address(values: Any) -> str:  # noqa: ANN401 - JSON of a message
    return f"/c/{values['community']}/consultations/{values['id']}/draft"


def answered(
    community: Community,
    case: Consultation,
    people: Collection[int] | Select[Any],
    **values: object,
) -> None:
    """Tell authors of comments that there is an answer, or a new one."""
    kept = {"community": community.slug, "id": case.id, "title": case.title}
    tell(
        News(
            kind=ANSWERED.code,
            subject=f"consultation:{case.id}",
            people=people,
            community_id=community.id,
            values=kept | values,
        )
    )


def changed(community: Community, case: Consultation, version: DraftVersion) -> None:
    """Tell those who commented that there is a new version."""
    authors = select(DraftComment.author_id).where(
        DraftComment.consultation_id == case.id, DraftComment.removed_at.is_(None)
    )
    values = {"community": community.slug, "id": case.id, "title": version.title}
    tell(
        News(
            kind=CHANGED.code,
            subject=f"consultation:{case.id}",
            people=authors,
            community_id=community.id,
            values=values | {"number": version.number},
        )
    )
