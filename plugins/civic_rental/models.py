"""Tables of conversions: where they stand, what is on record, what offices say of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Owned, one_of
from civic_rental.words import codes

#: An opinion out of a letter waits for a second person; it counts, or is taken back.
WAITING, COUNTED, TAKEN_BACK = "waiting", "counted", "taken_back"


class Conversion(Owned, Model):
    """Be a project that turns old premises into homes for rent (出租房改造).

    :ivar building: address down to the building; doors stand at its homes alone.
    :ivar kind: of the dwellings it is to have; `old_use` is what they were.
    :ivar facts: codes of `conversion.toml` that are so in the whole building.
    :ivar review_round: grows when the joint review begins anew; opinions belong to one.
    :ivar review_until: by when the offices are asked to answer.
    :ivar entered_at: since when it is in its state.
    :ivar inspected_on: day of the latest joint inspection.
    :ivar reason: why it was stopped, suspended, sent back or closed.
    :ivar version: grows with every change of what it is; whoever changes names the one they read.
    """

    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        UniqueConstraint("made_by", "form_key"),
        one_of("state", codes("conversion", "state")),
        one_of("kind", codes("homes", "kind")),
        one_of("old_use", codes("conversion", "old_use")),
        CheckConstraint("title <> '' AND building <> '' AND operator <> ''", name="named"),
        CheckConstraint("review_round >= 0", name="round"),
        CheckConstraint("(review_round = 0) = (review_until IS NULL)", name="asked"),
        Index("ix_rental_conversion_list", "community_id", "state"),
    )

    title: Mapped[str]
    building: Mapped[str]
    old_use: Mapped[str]
    kind: Mapped[str]
    operator: Mapped[str]
    about: Mapped[str]
    facts: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str]
    entered_at: Mapped[datetime]
    review_round: Mapped[int] = mapped_column(default=0)
    review_until: Mapped[date | None]
    inspected_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[str]
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Partner(Model):
    """Be a unit for whose staff homes are converted, with how many it asks for."""

    __table_args__ = (
        UniqueConstraint("conversion_id", "name"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("homes >= 1", name="homes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversion_id: Mapped[int] = mapped_column(ForeignKey("rental_conversion.id"))
    name: Mapped[str]
    homes: Mapped[int]


class Record(Model):
    """Be one thing on record for a conversion; the latest of its code counts, older ones stay.

    :ivar number: of the paper; `day` is its date.
    """

    __table_args__ = (
        one_of("code", codes("conversion", "record")),
        Index("ix_rental_record_latest", "conversion_id", "code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversion_id: Mapped[int] = mapped_column(ForeignKey("rental_conversion.id"))
    code: Mapped[str]
    number: Mapped[str]
    day: Mapped[date | None]
    words: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]
    at: Mapped[datetime]


class NamedCase(Model):
    """Be the case of the core that a record names: neighbours and owners are heard there.

    :ivar kind: kind of the stage at which it was seen last, and `since` when it was seen there; a
        case that is filed keeps the one before.
    """

    __table_args__ = (CheckConstraint("kind <> ''", name="kind"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("rental_record.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    kind: Mapped[str]
    since: Mapped[datetime]


class Opinion(Model):
    """Be the opinion of one office in a joint review: by who speaks for it, or out of its letter.

    :ivar letter: number of the letter, where staff recorded it; another person confirms it then.
    :ivar given_by: who gave or recorded it; `post` is in whose name.
    :ivar met: how a condition was met, as another person than `given_by` recorded it.
    """

    __table_args__ = (
        one_of("office", codes("conversion", "office")),
        one_of("opinion", codes("conversion", "opinion")),
        one_of("state", (WAITING, COUNTED, TAKEN_BACK)),
        CheckConstraint("opinion = 'pass' OR words <> ''", name="worded"),
        CheckConstraint("state <> 'waiting' OR letter <> ''", name="letter"),
        CheckConstraint(
            "letter = '' OR state <> 'counted' OR confirmed_at IS NOT NULL", name="confirmed"
        ),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> given_by", name="two"),
        CheckConstraint(
            "met_at IS NULL OR (opinion = 'condition' AND state = 'counted' AND met <> '')",
            name="met",
        ),
        CheckConstraint("met_by IS NULL OR met_by <> given_by", name="met_two"),
        Index(
            "uq_rental_opinion_one",
            *("conversion_id", "round", "office"),
            unique=True,
            sqlite_where=text("state <> 'taken_back'"),
            postgresql_where=text("state <> 'taken_back'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversion_id: Mapped[int] = mapped_column(ForeignKey("rental_conversion.id"))
    round: Mapped[int]
    office: Mapped[str]
    opinion: Mapped[str]
    words: Mapped[str]
    letter: Mapped[str]
    state: Mapped[str]
    post: Mapped[str]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    met: Mapped[str] = mapped_column(default="")
    met_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    met_at: Mapped[datetime | None]

    conversion: Mapped[Conversion] = relationship()


class Step(Model):
    """Be one move of a conversion from state to state, with who made it in whose name."""

    __table_args__ = (
        one_of("before", codes("conversion", "state")),
        one_of("after", codes("conversion", "state")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversion_id: Mapped[int] = mapped_column(ForeignKey("rental_conversion.id"), index=True)
    before: Mapped[str]
    after: Mapped[str]
    words: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str]
    at: Mapped[datetime]


#: Kept here so that what is stored about conversions can be found in one place.
TABLES: tuple[Any, ...] = (Conversion, Partner, Record, NamedCase, Opinion, Step)
