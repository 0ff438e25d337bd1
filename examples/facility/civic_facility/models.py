"""Tables of numbered places and of what is wrong with them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.api import Model, Owned, one_of
from civic_facility.kinds import DEFECTS, KINDS, STATES

#: A place of our street is neither at the pole nor in the sea; six digits are a decimetre.
LATITUDE, LONGITUDE = 90, 180


class Place(Owned, Model):
    """Be one bay or sign with the number that is painted on it.

    :ivar location: where it is found, in words.
    :ivar latitude: of the point on the map, in degrees (WGS 84), where it is known.
    """

    __table_args__ = (
        UniqueConstraint("community_id", "kind", "number"),
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
        CheckConstraint(f"latitude BETWEEN -{LATITUDE} AND {LATITUDE}", name="latitude"),
        CheckConstraint(f"longitude BETWEEN -{LONGITUDE} AND {LONGITUDE}", name="longitude"),
        CheckConstraint("number <> ''", name="number"),
    )

    kind: Mapped[str]
    number: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Defect(Owned, Model):
    """Be something that is wrong with a place, from its report to the reporter's answer.

    :ivar person_id: who reported it; nobody any more once they have closed their account.
    :ivar note: what staff did about it, as the reporter reads it.
    :ivar reopened: whether the reporter has said once that it was not solved.
    """

    __table_args__ = (
        one_of("state", DEFECTS),
        CheckConstraint("state = 'reported' OR handled_at IS NOT NULL", name="handled"),
        CheckConstraint(
            "state NOT IN ('solved', 'unsolved') OR answered_at IS NOT NULL", name="answered"
        ),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("facility_place.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    reopened: Mapped[bool] = mapped_column(default=False)
    reported_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    handled_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    place: Mapped[Place] = relationship(lazy="joined", innerjoin=True)
