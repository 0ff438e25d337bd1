"""Tables of needs, resources, and minutes on foot; matches and projects stand in `joint_models`.

Nothing here names a person to others: a need is of a unit or of a group of residents.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Organisation, Owned, one_of
from civic_party import weekly
from civic_party.list_rules import rules
from civic_party.weekly import Slot, Spans
from civic_party.words import data

CHECKING, RETURNED, PUBLIC, MATCHED, MET = "checking", "returned", "public", "matched", "met"
WITHDRAWN, EXPIRED = "withdrawn", "expired"
NEED_STATES = (CHECKING, RETURNED, PUBLIC, MATCHED, MET, WITHDRAWN, EXPIRED)
RESOURCE_STATES = (CHECKING, RETURNED, PUBLIC, WITHDRAWN, EXPIRED)
#: What everybody sees.
SHOWN = (PUBLIC, MATCHED, MET)
#: What its own side can still change.
OPEN = (CHECKING, RETURNED)
KINDS = tuple(rules().kinds)
URGENCIES = tuple(row["code"] for row in data("lists")["urgency"])
#: Whoever posts does not check: two pairs of eyes.
EYES = "checked_by IS NULL OR posted_by IS NULL OR checked_by <> posted_by"
CHECKED = "state IN ('checking', 'returned', 'withdrawn', 'expired') OR checked_at IS NOT NULL"


class Posted(Owned):
    """Be what needs and resources have in common.

    :ivar slots: hours of the week as they were typed: day from 0 for Monday, begins, ends.
    :ivar holidays: whether it is on public holidays too.
    :ivar room: where in the building, in words.
    :ivar form_key: of the form; a second press of its button makes nothing new.
    """

    kind: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    place_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    room: Mapped[str] = mapped_column(default="")
    slots: Mapped[list[list[int]]] = mapped_column(JSON)
    holidays: Mapped[bool]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    posted_at: Mapped[datetime]
    form_key: Mapped[str]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    checked_at: Mapped[datetime | None]

    @property
    def times(self) -> Spans:
        """Return its hours as minutes of the week."""
        return weekly.spans(Slot(*slot) for slot in self.slots)

    @property
    def public(self) -> bool:
        """Tell whether everybody sees it."""
        return self.state in SHOWN


class Need(Posted, Model):
    """Be what a unit, or a group of residents, needs.

    :ivar group_name: name of the group; empty where a unit needs it.
    :ivar by_office: whether staff wrote it down for a group, from paper or by telephone.
    :ivar heads: how many it is for: people, cars, yuan.
    :ivar by_day: the last day on which it is needed.
    :ivar handed_in_at: when staff handed it in as a topic, since nothing fitted.
    """

    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", NEED_STATES),
        one_of("urgency", URGENCIES),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("heads >= 0", name="heads"),
        CheckConstraint("(organisation_id IS NULL) = (group_name <> '')", name="side"),
        CheckConstraint("organisation_id IS NULL OR NOT by_office", name="by_office"),
        CheckConstraint(EYES, name="eyes"),
        CheckConstraint(CHECKED, name="checked"),
        UniqueConstraint("posted_by", "form_key"),
        UniqueConstraint("id", "community_id"),
        Index("ix_party_need_list", "community_id", "state", "by_day"),
    )

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    group_name: Mapped[str] = mapped_column(default="")
    by_office: Mapped[bool] = mapped_column(default=False)
    heads: Mapped[int]
    urgency: Mapped[str]
    by_day: Mapped[date]
    handed_in_at: Mapped[datetime | None]
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    @property
    def side(self) -> str:
        """Return who needs it."""
        return self.organisation.name if self.organisation else self.group_name


class Resource(Posted, Model):
    """Be what a unit offers.

    :ivar capacity: how many it has room for: people, cars, yuan.
    :ivar until: the last day on which it is offered, where an end is known.
    """

    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", RESOURCE_STATES),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint(EYES, name="eyes"),
        CheckConstraint(CHECKED, name="checked"),
        UniqueConstraint("posted_by", "form_key"),
        UniqueConstraint("id", "community_id"),
        Index("ix_party_resource_list", "community_id", "state", "kind"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    capacity: Mapped[int]
    conditions: Mapped[str] = mapped_column(default="")
    until: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    @property
    def side(self) -> str:
        """Return who offers it."""
        return self.organisation.name


class Walk(Owned, Model):
    """Note how many minutes it is on foot between two places, once for both ways."""

    __table_args__ = (
        UniqueConstraint("community_id", "one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="ends"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    one_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    minutes: Mapped[int]
    noted_at: Mapped[datetime]


Entry = Need | Resource
#: Both lists that people post to, by the word in the address.
LISTS: dict[str, type[Need] | type[Resource]] = {"needs": Need, "resources": Resource}


def typed(slots: Sequence[Slot]) -> list[list[int]]:
    """Return hours as they are stored."""
    return [[slot.day, slot.begins, slot.ends] for slot in slots]
