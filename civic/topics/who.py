"""Who hands topics in, and by which place and standing they are read."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.kinds import BUILDING, FUNCTIONAL
from civic.communities.models import Node
from civic.identities.audiences import fitting_group
from civic.identities.kinds import AUDIENCES
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, Path, allowed
from civic.topics.models import Topic

HAND_IN, MANAGE = "topics.hand_in", "topics.manage"


def why_not(actor: Actor, path: Path) -> Refused | None:
    """Return why an actor may not hand a topic in here, or None when they may.

    Staff may too: for somebody who came to the counter, or called.
    """
    if actor.person_id is None:
        message = _l("Please sign in to hand a topic in.")
        return Refused("sign_in", message, HTTPStatus.UNAUTHORIZED)
    if speaks(actor, path) or allowed(actor, MANAGE, path):
        return None
    return Refused(
        "no_permission",
        _l(
            "Topics are handed in where one lives or works. "
            "You may read those of this community, and hand yours in at your own."
        ),
        HTTPStatus.FORBIDDEN,
    )


def speaks(actor: Actor, path: Path) -> bool:
    """Tell whether an actor lives or works here, and so hands topics in and joins them."""
    group = fitting_group(actor, tuple(AUDIENCES), path)
    return allowed(actor, HAND_IN, path) and group is not None


def byline(actor: Actor, topic: Topic, path: Path) -> None:
    """Keep by which place and standing its author is read."""
    for standing in actor.standings:
        if standing.groups & AUDIENCES.keys() and standing.path[: len(path)] == path:
            query = select(Node.name).where(
                Node.id.in_(standing.path), Node.kind.in_((BUILDING, FUNCTIONAL))
            )
            place = db.session.scalars(query.order_by(Node.ids.desc())).first()
            topic.home, topic.standing = place or "", standing.code
            return


def known_here(actor: Actor) -> None:
    """Refuse a visitor who would act on a topic.

    :raises Refused: `sign_in`.
    """
    if actor.person_id is None:
        message = _l("Please sign in first.")
        raise Refused("sign_in", message, HTTPStatus.UNAUTHORIZED)
