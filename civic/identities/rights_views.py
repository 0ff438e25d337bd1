"""The page "What may I do here, and why"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.communities.models import Node
from civic.communities.services import in_words
from civic.identities import known
from civic.identities.kinds import PARTICIPANT, POSTS, STAFF
from civic.identities.rights import ANYONE, Right, rights
from civic.kernel import plugins
from civic.kernel.db import db
from civic.kernel.permissions import Held, registry

bp = Blueprint("rights", __name__)

#: What permissions are about, by their owner; those of a plugin stand under its title.
OWNERS: dict[str, LazyString] = {
    "consultations": _l("Consultations and votes"),
    "notices": _l("Notices"),
    "identities": _l("People, standings and codes"),
    "communities": _l("Places, bodies and posts"),
    "notifications": _l("Messages"),
    "records": _l("Records"),
    "moderation": _l("Hidden texts"),
    "admin": _l("Administration"),
}
GROUPS: dict[str, LazyString] = {
    PARTICIPANT: _l("any standing here from level 2"),
    STAFF: _l("a post here or above"),
    "resident": _l("a standing as a resident"),
    "worker": _l("a standing as somebody who works here"),
    "representative": _l("a standing as a representative"),
    "unit": _l("a standing for a unit or organisation"),
    "owner": _l("a standing as an owner"),
    ANYONE: _l("nothing"),
}


@dataclass(frozen=True)
class Line:
    """Say one permission in words.

    :ivar why: what it rests on, each with its place, and until when.
    :ivar needs: what would give it.
    :ivar claimable: whether one of these can be claimed.
    """

    title: str
    may: bool
    why: list[tuple[str, Held]]
    waiting: list[str]
    needs: list[str]
    claimable: bool


@bp.get("/c/<community>/rights")
def page() -> str:
    """Say what one may do here and why, and what one may not and what it would take."""
    loaded = plugins.registry().loaded
    asked = [
        permission
        for permission in registry().known.values()
        if (owner := permission.code.partition(".")[0]) not in loaded
        or owner in g.community.plugins
    ]
    waiting = getattr(g.actor, "waiting", ())
    found = rights(g.actor, asked, g.community.path, waiting)
    places = _places(found)
    groups: dict[str, list[Line]] = {}
    for right in found:
        owner = right.permission.code.partition(".")[0]
        groups.setdefault(_owner(owner), []).append(_line(right, places))
    return render_template(
        "identities/rights.html",
        groups=groups,
        may_any=any(right.may for right in found),
        waiting=bool(waiting),
    )


def _owner(owner: str) -> str:
    plugin = plugins.registry().loaded.get(owner)
    return str(OWNERS.get(owner) or getattr(plugin, "title", "") or _("Further"))


def _places(found: Iterable[Right]) -> dict[int, str]:
    ids = {held.path[-1] for right in found for held in (*right.because, *right.waiting)}
    nodes: Sequence[Node] = db.session.query(Node).where(Node.id.in_(ids)).all() if ids else []
    return in_words(nodes)


def _line(right: Right, places: dict[int, str]) -> Line:
    return Line(
        title=str(right.permission.title),
        may=right.may,
        why=[(_in_words(held, places), held) for held in right.because],
        waiting=[_in_words(held, places) for held in right.waiting],
        needs=[_need(code) for code in _posts_first(right.needs)],
        claimable=any(_claimable(code) for code in right.needs),
    )


def _in_words(held: Held, places: dict[int, str]) -> str:
    place = places.get(held.path[-1], "")
    if held.code in POSTS:
        return f"{POSTS[held.code]} · {held.title or place}"
    return f"{known.standings()[held.code].title} · {place}"


def _posts_first(codes: Iterable[str]) -> list[str]:
    order = [*GROUPS, *known.standings(), *POSTS]
    return sorted(codes, key=lambda code: order.index(code) if code in order else len(order))


def _need(code: str) -> str:
    if code in GROUPS:
        return str(GROUPS[code])
    if code in POSTS:
        return str(POSTS[code])
    if code in known.standings():
        return str(known.standings()[code].title)
    # A group of a plugin has no title of its own: it is those who count for it.
    titles = [str(known.standings()[kind].title) for kind in known.in_groups({code})]
    return "、".join(titles) or code


def _claimable(code: str) -> bool:
    if code == PARTICIPANT:
        return True
    return any(
        kind.claimed and (code == each or code in kind.groups)
        for each, kind in known.offered(g.community).items()
    )
