"""What acts on a text share: the case held, the office that acts, the record, what is missing."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations import figures
from civic.consultations.models import Consultation
from civic.drafting.models import DraftCluster, DraftVersion, TextDraft
from civic.kernel import audit
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

MANAGE = "drafting.manage"
#: Figures of a case: number of the newest version, until when comments are heard (seconds), how
#: many comments there are and have no answer, and whether the text is final.
VERSION, UNTIL, COMMENTS, WAITING = (
    "draft_version",
    "draft_until",
    "draft_comments",
    "draft_open",
)
FINAL = "draft_final"


def held(community: Community, case_id: int) -> Consultation:
    """Return a case, held until the transaction ends.

    Acts hold it before they lock comments of it, so that none waits for another in a circle.

    :raises Refused: 404.
    """
    query = select(Consultation).filter_by(id=case_id, community_id=community.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.published_at is None:
        raise missing()
    return found


def text_of(case_id: int) -> TextDraft | None:
    """Return the text of a case, published or not."""
    return db.session.get(TextDraft, case_id, populate_existing=True)


def versions(case_id: int) -> list[DraftVersion]:
    """Return the published versions of a text, the newest first."""
    query = select(DraftVersion).filter_by(consultation_id=case_id)
    return list(db.session.scalars(query.order_by(DraftVersion.number.desc())))


def newest(case_id: int) -> DraftVersion | None:
    """Return the version on which one comments."""
    query = select(DraftVersion).filter_by(consultation_id=case_id)
    return db.session.scalar(query.order_by(DraftVersion.number.desc()).limit(1))


def cluster(case_id: int, cluster_id: int) -> DraftCluster:
    """Return a cluster of a case.

    :raises Refused: 404.
    """
    query = select(DraftCluster).filter_by(id=cluster_id, consultation_id=case_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise missing()
    return found


def office(actor: Actor, community: Community) -> str:
    """Return the post in whose name somebody acts."""
    return actor.office_at(community.path)


def recorded(act: str, actor: Actor, community: Community, case_id: int, **data: object) -> None:
    """Keep an act in the audit, with the post in whose name it was done."""
    audit.append(
        act,
        person_id=actor.person_id,
        post=office(actor, community),
        subject=f"consultation:{case_id}",
        community_id=community.id,
        data=data,
    )


def figure(case: Consultation, code: str, value: int) -> None:
    """Let a figure of a case be a value; the case must be held."""
    figures.add(case.id, code, value - case.figures.get(code, 0))


def missing() -> Refused:
    """Return the one answer for what does not exist here."""
    return Refused("no_draft", _l("There is no such page here."), HTTPStatus.NOT_FOUND)


def closed() -> Refused:
    """Return what is said of a text that is final."""
    message = _l("The text is final; it can be read, but nothing can be added.")
    return Refused("closed", message, HTTPStatus.CONFLICT)
