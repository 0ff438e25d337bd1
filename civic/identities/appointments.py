"""Posts and who holds them: appoint for a term, renew, end; a post is one position."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from civic.communities.models import Community, Node, Post
from civic.identities import staying
from civic.identities.actors import in_force
from civic.identities.kinds import ADMINISTRATOR, MANY_HOLDERS
from civic.identities.models import Appointment, Contact, Person, Standing
from civic.identities.positions import find
from civic.kernel import audit, clock, tell
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.phones import Identifier
from civic.kernel.sheets.texts import folded

TOLD = "appointment"


@dataclass(frozen=True)
class Term:
    """Be the time for which somebody holds a post; without an end until it is ended.

    :ivar start: moment from which; `end`: moment up to which.
    """

    start: datetime
    end: datetime | None

    @classmethod
    def of(cls, first: date, last: date | None) -> "Term":
        """Read a term as people write it: from the first day to the end of the last one.

        A term that begins today begins now, so that whoever held the post this morning is not in
        the way.

        :raises Refused: `term` for one that ends before it begins, or has ended.
        """
        now = clock.now()
        start = now if first == clock.local(now).date() else _midnight(first)
        end = _midnight(last + timedelta(days=1)) if last else None
        if end is not None and end <= max(start, now):
            raise Refused("term", _l("The last day must be today or later, and after the first."))
        return cls(start, end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.ZONE)


def person_of(root: int, name: str, identifier: Identifier) -> Person:
    """Return who bears a name, signs in with a number or address, and belongs to a street.

    Both have to fit, so that a slip of the finger appoints nobody and tells nothing. Their account
    stays open until the transaction ends.

    :param root: id of the street's node.
    :raises Refused: `nobody`; the same whether unknown, of another name or of another street.
    """
    below = Node.ids.startswith(f"/{root}/")
    now = clock.now()
    lives = (
        select(Standing.person_id)
        .join(Node, Node.id == Standing.node_id)
        .where(below)
        .where(in_force(Standing.valid_from, Standing.valid_to, now))
    )
    serves = (
        select(Appointment.person_id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Node, Node.id == Post.node_id)
        .where(below)
    )
    person = db.session.scalar(
        select(Person)
        .join(Contact, Contact.person_id == Person.id)
        .where(Contact.kind == identifier.kind, Contact.value == identifier.value)
        .where(Person.closed_at.is_(None))
        .where(or_(Person.id.in_(lives), Person.id.in_(serves)))
        .with_for_update(read=True, key_share=True, of=Person)
    )
    if person is None or folded(person.name) != folded(name):
        raise Refused(
            "nobody",
            _l(
                "Nobody of this name signs in with this number or address in this street. Compare "
                "both with the person; who has no account yet gets one with the tick below."
            ),
        )
    return person


def appoint(
    actor: Actor, community: Community, post: Post, person: Person, term: Term, *, basis: str = ""
) -> Appointment:
    """Let a person hold a post for a term; powers begin and end with it.

    :param basis: the decision it rests on, as the number of a document.
    :raises Refused: `given_up`, `already` or `taken`.
    """
    _lock(post)
    if post.valid_to is not None:
        raise Refused("given_up", _l("This post was given up."), HTTPStatus.CONFLICT)
    _free(post, person.id, term)
    made = Appointment(
        person_id=person.id,
        post_id=post.id,
        valid_from=term.start,
        valid_to=term.end,
        appointed_by=actor.person_id,
        basis=basis,
    )
    db.session.add(made)
    db.session.flush()
    _record(actor, community, made, post, "made")
    return made


def renew(
    actor: Actor, community: Community, appointment_id: int, last: date, *, basis: str = ""
) -> None:
    """Give a term another end.

    :raises Refused: `term`, or `taken` where somebody else follows before.
    """
    held, post, _name = find(community, appointment_id)
    staying.open_among([held.person_id])
    _lock(post)
    held, post, _name = find(community, appointment_id)  # unless it was ended meanwhile
    end = _midnight(last + timedelta(days=1))
    if end <= max(held.valid_from, clock.now()):
        raise Refused("term", _l("The last day must be today or later, and after the first."))
    _free(post, held.person_id, Term(held.valid_from, end), but=held.id)
    held.valid_to = end
    held.basis = basis or held.basis
    _record(actor, community, held, post, "renewed")


def end(actor: Actor, community: Community, appointment_id: int, reason: str) -> None:
    """End an appointment now, and its powers with it; one still to come is taken back.

    :param reason: as its holder reads it.
    :raises Refused: `last_administrator`, or nobody could appoint anybody.
    """
    held, post, _name = find(community, appointment_id)
    staying.open_among([held.person_id])
    _lock(post)
    db.session.refresh(held, with_for_update=True)
    now = clock.now()
    if held.valid_to is not None and held.valid_to <= now:
        return
    if held.valid_from >= now:
        _record(actor, community, held, post, "withdrawn")
        db.session.delete(held)
        return
    if post.kind == ADMINISTRATOR and post.node_id == community.path[0]:
        _not_the_last(post.node_id, held, now)
    held.valid_to, held.ended_by, held.end_reason = now, actor.person_id, reason
    _record(actor, community, held, post, "ended")


def _lock(post: Post) -> None:
    db.session.refresh(post, with_for_update=True)


def _free(post: Post, person_id: int, term: Term, but: int = 0) -> None:
    """Refuse a term that meets another one of the same post; the post is locked by then."""
    query = (
        select(Appointment)
        .where(Appointment.post_id == post.id, Appointment.id != but)
        .where(or_(Appointment.valid_to.is_(None), Appointment.valid_to > term.start))
        .order_by(Appointment.valid_from)
    )
    if term.end is not None:
        query = query.where(Appointment.valid_from < term.end)
    for other in db.session.scalars(query):
        if other.person_id == person_id:
            message = _l("This person holds the post in that time already.")
            raise Refused("already", message, HTTPStatus.CONFLICT)
        if post.kind not in MANY_HOLDERS:
            raise Refused(
                "taken",
                _l(
                    "Somebody else holds this post in that time. End that appointment first, or "
                    "choose a later first day."
                ),
                HTTPStatus.CONFLICT,
            )


def _not_the_last(root: int, held: Appointment, now: datetime) -> None:
    # Or two administrators could end each other at one moment.
    db.session.execute(select(Node.id).filter_by(id=root).with_for_update())
    others = (
        select(func.count())
        .select_from(Appointment)
        .join(Post, Post.id == Appointment.post_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(Post.kind == ADMINISTRATOR, Post.node_id == root, Appointment.id != held.id)
        .where(in_force(Appointment.valid_from, Appointment.valid_to, now))
        .where(Person.closed_at.is_(None))
    )
    if not db.session.scalar(others):
        raise Refused(
            "last_administrator",
            _l("This is the last administrator of the street. Appoint another one first."),
            HTTPStatus.CONFLICT,
        )


def _record(actor: Actor, community: Community, held: Appointment, post: Post, act: str) -> None:
    """Write the act into the chain, and tell whom it concerns."""
    until = clock.local(held.valid_to).date().isoformat() if held.valid_to else ""
    audit.done(
        f"appointment.{act}",
        actor,
        community,
        f"appointment:{held.id}",
        {"post": post.id, "person": held.person_id, "until": until},
    )
    values = {"community": community.slug, "act": act, "post": post.title, "reason": ""}
    tell.tell(
        tell.News(
            kind=TOLD,
            subject=f"post:{post.id}",
            people=[held.person_id],
            community_id=community.id,
            values=values | {"reason": held.end_reason},
        )
    )
