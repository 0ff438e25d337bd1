"""Points of the checklist about a plugin's pages."""

from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from civic.kernel import plugins
from civic.testing import site
from civic.testing.subject import Subject

HERE, ELSEWHERE = "/c/erlonglu/", "/c/jingjidao/"
PREFIX = "/c/<community>/"


@cache
def _of_the_core(folder: Path) -> frozenset[tuple[str, str]]:
    bare = site.make(folder, [])
    site.let_go(bare)
    return frozenset((rule.rule, rule.endpoint) for rule in bare.url_map.iter_rules())


def _added(app: Flask, subject: Subject) -> list[Rule]:
    """Return the addresses that the plugin adds to those of the core, its static files aside."""
    known = _of_the_core(subject.scratch / "bare")
    return [
        rule
        for rule in app.url_map.iter_rules()
        if (rule.rule, rule.endpoint) not in known and not rule.rule.startswith("/static/")
    ]


def _plain(app: Flask, subject: Subject) -> list[str]:
    """Return the addresses below a community that need nothing else to be opened."""
    own = f"{PREFIX}{subject.name}"
    return sorted(
        rule.rule.removeprefix(PREFIX)
        for rule in app.url_map.iter_rules()
        if (rule.rule == own or rule.rule.startswith(f"{own}/"))
        and rule.arguments == {"community"}
        and "GET" in (rule.methods or ())
    )


def off(subject: Subject) -> Iterator[str]:
    """Find what is seen of a plugin where it is off."""
    app = subject.app
    for rule in _added(app, subject):
        if not f"{rule.rule}/".startswith(f"{PREFIX}{subject.name}/"):
            yield f"{rule.rule} lies outside {PREFIX}{subject.name}/, where it cannot be off"
    login = subject.login
    with subject.inside():
        for who in ("resident", "administrator"):
            client = login(who)
            for path in _plain(app, subject):
                status = client.get(ELSEWHERE + path).status_code
                if status != HTTPStatus.NOT_FOUND:
                    yield f"{ELSEWHERE}{path} answers {status} to a {who} instead of 404"
            home = client.get(ELSEWHERE).get_data(as_text=True)
            bare = f"{ELSEWHERE}{subject.name}"
            if f'"{bare}/' in home or f'"{bare}"' in home:
                yield f"the home page {ELSEWHERE} links to {bare}"


def _broken(client: FlaskClient, path: str) -> int:
    """Return the status of a page that fails, following where it leads; 0 when it does not."""
    status = client.get(path, follow_redirects=True).status_code
    return status if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 0


def on(subject: Subject) -> Iterator[str]:
    """Find pages that fail before anybody has written anything."""
    app = subject.app
    login = subject.login
    with subject.inside():
        clients = {who: login(who) for who in ("resident", "secretary", "administrator")}
        clients["visitor"] = app.test_client()
        for path in ["", *_plain(app, subject)]:
            for who, client in clients.items():
                if status := _broken(client, HERE + path):
                    yield f"{HERE}{path} answers {status} to a {who}"


def two_apps(subject: Subject) -> Iterator[str]:
    """Find what works only for the first application of a process."""
    first = subject.app
    try:
        second = subject.make("second", tables=False)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        yield f"the second application is not made: {type(error).__name__}: {error}"
        return
    with second.app_context():
        reason = plugins.registry().failed.get(subject.name)
    if reason:
        yield f"the second application does not load it: {reason}"
    elif {rule.rule for rule in first.url_map.iter_rules()} != {
        rule.rule for rule in second.url_map.iter_rules()
    }:
        yield "the second application has other pages than the first"
