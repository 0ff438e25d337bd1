"""A plugin with every kind of thing that the domain asks of one: the tests' sample of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ForeignKey, Select, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.api import (
    Actor,
    AudienceTerm,
    Community,
    Exporter,
    HandedIn,
    Importer,
    ImportPlan,
    Model,
    Owned,
    Permission,
    PersonalData,
    PlaceKind,
    Plugin,
    Refused,
    StandingKind,
    Table,
    db,
    hand_in_topic,
    hookimpl,
    sheets,
)


class Card(Owned, Model):
    """Be a number on the list of carers; whoever holds it may become one."""

    __table_args__ = (UniqueConstraint("community_id", "number"),)

    number: Mapped[str]


class Tenancy(Owned, Model):
    """Let somebody rent at a place."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    note: Mapped[str] = mapped_column(default="")


def verify(*, community: Community, person_id: int, evidence: str) -> int:
    """Look a number up on the list of carers."""
    del person_id
    if evidence == "crash":
        db.session.add(Card(community_id=community.id, number="left behind"))
        db.session.flush()
        message = "the list is broken"
        raise RuntimeError(message)
    if evidence == "nonsense":
        return 7
    query = select(Card.id).filter_by(community_id=community.id, number=evidence)
    if db.session.scalar(query) is None:
        raise Refused(
            "card", "The number %(number)s is not on the list.", values={"number": evidence}
        )
    return 3


def tenants() -> Select[Any]:
    """Return who rents, and where."""
    return select(Tenancy.person_id, Tenancy.node_id)


def broken_statement() -> Select[Any]:
    """Return a statement that the database does not take."""
    return select(Tenancy.person_id, Tenancy.node_id).order_by(
        Tenancy.note.op("no such operator")(1)
    )


def raises() -> Select[Any]:
    """Fail before there is a statement."""
    message = "no statement today"
    raise RuntimeError(message)


COLUMNS = (sheets.Column(key="number", names=("编号", "Number"), required=True),)


def read_cards(community: Community, table: sheets.Table) -> ImportPlan:
    """Compare numbers with those that are here."""
    plan = ImportPlan()
    query = select(Card.number).filter_by(community_id=community.id)
    here = set(db.session.scalars(query))
    new = []
    for row in table.rows:
        number = row.values["number"]
        if number == "crash":
            message = "this number breaks it"
            raise RuntimeError(message)
        if len(number) > 10:
            message = "“%(value)s” is longer than ten characters."
            plan.problems.append(
                sheets.Problem(
                    code="long",
                    row=row.number,
                    column=table.headings["number"],
                    message=message,
                    values={"value": number},
                )
            )
        elif number in here:
            plan.known += 1
        else:
            new.append(number)
    plan.new = Counter({"Cards": len(new)}) if new else Counter()
    plan.todo = new
    return plan


def take_cards(actor: Actor, community: Community, plan: ImportPlan) -> None:
    """Keep the new numbers."""
    del actor
    for number in plan.todo:
        db.session.add(Card(community_id=community.id, number=number))
        if number == "late":
            db.session.flush()
            message = "it fails half way"
            raise RuntimeError(message)


def cards(community: Community) -> Iterable[Sequence[str]]:
    """Return all numbers."""
    query = select(Card.number).filter_by(community_id=community.id).order_by(Card.id)
    return [(number,) for number in db.session.scalars(query)]


def renting(community: Community) -> Iterable[Sequence[str | int]]:
    """Return who rents what."""
    query = select(Tenancy).filter_by(community_id=community.id).order_by(Tenancy.id)
    return [(row.person_id, row.note) for row in db.session.scalars(query)]


@hookimpl
def export_member(person_id: int) -> list[Table]:
    """Give out what is stored about somebody."""
    notes = db.session.scalars(select(Tenancy.note).filter_by(person_id=person_id))
    return [Table("tenancies", "Tenancies", {"note": "Note"}, [(note,) for note in notes])]


@hookimpl
def forget_member(person_id: int) -> None:
    """Forget it."""
    db.session.execute(delete(Tenancy).filter_by(person_id=person_id))


plugin = Plugin(
    "kinds",
    __name__,
    title="Kinds",
    api=">=1.0,<2",
    permissions=[
        Permission("keep", "Keep cards", "secretary"),
        Permission("vouch", "Vouch for carers", ("secretary", "administrator")),
        Permission("visit", "Visit the carers", ("kinds.carers",)),
        Permission("sit", "Sit with the helpers", ("kinds.helper",)),
    ],
    standings=[
        StandingKind(
            "helper",
            "Helper",
            frozenset({"resident", "helpers"}),
            by_code=True,
            claimed=True,
            evidence="the card of the helpers",
        ),
        StandingKind(
            "carer",
            "Carer",
            frozenset({"carers"}),
            claimed=True,
            evidence="the number on the card",
            permission="vouch",
            verify=verify,
        ),
        StandingKind("friend", "Friend in need", private=True),
        StandingKind("guild", "Speaker of a guild", frozenset({"unit"}), for_organisation=True),
    ],
    places=[
        PlaceKind("bay", "Bicycle bay", ("community", "building"), headings=("车位", "Bay")),
        PlaceKind("room", "Rented room", ("building",), headings=("房间",), inhabited=True),
        PlaceKind("bed", "Bed", ("room",)),
    ],
    audience=[
        AudienceTerm("tenant", "Tenants", tenants),
        AudienceTerm("broken", "Those of a broken statement", broken_statement),
        AudienceTerm("raises", "Those of a failing plugin", raises),
    ],
    personal_data=[
        PersonalData(
            field="What you rent",
            purpose="So that tenants can be told.",
            basis="Your consent",
            retention="until the lease ends",
            recipients="the agency of the house",
        )
    ],
    importers=[
        Importer(
            code="cards",
            title="Numbers of carers",
            permission="keep",
            columns=COLUMNS,
            read=read_cards,
            apply=take_cards,
            hint="One number a row.",
        )
    ],
    exporters=[
        Exporter(
            code="cards",
            title="Numbers of carers",
            permission="keep",
            header=("编号",),
            rows=cards,
            personal=False,
        ),
        Exporter(
            code="tenants",
            title="Tenants",
            permission="keep",
            header=("Person", "Note"),
            rows=renting,
        ),
    ],
)


def called(community: Community, number: str, words: str, caller: int | None = None) -> HandedIn:
    """Bring a call to a hotline in as a topic."""
    return hand_in_topic(community, "kinds.calls", number, title=words, person_id=caller)
