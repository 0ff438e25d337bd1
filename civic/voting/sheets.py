"""Tables of votes that do not come over the browser: sheets by serial number, scans, mandates."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model, one_of
from civic.voting.kinds import ASSISTED, NAMED, PAPER, TELEPHONE

ISSUED, TYPED, DIFFERS = "issued", "typed", "differs"
COUNTED, STRUCK, INVALID, VOID = "counted", "struck", "invalid", "void"
STATES = (ISSUED, TYPED, DIFFERS, COUNTED, STRUCK, INVALID, VOID)
#: What keeps a ballot from being sealed.
OPEN = (TYPED, DIFFERS)
OFFLINE = (PAPER, TELEPHONE, ASSISTED)
_PROMISE = ["ballot.id", "ballot.secrecy", "ballot.rehearsal"]
_WITNESSED = (
    "state IN ('issued', 'void') OR (witness_one <> '' AND "
    "(channel <> 'paper' OR (witness_two <> '' AND witness_one <> witness_two)))"
)


class PaperWork(Model):
    """Say until when papers of a ballot are entered, who counted, and that all are in.

    :ivar counters: names and posts of those who watched the count, as they are published.
    :ivar done_by: who declared that every paper is entered; another one confirms it.
    """

    __table_args__ = (
        CheckConstraint("confirmed_by <> done_by", name="two_people"),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)"
            " AND (confirmed_by IS NULL OR done_by IS NOT NULL)",
            name="confirmed",
        ),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    entries_until: Mapped[datetime]
    scans: Mapped[bool]
    counters: Mapped[list[str]] = mapped_column(default=list)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_at: Mapped[datetime | None]


class Sheet(Model):
    """Be one numbered sheet: printed for a ballot, or the record of a call or of help.

    :ivar printed_for: number of the right it was printed for; none on a blank one.
    :ivar key: of the right that was used by it.
    :ivar handed_in_at: when it was handed in, as two people typed it.
    :ivar witness_one: name and post of who saw it, as written; no account.
    :ivar first_typed: what the first clerk typed, in canonical JSON, until it is compared; in a
        named ballot for good.
    :ivar reason: code, where it does not count.
    :ivar note: why it was decided so, or why somebody was helped.
    """

    __table_args__ = (
        ForeignKeyConstraint(["ballot_id", "secrecy", "rehearsal"], _PROMISE),
        one_of("state", STATES),
        one_of("channel", OFFLINE),
        CheckConstraint("serial > 0", name="serial"),
        CheckConstraint("second_by <> first_by", name="two_people"),
        CheckConstraint("decided_by <> first_by AND decided_by <> second_by", name="third_person"),
        CheckConstraint("void_confirmed_by <> void_by", name="void_two_people"),
        CheckConstraint("state <> 'void' OR void_confirmed_by IS NOT NULL", name="void"),
        CheckConstraint(_WITNESSED, name="witnessed"),
        CheckConstraint(
            "state NOT IN ('struck', 'invalid', 'void') OR reason <> ''", name="reason"
        ),
        CheckConstraint("channel = 'paper' OR note <> ''", name="why"),
        CheckConstraint(
            "channel <> 'paper' OR state NOT IN ('counted', 'struck', 'invalid')"
            " OR second_by IS NOT NULL",
            name="typed_twice",
        ),
        CheckConstraint("state <> 'counted' OR key IS NOT NULL", name="counted"),
        CheckConstraint(
            f"secrecy = '{NAMED}' OR state IN ('typed', 'differs')"
            " OR (first_typed IS NULL AND second_typed IS NULL)",
            name="forgotten",
        ),
        Index(
            "uq_sheet_counted",
            "ballot_id",
            "key",
            unique=True,
            sqlite_where=text("state = 'counted'"),
            postgresql_where=text("state = 'counted'"),
        ),
        Index(None, "ballot_id", "state"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("paper_work.ballot_id"), primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secrecy: Mapped[str]
    rehearsal: Mapped[bool]
    channel: Mapped[str] = mapped_column(default=PAPER)
    state: Mapped[str] = mapped_column(default=ISSUED)
    printed_for: Mapped[int | None]
    issued_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issued_at: Mapped[datetime]
    right_number: Mapped[int | None]
    key: Mapped[str | None]
    handed_in_at: Mapped[datetime | None]
    witness_one: Mapped[str] = mapped_column(default="")
    witness_two: Mapped[str] = mapped_column(default="")
    first_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    first_typed: Mapped[str | None]
    second_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    second_typed: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    void_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    void_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class SheetScan(Model):
    """Be the picture of a sheet or a mandate; its bytes lie in the uploads folder meanwhile."""

    __table_args__ = (
        ForeignKeyConstraint(["ballot_id", "serial"], ["sheet.ballot_id", "sheet.serial"]),
        CheckConstraint("(serial IS NULL) <> (mandate_id IS NULL)", name="of_one"),
        Index(None, "ballot_id", "serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    serial: Mapped[int | None]
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"), index=True)
    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    is_image: Mapped[bool]
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_at: Mapped[datetime]


class Mandate(Model):
    """Let somebody vote by a right of another, for one ballot, by a written mandate.

    :ivar person_id: account of the proxy; none for one who hands in paper.
    :ivar name: of the proxy, as written.
    :ivar valid_until: the mandate's own end.
    """

    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("(revoked_by IS NULL) = (revoked_at IS NULL)", name="revoked"),
        Index(
            "uq_mandate_in_force",
            "ballot_id",
            "right_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    right_id: Mapped[int] = mapped_column(ForeignKey("voting_right.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    signed_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    revoked_at: Mapped[datetime | None]
