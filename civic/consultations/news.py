"""What people are told of consultations."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.consultations.models import Comment, Consultation
from civic.identities.audiences import people_of
from civic.identities.models import Standing
from civic.kernel.permissions import Actor
from civic.kernel.tell import Kind, News, tell


def _case(values: Mapping[str, Any]) -> str:
    return f"/c/{values['community']}/consultations/{values['id']}/"


PUBLISHED = Kind(
    code="consultations.published",
    title=_l("A new question that you are asked"),
    sentence=lambda values: _("You are asked: %(title)s", title=values["title"]),
    address=_case,
    rhythm="daily",
)
ANSWERED = Kind(
    code="consultations.answered",
    title=_l("An answer of an office to what you wrote"),
    sentence=lambda values: _(
        "%(office)s has answered you: %(title)s", office=values["office"], title=values["title"]
    ),
    address=lambda values: (
        f"{_case(values)}comments/{values['thread']}#comment-{values['comment']}"
    ),
)
KINDS = (PUBLISHED, ANSWERED)


def published(actor: Actor, community: Community, consultation: Consultation) -> None:
    """Tell everybody who is asked that a consultation is published, except whoever did it."""
    people = people_of(consultation.audience, community.path)
    tell(
        News(
            kind=PUBLISHED.code,
            subject=f"consultation:{consultation.id}",
            people=people.where(Standing.person_id != actor.person_id),
            community_id=community.id,
            values={
                "community": community.slug,
                "id": consultation.id,
                "title": consultation.title,
            },
        )
    )


def answered(
    community: Community, consultation: Consultation, answer: Comment, to: set[int]
) -> None:
    """Tell those whose words an office has answered.

    :param to: ids of the authors of the comment replied to and of its thread.
    """
    people = to - {answer.author_id}
    if not people:
        return
    tell(
        News(
            kind=ANSWERED.code,
            subject=f"comment:{answer.id}",
            people=people,
            community_id=community.id,
            values={
                "community": community.slug,
                "id": consultation.id,
                "title": consultation.title,
                "office": answer.office,
                "thread": answer.parent_id,
                "comment": answer.id,
            },
        )
    )
