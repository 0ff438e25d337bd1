"""What people are told of their questions."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import literal, select, union

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.deliberation.models import Question, QuestionAnswer, QuestionSupport
from civic.kernel.tell import Kind, News, tell

ANSWERED = Kind(
    code="deliberation.answered",
    title=_l("An answer to a question that I asked, or want to know too"),
    sentence=lambda values: (
        _(
            "%(office)s has worded an answer anew: %(title)s",
            office=values["office"],
            title=values["title"],
        )
        if values["again"]
        else _(
            "%(office)s has answered your question: %(title)s",
            office=values["office"],
            title=values["title"],
        )
    ),
    address=lambda values: (
        f"/c/{values['community']}/consultations/{values['id']}/questions/{values['question']}"
    ),
)
KINDS = (ANSWERED,)


def answered(
    community: Community, case: Consultation, found: Question, made: QuestionAnswer
) -> None:
    """Tell whoever asked, and those who want to know it too, that there is an answer."""
    supporters = select(QuestionSupport.person_id).where(
        QuestionSupport.question_id == found.id, QuestionSupport.person_id.is_not(None)
    )
    people = union(select(literal(found.author_id).label("person_id")), supporters).subquery()
    tell(
        News(
            kind=ANSWERED.code,
            subject=f"question:{found.id}",
            people=select(people.c.person_id),
            community_id=community.id,
            values={
                "community": community.slug,
                "id": case.id,
                "title": case.title,
                "office": made.office,
                "question": found.id,
                "again": made.edition > 1,
            },
        )
    )
