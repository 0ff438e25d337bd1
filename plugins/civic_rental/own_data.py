"""What is kept about people: given out to them, and forgotten with their account.

Each half of the plugin has its own tables here: `homes` is conversions and homes.
"""

from sqlalchemy import select, update

from civic.api import Table, db
from civic.api import lazy_gettext as _l
from civic_rental.home_models import Listing
from civic_rental.models import Conversion, Opinion, Record, Step
from civic_rental.words import titles

WHAT, WHEN = _l("What"), _l("When")
#: Columns that name a person, by table.
NAMED = (
    (Conversion, "made_by"),
    (Record, "by_id"),
    (Step, "by_id"),
    (Opinion, "given_by"),
    (Opinion, "confirmed_by"),
    (Opinion, "met_by"),
    (Listing, "made_by"),
)


def export(person_id: int) -> list[Table]:
    """Return what somebody recorded, decided and wrote."""
    states, records = titles("conversion", "state"), titles("conversion", "record")
    offices, opinions = titles("conversion", "office"), titles("conversion", "opinion")
    begun = db.session.execute(
        select(Conversion.title, Conversion.made_at)
        .where(Conversion.made_by == person_id)
        .order_by(Conversion.id)
    )
    recorded = db.session.execute(
        select(Conversion.title, Record.code, Record.number, Record.words, Record.at)
        .join(Record, Record.conversion_id == Conversion.id)
        .where(Record.by_id == person_id)
        .order_by(Record.id)
    )
    moved = db.session.execute(
        select(Conversion.title, Step.after, Step.words, Step.at)
        .join(Step, Step.conversion_id == Conversion.id)
        .where(Step.by_id == person_id)
        .order_by(Step.id)
    )
    wrote = db.session.execute(
        select(Listing.title, Listing.made_at)
        .where(Listing.made_by == person_id)
        .order_by(Listing.id)
    )
    head = {"what": WHAT, "words": _l("Words"), "at": WHEN}
    return [
        Table(
            "rental_conversions",
            _l("Conversions you took in"),
            {"what": WHAT, "at": WHEN},
            [tuple(row) for row in begun],
        ),
        Table(
            "rental_records",
            _l("What you put on record about conversions"),
            head,
            [
                (f"{title} · {records[code]}", f"{number} {words}".strip(), at)
                for title, code, number, words, at in recorded
            ],
        ),
        Table(
            "rental_moves",
            _l("Conversions you moved on"),
            head,
            [(f"{title} · {states[after]}", words, at) for title, after, words, at in moved],
        ),
        Table(
            "rental_opinions",
            _l("Opinions of offices that you gave, recorded, confirmed or saw met"),
            head,
            _opinions(person_id, offices, opinions),
        ),
        Table(
            "rental_homes",
            _l("Homes for rent you wrote down"),
            {"what": WHAT, "at": WHEN},
            [tuple(row) for row in wrote],
        ),
    ]


def _opinions(
    person_id: int, offices: dict[str, str], opinions: dict[str, str]
) -> list[tuple[object, ...]]:
    """Return each act of somebody on an opinion, with its words and moment."""
    acted = (
        (Opinion.given_by, Opinion.words, Opinion.at),
        (Opinion.confirmed_by, Opinion.letter, Opinion.confirmed_at),
        (Opinion.met_by, Opinion.met, Opinion.met_at),
    )
    found: list[tuple[object, ...]] = []
    for column, words, at in acted:
        query = (
            select(Conversion.title, Opinion.office, Opinion.opinion, words, at)
            .join(Opinion, Opinion.conversion_id == Conversion.id)
            .where(column == person_id)
            .order_by(Opinion.id)
        )
        found += [
            (f"{title} · {offices[office]} · {opinions[opinion]}", said, when)
            for title, office, opinion, said, when in db.session.execute(query)
        ]
    return found


def forget(person_id: int) -> None:
    """Let what was recorded and decided stay, without the person."""
    for table, column in NAMED:
        mine = getattr(table, column) == person_id
        db.session.execute(update(table).where(mine).values({column: None}))
