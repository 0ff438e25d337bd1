"""Tables of volunteers' shifts, and of what is confirmed of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.api import Model, Owned


class Shift(Owned, Model):
    """Be a task of an event for which volunteers are wanted."""

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends"),
        CheckConstraint("wanted >= 1", name="wanted"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("events_activity.id"), index=True)
    task: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    wanted: Mapped[int]

    @property
    def subject(self) -> str:
        """Return what its places are called."""
        return f"events.shift-{self.id}"


class Service(Model):
    """Be what one volunteer does in a shift.

    :ivar minutes: as one side says; confirmed once the other says the same.
    :ivar said_by_staff: which side said it last.
    """

    __table_args__ = (
        UniqueConstraint("claim_id"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("confirmed_at IS NULL OR minutes IS NOT NULL", name="confirmed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("events_shift.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    claim_id: Mapped[int]
    minutes: Mapped[int | None]
    said_by_staff: Mapped[bool]
    confirmed_at: Mapped[datetime | None]


class Certificate(Owned, Model):
    """Be what was certified to a volunteer, under a number that anybody can check.

    :ivar name: as others read it; the paper itself bears the full one.
    """

    __table_args__ = (UniqueConstraint("serial"),)

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    serial: Mapped[str]
    name: Mapped[str]
    minutes: Mapped[int]
    count: Mapped[int]
    at: Mapped[datetime]
