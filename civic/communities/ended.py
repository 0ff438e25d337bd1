"""What became of a community that has ended: it stays readable, and nothing is added any more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.kinds import ENDED, MERGED, SPLIT
from civic.communities.models import Community, Node, TreeEvent, TreeEventNode
from civic.kernel.db import db
from civic.kernel.errors import Refused

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class End:
    """Hold how a community ended.

    :ivar event: when, and by what decision.
    :ivar heirs: the communities in which its places are now.
    """

    event: TreeEvent
    heirs: Sequence[Community]

    @property
    def merged(self) -> bool:
        """Tell whether it went over into another one."""
        return self.event.kind == MERGED


def end_of(node: Node) -> End | None:
    """Return how a community ended, or None while it is there."""
    if node.valid_to is None:
        return None
    event = db.session.scalars(
        _events(node).where(TreeEvent.kind.in_((MERGED, ENDED))).order_by(TreeEvent.id.desc())
    ).first()
    if event is None:
        return None
    made = _events(node).where(TreeEvent.kind == SPLIT).with_only_columns(TreeEvent.id)
    whence = TreeEventNode.event_id.in_([event.id] if event.kind == MERGED else made)
    heirs = (
        select(Community)
        .join(Community.node)
        .join(TreeEventNode, TreeEventNode.node_id == Community.id)
        .where(TreeEventNode.role == "target", whence)
        .order_by(Community.id)
    )
    return End(event, db.session.scalars(heirs).all())


def _events(node: Node) -> Any:  # noqa: ANN401 - a Select that is narrowed further
    return (
        select(TreeEvent)
        .join(TreeEventNode, TreeEventNode.event_id == TreeEvent.id)
        .where(TreeEventNode.node_id == node.id, TreeEventNode.role == "source")
    )


def outlives(view: F) -> F:
    """Mark a view that still writes where a community has ended: what undoes, and what answers."""
    view.outlives = True  # type: ignore[attr-defined]
    return view


def check(community: Community, view: object) -> None:
    """Refuse to write where a community has ended.

    :raises Refused: `ended`.
    """
    if community.node.valid_to is not None and not getattr(view, "outlives", False):
        raise Refused(
            "ended",
            _l("This community has ended. Its pages can be read, but nothing is added any more."),
            HTTPStatus.CONFLICT,
        )
