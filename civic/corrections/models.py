"""Tables of correcting: cases, signatures, recounts, changes of rules, lessons without names.

What was decided before stays as it is; all that follows stands here beside it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.corrections.rules import BASES, EFFECTS, KINDS, TARGETS
from civic.identities.models import Person
from civic.kernel.db import Model, Owned, one_of

GATHERING, RAISED, LAPSED, REFUSED = "gathering", "raised", "lapsed", "refused"
ADMITTED, EXAMINED, DECIDED = "admitted", "examined", "decided"
STATES = (GATHERING, RAISED, LAPSED, REFUSED, ADMITTED, EXAMINED, DECIDED)
#: Something is being corrected, or may be.
OPEN = (RAISED, ADMITTED, EXAMINED)
#: What people who come to the page of the target read there.
SHOWN = (ADMITTED, EXAMINED, DECIDED)
RUNNING, ADOPTED, REJECTED = "running", "adopted", "rejected"


class Correction(Owned, Model):
    """Say that something that was decided, counted or issued is wrong, and follow it to its end.

    :ivar target: what it is against; `subject_id` is its key, `version` and `fingerprint` say which
        version of it, `title` what it was called then.
    :ivar consultation_id: the case that it belongs to, where there is one.
    :ivar answerable_id: who is answerable for the target, and so does not decide alone.
    :ivar post: the office that raised it without signatures; empty for a petition.
    :ivar voters: how many voters there were when it was raised; `representatives` likewise.
    :ivar signed_voters: signatures of voters, `signed_representatives` of representatives.
    :ivar suspends: whether what is against it rests until the decision; None until decided.
    :ivar stage_before: where the case stood when it was suspended.
    :ivar errors: what was found to be wrong with a roll, in numbers.
    :ivar change: what a correction of words puts in the place, by field.
    :ivar note: what everybody reads on the target from then on.
    :ivar alone: why the one who is answerable had to decide.
    :ivar made: what came of it, as `ballot` or `version`.
    """

    __table_args__ = (
        one_of("target", TARGETS),
        one_of("kind", KINDS),
        one_of("state", STATES),
        one_of("effect", EFFECTS),
        CheckConstraint("words <> '' OR hidden_by IS NOT NULL", name="words"),
        CheckConstraint(
            "voters >= 0 AND representatives >= 0 AND signed_voters >= 0"
            " AND signed_representatives >= 0",
            name="numbers",
        ),
        CheckConstraint(f"state <> '{GATHERING}' OR gather_until IS NOT NULL", name="gathering"),
        CheckConstraint(
            f"(state = '{REFUSED}') = (refusal IS NOT NULL)"
            " AND (admitted_by IS NULL) = (admitted_at IS NULL)"
            f" AND (state NOT IN ('{ADMITTED}', '{EXAMINED}', '{DECIDED}')"
            " OR (admitted_at IS NOT NULL AND suspends IS NOT NULL))",
            name="admission",
        ),
        CheckConstraint(
            "(proposed_by IS NULL) = (effect IS NULL)"
            " AND (proposed_by IS NULL OR (reason <> '' AND note <> ''))",
            name="proposed",
        ),
        CheckConstraint(
            f"(state = '{DECIDED}') = (decided_at IS NOT NULL)"
            " AND (decided_by IS NULL) = (decided_at IS NULL)"
            " AND (decided_at IS NULL OR (proposed_by IS NOT NULL AND examined_at IS NOT NULL))",
            name="decided",
        ),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
        CheckConstraint("decided_by <> answerable_id OR alone <> ''", name="not_answerable"),
        UniqueConstraint("raised_by", "form_key"),
        Index("ix_correction_subject", "target", "subject_id"),
        Index("ix_correction_state", "community_id", "state", "id"),
    )

    target: Mapped[str]
    subject_id: Mapped[int]
    version: Mapped[str]
    fingerprint: Mapped[str]
    title: Mapped[str]
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    answerable_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    words: Mapped[str]
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    raised_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime]
    post: Mapped[str] = mapped_column(default="")
    form_key: Mapped[str]
    state: Mapped[str]
    voters: Mapped[int] = mapped_column(default=0)
    representatives: Mapped[int] = mapped_column(default=0)
    signed_voters: Mapped[int] = mapped_column(default=0)
    signed_representatives: Mapped[int] = mapped_column(default=0)
    gather_until: Mapped[datetime | None]
    supported_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    admitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    admitted_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
    admission: Mapped[str] = mapped_column(default="")
    suspends: Mapped[bool | None]
    stage_before: Mapped[str | None]
    examined_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    examined_at: Mapped[datetime | None]
    findings: Mapped[str] = mapped_column(default="")
    errors: Mapped[dict[str, Any]] = mapped_column(default=dict)
    effect: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    change: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    alone: Mapped[str] = mapped_column(default="")
    made: Mapped[dict[str, Any]] = mapped_column(default=dict)
    raiser: Mapped[Person] = relationship(lazy="raise", foreign_keys=raised_by)

    @property
    def signed(self) -> dict[str, int]:
        """Return the signatures by whose they are."""
        return dict(zip(BASES, (self.signed_voters, self.signed_representatives), strict=True))

    @property
    def bases(self) -> dict[str, int]:
        """Return how many there were who could sign."""
        return dict(zip(BASES, (self.voters, self.representatives), strict=True))


class CorrectionSignature(Model):
    """Support a petition, once with each right.

    :ivar key: of the right, as `right:7` or `person:12`; of who has left a random one.
    """

    __table_args__ = (
        one_of("base", BASES),
        UniqueConstraint("correction_id", "key"),
        UniqueConstraint("correction_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    key: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    base: Mapped[str]
    at: Mapped[datetime]


class Recount(Model):
    """Count a sealed ballot again, by two people; the first count stays in its record.

    :ivar ballot_hash: hash of the closing record that was counted again.
    :ivar bundle: SHA-256 of the bundle that anybody can load.
    :ivar equal: whether the count came to the same.
    :ivar verdict: whether what was decided stands, with the errors of the roll.
    """

    __table_args__ = (
        one_of("verdict", ("stands", "changes", "unknown")),
        CheckConstraint("confirmed_by <> counted_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("length(bundle) = 64", name="bundle"),
    )

    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"), primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), index=True)
    ballot_hash: Mapped[str]
    bundle: Mapped[str]
    result: Mapped[dict[str, Any]]
    equal: Mapped[bool]
    verdict: Mapped[str]
    counted_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    counted_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_at: Mapped[datetime | None]


class RuleChange(Owned, Model):
    """Propose other words of a rule, and ask those whom it binds (改制).

    :ivar version_id: the version that holds; cases that have begun keep it.
    :ivar data: the proposed version as TOML, checked strictly.
    :ivar consultation_id: where people are asked; its result makes the new version.
    :ivar made_id: the version that came of it.
    """

    __table_args__ = (
        one_of("state", (RUNNING, ADOPTED, REJECTED)),
        CheckConstraint(f"(state = '{ADOPTED}') = (made_id IS NOT NULL)", name="made"),
        CheckConstraint(
            f"(state = '{RUNNING}') = (concluded_at IS NULL)"
            " AND (concluded_at IS NULL) = (concluded_by IS NULL)",
            name="concluded",
        ),
        CheckConstraint("made_id <> version_id", name="another"),
    )

    code: Mapped[str]
    version_id: Mapped[int] = mapped_column(ForeignKey("procedure_version.id"), index=True)
    data: Mapped[str]
    reason: Mapped[str]
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), unique=True)
    state: Mapped[str] = mapped_column(default=RUNNING)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    made_id: Mapped[int | None] = mapped_column(ForeignKey("procedure_version.id"), unique=True)
    concluded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    concluded_at: Mapped[datetime | None]


class Lesson(Owned, Model):
    """Keep what was tried in good faith, what went wrong, and what is learnt; without names (容错).

    :ivar public: whether everybody reads it, or only those who work here.
    """

    __table_args__ = (
        CheckConstraint("attempt <> '' AND wrong <> '' AND lesson <> ''", name="said"),
        UniqueConstraint("made_by", "form_key"),
    )

    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"), index=True)
    attempt: Mapped[str]
    wrong: Mapped[str]
    lesson: Mapped[str]
    public: Mapped[bool]
    office: Mapped[str]
    form_key: Mapped[str]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
