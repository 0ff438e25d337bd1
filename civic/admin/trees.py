"""Change the tree with all that hangs on it: rights, terms, pages; each change is audited."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities import known, reform, services, tree
from civic.communities.kinds import HOMES
from civic.communities.models import Community, Node
from civic.communities.tree import Act
from civic.consultations import queries
from civic.consultations.models import Consultation
from civic.identities import places
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, allowed, check, scopes

PERMISSION = "admin.manage"
#: Places that a page shows at most; a search finds the others.
MOST = 200
FOUND = 50


@dataclass(frozen=True)
class Consequences:
    """Hold what a change will do, counted.

    :ivar moved: names of places that go over.
    :ivar people: people with a standing there.
    :ivar posts: posts with somebody in them whose term ends.
    :ivar open_cases: consultations that are not over yet and stay where they were asked.
    """

    moved: list[str]
    people: int
    posts: int
    open_cases: int


def find(actor: Actor, node_id: int) -> Node:
    """Return a place that the actor looks after.

    :raises Refused: 401 or 403 to who looks after none, else the same 404 as for a missing one.
    """
    if not scopes(actor, PERMISSION):
        check(actor, PERMISSION, ())
    node = db.session.get(Node, node_id)
    if node is None or not allowed(actor, PERMISSION, node.path):
        raise Refused("no_place", _l("There is no such place."), HTTPStatus.NOT_FOUND)
    return node


def roots(actor: Actor) -> Sequence[Node]:
    """Return the places at which the actor's administration begins."""
    ids = [path[-1] for path in scopes(actor, PERMISSION)]
    return db.session.scalars(select(Node).where(Node.id.in_(ids)).order_by(Node.ids)).all()


def below(node: Node) -> Sequence[Node]:
    """Return the current places right below one, at most `MOST` and one more."""
    query = select(Node).where(Node.parent_id == node.id, Node.valid_to.is_(None))
    return db.session.scalars(query.order_by(Node.kind, Node.name, Node.id).limit(MOST + 1)).all()


def search(node: Node, words: str, kinds: Collection[str] = ()) -> Sequence[Node]:
    """Return current places at or below one whose names contain the words, at most `FOUND`."""
    query = (
        select(Node)
        .where(Node.ids.startswith(node.ids), Node.valid_to.is_(None))
        .where(Node.name.contains(words.strip(), autoescape=True))
        .order_by(func.length(Node.name), Node.ids)
        .limit(FOUND)
    )
    if kinds:
        query = query.where(Node.kind.in_(kinds))
    return db.session.scalars(query).all()


def parents_for(node: Node, words: str) -> Sequence[Node]:
    """Return places of the same street below which one may be moved."""
    root = db.session.get_one(Node, node.path[0])
    above = known.places().parents.get(node.kind)
    if above is None:
        return []
    found = search(root, words, above)
    return [each for each in found if node.id not in each.path and each.id != node.parent_id]


def mergeable(node: Node) -> Sequence[Node]:
    """Return the communities that could go over into this one."""
    query = (
        select(Node)
        .where(Node.parent_id == node.parent_id, Node.kind == node.kind, Node.id != node.id)
        .where(Node.valid_to.is_(None))
        .order_by(Node.name)
    )
    return db.session.scalars(query).all()


def consequences(actor: Actor, moved: Sequence[Node], ended: Sequence[Node]) -> Consequences:
    """Count what a change will do, before it is done."""
    del actor
    held = places.held_below([node.ids for node in moved] or [node.ids for node in ended])
    terms = places.held_below([node.ids for node in ended])
    open_cases = db.session.scalars(
        select(func.count(Consultation.id)).where(
            Consultation.community_id.in_([node.id for node in ended]),
            queries.going_on(clock.now()),
        )
    ).one()
    return Consequences([node.name for node in moved], held.people, terms.posts, open_cases)


def add(actor: Actor, act: Act, parent: Node, kind: str, name: str) -> Node:
    """Add a place."""
    node = tree.add(act, kind, name, parent.id)
    _audit("node.added", actor, node)
    return node


def rename(actor: Actor, act: Act, node: Node, name: str) -> None:
    """Rename a place."""
    _audit("node.renamed", actor, tree.rename(act, node.id, name))


def move(actor: Actor, act: Act, node: Node, parent_id: int) -> None:
    """Move a place to another that the actor looks after too."""
    find(actor, parent_id)
    tree.move(act, node.id, parent_id)
    _audit("node.moved", actor, db.session.get_one(Node, node.id))


def end(actor: Actor, act: Act, node: Node) -> None:
    """End a place, and the standings and terms held right there."""
    if node.parent_id is None:
        raise Refused("kind", _l("A street cannot be ended here."))
    ended = tree.end(act, node.id)
    reason = _("%(name)s has ended.", name=ended.name)
    places.close([ended.id], actor.person_id, reason, heir=None)
    _audit("node.ended", actor, ended)


def split(
    actor: Actor, act: Act, node: Node, name: str, slug: str, moved: Collection[int]
) -> Community:
    """Split a community; standings held right at it stay there."""
    done = reform.split(act, node.id, name, slug, moved)
    _audit("community.split", actor, done.old, into=done.new.id)
    return done.new


def merge(actor: Actor, act: Act, target: Node, source_ids: Collection[int]) -> None:
    """Merge communities into one; standings held right at them go on there, terms end."""
    name = target.name
    for source_id in source_ids:
        find(actor, source_id)
    reform.merge(act, source_ids, target.id)
    ended = sorted(set(source_ids) - {target.id})
    reason = _("The community went over into %(name)s.", name=name)
    places.close(ended, actor.person_id, reason, heir=target.id)
    _audit("community.merged", actor, db.session.get_one(Node, target.id), ended=ended)


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """Hold what stands on a community's page."""

    slug: str
    telephone: str
    hours: str
    about: str


def keep_home(actor: Actor, node: Node, details: HomePage) -> Community:
    """Give a community its page, or change what stands there; its address stays as it was made."""
    node = tree.held(node.id)
    community = db.session.get(Community, node.id)
    if community is None:
        if node.kind not in HOMES:
            raise Refused("kind", _l("Only communities have a page."))
        services.check_slug(details.slug)
        community = services.found(node, details.slug)
    for name in ("telephone", "hours", "about"):
        setattr(community, name, getattr(details, name).strip())
    _audit("community.page", actor, node)
    return community


def record(act: str, actor: Actor, node: Node, **data: object) -> None:
    """Add what was done to a place to the audit."""
    _audit(act, actor, node, **data)


def _audit(act: str, actor: Actor, node: Node, **data: object) -> None:
    home = next((step for step in reversed(node.path) if db.session.get(Community, step)), None)
    audit.append(
        act,
        person_id=actor.person_id,
        post=actor.office_at(node.path),
        subject=f"node:{node.id}",
        community_id=home,
        data=dict(data),
    )
