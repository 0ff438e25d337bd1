"""Which cases there are, and who may do what in them (no request)."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities.models import Community
from civic.consultations import speaking
from civic.consultations.models import Consultation
from civic.identities import staying
from civic.kernel import audit
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, veto

ARGUMENTS, QUESTIONS, WALL = "arguments", "questions", "wall"
MANAGE, ANSWER = "consultations.manage", speaking.ANSWER


def missing() -> Refused:
    """Return what is said of what is not here."""
    return Refused("missing", _l("There is nothing at this address."), HTTPStatus.NOT_FOUND)


def why_not(actor: Actor, community: Community, case: Consultation, what: str) -> Refused | None:
    """Return why somebody may not take part in a form of deliberation now; None where they may."""
    return speaking.why_not(actor, case, community.path, what=what)


def admit(actor: Actor, community: Community, case: Consultation, what: str) -> int:
    """Let somebody take part; their acts take turns until the transaction ends.

    :returns: who it is.
    :raises Refused: a reason of `speaking.why_not`, or of a plugin.
    """
    refusal = why_not(actor, community, case, what)
    if refusal is not None:
        raise refusal
    veto(actor, speaking.SPEAK, case)
    assert actor.person_id is not None  # noqa: S101 - visitors have been refused
    staying.take_turns(actor.person_id)
    return actor.person_id


def within(words: str, most: int, code: str) -> str:
    """Return words that are not too long.

    :raises Refused: the code.
    """
    if len(words) > most:
        raise Refused(
            code,
            _l("This is %(now)d characters long; %(most)d are possible. Please shorten it."),
            values={"now": len(words), "most": most},
        )
    return words


def number(case_id: int, model: type, **which: object) -> int:
    """Return how many rows of a kind a case has."""
    query = select(func.count()).select_from(model).filter_by(consultation_id=case_id, **which)
    return db.session.scalar(query) or 0


def office(actor: Actor, community: Community) -> str:
    """Return in whose name somebody of the office acts."""
    return actor.office_at(community.path) or community.name


def recorded(act: str, actor: Actor, community: Community, subject: str, **data: object) -> None:
    """Add an official act to the chain."""
    audit.append(
        act,
        person_id=actor.person_id,
        post=office(actor, community),
        subject=subject,
        community_id=community.id,
        data=data,
    )
