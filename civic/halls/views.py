"""Pages of a meeting for everybody: what goes on, the screen in the hall, the minutes."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.communities.models import Community
from civic.consultations import services as cases
from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.halls import (
    hands,
    meetings,
    minutes,
    motion_steps,
    motions,
    pages,
    planning,
    presence,
    who,
)
from civic.halls.models import HallMeeting
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import render, see_other, wants_part
from civic.kernel.numbers import identifier
from civic.kernel.permissions import Actor, allowed, require
from civic.kernel.qr import square

#: How many of the newest entries a participant sees beside the floor.
NEWEST = 5
bp = Blueprint(
    "halls", __name__, url_prefix="/c/<community>/consultations/<int:consultation_id>/hall"
)


def case_of(consultation_id: int) -> Consultation:
    """Return a published case of the current community; 404 for others."""
    found = cases.find(g.actor, g.community, consultation_id)
    if found.published_at is None:
        raise meetings.missing()
    return found


def unchanged(found: HallMeeting) -> bool:
    """Tell whether a part of a page is asked for of which its reader has the newest."""
    return wants_part() and request.args.get("seen", "") == str(found.revision)


@bp.get("/")
def index(consultation_id: int) -> str:
    """List the meetings of a case."""
    case = case_of(consultation_id)
    may_plan = allowed(g.actor, who.MANAGE, g.community.path)
    return render_template(
        "halls/index.html",
        case=case,
        meetings=[pages.meeting(one) for one in meetings.of_case(case.id)],
        may_plan=may_plan and stages.may(case, clock.now(), planning.WORD),
    )


@bp.get("/<int:meeting_id>/")
def room(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Show a participant who speaks, what is moved, and what they can do."""
    found = meetings.find(g.community, consultation_id, meeting_id)
    if unchanged(found):
        return "", 204
    return _room(case_of(consultation_id), found)


def _room(
    case: Consultation, found: HallMeeting, error: str = "", status: int = 200
) -> ResponseReturnValue:
    me = g.actor.person_id
    refusal = who.why_not(g.actor, case, g.community.path)
    return render(
        "halls/room.html",
        "halls/_room.html",
        status=status,
        case=case,
        error=error,
        **now_of(found),
        ballot=pages.ballot(case, clock.now()),
        newest=pages.entries(minutes.of(found.id, NEWEST), {})[::-1],
        me=me,
        may=refusal is None,
        why=str(refusal) if refusal is not None and me is not None else "",
        leads=who.chairs(g.actor, found),
        keeps=who.keeps(g.actor, found, g.community.path),
        counted=presence.is_here(found.id, me) if me is not None else False,
    )


def now_of(found: HallMeeting) -> dict[str, Any]:
    """Return what goes on in a meeting, for its pages."""
    items = meetings.agenda(found.id)
    item = next(one for one in items if one.number == found.item)
    floor = hands.floor(item)
    return {
        "meeting": pages.meeting(found),
        "agenda": pages.agenda(items, found.item),
        "item": item.title,
        "floor": pages.floor(floor, g.actor, clock.now()),
        "known": [(hand.id, pages.name_of(hand.person, hand.label)) for hand in floor.known],
        "motions": [pages.motion(one) for one in motions.on_floor(found.id)],
    }


@bp.get("/<int:meeting_id>/screen")
def screen(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Show what goes on in large type, for the wall of the hall."""
    found = meetings.find(g.community, consultation_id, meeting_id)
    if unchanged(found):
        return "", 204
    case = case_of(consultation_id)
    address = url_for(".room", consultation_id=case.id, meeting_id=found.id, _external=True)
    return render(
        "halls/screen.html",
        "halls/_screen.html",
        case=case,
        square=square(address),
        **now_of(found),
    )


@bp.get("/<int:meeting_id>/minutes")
def minutes_page(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Show the minutes as they are taken."""
    found = meetings.find(g.community, consultation_id, meeting_id)
    if unchanged(found):
        return "", 204
    return _minutes(consultation_id, found, "halls/minutes.html")


def _minutes(consultation_id: int, found: HallMeeting, template: str) -> Response:
    case = case_of(consultation_id)
    items = meetings.agenda(found.id)
    address = url_for(".minutes_page", consultation_id=case.id, meeting_id=found.id, _external=True)
    values: dict[str, Any] = {
        "case": case,
        "meeting": pages.meeting(found),
        "agenda": pages.agenda(items, found.item),
        "entries": pages.entries(minutes.of(found.id), minutes.old_words(found.id)),
        "keeps": who.keeps(g.actor, found, g.community.path),
        "address": address,
        "square": square(address),
        "now": clock.now(),
    }
    if template.endswith("print.html"):
        return make_response(render_template(template, **values))
    return render(template, "halls/_entries.html", **values)


@bp.get("/<int:meeting_id>/minutes/print")
def paper(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Show the minutes as they are printed and signed by hand."""
    found = meetings.find(g.community, consultation_id, meeting_id)
    return _minutes(consultation_id, found, "halls/print.html")


Act = Callable[[Actor, Community, Consultation, int], object]


def _second(actor: Actor, community: Community, case: Consultation, meeting_id: int) -> None:
    motion_id = identifier(request.form.get("motion", "")) or 0
    motion_steps.second(actor, community, case, meeting_id, motion_id)


def _lower(actor: Actor, community: Community, case: Consultation, meeting_id: int) -> None:
    hands.lower(actor, community, case.id, meeting_id)


ACTS: dict[str, Act] = {
    "hand": hands.raise_,
    "lower": _lower,
    "here": presence.here,
    "second": _second,
}


@bp.post("/<int:meeting_id>/<any(hand, lower, here, second):act>")
@require(who.TAKE_PART)
def take_part(consultation_id: int, meeting_id: int, act: str) -> ResponseReturnValue:
    """Raise a hand or take it down, second a motion, say that one is there."""
    case = case_of(consultation_id)
    try:
        ACTS[act](g.actor, g.community, case, meeting_id)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        found = meetings.find(g.community, consultation_id, meeting_id)
        return _room(case_of(consultation_id), found, str(refused), refused.status)
    said = {
        "hand": _("Your hand is up."),
        "lower": _("Your hand is down."),
        "here": _("You are counted. Only the number is shown."),
        "second": _("You have seconded the motion."),
    }
    flash(said[act], "done")
    return see_other(url_for(".room", consultation_id=case.id, meeting_id=meeting_id))
