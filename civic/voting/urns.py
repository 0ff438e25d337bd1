"""Urns of detached ballots: choices lie in them sorted, so that none tells when it came.

A row for each choice would lie in the table in the order of voting. An urn is one row with many
choices; each vote rewrites a random one of as many urns as keep about 32 choices each.
"""

import json
import secrets
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from civic.kernel.db import db
from civic.voting import canonical
from civic.voting.box import Urn
from civic.voting.models import Ballot

EACH = 32


def drop(ballot: Ballot, choice: str) -> None:
    """Put a choice into some urn of a ballot."""
    number = secrets.randbelow(1 + ballot.receipts // EACH)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    empty = insert(Urn).values(
        ballot_id=ballot.id,
        number=number,
        secrecy=ballot.secrecy,
        rehearsal=ballot.rehearsal,
        choices="[]",
    )
    db.session.execute(empty.on_conflict_do_nothing())
    query = select(Urn).filter_by(ballot_id=ballot.id, number=number).with_for_update()
    urn = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    urn.choices = canonical.text(sorted([*json.loads(urn.choices), choice]))
    db.session.flush()


def emptied(ballot: Ballot) -> Iterator[str]:
    """Yield the choices of all urns of a ballot."""
    query = select(Urn.choices).filter_by(ballot_id=ballot.id).order_by(Urn.number)
    for held in db.session.scalars(query):
        yield from json.loads(held)
