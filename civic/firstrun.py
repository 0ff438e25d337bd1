"""Begin a real site from the command line: ask for what was not given, then make it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import Flask
from flask_babel import gettext as _

from civic.kernel.errors import Misconfigured, Refused

C = TypeVar("C", bound=Callable[..., Any])
LANGUAGES = {"zh": "zh-Hans", "en": "en"}
OPTIONS = (
    click.option("--street", help="Name of the street, as 金融街街道."),
    click.option("--slug", help="Its name in addresses, as jinrongjie."),
    click.option("--administrator", help="Name of the first administrator."),
    click.option("--contact", help="Telephone number or e-mail address they sign in with."),
    click.option("--language", type=click.Choice(list(LANGUAGES)), help="Language of the site."),
    click.option(
        "--password-file",
        help="File whose first line is the administrator's password; - reads it from the input.",
    ),
    click.option("--office", help="The administrator's office. [default: 街道办事处]"),
)
NEEDED = ("street", "slug", "administrator", "contact", "language", "password_file")


def options(command: C) -> C:
    """Give a command the options of a first run."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def run(make: Callable[[], Flask], given: dict[str, str | None]) -> None:
    """Make the street and its first administrator, and say what comes next.

    :raises Misconfigured: with one sentence; nothing was made then.
    """
    asks = sys.stdin.isatty()
    missing = [f"--{name.replace('_', '-')}" for name in NEEDED if not given[name]]
    if missing and not asks:
        # Never wait for an answer that nobody can give.
        click.echo(f"Please give {', '.join(missing)}: there is nobody here to ask.", err=True)
        sys.exit(2)
    password = _from_file(given["password_file"]) if given["password_file"] else ""
    app = make()
    choice = click.Choice(list(LANGUAGES))
    lang = LANGUAGES[given["language"] or click.prompt("语言 / Language", type=choice)]
    # Texts come in the language of the page, so that this pretends to be one; one that writes.
    with app.test_request_context("/", method="POST", headers={"Cookie": f"lang={lang}"}):
        try:
            _make(given, password, lang)
        except Refused as refused:
            raise Misconfigured(str(refused)) from refused


def _make(given: dict[str, str | None], password: str, lang: str) -> None:
    from civic.admin import beginning  # noqa: PLC0415 - `civic --help` should not wait for it
    from civic.identities import passwords  # noqa: PLC0415
    from civic.kernel import phones  # noqa: PLC0415
    from civic.kernel.db import db  # noqa: PLC0415

    _tables()
    beginning.check_empty()
    db.session.rollback()  # nobody shall wait for this while somebody types
    street = _answer(given["street"], _("Name of the street"), _name)
    slug = _answer(given["slug"], _("Its name in addresses, as jinrongjie"), _slug)
    name = _answer(given["administrator"], _("Name of the first administrator"), _name)
    contact = _answer(
        given["contact"], _("Telephone number or e-mail address they sign in with"), _contact
    )
    word = _answer(password, _("Password of the administrator"), _password, hidden=True)
    identifier = phones.identify(contact)
    made = beginning.begin(
        beginning.Beginning(
            street=street,
            slug=slug,
            administrator=name,
            identifier=identifier,
            password_hash=passwords.hashed(word),
            office=_name(given["office"] or _("Street office")),
            language=lang,
        )
    )
    db.session.commit()
    click.echo(_welcome(made.name, phones.mask(identifier)))


def _welcome(street: str, contact: str) -> str:
    steps = (
        _("Start the server: civic serve"),
        _("Open http://127.0.0.1:8000/sign-in and sign in with %(contact)s.", contact=contact),
        _("The first sign-in asks you to set up a second factor; have your telephone at hand."),
        _("Open http://127.0.0.1:8000/admin/ and build the communities and buildings."),
    )
    lines = [_("%(street)s is ready. What comes next:", street=street)]
    lines += [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
    return "\n".join(lines)


def _tables() -> None:
    """Make the tables in an empty database; what is there already is brought up to date by hand."""
    from sqlalchemy import inspect  # noqa: PLC0415

    from civic.kernel import migrate  # noqa: PLC0415
    from civic.kernel.db import db  # noqa: PLC0415

    if not inspect(db.engine).get_table_names():
        try:
            migrate.upgrade()
        except Misconfigured as failed:  # of plugins alone: the site begins without them
            click.echo(str(failed), err=True)
    elif migrate.CORE in migrate.pending():
        raise Misconfigured(_("The database is not up to date: run `civic db upgrade`."))


def _answer(
    given: str | None, question: str, check: Callable[[str], str], *, hidden: bool = False
) -> str:
    """Return what was given, or ask until it fits."""
    if given:
        return check(given)

    def fitting(text: str) -> str:
        try:
            return check(text)
        except Misconfigured as error:
            raise click.BadParameter(str(error)) from error

    again = _("Once more") if hidden else False
    answer: str = click.prompt(
        question, value_proc=fitting, hide_input=hidden, confirmation_prompt=again
    )
    return answer


def _from_file(name: str) -> str:
    try:
        text = sys.stdin.readline() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"The password file {name} cannot be read: {error}."
        raise Misconfigured(message) from error
    first = (text.splitlines() or [""])[0]
    if not first:
        message = f"The password file {name} is empty."
        raise Misconfigured(message)
    return first


def _name(text: str) -> str:
    from civic.admin.beginning import LONGEST_NAME  # noqa: PLC0415
    from civic.kernel.text import plain  # noqa: PLC0415

    name = " ".join(plain(text).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Misconfigured(_("A name has 1 to 40 characters."))
    return name


def _slug(text: str) -> str:
    from civic.communities import slugs  # noqa: PLC0415

    if not slugs.fits(text.strip()):
        raise Misconfigured(str(slugs.SENTENCE))
    return text.strip()


def _contact(text: str) -> str:
    from civic.kernel.phones import NotAnIdentifierError, identify  # noqa: PLC0415

    try:
        identify(text)
    except NotAnIdentifierError as error:
        raise Misconfigured(str(error)) from error
    return text


def _password(text: str) -> str:
    from civic.identities.passwords import LONGEST, SHORTEST  # noqa: PLC0415

    if not SHORTEST <= len(text) <= LONGEST:
        raise Misconfigured(
            _("The password needs %(min)d to %(max)d characters.", min=SHORTEST, max=LONGEST)
        )
    return text
