"""The front page, the home of a community, and how pages are displayed."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities import ended
from civic.communities import services as communities
from civic.communities.kinds import COLLECTION
from civic.consultations import listing, services, stages
from civic.home import plugged, tools
from civic.identities.audiences import fitting_group
from civic.identities.services import home_of
from civic.kernel import clock, i18n, plugins
from civic.kernel.htmx import own, see_other
from civic.kernel.permissions import allowed
from civic.moderation import services as moderation
from civic.notices import listing as notice_board
from civic.notices import pages as notice_pages
from civic.notices.models import Notice
from civic.voting import ballot_rows

bp = Blueprint("home", __name__)

#: What waits for a person, on one page.
WAITING = 3
#: Notices on the home page.
NOTICES = 3
YEAR = 365 * 24 * 3600


@bp.get("/")
def index() -> ResponseReturnValue:
    """Lead a person to their community, and a visitor to all of them."""
    if g.actor.person_id is not None and "all" not in request.args:
        home = home_of(g.actor)
        if home is not None:
            return redirect(url_for("home.community", community=home.slug))
    return render_template("home/index.html", communities=communities.homes())


@bp.get("/c/<community>/")
def community() -> ResponseReturnValue:
    """Say what is going on in a community and what waits for this person."""
    now = clock.now()
    end = ended.end_of(g.community.node)
    found = services.listed(g.actor, g.community)
    far = now + timedelta(days=36500)
    soonest = sorted(found, key=lambda item: stages.ends(item.consultation) or far)
    waits = (item for item in (_waits(listed) for listed in soonest) if item)
    waiting = list(islice(waits, WAITING))
    announced = ballot_rows.own(g.actor, g.community)
    if votes := [ballot_rows.todo(one) for one in announced if ballot_rows.votes_now(one)]:
        waiting = sorted([*votes, *waiting], key=lambda item: item["at"] or far)
    if plugged_in := plugged.at_home(g.actor, g.community, WAITING):
        waiting = sorted([*waiting, *plugged_in], key=lambda item: item["at"] or far)
    if allowed(g.actor, "consultations.moderate", g.community.path):
        objections = len(moderation.waiting(g.community))
        if objections:
            waiting.insert(0, _objections(objections))
    over = [item for item in found if _over(item)]
    return render_template(
        "home/community.html",
        street=_street() if len(g.community.path) > 1 else "",
        greeting=_("Hello, %(name)s", name=g.actor.name) if g.actor.person_id else "",
        end=end,
        waiting=waiting[:WAITING],
        open_cases=[listing.list_row(item, now) for item in found if not _over(item)],
        ballots=[ballot_rows.row(one) for one in announced],
        cases_url=url_for("consultations.index"),
        ballots_url=url_for("ballots.index"),
        notices=[notice_pages.row(item) for item in _newest()],
        results=[_result(item) for item in over[:WAITING]],
        panels=[plugins.registry().home_panel(g.community, g.actor)],
        invited=_invited() and end is None,
        join_url=url_for("identities.join"),
        tools=tools.at(g.actor, g.community) if end is None else [],
    )


def _invited() -> bool:
    return g.actor.person_id is None and g.community.kind != COLLECTION


def _newest() -> Sequence[Notice]:
    return notice_board.board(g.actor, g.community, limit=NOTICES)


def _street() -> str:
    first = communities.ancestors(g.community.path[:1])
    return first[0].name if first else ""


def _over(item: services.Listed) -> bool:
    return stages.over(item.consultation, clock.now())


def _waits(item: services.Listed) -> dict[str, Any] | None:
    consultation = item.consultation
    now = clock.now()
    current = stages.stage(consultation, now)
    if consultation.published_at is None:
        address = url_for(
            "ways.show" if consultation.stage else "office.edit",
            community=consultation.community.slug,
            consultation_id=consultation.id,
        )
        return {
            "title": consultation.title,
            "url": address,
            "action": _("Finish the draft"),
            "meta": _("Draft"),
            "at": stages.ends(consultation),
        }
    if not fitting_group(g.actor, consultation.audience, consultation.community.path):
        return None
    row = listing.list_row(item, now)
    # The ballot of a case with a process waits by itself, as any other formal one.
    dated = consultation.stage is None
    if dated and current == stages.VOTING and not item.voted and g.actor.adult:
        action, address = _("Vote"), f"{row.url}#vote"
    elif not item.took_part and (
        current == stages.DELIBERATING if dated else stages.may(consultation, now, "speak")
    ):
        action, address = _("Say what you think"), row.url
    else:
        return None
    return {
        "title": row.title,
        "url": address,
        "action": action,
        "meta": row.left,
        "at": stages.ends(consultation),
    }


def _objections(count: int) -> dict[str, Any]:
    return {
        "title": _("Objections that wait for an answer: %(count)d", count=count),
        "url": url_for("moderation.index"),
        "action": _("Answer the objections"),
        "meta": "",
        "at": None,
    }


def _result(item: services.Listed) -> dict[str, Any]:
    row = listing.list_row(item, clock.now())
    when = _(
        "closed %(day)s", day=i18n.day(item.consultation.stage_since or item.consultation.closes_at)
    )
    return {"title": row.title, "url": row.url, "sentence": row.turnout, "when": when}


@bp.post("/display")
def display() -> ResponseReturnValue:
    """Keep the size of type and the language that somebody chose, in a cookie of a year."""
    response = see_other(own(request.form.get("next", "")) or "/")
    size, lang = request.form.get("size"), request.form.get("lang")
    if size in {"0", "1", "2", "3"}:
        response.set_cookie("size", size, max_age=YEAR, samesite="Lax", httponly=True)
    if lang in i18n.LANGUAGES:
        response.set_cookie(i18n.COOKIE, lang, max_age=YEAR, samesite="Lax", httponly=True)
    return response
