"""Tables of topics, of what happened to them, and of the yearly catalogue."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.communities.models import Node
from civic.consultations.models import Consultation
from civic.identities.models import Person
from civic.kernel.db import Model, Owned, one_of
from civic.moderation.models import Decision
from civic.topics.scales import UNTRIAGED
from civic.topics.states import LANES, OPEN, STATES

_OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN))
_LANES = ", ".join(f"'{lane}'" for lane in LANES)


class Topic(Owned, Model):
    """Be something that somebody wants to see dealt with.

    :ivar author_id: who handed it in; none where a plugin or the counter did for somebody.
    :ivar place: where it is, in words; `node_id` where it is one of the tree.
    :ivar home: building or workplace by which the author speaks, as others read it.
    :ivar source: `counter`, or the code of a plugin's source; none where a person handed it in.
    :ivar source_ref: what the source calls it; the same one is taken once.
    :ivar rank: its place on the desk; what weighs more comes first.
    :ivar answer: what author and askers were answered; empty while it is open.
    :ivar answer_due: by when they are owed an answer; none where that cannot be reckoned.
    :ivar handed_to: to which office or channel it was handed over, in words.
    :ivar channel: code of that channel.
    :ivar asker_count: people who want to know, the author among them.
    """

    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint(f"lane IS NULL OR lane IN ({_LANES})", name="lane"),
        CheckConstraint(
            f"(state IN ({_OPEN})) = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (answer = '')",
            name="answered",
        ),
        CheckConstraint("state <> 'merged' OR merged_into IS NOT NULL", name="merged"),
        CheckConstraint("merged_into IS NULL OR merged_into <> id", name="not_itself"),
        CheckConstraint("state <> 'accepted' OR consultation_id IS NOT NULL", name="accepted"),
        CheckConstraint("state <> 'handed_over' OR handed_to <> ''", name="handed_over"),
        CheckConstraint(
            "state <> 'refused' OR (reason <> '' AND refused_by IS NOT NULL)", name="refused"
        ),
        CheckConstraint(
            "(urgency IS NULL) = (reach IS NULL) AND (reach IS NULL) = (authority IS NULL)"
            " AND (urgency IS NULL) = (lane IS NULL)",
            name="triaged",
        ),
        UniqueConstraint("author_id", "form_key"),
        UniqueConstraint("community_id", "source", "source_ref"),
        Index(None, "community_id", "state", "id"),
        Index(None, "community_id", "rank", "id"),
        Index(None, "author_id", "created_at"),
    )

    title: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    home: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(default="")
    source: Mapped[str | None]
    source_ref: Mapped[str | None]
    form_key: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[str]
    lane: Mapped[str | None]
    urgency: Mapped[int | None] = mapped_column(SmallInteger)
    reach: Mapped[int | None] = mapped_column(SmallInteger)
    authority: Mapped[int | None] = mapped_column(SmallInteger)
    rank: Mapped[int] = mapped_column(default=UNTRIAGED)
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answer_office: Mapped[str] = mapped_column(default="")
    answer_due: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    refused_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    appeal_until: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(default="")
    handed_to: Mapped[str] = mapped_column(default="")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    asker_count: Mapped[int] = mapped_column(default=0)
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    author: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[author_id])
    node: Mapped[Node | None] = relationship(lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")
    consultation: Mapped[Consultation | None] = relationship(lazy="raise")


class TopicAsker(Model):
    """Want to know what becomes of a topic: its author, and whoever joined it."""

    __table_args__ = (UniqueConstraint("topic_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class TopicStep(Model):
    """Record what happened to a topic; everybody may read it.

    :ivar post: in whose name it was done, as written at the time; empty for the author's acts.
    :ivar by_id: who did it for an office; shown to nobody.
    :ivar code: lane, reason or channel, as the act has it.
    :ivar words: the answer or the reason, in the office's words.
    :ivar entry_id: the entry of the yearly catalogue under which it was screened.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), index=True)
    act: Mapped[str]
    at: Mapped[datetime]
    post: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("catalogue_entry.id"), index=True)
    entry: Mapped["CatalogueEntry | None"] = relationship(lazy="raise")


class TopicAppeal(Model):
    """Object to the refusal of a topic; somebody else answers.

    :ivar step_id: the refusal, against which one appeal is heard.
    :ivar person_id: who appealed; none once they have left.
    :ivar words: why, read by whoever answers and by its author alone.
    """

    __table_args__ = (
        one_of("outcome", ("", "upheld", "kept")),
        CheckConstraint("answered_by IS NULL OR answered_by <> refused_by", name="second_person"),
        CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (outcome = '')",
            name="answered",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("topic_step.id"), unique=True)
    refused_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str]
    at: Mapped[datetime]
    due: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class Catalogue(Owned, Model):
    """Be one version of what a community consults on in a year (议事协商目录).

    What is published never changes; a new version replaces it.
    """

    __table_args__ = (
        UniqueConstraint("community_id", "year", "version"),
        CheckConstraint("version >= 1", name="version"),
        Index(
            "uq_catalogue_draft",
            "community_id",
            "year",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    year: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(SmallInteger)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    office: Mapped[str] = mapped_column(default="")


class CatalogueEntry(Model):
    """Say of one sort of matter whether it must, may or may not be consulted on, and why.

    :ivar exclusion: why not, by code; for what is not consulted on alone.
    :ivar topic_id: the topic that it was taken from, where it was.
    """

    __table_args__ = (
        one_of("obligation", ("must", "may", "not")),
        CheckConstraint("(obligation = 'not') = (exclusion <> '')", name="exclusion"),
        UniqueConstraint("catalogue_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("catalogue.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    obligation: Mapped[str]
    exclusion: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
