"""The demonstration: an invented neighbourhood in the middle of deciding something."""

from collections.abc import Callable
from pathlib import Path

from flask import current_app
from sqlalchemy import exists, select

from civic.communities import services as communities
from civic.communities.models import Node
from civic.demo import paper
from civic.demo.script import FOLDER, Calendar, read
from civic.demo.welcome import SignIn, greeting
from civic.identities import codes, passwords
from civic.identities.models import Contact, Person
from civic.kernel import clock, installation
from civic.kernel.db import db
from civic.kernel.errors import Misconfigured, Refused
from civic.kernel.permissions import Actor
from civic.procedures import loading

__all__ = ["SignIn", "ensure", "greeting"]

POLIS = ("vtaiwan-uberx", "15-per-hour-seattle")


def ensure(folder: Path, say: Callable[[str], None] = lambda _line: None) -> list[SignIn]:
    """Load the demonstration where the database is empty, and return how to sign in.

    All of it is one transaction: when it is interrupted, the database stays empty. On later starts
    nothing is loaded; a lost paper gets new passwords, used or expired codes get successors.

    :param folder: the instance folder; the passwords are kept there.
    :param say: is told what takes time.
    :raises Misconfigured: when the database holds an installation that is no demonstration.
    """
    current_app.extensions.pop("civic_demo", None)
    # Some services make addresses of pages, which takes a request; one that writes.
    with current_app.test_request_context("/", method="POST"):
        try:
            if installation.is_demo():
                _renew(folder)
            else:
                _load(folder, say)
            loading.sync()
            db.session.commit()
            found = _sign_ins(folder)
        finally:
            db.session.rollback()
            current_app.extensions.pop("civic_demo", None)
    return found


def _load(folder: Path, say: Callable[[str], None]) -> None:
    from civic.demo import cases, halls, places, plugged, street  # noqa: PLC0415 - only the first

    if db.session.scalar(select(exists().where(Person.id > 0) | exists().where(Node.id > 0))):
        message = (
            f"The folder {folder} holds a real site; the demonstration is not loaded there. "
            "Choose another folder with --folder."
        )
        raise Misconfigured(message)
    say("第一次启动：正在准备演示数据，约十秒。 / First start: making the demonstration, ~10 s.")
    installation.mark_as_demo()
    script = read("street")
    words = {role["code"]: paper.password() for role in script["role"]}
    hashes = {role["person"]: passwords.hashed(words[role["code"]]) for role in script["role"]}
    calendar = Calendar(clock.now())
    made = street.found(calendar)
    with clock.at(calendar.moment(street.FOUNDED)):
        loading.sync()
    places.furnish(made, calendar)
    street.settle(made, calendar, hashes)
    cases.play(made, calendar)
    street.office(made, calendar)
    halls.play_today(made, calendar)
    plugged.play(made, calendar)
    fresh = [
        street.invite(made, made.place(row), row["standing"])[0].code for row in script["code"]
    ]
    _import(made.homes["open-data"].slug)
    _draw_maps()
    db.session.flush()
    # Kept before the commit: a loaded demonstration always has its paper.
    paper.save(folder, paper.Paper(words, fresh))


def _import(slug: str) -> None:
    from civic.consultations import imports, polis  # noqa: PLC0415

    community = communities.find(slug)
    for name in POLIS:
        imports.import_polis(community, polis.read(FOLDER / "polis" / name))


def _draw_maps() -> None:
    from civic.consultations import opinion_rounds  # noqa: PLC0415

    for consultation_id in opinion_rounds.due():
        opinion_rounds.draw(consultation_id)


def _renew(folder: Path) -> None:
    """Replace what of the paper is lost or used up."""
    known = paper.load(folder)
    script = read("street")
    words = dict(known.passwords) if known else {}
    for role in script["role"]:
        if role["code"] not in words:
            words[role["code"]] = paper.password()
            _person(role["person"]).password_hash = passwords.hashed(words[role["code"]])
    kept = list(known.codes) if known else []
    kept += [""] * (len(script["code"]) - len(kept))
    fresh = [
        code if _usable(code) else _code(row)
        for code, row in zip(kept, script["code"], strict=False)
    ]
    renewed = paper.Paper(words, fresh)
    if known != renewed:
        db.session.flush()
        paper.save(folder, renewed)


def _person(name: str) -> Person:
    query = select(Person).join(Contact, Contact.person_id == Person.id)
    return db.session.scalars(query.where(Contact.value == f"{name}@example.com")).one()


def _usable(code: str) -> bool:
    try:
        codes.look_up(code)
    except Refused:
        return False
    return True


def _code(row: dict[str, str]) -> str:
    places = {place["key"]: place for place in read("street")["place"]}
    building = select(Node.id).filter_by(name=places[row["at"]]["name"]).scalar_subquery()
    node = db.session.scalars(select(Node).filter_by(name=row["gate"], parent_id=building)).one()
    homes = [home for home in communities.homes() if home.id in node.path]
    home = max(homes, key=lambda home: len(home.path))
    return codes.make(Actor(), node, row["standing"], 1, community_id=home.id)[0].code


def _sign_ins(folder: Path) -> list[SignIn]:
    known = paper.load(folder)
    if known is None:
        message = f"The passwords in {folder / paper.NAME} cannot be read."
        raise Misconfigured(message)
    return [
        SignIn(
            role["code"],
            role["zh"],
            role["en"],
            _person(role["person"]).name,
            f"{role['person']}@example.com",
            known.passwords[role["code"]],
        )
        for role in read("street")["role"]
    ]
