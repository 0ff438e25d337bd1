"""What the pages of the plugin have in common."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue

from civic.api import Refused, db
from civic.api import lazy_gettext as _l
from civic_incubator import calls, panel, phases, registry, seating
from civic_incubator.manifest import plugin
from civic_incubator.models import Application, Call
from civic_incubator.review_models import AwardList
from civic_incubator.words import said

Page = Callable[..., ResponseReturnValue]


def phase_titles() -> dict[str, str]:
    """Return the words of all phases by their codes."""
    return {
        code: said(phase.words)
        for flow in phases.workflows().values()
        for code, phase in flow.phases.items()
    }


def last_day(drawn: AwardList) -> datetime:
    """Return a moment of the last day on which a list of awards is shown."""
    return drawn.until - timedelta(seconds=1)


def show(template: str, status: int = HTTPStatus.OK, **values: object) -> ResponseReturnValue:
    """Return a page of the plugin."""
    page = render_template(f"incubator/{template}.html", last_day=last_day, **values)
    return page, status


def done(message: str) -> None:
    """Keep what was done, and say so on the next page."""
    db.session.commit()
    flash(message)


def refuse(refused: Refused, page: Page, **values: object) -> ResponseReturnValue:
    """Undo what was begun, and show the page again with the sentence; what was typed stays."""
    db.session.rollback()
    return page(error=str(refused), status=refused.status, **values)


def parties(which: Application) -> list[str]:
    """Return as what whoever looks stands to an application."""
    found = []
    if registry.speaks_for(g.actor, which.organisation_id):
        found.append(phases.APPLICANT)
    if plugin.may("manage") or plugin.may("keep"):
        found.append(phases.STAFF)
    seat = seating.own_seat(g.actor, which.call)
    if seat is not None and which.state == "passed":
        declared = panel.declarations(seat).get(which.id)
        if declared is None or not declared.conflicted:
            found.append(phases.REVIEWER)
    return found


def check_seen(which: Application) -> list[str]:
    """Return as what whoever looks stands to an application, refused unless they may see it now.

    :raises Refused: 403, with who does.
    """
    found = parties(which)
    if not calls.workflow(which.call).may(which.call.phase, "see", found):
        message = _l(
            "Applications are read by their organisation, and by staff and the panel once all of "
            "them are in."
        )
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    return found


def known_call(call_id: int) -> Call:
    """Return a call of the page's community; one that is not open yet for staff alone.

    :raises Refused: 404 when there is none.
    """
    found = calls.call(g.community, call_id)
    if found.phase == calls.PREPARING and not plugin.may("manage"):
        return calls.call(g.community, 0)
    return found
