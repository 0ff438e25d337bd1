"""Whom a notice is for, in SQL: the people of terms, and the notices an actor may see.

The same expression as `terms.matches`, for counting and telling, and for lists.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    intersect,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import aliased

from civic.communities.models import Community, Node, Post
from civic.communities.services import within
from civic.communities.switched import counts
from civic.identities import known
from civic.identities.actors import in_force
from civic.identities.kinds import STAFF
from civic.identities.models import Appointment, Person, Standing
from civic.kernel import clock, declared
from civic.kernel.db import db
from civic.kernel.permissions import Actor, Path, scopes
from civic.notices import plugged
from civic.notices.kinds import ALL, ANY, NONE, posts_of, standings_of
from civic.notices.models import Notice, NoticeAudience
from civic.notices.terms import Term

DRAFT, ISSUE = "notices.draft", "notices.issue"
#: Below this many, a number of people is not told: it would point at them.
FEW = 5

People: TypeAlias = Select[int]
#: Whether the plugin of a term is on at its place; those of the core always are.
_ON = counts(NoticeAudience.code, NoticeAudience.node_id)


def below(node_id: int) -> Select[int]:
    """Return the ids of a node and of all nodes below it."""
    top = aliased(Node)
    ids = select(top.ids).where(top.id == node_id).scalar_subquery()
    return select(Node.id).where(Node.ids.startswith(ids))


def standing_fits(term: Term) -> ColumnElement[bool]:
    """Return the condition that a standing, in force or not, is one that a term names."""
    kinds = standings_of(term.code)
    if not kinds:
        return false()
    on = [counts(Standing.kind, Standing.node_id)] if known.of_plugins(kinds) else []
    return and_(
        Standing.kind.in_(sorted(kinds)),
        Standing.level >= term.min_level,
        Standing.node_id.in_(below(term.node_id)),
        *on,
    )


def _holders(terms: Sequence[Term], now: datetime) -> People:
    """Return the ids of people who fit at least one of the terms, with repetitions or not."""
    standing = [standing_fits(term) for term in terms if standings_of(term.code)]
    posts = [term for term in terms if posts_of(term.code)]
    found = [each for term in terms if (each := _plugged(term)) is not None]
    if standing or not (posts or found):
        force = in_force(Standing.valid_from, Standing.valid_to, now)
        found.append(select(Standing.person_id).where(force, or_(false(), *standing)))
    if posts:
        named = [
            and_(Post.kind.in_(sorted(posts_of(term.code))), Post.node_id.in_(below(term.node_id)))
            for term in posts
        ]
        force = in_force(Appointment.valid_from, Appointment.valid_to, now)
        query = select(Appointment.person_id).join(Post, Post.id == Appointment.post_id)
        found.append(query.where(force, or_(*named)))
    if len(found) == 1:
        return found[0]
    both = union(*found).subquery()
    return select(both.c[0])


def _plugged(term: Term) -> People | None:
    """Return the ids of those whom a term of a plugin means; None where it means nobody."""
    if term.code not in plugged.terms() or not plugged.works(term.code, term.node_id):
        return None
    return plugged.people(term.code, below(term.node_id))


def _answers(term: Term) -> bool:
    """Tell whether it can be said whom a term means; a plugin may be off, gone or failing."""
    if not declared.owner(term.code):
        return True
    if term.code in plugged.terms():
        return _plugged(term) is not None
    return bool(standings_of(term.code)) and plugged.works(term.code, term.node_id)


def people(terms: Sequence[Term]) -> People:
    """Return a statement of the ids of all people whom terms mean, each once, at this moment."""
    now = clock.now()
    query = select(Person.id).where(Person.closed_at.is_(None))
    if not all(_answers(term) for term in terms if term.role == NONE):
        return query.where(false())
    meant = [term for term in terms if term.role == ANY]
    groups = [meant] if meant else []
    groups += [[term] for term in terms if term.role == ALL]
    if groups:
        # As one set: PostgreSQL looks up each person anew where a second IN asks it to.
        both = intersect(*(_holders(group, now) for group in groups)).subquery()
        query = query.where(Person.id.in_(select(both.c[0])))
    left_out = [term for term in terms if term.role == NONE]
    if left_out:
        query = query.where(Person.id.not_in(_holders(left_out, now)))
    return query


def people_of(community: Community, terms: Sequence[Term]) -> People:
    """Return a statement of the ids of those who are told of a notice.

    A public one is told to those who hold a standing at the community or below it.
    """
    if terms:
        return people(terms)
    here = in_force(Standing.valid_from, Standing.valid_to, clock.now())
    holders = select(Standing.person_id).where(
        here,
        Standing.node_id.in_(below(community.id)),
        counts(Standing.kind, Standing.node_id),
    )
    return select(Person.id).where(Person.id.in_(holders))


def reach(community: Community, terms: Sequence[Term]) -> int:
    """Return how many people a notice would be told to."""
    found = people_of(community, terms).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _fits_actor(actor: Actor, meant_at: Mapping[str, set[int]]) -> ColumnElement[bool]:
    """Return the condition on terms, as rows, that an actor fits, whatever their role.

    :param meant_at: at which places the actor is meant by terms of plugins.
    """
    fitting: list[ColumnElement[bool]] = []
    for held in actor.standings:
        kind = known.standings()[held.code]
        if not kind.private:
            fitting.append(
                and_(
                    NoticeAudience.code.in_(sorted({held.code} | kind.groups)),
                    NoticeAudience.node_id.in_(held.path),
                    NoticeAudience.min_level <= held.level,
                )
            )
    fitting += [
        and_(
            NoticeAudience.code.in_(sorted({held.code, STAFF})),
            NoticeAudience.node_id.in_(held.path),
        )
        for held in actor.posts
    ]
    fitting += [
        and_(NoticeAudience.code == code, NoticeAudience.node_id.in_(nodes), _ON)
        for code, nodes in meant_at.items()
        if nodes
    ]
    return or_(false(), *fitting)


def _unanswered(meant_at: Mapping[str, set[int]]) -> ColumnElement[bool]:
    """Return the condition on terms that it cannot be said whom they mean: as `_answers`."""
    codes = [code for code in known.open_kinds() if declared.owner(code)] + [*meant_at]
    plugged_in = NoticeAudience.code.contains(".")
    return and_(plugged_in, or_(NoticeAudience.code.not_in(codes), ~_ON)) if codes else plugged_in


def meant(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on notices that an actor is among those they are for."""

    def term(role: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        mine = NoticeAudience.notice_id == Notice.id
        return exists().where(mine, NoticeAudience.role == role, *conditions)

    meant_at = plugged.places(actor.person_id) if actor.person_id else {}
    fits = _fits_actor(actor, meant_at)
    out = or_(fits, _unanswered(meant_at))
    return and_(or_(~term(ANY), term(ANY, fits)), ~term(ALL, ~fits), ~term(NONE, out))


def _below(paths: Collection[Path]) -> ColumnElement[bool]:
    if not paths:
        return false()
    return exists().where(Node.id == Notice.community_id, within(paths))


def works_on(actor: Actor, *permissions: str) -> ColumnElement[bool]:
    """Return the condition on notices whose place an actor has one of the permissions for."""
    return _below([path for code in permissions for path in scopes(actor, code)])


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on notices that an actor may see.

    What is issued: whom it is for, and those with a post at the issuing place or above it. A draft:
    those who may draft or issue there.
    """
    staff = _below([post.path for post in actor.posts])
    issued = Notice.issued_at.is_not(None)
    return or_(and_(issued, or_(meant(actor), staff)), works_on(actor, DRAFT, ISSUE))


def concerns(community: Community) -> ColumnElement[bool]:
    """Return the condition on notices that hang on the board of a community.

    Those issued there, and those issued above it whose readers can be found there: where some `any`
    term and every `all` term names a place that lies on the way to the community or below it.
    """
    here = or_(
        NoticeAudience.node_id.in_(community.path),
        exists().where(Node.id == NoticeAudience.node_id, Node.ids.startswith(community.node.ids)),
    )

    def term(role: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        mine = NoticeAudience.notice_id == Notice.id
        return exists().where(mine, NoticeAudience.role == role, condition)

    above = and_(or_(~term(ANY, true()), term(ANY, here)), ~term(ALL, ~here))
    return and_(
        Notice.community_id.in_(community.path), or_(Notice.community_id == community.id, above)
    )
