"""Receipts (签收): of organisations alone, once each; of people only how many have read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.identities.actors import in_force
from civic.identities.models import Organisation, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.notices import audience, issuing, kinds, services
from civic.notices.models import Acknowledgement, Notice
from civic.notices.terms import Term
from civic.notifications.models import InboxItem, Message


@dataclass(frozen=True)
class Receipt:
    """Say of one organisation whether it has acknowledged; `at` is None where it has not."""

    organisation_id: int
    name: str
    at: datetime | None


def _liaisons(notice: Notice, terms: Sequence[Term]) -> Select[int | None, int]:
    """Return organisations of an audience and those who can acknowledge for them.

    A liaison's standing counts where a term names it and the person is among those meant.
    """
    named = [audience.standing_fits(term) for term in terms if term.role != kinds.NONE]
    if not terms:
        named = [Standing.node_id.in_(audience.below(notice.community_id))]
    return select(Standing.organisation_id, Standing.person_id).where(
        Standing.organisation_id.is_not(None),
        in_force(Standing.valid_from, Standing.valid_to, clock.now()),
        or_(false(), *named),
        Standing.person_id.in_(audience.people(terms)),
    )


def of_organisations(notice: Notice, person_id: int | None = None) -> list[Receipt]:
    """Return the organisations of a notice's audience by name, and when each acknowledged it.

    :param person_id: only those for which this person can acknowledge.
    """
    found = _liaisons(notice, services.terms_of(notice.id))
    if person_id is not None:
        found = found.where(Standing.person_id == person_id)
    ids = found.with_only_columns(Standing.organisation_id)
    query = (
        select(Organisation.id, Organisation.name, Acknowledgement.at)
        .outerjoin(
            Acknowledgement,
            (Acknowledgement.organisation_id == Organisation.id)
            & (Acknowledgement.notice_id == notice.id),
        )
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.name, Organisation.id)
    )
    return [Receipt(*row) for row in db.session.execute(query)]


def acknowledge(actor: Actor, community: Community, notice_id: int, organisation_id: int) -> bool:
    """Acknowledge a notice for an organisation; tell whether this was the first time.

    :raises Refused: 404 where the notice is not for the actor, or when no receipt is asked for, it
        is withdrawn, or the actor is no liaison of the organisation.
    """
    notice = services.find(actor, community, notice_id, lock=True)
    issuing.in_force(notice)
    if notice.receipt_by is None:
        raise Refused("no_receipt", _l("No receipt is asked for here."), HTTPStatus.CONFLICT)
    mine = {item.organisation_id for item in of_organisations(notice, actor.person_id or 0)}
    if organisation_id not in mine:
        raise Refused(
            "no_liaison",
            _l("Only the liaison of a unit among the readers can acknowledge for it."),
            HTTPStatus.FORBIDDEN,
        )
    taken = select(Acknowledgement.id).filter_by(
        notice_id=notice.id, organisation_id=organisation_id
    )
    if db.session.scalar(taken) is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(
                Acknowledgement(
                    notice_id=notice.id,
                    organisation_id=organisation_id,
                    person_id=actor.person_id,
                    at=clock.now(),
                )
            )
    except IntegrityError:
        return False
    return True


def read_count(notice_id: int) -> int:
    """Return how many people have read what they were told of a notice; never who."""
    query = (
        select(func.count(func.distinct(InboxItem.person_id)))
        .join(Message, Message.id == InboxItem.message_id)
        .where(Message.subject == f"notice:{notice_id}", Message.kind == "notice")
        .where(InboxItem.read_at.is_not(None))
    )
    return db.session.scalar(query) or 0
