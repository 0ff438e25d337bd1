"""Voting rights of an electorate: who counts as one, with which area, and who votes for it (pure).

Rules of domain.md §3.5 and §3.7: 民法典 §278, 法释〔2020〕17号 §§8–9, 民法典 §§17–24.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

#: Sources of an exclusive part's area, the first that is known counts (法释 §8).
AREA_SOURCES = ("register", "survey", "contract")


class State(StrEnum):
    """Say whose an exclusive part is: the buyer's, or still the developer's."""

    OWNED = "owned"
    UNSOLD = "unsold"
    UNDELIVERED = "undelivered"


class Capacity(StrEnum):
    """Say as what somebody votes."""

    SELF = "self"
    CO_OWNER = "co_owner"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"
    SEAT = "seat"


@dataclass(frozen=True, kw_only=True)
class Party:
    """Be an owner as the list of properties names one.

    :ivar key: stable name of the owner within the list.
    :ivar person_id: who it is here, where that is known.
    :ivar guardian_id: who votes for an owner who is a minor or lacks capacity.
    :ivar name: masked, for a ballot that has to name both.
    """

    key: str
    person_id: int | None = None
    guardian_id: int | None = None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Be an exclusive part (专有部分): a dwelling, a shop, a bay that is sold by itself.

    :ivar area_cm2: square centimetres by source of `AREA_SOURCES`.
    :ivar developer: key of the developer, whose stock counts as one head however many parts it has.
    """

    id: int
    label: str
    area_cm2: Mapping[str, int]
    state: State = State.OWNED
    owners: tuple[Party, ...] = ()
    developer: str = ""


@dataclass(frozen=True, kw_only=True)
class Household:
    """Be a household with whoever votes for it; without a representative it still counts."""

    id: int
    label: str
    representative: int | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Be somebody who may vote for a right.

    :ivar for_name: whom a guardian votes for, masked; the ballot names both.
    """

    person_id: int
    capacity: str = Capacity.SELF
    for_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Right:
    """Be one voting right: one ballot, one head, and the area that goes with it.

    :ivar key: unique on a roll, and stable between rolls of the same people.
    :ivar label: as a public list shows it: house numbers, never a name.
    :ivar area_cm2: None where area is no measure.
    :ivar holders: any of them casts the one ballot; nobody where it can be cast on paper alone.
    """

    key: str
    label: str
    heads: int = 1
    area_cm2: int | None = None
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True)
class Total:
    """Hold what a roll adds up to."""

    heads: int
    area_cm2: int


@dataclass
class _Group:
    parts: list[Part] = field(default_factory=list)
    owners: tuple[Party, ...] = ()


def area(part: Part) -> int:
    """Return the area of a part from the best source that knows it.

    :raises ValueError: where no source does, or it is not positive.
    """
    for source in AREA_SOURCES:
        if source in part.area_cm2:
            found = part.area_cm2[source]
            if found <= 0:
                message = f"{part.label}: an area of {found} cm²"
                raise ValueError(message)
            return found
    message = f"{part.label}: no source knows its area"
    raise ValueError(message)


def owner_rights(parts: Iterable[Part]) -> list[Right]:
    """Return the rights of owners.

    One part is one head. All parts of one buyer, and all that a developer has not sold or handed
    over, are one head, and their areas add. Co-owners have one ballot; other co-owners are another
    buyer. A part whose owner the list does not know is a right that nobody here holds.
    """
    groups: dict[str, _Group] = {}
    for part in parts:
        key = _buyer(part)
        group = groups.setdefault(key, _Group())
        group.parts.append(part)
        group.owners = part.owners if part.state is State.OWNED else ()
    return [
        Right(
            key=key,
            label="、".join(part.label for part in group.parts),
            area_cm2=sum(area(part) for part in group.parts),
            holders=_owners(group.owners),
        )
        for key, group in groups.items()
    ]


def _buyer(part: Part) -> str:
    if part.state is not State.OWNED:
        return f"developer:{part.developer}"
    if not part.owners:
        return f"part:{part.id}"
    return "owner:" + "+".join(sorted(party.key for party in part.owners))


def _owners(owners: Sequence[Party]) -> tuple[Holder, ...]:
    found: dict[int, Holder] = {}
    for party in owners:
        if party.guardian_id is not None:
            holder = Holder(
                person_id=party.guardian_id, capacity=Capacity.GUARDIAN, for_name=party.name
            )
        elif party.person_id is not None:
            capacity = Capacity.SELF if len(owners) == 1 else Capacity.CO_OWNER
            holder = Holder(person_id=party.person_id, capacity=capacity)
        else:
            continue
        # Whoever owns a share themself votes as an owner, though they also guard another.
        known = found.get(holder.person_id)
        if known is None or known.capacity is Capacity.GUARDIAN:
            found[holder.person_id] = holder
    return tuple(found.values())


def household_rights(households: Iterable[Household]) -> list[Right]:
    """Return one right for each household; one without a representative votes on paper."""
    return [
        Right(
            key=f"household:{household.id}",
            label=household.label,
            holders=()
            if household.representative is None
            else (Holder(person_id=household.representative, capacity=Capacity.REPRESENTATIVE),),
        )
        for household in households
    ]


def person_rights(people: Iterable[tuple[int, str]]) -> list[Right]:
    """Return one right for each person, given as id and masked name, however often named."""
    return [
        Right(
            key=f"person:{person_id}",
            label=name,
            holders=(Holder(person_id=person_id, capacity=Capacity.SELF),),
        )
        for person_id, name in dict(people).items()
    ]


def seat_rights(seats: Iterable[tuple[str, str, int | None]]) -> list[Right]:
    """Return one right for each seat, given as key, label and who fills it now.

    :raises ValueError: for a seat named twice.
    """
    rights = [
        Right(
            key=f"seat:{key}",
            label=label,
            holders=()
            if person_id is None
            else (Holder(person_id=person_id, capacity=Capacity.SEAT),),
        )
        for key, label, person_id in seats
    ]
    if len({right.key for right in rights}) < len(rights):
        message = "a seat is named twice"
        raise ValueError(message)
    return rights


def total(rights: Iterable[Right]) -> Total:
    """Add up a roll: the denominators of quorum and majority."""
    heads = cm2 = 0
    for right in rights:
        heads += right.heads
        cm2 += right.area_cm2 or 0
    return Total(heads, cm2)
