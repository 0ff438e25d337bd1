"""The frame of every page: who and where one is, the ways from here, headers."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from civic.communities.models import Community
from civic.kernel import faults, i18n, installation, plugins
from civic.kernel.permissions import VISITOR, Actor, allowed

log = logging.getLogger(__name__)

#: Of more unread messages the frame says only that they are more.
MOST_SHOWN = 99
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


#: Sections of several pages, and the way that leads to them.
SECTIONS = {
    "consultations": "consultations.index",
    "notices": "notices.index",
    "notice_desk": "notices.index",
}


#: The page of all that plugins have here.
MORE = "more.index"


@dataclass(frozen=True)
class Way:
    """Be one way in the main navigation.

    :ivar count: what waits there, in figures, or nothing.
    """

    title: str
    url: str
    icon: str
    current: bool
    count: str = ""


def init_app(app: Flask) -> None:
    """Give every page its frame and every answer its headers."""
    app.context_processor(context)

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["SETTINGS"].https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if response.mimetype == "text/html":
            response.vary.add("Cookie")
            response.headers.setdefault("Cache-Control", "private, no-cache")
            if request.method == "GET" and response.status_code == HTTPStatus.OK:
                response.add_etag()
                response.make_conditional(request)
        return response


def context() -> dict[str, Any]:
    """Return what base.html needs on every page."""
    community = g.get("community")
    actor = g.get("actor", VISITOR)
    size = request.cookies.get("size", "0")
    return {
        "lang": i18n.language(),
        "size": size if size in {"1", "2", "3"} else "0",
        "actor": actor,
        "community": community,
        "home_url": url_for("home.community", community=community.slug) if community else "/",
        "sign_in": g.get("sign_in"),
        "nav": ways(added := _of_plugins(community, actor) if community else []),
        "more": added,
        "demo": installation.is_demo(),
        "of_plugins": OfPlugins,
    }


class OfPlugins:
    """Ask the plugins for their part of a page's frame, only where the frame is drawn."""

    @staticmethod
    def head() -> Markup:
        """Return what plugins add to the head of the page."""
        community = g.get("community")
        return plugins.registry().page_head(community) if community else Markup()

    @staticmethod
    def hide() -> bool:
        """Tell whether something is hidden on this page because a plugin failed."""
        return bool(plugins.registry().hidden_by(g.get("community")))

    @staticmethod
    def hidden_by() -> str:
        """Return the names of the plugins by which something is hidden, for staff alone."""
        actor = g.get("actor", VISITOR)
        names = plugins.registry().hidden_by(g.get("community"))
        return ", ".join(names) if actor.posts else ""


def ways(added: list[Way]) -> list[Way]:
    """Return the main ways from this page: home, consultations, what plugins add, oneself.

    :param added: the ways of plugins; of several, one way leads to them all, as a bar at the foot
        of a phone has room for six.
    """
    community = g.get("community")
    actor = g.get("actor", VISITOR)
    items: list[tuple[str, str, str]] = []
    if community is not None:
        items += [
            (_("Home"), "home.community", "home"),
            (_("Topics"), "consultations.index", "talk"),
            (_("Notices"), "notices.index", "notice"),
        ]
    else:
        items.append((_("Home"), "home.index", "home"))
    mine: list[tuple[str, str, str]] = []
    if actor.person_id is not None:
        mine.append((_("Messages"), "notifications.inbox", "mail"))
        mine.append((_("Mine"), "identities.me", "person"))
    else:
        mine.append((_("Join"), "identities.join", "key"))
    if len(added) > 1:
        here = any(way.current for way in added) or request.endpoint == MORE
        added = [Way(_("More services"), url_for(MORE), "people", here)]
    return [*map(_way, items), *added, *(_way(item, actor) for item in mine)]


def _way(item: tuple[str, str, str], actor: Actor = VISITOR) -> Way:
    title, endpoint, icon = item
    here = request.endpoint or ""
    current = here == endpoint or endpoint == SECTIONS.get(here.partition(".")[0])
    unread = endpoint == "notifications.inbox" and _figure(actor.carried.get("unread", 0))
    return Way(title, url_for(endpoint), icon, current, unread or "")


def _of_plugins(community: Community, actor: Actor) -> list[Way]:
    """Return the ways that plugins add; one that leads nowhere is left out and noted."""
    found = []
    for name, item in plugins.registry().nav(community):
        try:
            if not item.permission or allowed(actor, item.permission, community.path):
                url = url_for(item.endpoint, **item.values)
                current = request.endpoint == item.endpoint
                found.append(Way(str(item.title), url, item.icon, current))
        except Exception as error:
            log.exception("plugin %s failed in its navigation", name)
            faults.note(name, "nav", community.id, error)
    return found


def _figure(count: int) -> str:
    return "" if not count else str(count) if count <= MOST_SHOWN else f"{MOST_SHOWN}+"
