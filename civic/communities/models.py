"""Tables of the tree, the communities in it, and the posts there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.communities.kinds import PARENTS
from civic.kernel.db import Model, one_of
from civic.kernel.permissions import Path
from civic.kernel.plugins import Activation


class Node(Model):
    """Be one place in the tree 街道→社区→网格→小区→楼→楼门, or of another kind (`kinds`).

    :ivar ids: ids from the root down to this node, as `/1/4/9/`.
    """

    __table_args__ = (
        one_of("kind", PARENTS),
        UniqueConstraint("parent_id", "name"),
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
    activations: Mapped[list[Activation]] = relationship(lazy="raise")

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
        return frozenset(row.plugin for row in self.activations)


class Post(Model):
    """Be a position at a node that people hold for a term, as 社区党委书记.

    :ivar kind: code that permissions name.
    :ivar office: the office that answers through it, as residents read it.
    """

    __table_args__ = (UniqueConstraint("node_id", "kind", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    office: Mapped[str]
