"""The staff desk: what is due for one's posts, over everything, by date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities import services as communities
from civic.home import tools
from civic.kernel import clock, due, i18n
from civic.kernel.due import Due
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

bp = Blueprint("office_desk", __name__)

#: What one source shows; more of one kind is worked off on its own page.
MOST = 50


@dataclass(frozen=True)
class Group:
    """Be the things of one stretch of time, under its heading."""

    code: str
    title: str
    items: list[Due]


@dataclass(frozen=True)
class Found:
    """Hold what is due, and whether there is more than is shown."""

    items: list[Due]
    more: bool


def gather(actor: Actor) -> Found:
    """Ask each source once; the earliest first, what has no date by how long it waits."""
    items: list[Due] = []
    more = False
    for source in due.sources():
        found = list(source(actor, MOST + 1))
        more = more or len(found) > MOST
        items += found[:MOST]
    far = clock.now() + timedelta(days=36500)
    return Found(sorted(items, key=lambda item: (item.at or far, item.since or far)), more)


def by_date(items: Iterable[Due], now: datetime) -> list[Group]:
    """Put what is due under headings: overdue, today, the seven days from today, later, no date."""
    tonight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tonight += timedelta(days=1)
    week = tonight + timedelta(days=6)
    groups = [
        Group("overdue", _("Overdue"), []),
        Group("today", _("Due today"), []),
        Group("week", _("Due within a week"), []),
        Group("later", _("Later"), []),
        Group("waiting", _("Without a date"), []),
    ]
    for item in items:
        if item.at is None:
            place = 4
        elif item.at < now:
            place = 0
        elif item.at < tonight:
            place = 1
        else:
            place = 2 if item.at < week else 3
        groups[place].items.append(item)
    return [group for group in groups if group.items]


@bp.get("/desk/")
def index() -> ResponseReturnValue:
    """Show what is due, and the ways to everything else a post may do, community by community."""
    if g.actor.person_id is None:
        return redirect(url_for("identities.sign_in", next=url_for(".index")))
    if not g.actor.posts:
        message = _(
            "The desk is for people who hold a post. What waits for you is on your own page."
        )
        raise Refused("no_post", message, HTTPStatus.FORBIDDEN)
    found = gather(g.actor)
    homes = {
        community.id: community
        for community in communities.homes()
        if g.actor.posts_at(community.path)
    }
    chosen = request.args.get("community", "")
    here = next((home for home in homes.values() if home.slug == chosen), None)
    shown = [item for item in found.items if here is None or item.community_id == here.id]
    return render_template(
        "home/desk.html",
        groups=by_date(shown, clock.now()),
        more=found.more,
        homes=list(homes.values()),
        names={home.id: home.name for home in homes.values()},
        here=here,
        posts=g.actor.posts,
        tools=tools.at(g.actor, here or next(iter(homes.values()), None)),
        tools_of=here or next(iter(homes.values()), None),
        day=i18n.day,
    )
