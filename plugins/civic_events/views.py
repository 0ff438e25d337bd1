"""Pages of events that everybody reads: the list, an event, one's own sign-up, the calendar."""

from http import HTTPStatus

from flask import Response, abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, db, holds, require, see_other, square
from civic.api import gettext as _
from civic_events import feeds, listing, owning, rating, signing
from civic_events.forms import RateForm, SignUpForm
from civic_events.kinds import AUDIENCES
from civic_events.listing import COMING_UP, MINE, PAST
from civic_events.manifest import plugin
from civic_events.models import Activity, SignUp

LONGEST_SEARCH = 40
WORDS_SHOWN = 20


def seen(activity_id: int) -> Activity:
    """Return an event that whoever looks may see.

    What is not public is for whoever wrote it and the office alone.
    """
    found = listing.one(g.community, activity_id)
    if not found.public and not owning.leads(g.actor, found):
        abort(HTTPStatus.NOT_FOUND)
    return found


@plugin.get("/")
def index() -> ResponseReturnValue:
    """Show the published events, a page at a time."""
    when, audience = request.args.get("when", ""), request.args.get("audience", "")
    which = listing.Filter(
        when if when in {PAST, MINE} else COMING_UP,
        audience if audience in AUDIENCES else "",
        request.args.get("q", "").strip()[:LONGEST_SEARCH],
    )
    page = listing.page(g.community, g.actor, which, request.args.get("after", type=int))
    subjects = [row.subject for row in page.rows]
    return render_template(
        "events/index.html",
        which=which,
        page=page,
        places=holds.places(subjects) if subjects else {},
        mine=holds.mine(g.actor.person_id, subjects),
        audiences=AUDIENCES,
        organises=plugin.may("organise") or plugin.may("decide"),
    )


@plugin.get("/<int:activity_id>/")
def activity(activity_id: int) -> ResponseReturnValue:
    """Show an event, and where one's own sign-up stands."""
    return _activity(seen(activity_id))


def _activity(
    found: Activity,
    *,
    form: SignUpForm | None = None,
    rate_form: RateForm | None = None,
    answers: list[str] | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    own = signing.mine(g.actor, found)
    claim = holds.mine(g.actor.person_id, [found.subject]).get(found.subject) if own else None
    said = rating.mine(g.actor, found) if own else None
    if rate_form is None and rating.may(g.actor, found):
        rate_form = RateForm(
            stars=str(said.stars) if said else None, words=said.words if said else ""
        )
    page = render_template(
        "events/activity.html",
        row=found,
        audience=AUDIENCES[found.audience],
        places=holds.places([found.subject]).get(found.subject),
        claim=claim if claim is not None and claim.active else None,
        own=own,
        form=form or SignUpForm(places=1),
        answers=answers or [],
        rate_form=rate_form,
        said=said,
        feedback=listing.feedback(found, _shown_from()),
        shown_from=_shown_from(),
        words_shown=WORDS_SHOWN,
        invited=signing.invited(g.actor, found),
        may_sign_up=plugin.may("sign_up"),
        leads=owning.leads(g.actor, found),
        admits=plugin.may("admit"),
        now=clock.now(),
        error=error,
    )
    return page, status


def _shown_from() -> int:
    """Return the number of answers from which on they are shown."""
    found: int = plugin.setting(g.community, "shown_from")
    return found


@plugin.post("/<int:activity_id>/sign-up")
@require("events.sign_up")
def sign_up(activity_id: int) -> ResponseReturnValue:
    """Sign up alone or with others."""
    found = seen(activity_id)
    form = SignUpForm()
    answers = [value[: signing.LONGEST] for value in request.form.getlist("answer")]
    if not form.validate_on_submit():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _activity(found, form=form, answers=answers, status=status)
    try:
        made = signing.sign_up(g.actor, found, form.places.data or 0, answers)
    except Refused as refused:
        db.session.rollback()
        found = seen(activity_id)
        return _activity(
            found, form=form, answers=answers, error=str(refused), status=refused.status
        )
    db.session.commit()
    if made.state == "held":
        flash(_("You have your places. The code for the entrance stands below."))
    else:
        flash(_("You wait in line. When places become free, you are told and asked."), "info")
    return see_other(url_for(".activity", activity_id=activity_id))


@plugin.post("/<int:activity_id>/answer")
@require("events.sign_up")
def answer(activity_id: int) -> ResponseReturnValue:
    """Accept or decline an offer, leave, or come with another number."""
    found = seen(activity_id)
    act = request.form.get("act", "")
    try:
        if act == "resize":
            signing.resize(g.actor, found, request.form.get("places", 0, type=int))
        elif act in SAID:
            signing.answer(g.actor, found, act)
        else:
            abort(HTTPStatus.BAD_REQUEST)
    except Refused as refused:
        db.session.rollback()
        return _activity(seen(activity_id), error=str(refused), status=refused.status)
    db.session.commit()
    flash(SAID[act]())
    return see_other(url_for(".activity", activity_id=activity_id))


SAID = {
    "accept": lambda: _("The places are yours. The code for the entrance stands below."),
    "decline": lambda: _("The places go to the next in line."),
    "leave": lambda: _("You have left. Thank you for making way for others."),
    "resize": lambda: _("The number is changed."),
}


def ticket_of(found: Activity, own: SignUp) -> str:
    """Return the address behind the square that is shown at the entrance."""
    return url_for(".entrance", activity_id=found.id, code=own.code, _external=True)


@plugin.get("/<int:activity_id>/ticket")
def ticket(activity_id: int) -> ResponseReturnValue:
    """Show the square and the code for the entrance; it prints on a sheet."""
    found = seen(activity_id)
    own = signing.mine(g.actor, found)
    claim = holds.mine(g.actor.person_id, [found.subject]).get(found.subject)
    if own is None or claim is None or claim.state != "held":
        return see_other(url_for(".activity", activity_id=activity_id))
    drawn = square(ticket_of(found, own))
    return render_template("events/ticket.html", row=found, own=own, claim=claim, square=drawn)


@plugin.post("/<int:activity_id>/rate")
@require("events.sign_up")
def rate(activity_id: int) -> ResponseReturnValue:
    """Keep how somebody found an event."""
    found = seen(activity_id)
    form = RateForm()
    if not form.validate_on_submit():
        return _activity(found, rate_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        rating.rate(g.actor, found, int(form.stars.data), (form.words.data or "").strip())
    except Refused as refused:
        db.session.rollback()
        return _activity(seen(activity_id), error=str(refused), status=refused.status)
    db.session.commit()
    from_on = _shown_from()
    flash(_("Thank you. It is shown, without names, from %(num)d answers on.", num=from_on))
    return see_other(url_for(".activity", activity_id=activity_id))


@plugin.get("/calendar.ics")
def calendar() -> Response:
    """Give the events of this community to calendar programs."""
    return _ics(feeds.calendar(g.community, feeds.of(g.community)), g.community.slug)


@plugin.get("/<int:activity_id>/event.ics")
def one_ics(activity_id: int) -> Response:
    """Give one event to a calendar program."""
    found = seen(activity_id)
    return _ics(feeds.calendar(g.community, [found]), f"{g.community.slug}-{found.id}")


def _ics(data: bytes, name: str) -> Response:
    answer = Response(data, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer
