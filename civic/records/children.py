"""Accounts of children: made at the desk with the consent of a guardian (PIPL §31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from civic.communities.models import Community, Node
from civic.identities import collected, known, recovery
from civic.identities import services as identities
from civic.identities.actors import in_force
from civic.identities.kinds import RESIDENT
from civic.identities.looks import looked
from civic.identities.models import GuardianConsent, Person, Standing
from civic.identities.names import masked
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.phones import Identifier
from civic.kernel.tell import News, tell

LIVING = "resident_living"
LEVEL = 2
#: No password fits it; the child chooses one with the code.
LOCKED = "-"
MOST = 200


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Hold what staff enter when a guardian stands at the desk with a child.

    :ivar seen_on: the day on the paper of consent.
    """

    guardian: Identifier
    name: str
    contact: Identifier
    seen_on: date


def admit(actor: Actor, community: Community, admission: Admission) -> str:
    """Make a child's account at the guardian's home.

    :returns: the code with which the child chooses a password, readable at this moment only.
    :raises Refused: `nobody` or `not_resident` about the guardian, `contact_taken` about the child,
        or `future` for a paper of tomorrow.
    """
    now = clock.now()
    if admission.seen_on > clock.local(now).date():
        raise Refused("future", _l("The day on the paper lies in the future."))
    guardian = identities.here(community, admission.guardian)
    home = _home(guardian, community)
    assert actor.person_id is not None  # noqa: S101 - the permission implies a person
    name = " ".join(admission.name.split())
    child = Person(
        name=name,
        public_name=masked(name),
        password_hash=LOCKED,
        adult=False,
        agreed=collected.VERSION,
        agreed_at=now,
        guardian_id=guardian.id,
        language=guardian.language,
        created_at=now,
    )
    db.session.add(child)
    db.session.flush()
    identities.add_contact(child, admission.contact)
    db.session.add_all(
        (
            GuardianConsent(
                child_id=child.id,
                seen_by=actor.person_id,
                seen_on=admission.seen_on,
                recorded_at=now,
            ),
            Standing(
                person_id=child.id,
                kind=LIVING,
                node_id=home,
                level=LEVEL,
                source="staff",
                verified_by=actor.person_id,
                valid_from=now,
            ),
        )
    )
    db.session.flush()
    looked(actor, guardian.id, "child", community)
    _record("child.admitted", actor, community, child.id)
    _tell("records.child_admitted", community, child.id, [guardian.id])
    return recovery.make(actor, community, admission.contact)


def _home(guardian: Person, community: Community) -> int:
    """Return the node where a guardian lives.

    :raises Refused: when they are no adult, or do not live here.
    """
    rows = db.session.execute(
        select(Standing.kind, Standing.node_id)
        .join(Node, Node.id == Standing.node_id)
        .where(
            Standing.person_id == guardian.id,
            Node.ids.startswith(community.node.ids),
            in_force(Standing.valid_from, Standing.valid_to, clock.now()),
        )
        .order_by(Standing.id)
    )
    homes = [node_id for kind, node_id in rows if known.standings()[kind].groups & RESIDENT]
    if not guardian.adult or guardian.guardian_id is not None or not homes:
        raise Refused(
            "not_resident",
            _l("A guardian is 18 or older and has a standing as resident here."),
            HTTPStatus.CONFLICT,
        )
    return homes[0]


class Child(NamedTuple):
    """Hold a child's account as staff read it: by masked names."""

    id: int
    public_name: str
    guardian: str
    seen_on: date | None


def _children(community: Community) -> list[Child]:
    parent = aliased(Person)
    lives = (
        select(Standing.person_id)
        .join(Node, Node.id == Standing.node_id)
        .where(Node.ids.startswith(community.node.ids))
    )
    rows = db.session.execute(
        select(Person.id, Person.public_name, parent.public_name, GuardianConsent.seen_on)
        .join(parent, parent.id == Person.guardian_id)
        .outerjoin(GuardianConsent, GuardianConsent.child_id == Person.id)
        .where(Person.id.in_(lives))
        .order_by(Person.id.desc())
        .limit(MOST)
    )
    return [Child._make(row) for row in rows]


def children(community: Community) -> Sequence[Child]:
    """Return the children's accounts of a community, the newest first, at most `MOST`."""
    return _children(community)


def release(actor: Actor, community: Community, child_id: int) -> None:
    """Record that a child has turned fourteen: the guardian answers no longer.

    :raises Refused: 404 when there is no such child here.
    """
    lives = (
        select(Standing.person_id)
        .join(Node, Node.id == Standing.node_id)
        .where(Node.ids.startswith(community.node.ids))
    )
    child = db.session.scalar(
        select(Person)
        .where(Person.id == child_id, Person.guardian_id.is_not(None), Person.id.in_(lives))
        .with_for_update(key_share=True)
    )
    if child is None or child.guardian_id is None:
        raise Refused("no_child", _l("There is no such child here."), HTTPStatus.NOT_FOUND)
    guardian_id = child.guardian_id
    child.guardian_id = None
    db.session.execute(delete(GuardianConsent).filter_by(child_id=child.id))
    _record("child.released", actor, community, child.id)
    _tell("records.child_released", community, child.id, [guardian_id, child.id])


def _tell(kind: str, community: Community, child_id: int, people: list[int]) -> None:
    tell(
        News(
            kind=kind,
            subject=f"person:{child_id}",
            people=people,
            community_id=community.id,
            values={"community": community.slug},
        )
    )


def _record(act: str, actor: Actor, community: Community, child_id: int) -> None:
    audit.done(act, actor, community, f"person:{child_id}")
