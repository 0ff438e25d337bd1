"""Tables of what comes of a case: resolution, objections, tasks, following, rating."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.consultations.models import Consultation
from civic.identities.models import Person
from civic.kernel.db import Model, Owned, one_of

SOLVED, PARTLY, NOT_SOLVED = "solved", "partly", "not"
VERDICTS = (SOLVED, PARTLY, NOT_SOLVED)


class Resolution(Owned, Model):
    """Say what was decided, who took part, and who was invited; once published it never changes.

    :ivar edition: what is corrected is published anew; earlier editions stay.
    :ivar outcome: copied from the published result of the vote, or written where there was none.
    :ivar participation: how many took part, by standing and by channel.
    :ivar invited: bodies and organisations, each with whether somebody came.
    :ivar contact: where one objects, in words.
    :ivar display_until: how long it hangs at least; objections are heard until then.
    """

    __table_args__ = (
        UniqueConstraint("consultation_id", "edition"),
        Index(
            "uq_resolution_draft",
            "consultation_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
        CheckConstraint("edition >= 1", name="edition"),
        CheckConstraint("title <> '' AND body <> '' AND outcome <> ''", name="said"),
        CheckConstraint("published_by <> written_by", name="two_people"),
        CheckConstraint(
            "(published_by IS NULL) = (published_at IS NULL)"
            " AND (published_at IS NULL) = (display_until IS NULL)",
            name="published",
        ),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    edition: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    body: Mapped[str]
    outcome: Mapped[str]
    participation: Mapped[dict[str, Any]] = mapped_column(default=dict)
    invited: Mapped[dict[str, Any]] = mapped_column(default=dict)
    contact: Mapped[str]
    office: Mapped[str]
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    display_until: Mapped[datetime | None]


class ResolutionObjection(Model):
    """Object to a resolution while it hangs, once; somebody else than its writer answers.

    :ivar written_by: who wrote the resolution, so that the database can hold them apart.
    :ivar due_at: by when it is answered.
    :ivar alone: why the writer answers, where nobody else can.
    """

    __table_args__ = (
        UniqueConstraint("resolution_id", "person_id"),
        UniqueConstraint("person_id", "form_key"),
        CheckConstraint("words <> '' OR hidden_by IS NOT NULL", name="words"),
        CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (answer = '')",
            name="answered",
        ),
        CheckConstraint("answered_by <> written_by OR alone <> ''", name="not_the_writer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resolution_id: Mapped[int] = mapped_column(ForeignKey("resolution.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    form_key: Mapped[str]
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(default="")
    answer_office: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answered_at: Mapped[datetime | None]
    alone: Mapped[str] = mapped_column(default="")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    resolution: Mapped[Resolution] = relationship(lazy="raise")


class Task(Model):
    """Be one piece of work that carries a resolution out.

    :ivar body: which body or office is responsible, in words; `helpers` who helps it.
    :ivar weight: how much of the whole it is, beside the other tasks.
    :ivar progress: how far it is, in hundredths.
    :ivar again: whether ratings reopened it, which happens once.
    :ivar told_overdue: whether followers were told that it is late.
    """

    __table_args__ = (
        CheckConstraint("title <> '' AND body <> ''", name="said"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        CheckConstraint("(progress = 100) = (done_at IS NOT NULL)", name="done"),
        UniqueConstraint("made_by", "form_key"),
        Index("ix_task_due", "done_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    title: Mapped[str]
    body: Mapped[str]
    helpers: Mapped[str] = mapped_column(default="")
    weight: Mapped[int] = mapped_column(SmallInteger)
    progress: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    again: Mapped[bool] = mapped_column(default=False)
    told_overdue: Mapped[bool] = mapped_column(default=False)
    form_key: Mapped[str]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    consultation: Mapped[Consultation] = relationship(lazy="raise")


class TaskStep(Model):
    """Record how far a task was, with what shows it; nothing here ever changes.

    :ivar post: in whose name it was said; empty where ratings reopened the task.
    """

    __table_args__ = (
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        CheckConstraint("words <> ''", name="words"),
        UniqueConstraint("by_id", "form_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    post: Mapped[str] = mapped_column(default="")
    progress: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[str]
    form_key: Mapped[str]


class Following(Model):
    """Say whether somebody wants to hear of a case; without a row those who took part do.

    :ivar hears: False to be left alone although one took part.
    """

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    hears: Mapped[bool]
    at: Mapped[datetime]


class CaseTold(Model):
    """Remember on which day followers of a case were told last, and what waits for the next.

    :ivar waits: what happened since, by code; empty where nothing did.
    """

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    day: Mapped[date]
    waits: Mapped[str] = mapped_column(default="")


class RatingRound(Model):
    """Ask those who took part whether it is solved; a second time where it was not.

    :ivar number: of the rounds of a case; those about what a later vote overtook keep theirs.
    :ivar second: whether it asks again about what the first found not to be solved.
    :ivar until: when it ends.
    :ivar figures: how many said what, once it has ended.
    :ivar reopened: whether the tasks began once more because of it.
    """

    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("reopened = false OR second = false", name="once"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    second: Mapped[bool]
    opens_at: Mapped[datetime]
    until: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reopened: Mapped[bool] = mapped_column(default=False)


class Rating(Model):
    """Say whether it is solved, once in a round; it can be changed until the end.

    :ivar person_id: none once they have left; what they said still counts.
    """

    __table_args__ = (
        one_of("verdict", VERDICTS),
        UniqueConstraint("consultation_id", "number", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    verdict: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    at: Mapped[datetime]
