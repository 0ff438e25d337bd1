"""Tables of notices: sheets, their versions, steps, readers, files and receipts.

The database holds the rules that must never break: two people for each issue, one number for one
notice, one receipt of an organisation, and nobody private named as a reader.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, Owned, one_of, one_of_or_dotted
from civic.notices.kinds import CODES, DAYS, KINDS, LEVELS, ONCE, ROLES, STEPS

_ONCE = "act IN ({})".format(", ".join(f"'{act}'" for act in ONCE))
_WAITING = "approved_by IS NULL"
_CURRENT = "issued_at IS NOT NULL"


class Notice(Owned, Model):
    """Be a sheet on the board of a community.

    :ivar matter: what it is about, in a line (事由); for public displays above all.
    :ivar basis: the rule or decision it rests on (依据).
    :ivar html: the body as rendered and sanitised when it was written.
    :ivar office: the issuing body as the sheet names it.
    :ivar display_n: for a public display, how many days it hangs, counted from the day of issue.
    :ivar display_to: the moment at which the display is over, set when it is issued.
    :ivar receipt_by: by when organisations of the audience acknowledge it, where they have to.
    :ivar drafted_by: who wrote what stands there now; another person issues it.
    :ivar returned_at: since when it lies with whoever wrote it, to be changed.
    :ivar year: with kind and sequence the key behind its number.
    :ivar number: its name, as it was given when it was issued.
    :ivar version: number of the version that readers see; 0 for a draft.
    :ivar changed_at: when readers last saw something new: issue, correction, withdrawal.
    :ivar revision: counts changes of a draft, so that nobody overwrites what they have not seen.
    """

    __table_args__ = (
        one_of("kind", KINDS),
        one_of("level", LEVELS),
        one_of("display_kind", DAYS),
        CheckConstraint("issued_by <> drafted_by", name="second_person"),
        CheckConstraint(
            "(issued_at IS NULL) = (issued_by IS NULL) AND (issued_at IS NULL) = (number IS NULL)"
            " AND (issued_at IS NULL) = (year IS NULL) AND (issued_at IS NULL) = (sequence IS NULL)"
            " AND (issued_at IS NULL) = (version = 0)"
            " AND (issued_at IS NULL) = (changed_at IS NULL)",
            name="issued",
        ),
        CheckConstraint("issued_at IS NULL OR submitted_at IS NOT NULL", name="order"),
        CheckConstraint("returned_at IS NULL OR submitted_at IS NULL", name="returned"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_at IS NULL OR (issued_at IS NOT NULL AND withdrawn_reason <> ''))",
            name="withdrawn",
        ),
        CheckConstraint(
            "kind <> 'public_display' OR issued_at IS NULL OR (display_to IS NOT NULL"
            " AND display_to > issued_at AND objection_telephone <> '')",
            name="display",
        ),
        CheckConstraint("display_n IS NULL OR display_n > 0", name="display_n"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to > valid_from", name="validity"
        ),
        UniqueConstraint("community_id", "year", "kind", "sequence"),
        Index("ix_notice_issued", "community_id", "issued_at", "id"),
        Index(
            "ix_notice_display_ends",
            "display_to",
            sqlite_where=text(f"kind = 'public_display' AND {_CURRENT}"),
            postgresql_where=text(f"kind = 'public_display' AND {_CURRENT}"),
        ),
    )

    kind: Mapped[str]
    level: Mapped[str]
    title: Mapped[str]
    matter: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    html: Mapped[str]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    office: Mapped[str]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    display_n: Mapped[int | None]
    display_kind: Mapped[str] = mapped_column(default="calendar")
    display_to: Mapped[datetime | None]
    objection_office: Mapped[str] = mapped_column(default="")
    objection_telephone: Mapped[str] = mapped_column(default="")
    objection_place: Mapped[str] = mapped_column(default="")
    receipt_by: Mapped[datetime | None]
    drafted_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    drafted_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime | None]
    year: Mapped[int | None]
    sequence: Mapped[int | None]
    number: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)


class NoticeVersion(Model):
    """Keep one version of what readers see; a correction waits here until a second person agrees.

    :ivar reason: why it was corrected; empty for the first.
    :ivar returned_at: since when a correction lies with its maker, to be changed.
    """

    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        CheckConstraint("approved_by <> made_by", name="second_person"),
        CheckConstraint("(approved_by IS NULL) = (at IS NULL)", name="approved"),
        CheckConstraint("number = 1 OR reason <> ''", name="reason"),
        # At most one correction waits.
        Index(
            "uq_notice_version_waiting",
            "notice_id",
            unique=True,
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    number: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    html: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime | None]


class NoticeStep(Model):
    """Record what was done with a notice, in the name of which post.

    :ivar post: the office in whose name it was done, as written at the time; empty for the system.
    :ivar code: coded reason of a return.
    :ivar note: reason in words.
    """

    __table_args__ = (
        one_of("act", STEPS),
        Index(
            "uq_notice_step_once",
            "notice_id",
            "act",
            unique=True,
            sqlite_where=text(_ONCE),
            postgresql_where=text(_ONCE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    act: Mapped[str]
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    post: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class NoticeAudience(Model):
    """Hold one term of whom a notice is for (`terms.Term`)."""

    __table_args__ = (
        one_of("role", ROLES),
        one_of_or_dotted("code", CODES),
        CheckConstraint("min_level BETWEEN 0 AND 4", name="min_level"),
        UniqueConstraint("notice_id", "role", "code", "node_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    role: Mapped[str]
    code: Mapped[str]
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    min_level: Mapped[int]


class NoticeFile(Model):
    """Be a file of a notice; the bytes lie in the uploads folder."""

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    is_image: Mapped[bool]


class Acknowledgement(Model):
    """Say that an organisation has received a notice; once, through one of its people."""

    __table_args__ = (UniqueConstraint("notice_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
