"""How much one person may say in an hour; counted in the transaction that adds to it."""

from datetime import timedelta
from http import HTTPStatus

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import Select, func, select

from civic.consultations.models import Comment, Participant, Statement
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused

HOUR = timedelta(hours=1)


def comments(person_id: int) -> None:
    """Refuse the comment that would be one too many.

    :raises Refused: `too_many`.
    """
    recent = select(func.count()).where(
        Comment.author_id == person_id, Comment.created_at > clock.now() - HOUR
    )
    message = _l(
        "You have written %(most)d comments within an hour. "
        "Please leave room for others and come back a little later."
    )
    _check(recent, current_app.config["SETTINGS"].comments_per_hour, message)


def statements(person_id: int) -> None:
    """Refuse the statement that would be one too many.

    :raises Refused: `too_many`.
    """
    recent = (
        select(func.count())
        .select_from(Statement)
        .join(Participant, Participant.id == Statement.participant_id)
        .where(Participant.person_id == person_id, Statement.created_at > clock.now() - HOUR)
    )
    message = _l(
        "You have offered %(most)d statements within an hour. "
        "Please answer those of others and come back a little later."
    )
    _check(recent, current_app.config["SETTINGS"].statements_per_hour, message)


def _check(recent: Select[int], most: int, message: LazyString) -> None:
    if (db.session.scalar(recent) or 0) >= most:
        raise Refused("too_many", message, HTTPStatus.TOO_MANY_REQUESTS, {"most": most})
