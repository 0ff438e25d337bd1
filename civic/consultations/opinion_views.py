"""Pages of the map of opinions: what groups say, what unites them, and one's own place."""

from flask import flash, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations import opinion_office, opinion_pages, opinion_rounds, speaking
from civic.consultations.views import bp, find
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import allowed, require


@bp.get("/<int:consultation_id>/opinions/")
def opinion_map(consultation_id: int) -> ResponseReturnValue:
    """Show the latest map; one's own place on it only when one asks for it."""
    consultation = find(consultation_id)
    drawn = opinion_rounds.latest(consultation.id)
    person_id = g.actor.person_id
    asked = bool(request.args.get("me")) and person_id is not None and drawn is not None
    place = opinion_rounds.own_place(drawn, person_id) if asked and drawn else None
    context = opinion_pages.shown(drawn) if drawn else {}
    page = render_template(
        "consultations/opinions.html",
        consultation=consultation,
        drawn=drawn,
        asked=asked,
        place=place,
        plan=opinion_pages.plan(drawn, place) if drawn and context["several"] else None,
        may_answer=speaking.why_not(g.actor, consultation, g.community.path) is None,
        may_draw=allowed(g.actor, "consultations.manage", g.community.path),
        **context,
    )
    response = make_response(page)
    if asked:
        # Nobody who sits down at the same screen later finds it there.
        response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/<int:consultation_id>/opinions/")
@require("consultations.manage")
def draw_opinions(consultation_id: int) -> ResponseReturnValue:
    """Compute the map now."""
    consultation = find(consultation_id)
    try:
        opinion_office.redraw(g.actor, g.community, consultation)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "error")
    else:
        flash(_("The map is computed anew."), "done")
    return see_other(url_for(".opinion_map", consultation_id=consultation_id))
