"""Test a plugin: a site of its own, a community it is on in, people who sign in, the checklist.

pytest loads this by itself wherever Civic is installed. `pytest --plugin NAME` (or a line
`civic_plugins = NAME` in the settings of pytest) makes the fixtures' site carry the plugin;
`pytest --civic-conformance NAME` runs the published checklist on it instead of any tests.

Here is only what pytest itself asks for: everything else is imported when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from civic.communities.models import Community
    from civic.testing.people import Login
    from civic.testing.site import Site

PLUGINS = "civic_plugins"
CONFORMANCE = "civic_conformance"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the command line and the settings name plugins."""
    group = parser.getgroup("civic", "plugins of Civic")
    group.addoption(
        "--plugin",
        dest=PLUGINS,
        action="append",
        default=[],
        metavar="NAME",
        help="let the site of the fixtures carry this plugin, on in the fixture `community`",
    )
    group.addoption(
        "--civic-conformance",
        dest=CONFORMANCE,
        action="append",
        default=[],
        metavar="NAME",
        help="run the checklist for plugins on this one instead of tests",
    )
    parser.addini(PLUGINS, "plugins that the site of the fixtures carries", "args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Collect no test where the checklist is asked for."""
    if config.getoption(CONFORMANCE):
        config.args = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Put the points of the checklist in the place of tests."""
    names = config.getoption(CONFORMANCE)
    if names:
        from civic.testing.conformance import Checklist

        items[:] = [item for name in names for item in Checklist.of(session, name).collect()]


@pytest.fixture(scope="session")
def civic_site(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Make a site with the plugins that the command line or the settings name; migrated once."""
    from civic.testing.site import Site

    names = [*pytestconfig.getini(PLUGINS), *pytestconfig.getoption(PLUGINS)]
    with Site.made(tmp_path_factory.mktemp("civic"), list(dict.fromkeys(names))) as site:
        yield site


@pytest.fixture
def app(civic_site: Site) -> Iterator[Flask]:
    """Make an application with a fresh database, and be in its context; each test begins anew."""
    with civic_site.fresh() as app:
        yield app


@pytest.fixture
def community(app: Flask, civic_site: Site) -> Community:  # noqa: ARG001 - be in its context
    """Make the community 二龙路社区 (`/c/erlonglu/`), in which the plugins are on."""
    from civic.testing import people

    return people.settle(civic_site.plugins)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser; nobody is signed in until `login` is called."""
    return app.test_client()


@pytest.fixture
def login(client: FlaskClient, community: Community) -> Login:
    """Give a function that signs a person of the community in: `login("resident")`."""
    from civic.testing.people import Login

    return Login(client, community)
