"""Tables of matches, of the hours they take, and of joint projects."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Owned, one_of
from civic_party.list_models import Need, Resource
from civic_party.list_rules import rules
from civic_party.weekly import Spans

PROPOSED, ACCEPTED, DECLINED, LAPSED = "proposed", "accepted", "declined", "lapsed"
MATCH_STATES = (PROPOSED, ACCEPTED, DECLINED, LAPSED)
NEED, RESOURCE, OFFICE = "need", "resource", "office"
SIDES = (NEED, RESOURCE)
LEADS = (NEED, RESOURCE, OFFICE)
LINES = tuple(dict.fromkeys(rules().lines.values()))
OPEN_OR_KEPT = text("state IN ('proposed', 'accepted')")


class Match(Owned, Model):
    """Be a resource proposed for a need, until both sides have answered.

    :ivar spans: the minutes of the week that would be used, as proposed.
    :ivar load: how much of the capacity it takes.
    :ivar minutes: on foot, as noted when it was proposed.
    :ivar reason: why people propose it although something does not fit.
    :ivar until: by when both sides answer.
    :ivar need_words: how a group without account said yes to the office.
    """

    __table_args__ = (
        one_of("state", MATCH_STATES),
        ForeignKeyConstraint(
            ["need_id", "community_id"],
            ["party_need.id", "party_need.community_id"],
            name="fk_party_match_need",
        ),
        ForeignKeyConstraint(
            ["resource_id", "community_id"],
            ["party_resource.id", "party_resource.community_id"],
            name="fk_party_match_resource",
        ),
        ForeignKeyConstraint(
            ["project_id", "community_id"],
            ["party_project.id", "party_project.community_id"],
            name="fk_party_match_project",
        ),
        CheckConstraint("load >= 0", name="load"),
        CheckConstraint(
            "state <> 'accepted' OR (need_yes_at IS NOT NULL AND resource_yes_at IS NOT NULL "
            "AND project_id IS NOT NULL)",
            name="both",
        ),
        CheckConstraint("need_yes_by <> resource_yes_by", name="two"),
        Index(
            "uq_party_match_open",
            "need_id",
            "resource_id",
            unique=True,
            sqlite_where=OPEN_OR_KEPT,
            postgresql_where=OPEN_OR_KEPT,
        ),
    )

    need_id: Mapped[int] = mapped_column(index=True)
    resource_id: Mapped[int] = mapped_column(index=True)
    project_id: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[str]
    spans: Mapped[list[list[int]]] = mapped_column(JSON)
    load: Mapped[int]
    minutes: Mapped[int | None]
    by_hand: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    until: Mapped[datetime]
    need_yes_at: Mapped[datetime | None]
    need_yes_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    need_words: Mapped[str] = mapped_column(default="")
    resource_yes_at: Mapped[datetime | None]
    resource_yes_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    ended_at: Mapped[datetime | None]
    ended_words: Mapped[str] = mapped_column(default="")
    need: Mapped[Need] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys=[need_id],
        primaryjoin="Match.need_id == Need.id",
    )
    resource: Mapped[Resource] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys=[resource_id],
        primaryjoin="Match.resource_id == Resource.id",
    )

    @property
    def times(self) -> Spans:
        """Return the minutes of the week that it is about."""
        return tuple((begins, ends) for begins, ends in self.spans)


class Use(Model):
    """Be minutes of the week in which a project uses so much of a resource.

    The database refuses what would be more than the capacity (migration 0002).
    """

    __table_args__ = (
        CheckConstraint("begins >= 0 AND ends > begins AND ends <= 10080", name="minutes"),
        CheckConstraint("load > 0", name="load"),
        UniqueConstraint("match_id", "begins"),
        Index("ix_party_use_resource", "resource_id", "begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("party_match.id"))
    resource_id: Mapped[int] = mapped_column(ForeignKey("party_resource.id"))
    begins: Mapped[int]
    ends: Mapped[int]
    load: Mapped[int]


class Project(Owned, Model):
    """Be what comes of matches that both sides accepted.

    :ivar line: one of the lines of `lists.toml`.
    :ivar lead: which side leads it: the one in need, the one with the resource, or the office.
    :ivar report: how it ended, at its finish; `reason` why it was stopped.
    """

    __table_args__ = (
        one_of("line", LINES),
        one_of("lead", LEADS),
        one_of("state", rules().states),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("state NOT IN ('finished', 'rated') OR report <> ''", name="report"),
        CheckConstraint("state <> 'stopped' OR reason <> ''", name="reason"),
        UniqueConstraint("id", "community_id"),
        Index("ix_party_project_list", "community_id", "state", "made_at"),
    )

    line: Mapped[str]
    title: Mapped[str]
    plan: Mapped[str] = mapped_column(default="")
    lead: Mapped[str]
    state: Mapped[str]
    made_at: Mapped[datetime]
    begun_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    report: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    matches: Mapped[list[Match]] = relationship(
        order_by="Match.id",
        viewonly=True,
        foreign_keys="Match.project_id",
        primaryjoin="Match.project_id == Project.id",
    )


class ProjectStep(Model):
    """Be one step of a project, with its day."""

    __table_args__ = (
        CheckConstraint("words <> ''", name="words"),
        Index("ix_party_project_step_project", "project_id", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("party_project.id"))
    words: Mapped[str]
    due: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class Rating(Model):
    """Be what the side in need says of a project, once; of the project, never of people."""

    __table_args__ = (
        UniqueConstraint("project_id", "need_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("party_project.id"))
    need_id: Mapped[int] = mapped_column(ForeignKey("party_need.id"), index=True)
    stars: Mapped[int]
    words: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
