"""Tables of people, organisations, their standings and posts, and invitation codes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.communities.models import Node
from civic.identities.kinds import STANDINGS
from civic.kernel.db import Model, one_of, one_of_or_dotted

CONTACTS = ("phone", "email")


class Person(Model):
    """Be somebody who is known here.

    :ivar name: real name; shown to staff only.
    :ivar public_name: what others read: the masked name, or one that the person chose.
    :ivar adult: whether the person has said to be 18 or older.
    :ivar agreed: version of the notice on personal data agreed to.
    :ivar guardian_id: who answers for a child under fourteen; a child has no account without one.
    :ivar language: in which mail is written.
    :ivar closed_at: when the account was closed; what remains then is no longer about anybody.
    """

    __table_args__ = (
        CheckConstraint("guardian_id IS NULL OR NOT adult", name="guardian"),
        CheckConstraint("guardian_id <> id", name="own_guardian"),
        CheckConstraint(
            "closed_at IS NULL OR (name = '' AND password_hash = '' AND guardian_id IS NULL)",
            name="closed",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    public_name: Mapped[str]
    password_hash: Mapped[str]
    adult: Mapped[bool]
    agreed: Mapped[str]
    agreed_at: Mapped[datetime]
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str] = mapped_column(default="zh_Hans_CN")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    contacts: Mapped[list["Contact"]] = relationship(back_populates="person", lazy="raise")


class GuardianConsent(Model):
    """Record that staff saw a guardian's consent to a child's account, on paper.

    :ivar seen_on: the day on the paper.
    """

    child_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seen_on: Mapped[date]
    recorded_at: Mapped[datetime]


class Contact(Model):
    """Keep a telephone number or e-mail address that a person signs in with.

    One number or address signs one person in. Until it is proven it is marked so, serves no
    recovery, and yields to whoever proves it.
    """

    __table_args__ = (UniqueConstraint("kind", "value"), one_of("kind", CONTACTS))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    value: Mapped[str]
    proven_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="contacts", lazy="raise")


class Organisation(Model):
    """Be a unit or organisation that people act for (驻区单位, 社会组织, 物业).

    :ivar kind: code of the standing its people hold.
    :ivar credit_code: 统一社会信用代码, or the number of a registration or filing.
    """

    __table_args__ = (
        one_of_or_dotted(
            "kind", [code for code, kind in STANDINGS.items() if kind.for_organisation]
        ),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    credit_code: Mapped[str | None] = mapped_column(unique=True)
    telephone: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class InviteBatch(Model):
    """Be codes made together, printed together, and revoked together."""

    __table_args__ = (
        one_of_or_dotted("standing", STANDINGS),
        CheckConstraint("expires_at > made_at", name="expiry"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    standing: Mapped[str]
    size: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    node: Mapped[Node] = relationship(lazy="raise")


class InviteCode(Model):
    """Let one person join with a standing at a building or unit (domain.md §1).

    :ivar batch_id: what it was made with.
    :ivar revoked_at: when staff took it back, unused.
    :ivar digest: keyed hash of the code; the code itself is on the printed letter alone.
    :ivar hint: last characters, by which staff tell codes apart.
    :ivar used_by: who joined with it; nobody again once they have closed their account.
    """

    __table_args__ = (
        one_of_or_dotted("standing", STANDINGS),
        CheckConstraint("used_by IS NULL OR used_at IS NOT NULL", name="used"),
        CheckConstraint("used_at IS NULL OR revoked_at IS NULL", name="revoked"),
        CheckConstraint("expires_at > made_at", name="expiry"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("invite_batch.id"), index=True)
    revoked_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    standing: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    node: Mapped[Node] = relationship(lazy="raise")


class Standing(Model):
    """Give a person rights at a node and above (domain.md §1).

    :ivar kind: code of `kinds.STANDINGS`.
    :ivar level: 0 visitor, 1 telephone, 2 invited or attested, 3 verified by staff, 4 on a roll.
    :ivar source: what it rests on: `invite_code`, `claim`, `staff`, `roll`, `event`.
    :ivar verified_by: who vouches for it, where a person does.
    :ivar organisation_id: whom it is held for, where it is held for an organisation.
    :ivar valid_to: when it ends or was ended; renewing moves it.
    :ivar end_reason: why it was ended before its time, as its holder reads it.
    """

    __table_args__ = (
        one_of_or_dotted("kind", STANDINGS),
        CheckConstraint("level BETWEEN 0 AND 4", name="level"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        UniqueConstraint("person_id", "kind", "node_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    level: Mapped[int]
    source: Mapped[str]
    invite_code_id: Mapped[int | None] = mapped_column(ForeignKey("invite_code.id"), unique=True)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    end_reason: Mapped[str] = mapped_column(default="")
    node: Mapped[Node] = relationship(lazy="raise")


class Appointment(Model):
    """Let a person hold a post for a term."""

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="term"),
        UniqueConstraint("person_id", "post_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    appointed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    basis: Mapped[str] = mapped_column(default="")
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    end_reason: Mapped[str] = mapped_column(default="")
