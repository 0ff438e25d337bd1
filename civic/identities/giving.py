"""Standings that a plugin gives, ends and looks up itself: of its own kinds, by its own pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from civic.communities.models import Community, Node
from civic.identities import holding, standings
from civic.identities.evidence import PLUGIN
from civic.identities.models import Person, Standing
from civic.kernel import clock, declared
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import VISITOR, Actor


@dataclass(frozen=True)
class Holder:
    """Be somebody who holds a standing of a plugin's own kind.

    :ivar name: real name, for pages of staff.
    """

    person_id: int
    standing_id: int
    name: str


def holders(community: Community, kind: str) -> Sequence[Holder]:
    """Return who holds a standing of a plugin's own kind at a community or below, by their names.

    For pages of staff that choose among them; the plugin has asked for permission. The private
    kinds too, so never show those.

    :param kind: code in full, as `incubator.expert`.
    :raises Refused: for a kind that is no plugin's.
    """
    if not declared.owner(kind):
        raise Refused("kind", _l("This standing is not granted here."))
    now = clock.now()
    query = (
        select(Person.id, Standing.id, Person.name)
        .join(Standing, Standing.person_id == Person.id)
        .where(Standing.kind == kind, Standing.node.has(Node.ids.startswith(community.node.ids)))
        .where(Standing.valid_from <= now, Person.closed_at.is_(None))
        .where(or_(Standing.valid_to.is_(None), Standing.valid_to > now))
        .order_by(Person.name, Person.id, Standing.id)
    )
    found: dict[int, Holder] = {}
    for person_id, standing_id, name in db.session.execute(query):
        found.setdefault(person_id, Holder(person_id, standing_id, name))
    return list(found.values())


def give_standing(
    community: Community,
    person_id: int,
    kind: str,
    *,
    level: int,
    node_id: int | None = None,
    last_day: date | None = None,
    actor: Actor = VISITOR,
) -> Standing:
    """Give a person a standing of a plugin's own kind; they are told, and it is an official act.

    The private ones too, which no page of the core gives. The plugin has asked for permission.

    :param kind: code in full, as `facility.keeper`.
    :param level: 0 to 4, as the plugin has verified it.
    :param node_id: at which place; the community itself without one.
    :param actor: who decided it; without one it was the plugin itself.
    :raises Refused: where the plugin is off, at a place of elsewhere, or for one held already.
    """
    if not declared.owner(kind):
        raise Refused("kind", _l("This standing is not granted here."))
    if actor.person_id is not None:
        standings.others_only(actor, person_id)
    made = holding.add(
        community,
        Standing(
            person_id=person_id,
            kind=kind,
            node_id=node_id or community.id,
            level=level,
            source=PLUGIN,
            verified_by=actor.person_id,
            valid_from=clock.now(),
            valid_to=standings.end_of(last_day) if last_day else None,
        ),
    )
    standings.told(actor, community, made, "granted", rests_on=PLUGIN)
    return made


def end_standing(
    community: Community, standing_id: int, reason: str, *, actor: Actor = VISITOR
) -> Standing:
    """End a standing of a plugin's own kind, with a reason that its holder reads.

    :raises Refused: without a reason, or where there is none in force here.
    """
    query = (
        select(Standing)
        .where(
            Standing.id == standing_id, Standing.node.has(Node.ids.startswith(community.node.ids))
        )
        .where(Standing.kind.contains("."))
        .where(or_(Standing.valid_to.is_(None), Standing.valid_to > clock.now()))
        .with_for_update(of=Standing)
    )
    found = db.session.scalar(query)
    if found is None:
        raise Refused("no_standing", _l("There is no such standing here."), HTTPStatus.NOT_FOUND)
    standings.finish(actor, community, found, reason)
    return found
