"""Bring the facility sample to a site and live through a street's year of it; run as a program.

What it says on its last line is JSON. Apart from the tests' own process, whose models are others.
"""

import json
import sys

from sqlalchemy import inspect

from civic.api import Actor, Community, Refused, db, lazy_gettext, sheets
from civic.app import create_app
from civic.communities import services as communities
from civic.communities import switching
from civic.consultations import checks, moving
from civic.identities.actors import actor_for
from civic.kernel import events, migrate
from civic.processes import terms


def tables() -> list[str]:
    """Return the tables that the plugin has, its version table too."""
    return sorted(name for name in inspect(db.engine).get_table_names() if "facility" in name)


def live(people: list[int]) -> dict[str, object]:
    """Do it all and return what was seen."""
    from test_tables import rows

    from civic_facility import imports, listing, services

    seen: dict[str, object] = {"before": tables()}
    migrate.upgrade()
    seen["up"] = tables()
    migrate.downgrade("facility", "base")
    seen["down"] = [name for name in tables() if not name.startswith(migrate.VERSION)]
    migrate.upgrade()
    seen["again"] = tables()
    (owner,) = (each for each in migrate.owners() if each.name == "facility")
    seen["differences"] = [str(each) for each in migrate.differences(owner)]
    community = communities.find("erlonglu")
    switching.switch(community, "facility", on=True)
    for kind in ("write_xlsx", "write_csv"):
        words = ("places",) if kind == "write_xlsx" else ()
        data = getattr(sheets, kind)(list(rows()), imports.HEADER, *words)
        table = sheets.table(sheets.read(data, "places"), imports.COLUMNS)
        plan = imports.read(community, table)
        seen[kind] = [sum(plan.new.values()), plan.known, len(plan.problems)]
        imports.apply(Actor(), community, plan)
        db.session.commit()
    seen["counts"] = listing.counts(community)
    after, numbers = None, []
    while True:
        page = listing.page(community, listing.Filter(), after)
        numbers += [(place.kind, place.number) for place in page.places]
        after = page.older
        if after is None:
            break
    seen["turned"] = [len(numbers), len(set(numbers)), numbers[0][1], numbers[-1][1]]
    resident, staff = (Actor(person_id=number) for number in people)
    place = listing.page(community, listing.Filter("sign", "", "13")).places[0]
    defect = services.report(resident, place, "歪了", most=5)
    states = [defect.state]
    for solved in (False, True):
        services.handle(staff, defect, "扶正了")
        states.append(defect.state)
        services.answer(resident, defect, solved=solved)
        states.append(defect.state)
    db.session.commit()
    try:
        services.handle(staff, defect, "又扶了一次")
    except Refused as refused:
        states.append(refused.code)
    seen["states"] = states
    seen["case"] = case(community, f"导引牌 {place.number} 移到哪里？", staff, resident)
    return seen


def case(community: Community, title: str, staff: Actor, resident: Actor) -> list[object]:
    """Carry out a case about a sign, and file it once the sign is mended; return what was seen."""
    from civic_facility import listing, services
    from tests.factories import case_by_process

    held = case_by_process(community, "four_deliberations", stage="publicised")
    held.title = title
    for code in terms.CONDITIONS:
        checks.register(checks.Check(code, lazy_gettext("Done"), lambda _case: []))
    secretary = actor_for(staff.person_id or 0)
    place = listing.page(community, listing.Filter("sign", "", "13")).places[0]
    seen: list[object] = []

    def move(act: str) -> None:
        try:
            moving.move(secretary or Actor(), community, held, act)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            seen.append(refused.code)
        events.deliver()
        db.session.refresh(place)
        seen.append([held.stage, place.state])

    move("execute")
    held.stage = "rated"
    defect = services.report(resident, place, "又歪了", most=5)
    db.session.commit()
    move("archive")
    services.handle(staff, defect, "换了新的")
    services.answer(resident, defect, solved=True)
    db.session.commit()
    move("archive")
    return seen


def main() -> None:
    """Live on the site that the environment names."""
    app = create_app()
    with app.app_context():
        seen = live([int(word) for word in sys.argv[1:]])
        db.session.rollback()
        db.engine.dispose()
    sys.stdout.write("\n" + json.dumps(seen))


if __name__ == "__main__":
    main()
