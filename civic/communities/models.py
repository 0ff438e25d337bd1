"""Tables of the tree and its history, the communities in it, their bodies and posts."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import (
    Mapped,
    MappedSQLExpression,
    column_property,
    mapped_column,
    relationship,
)

from civic.communities.kinds import BODIES, EVENTS, LINKS, PARENTS
from civic.kernel import activations
from civic.kernel.db import Model, one_of, one_of_or_dotted
from civic.kernel.permissions import Path


class Node(Model):
    """Be one place in the tree 街道→社区→网格→小区→楼→楼门, or of another kind (`kinds`).

    :ivar ids: ids from the root down to this node, as `/1/4/9/`.
    :ivar valid_to: when it ended; an ended node stays, with all that happened there.
    """

    __table_args__ = (
        one_of_or_dotted("kind", PARENTS),
        Index(
            "uq_node_parent_id_name_current",
            "parent_id",
            "name",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    ids: Mapped[str] = mapped_column(default="", index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]

    @property
    def path(self) -> Path:
        """Return the ids from the root down to this node."""
        return path_of(self.ids)


def path_of(ids: str) -> Path:
    """Read the ids of a path as the database keeps it."""
    return tuple(int(part) for part in ids.split("/") if part)


def ids_of(path: Path) -> str:
    """Write a path as the database keeps it."""
    return "".join(f"/{node_id}" for node_id in path) + "/"


class Community(Model):
    """Be a node with a home page: a street, a community, or a functional community.

    :ivar slug: its name in addresses.
    :ivar telephone: number of the committee, shown on every page.
    :ivar hours: when somebody answers there, in words.
    """

    id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    telephone: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    node: Mapped[Node] = relationship(lazy="joined", innerjoin=True)
    #: Plugins that are on, as `activations` reads them; loaded only where it is asked for.
    switched: ClassVar[MappedSQLExpression[str | None]]

    @property
    def name(self) -> str:
        """Return the community's name."""
        return self.node.name

    @property
    def kind(self) -> str:
        """Return the kind of its node."""
        return self.node.kind

    @property
    def path(self) -> Path:
        """Return the ids from the root of the tree down to it."""
        return self.node.path

    @property
    def plugins(self) -> frozenset[str]:
        """Return the names of the plugins that are on here."""
        return activations.on(self)


Community.switched = column_property(
    activations.switched(Community.__table__.c.id), deferred=True, raiseload=True
)


class NodeLink(Model):
    """Say that a node of one tree covers or serves a node of another, for a time."""

    __table_args__ = (
        one_of("kind", LINKS),
        CheckConstraint("source_id <> target_id", name="ends"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        UniqueConstraint("kind", "source_id", "target_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class Body(Model):
    """Be a body at a node, as a residents' committee, with where and when it is reached.

    :ivar hours: when somebody answers, in words.
    :ivar place: where it is found, in words.
    :ivar valid_to: when it ended or its term ends.
    """

    __table_args__ = (
        one_of("kind", BODIES),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="term"),
        UniqueConstraint("node_id", "title", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    telephone: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class TreeEvent(Model):
    """Record a dated change of the tree, which is never taken back but followed by another.

    :ivar at: when it takes effect.
    :ivar basis: the decision it rests on, as the number of a document.
    """

    __table_args__ = (one_of("kind", EVENTS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    basis: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    nodes: Mapped[list["TreeEventNode"]] = relationship(lazy="raise")


class TreeEventNode(Model):
    """Say what a dated change did to one node: what it was called and stood below, before.

    :ivar role: `source` for what ended or gave, `target` for what was made or took, `moved`.
    """

    __table_args__ = (
        one_of("role", ("source", "target", "moved")),
        UniqueConstraint("event_id", "node_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("tree_event.id"))
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    role: Mapped[str]
    old_name: Mapped[str]
    old_parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    old_ids: Mapped[str]


class Post(Model):
    """Be a position at a node that people hold for a term, as 社区党委书记.

    :ivar kind: code that permissions name.
    :ivar office: the office that answers through it, as residents read it.
    :ivar body_id: the body it belongs to, where it does.
    :ivar valid_to: when the position itself was given up.
    """

    __table_args__ = (UniqueConstraint("node_id", "kind", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    office: Mapped[str]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    valid_to: Mapped[datetime | None]
