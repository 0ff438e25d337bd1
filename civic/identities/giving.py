"""Standings that a plugin gives and ends itself: of its own kinds, by its own pages and jobs."""

from datetime import date
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from civic.communities.models import Community, Node
from civic.identities import holding, standings
from civic.identities.evidence import PLUGIN
from civic.identities.models import Standing
from civic.kernel import clock, declared
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import VISITOR, Actor


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
