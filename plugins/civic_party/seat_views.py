"""Pages of the office of a body: seats, who fills them, posts, rota and swaps."""

from collections.abc import Callable
from http import HTTPStatus

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, choices, db, looked, require, see_other, units_at, writes
from civic.api import gettext as _
from civic_party import bodies, meetings, seats
from civic_party.body_views import of_body, quarter_choices
from civic_party.forms import FillForm, SeatForm, SwapForm, number
from civic_party.manifest import plugin
from civic_party.models import Body
from civic_party.pages import WRONG, done, may, refuse, show
from civic_party.words import quarter_words, titles


@plugin.get("/bodies/<int:body_id>/seats")
@require("party.office")
def seating(body_id: int) -> ResponseReturnValue:
    """Show the seats of a body to its office."""
    return _seating(body_id, _seat_form(SeatForm(formdata=None)))


def _seat_form(form: SeatForm) -> SeatForm:
    units = [(each.id, each.name) for each in units_at(g.community)]
    form.unit.choices = choices([(0, _("No unit: an office")), *units])
    return form


def _seating(
    body_id: int, form: SeatForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = bodies.body(g.community, body_id)
    posts = titles("bodies", "post")
    return show(
        "seats",
        status,
        body=found,
        lines=seats.lines(found.id),
        form=form,
        posts=posts,
        founds=may("found"),
        error=error,
    )


@plugin.post("/bodies/<int:body_id>/seats")
@require("party.office")
def seat_unit(body_id: int) -> ResponseReturnValue:
    """Give a unit or an office a seat."""
    found = bodies.body(g.community, body_id)
    form = _seat_form(SeatForm())
    if not form.validate_on_submit():
        return _seating(body_id, form, status=WRONG)
    try:
        unit, office = form.unit.data or 0, form.office.data or ""
        seats.give(g.actor, found, organisation_id=unit, office=office)
    except Refused as refused:
        return refuse(refused, _seating, body_id, form)
    done(_("The seat is given. Its unit names who fills it."))
    return see_other(url_for(".seating", body_id=body_id))


@plugin.get("/bodies/<int:body_id>/seats/<int:seat_id>")
@writes
@require("party.office")
def filling(body_id: int, seat_id: int) -> ResponseReturnValue:
    """Ask who fills a seat; the names of the liaisons are shown, and they read that."""
    return _filling(body_id, seat_id, FillForm(formdata=None))


def _filling(
    body_id: int, seat_id: int, form: FillForm, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    found = bodies.body(g.community, body_id)
    seat = seats.seat(found, seat_id)
    people = seats.candidates(seat)
    for person_id, _name in people:
        looked(g.actor, person_id, "profile", g.community)
    form.person.choices = choices([(0, _("Nobody of the list")), *people])
    page = show("fill", status, body=found, seat=seat, form=form, people=people, error=error)

    db.session.commit()
    return page


@plugin.post("/bodies/<int:body_id>/seats/<int:seat_id>")
@require("party.office")
def fill(body_id: int, seat_id: int) -> ResponseReturnValue:
    """Let somebody fill a seat."""
    found = bodies.body(g.community, body_id)
    form = FillForm()
    form.person.choices = choices([(0, ""), *seats.candidates(seats.seat(found, seat_id))])
    if not form.validate_on_submit():
        return _filling(body_id, seat_id, form, status=WRONG)
    try:
        seats.fill(
            g.actor,
            found,
            seat_id,
            name=form.name.data or "",
            title=form.title.data or "",
            person_id=form.person.data or 0,
        )
    except Refused as refused:
        return refuse(refused, _filling, body_id, seat_id, form)
    done(_("The seat is filled."))
    return see_other(url_for(".seating", body_id=body_id))


def _act(body_id: int, act: Callable[[Body], object], said: str) -> ResponseReturnValue:
    """Do an act on a body; refused, its page says why."""
    found = bodies.body(g.community, body_id)
    try:
        act(found)
    except Refused as refused:
        return refuse(refused, of_body, body_id)
    done(said)
    return see_other(url_for(".body", body_id=body_id))


@plugin.post("/bodies/<int:body_id>/seats/<int:seat_id>/end")
@require("party.office")
def end_seat(body_id: int, seat_id: int) -> ResponseReturnValue:
    """End a seat."""
    said = _("The unit has left the body; what was done on its seat stays.")
    return _act(body_id, lambda found: seats.end(g.actor, found, seat_id), said)


@plugin.post("/bodies/<int:body_id>/seats/<int:seat_id>/post")
@require("party.found")
def set_post(body_id: int, seat_id: int) -> ResponseReturnValue:
    """Give a seat a post, or none."""
    kind = request.form.get("post", "")
    said = _("The posts of the body are set.")
    return _act(body_id, lambda found: seats.set_post(g.actor, found, seat_id, kind), said)


@plugin.post("/bodies/<int:body_id>/dissolve")
@require("party.found")
def dissolve(body_id: int) -> ResponseReturnValue:
    """Dissolve a body."""
    said = _("The body is dissolved; its record stays.")
    return _act(body_id, lambda found: meetings.dissolve(g.actor, found), said)


@plugin.get("/bodies/<int:body_id>/rota")
@require("party.found")
def rota(body_id: int) -> ResponseReturnValue:
    """Show who chairs which quarter, and ask for another order or a swap."""
    return _rota(body_id)


def _rota(
    body_id: int,
    form: SwapForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = bodies.body(g.community, body_id)
    ahead = [(quarter, quarter_words(quarter)) for quarter in quarter_choices()]
    return show(
        "rota",
        status,
        body=found,
        lines=seats.lines(found.id),
        names=bodies.names(found.id),
        chairs=bodies.chairs(found, ahead[0][0], len(ahead)),
        ahead=ahead,
        form=_swap_form(form or SwapForm(formdata=None)),
        typed=request.form,
        error=error,
    )


def _swap_form(form: SwapForm) -> SwapForm:
    ahead = choices([(quarter, quarter_words(quarter)) for quarter in quarter_choices()])
    form.first.choices = form.second.choices = ahead
    return form


@plugin.post("/bodies/<int:body_id>/rota")
@require("party.found")
def set_rota(body_id: int) -> ResponseReturnValue:
    """Record an order of the chair: seats with a number, by their numbers."""
    found = bodies.body(g.community, body_id)
    placed = [
        (number(request.form.get(f"turn_{each.seat.id}")), each.seat.id)
        for each in seats.lines(found.id)
    ]
    order = [seat_id for place, seat_id in sorted(placed) if place]
    try:
        starts = number(request.form.get("starts"))
        bodies.set_rota(g.actor, found, starts=starts, seat_ids=order)
    except Refused as refused:
        return refuse(refused, _rota, body_id)
    done(_("The rota is set; what was before stays."))
    return see_other(url_for(".rota", body_id=body_id))


@plugin.post("/bodies/<int:body_id>/swap")
@require("party.found")
def swap(body_id: int) -> ResponseReturnValue:
    """Record that two quarters change their chairs."""
    found = bodies.body(g.community, body_id)
    form = _swap_form(SwapForm())
    if not form.validate_on_submit():
        return _rota(body_id, form, status=WRONG)
    try:
        bodies.swap(
            g.actor,
            found,
            first=form.first.data,
            second=form.second.data,
            reason=form.reason.data or "",
        )
    except Refused as refused:
        return refuse(refused, _rota, body_id, form)
    done(_("The two quarters have changed their chairs."))
    return see_other(url_for(".rota", body_id=body_id))
