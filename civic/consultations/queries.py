"""Statements of hot pages, built once: building them takes longer than asking.

Who may see what is not in them: whoever asks adds the condition of `permissions.visible`.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.sql.base import ExecutableOption

from civic.consultations.models import Attachment, Consultation, Participant
from civic.processes import terms
from civic.voting.box import UsedRight
from civic.voting.models import BallotOption


def short(*, way: bool = False) -> tuple[ExecutableOption, ...]:
    """Leave out what no list shows: the background and the whole way, the longest of all.

    :param way: whether the whole way is read all the same.
    """
    long = [Consultation.background, Consultation.background_html]
    return tuple(map(defer, long if way else [*long, Consultation.process]))


def going_on(now: datetime) -> ColumnElement[bool]:
    """Return the condition on cases that they are not over: by their stage, or by their dates."""
    kind = func.coalesce(Consultation.present["kind"].as_string(), "")
    return or_(
        and_(Consultation.stage.is_(None), Consultation.closes_at > now),
        and_(Consultation.stage.is_not(None), kind.not_in(sorted(terms.FINAL))),
    )


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
    shown = short()
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
