"""Homes of the demonstration: a list of properties, its owners matched where they have joined."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import select

from civic.demo import script
from civic.demo.script import FOLDER, Calendar
from civic.demo.street import Street
from civic.identities import owners, property_lists
from civic.identities.dwellings import Dwelling, Owner, Ownership
from civic.identities.property_tables import COLUMNS, parts
from civic.kernel.db import db
from civic.kernel.sheets import read, table

HOME, CLERK = "erlonglu", "zhouhong"
IMPORTED, MATCHED = "-46 10:00", "-45 10:00"
BASIS = "全户成年人签字的推选书"


def acts(street: Street, calendar: Calendar) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Yield how the list comes in, and how owners are matched at the desk."""
    yield calendar.moment(IMPORTED), partial(_bring, street)
    yield calendar.moment(MATCHED), partial(_match, street)


def _bring(street: Street) -> None:
    community = street.homes[HOME]
    sheet = read((FOLDER / "demo" / "homes.csv").read_bytes(), "房产.csv")
    found, _problems = parts(table(sheet, COLUMNS))
    property_lists.apply(street.actor(CLERK), community, property_lists.plan(community, found))


def _match(street: Street) -> None:
    """Match owners by name, and let each of them speak for the household.

    One of them claims it by himself, later.
    """
    community, clerk = street.homes[HOME], street.actor(CLERK)
    later = script.read("street")["claim"]["person"]
    accounts = {
        person.name: street.accounts[key] for key, person in street.people.items() if key != later
    }
    query = (
        select(Dwelling.id, Dwelling.use, Owner.id, Owner.name)
        .join(Ownership, Ownership.dwelling_id == Dwelling.id)
        .join(Owner, Owner.id == Ownership.owner_id)
        .where(Dwelling.community_id == community.id)
        .order_by(Dwelling.id)
    )
    for dwelling_id, use, owner_id, name in db.session.execute(query).all():
        account = accounts.get(name)
        if account is not None:
            owners.match(clerk, community, dwelling_id, owner_id, account)
            if use == "dwelling":
                owners.choose(clerk, community, dwelling_id, account, BASIS)
