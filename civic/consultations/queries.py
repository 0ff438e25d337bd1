"""Statements of hot pages, built once: building them takes longer than asking.

Who may see what is not in them: whoever asks adds the condition of `permissions.visible`.
"""

from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy.orm import defer, joinedload

from civic.consultations.models import Attachment, Consultation, Participant
from civic.voting.box import UsedRight
from civic.voting.models import BallotOption


@cache
def by_id() -> Select[Consultation]:
    """Ask for one consultation with its ballot."""
    return (
        select(Consultation)
        .options(joinedload(Consultation.ballot))
        .where(
            Consultation.id == bindparam("consultation_id"),
            Consultation.community_id == bindparam("community_id"),
        )
    )


@cache
def listed(limit: int) -> Select[*tuple[Any, ...]]:
    """Ask for a list, the newest first, with what a person has done in each."""
    person_id = bindparam("person_id", type_=Participant.person_id.type)
    voted = exists().where(
        UsedRight.ballot_id == Consultation.ballot_id, UsedRight.key == bindparam("right")
    )
    took_part = exists().where(
        Participant.consultation_id == Consultation.id, Participant.person_id == person_id
    )
    # A list shows no background, the longest text there is.
    shown = defer(Consultation.background), defer(Consultation.background_html)
    return (
        select(Consultation, voted, took_part)
        .options(joinedload(Consultation.community), *shown)
        .where(
            Consultation.community_id.in_(bindparam("path", expanding=True)),
            Consultation.id < bindparam("before"),
        )
        .order_by(Consultation.id.desc())
        .limit(limit)
    )


@cache
def parts() -> Select[*tuple[Any, ...]]:
    """Ask for options, attachments and a person's vote together."""
    voted = and_(UsedRight.ballot_id == Consultation.ballot_id, UsedRight.key == bindparam("right"))
    return (
        select(BallotOption, Attachment, UsedRight)
        .select_from(Consultation)
        .outerjoin(BallotOption, BallotOption.ballot_id == Consultation.ballot_id)
        .outerjoin(Attachment, Attachment.consultation_id == Consultation.id)
        .outerjoin(UsedRight, voted)
        .where(Consultation.id == bindparam("consultation_id"))
        .order_by(BallotOption.position, Attachment.id)
    )
