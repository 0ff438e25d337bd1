"""Pages of leagues."""

from http import HTTPStatus
from itertools import groupby

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, db, require, see_other
from civic.api import gettext as _
from civic_events import league
from civic_events.manifest import plugin


@plugin.get("/leagues/")
def leagues() -> ResponseReturnValue:
    """Show the leagues."""
    return _leagues()


def _leagues(error: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    page = render_template(
        "events/leagues.html",
        leagues=league.every(g.community),
        organises=plugin.may("organise"),
        title=request.form.get("title", ""),
        teams=request.form.get("teams", ""),
        error=error,
    )
    return page, status


@plugin.post("/leagues/")
@require("events.organise")
def begin_league() -> ResponseReturnValue:
    """Begin a league."""
    names = request.form.get("teams", "").splitlines()
    try:
        made = league.begin(g.actor, g.community, request.form.get("title", ""), names)
    except Refused as refused:
        db.session.rollback()
        return _leagues(str(refused), refused.status)
    db.session.commit()
    flash(_("The league begins: each meets each other once."))
    return see_other(url_for(".league_page", league_id=made.id))


@plugin.get("/leagues/<int:league_id>/")
def league_page(league_id: int) -> ResponseReturnValue:
    """Show where the teams stand, and who meets whom."""
    return _league(league_id)


def _league(league_id: int, error: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    found = league.one(g.community, league_id)
    met = league.fixtures(found)
    page = render_template(
        "events/league.html",
        league=found,
        teams=league.teams(found),
        standings=league.table(found, met),
        rounds=[(number, list(rows)) for number, rows in groupby(met, lambda row: row.round)],
        organises=plugin.may("organise"),
        error=error,
    )
    return page, status


@plugin.post("/leagues/<int:league_id>/<int:fixture_id>")
@require("events.organise")
def record(league_id: int, fixture_id: int) -> ResponseReturnValue:
    """Write a result down."""
    found = league.one(g.community, league_id)
    home, away = (request.form.get(name, -1, type=int) for name in ("home", "away"))
    try:
        league.record(g.actor, g.community, found, fixture_id, home, away)
    except Refused as refused:
        db.session.rollback()
        return _league(league_id, str(refused), refused.status)
    db.session.commit()
    flash(_("The result is kept."))
    return see_other(url_for(".league_page", league_id=league_id))
