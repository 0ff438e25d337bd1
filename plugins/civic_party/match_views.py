"""Pages of proposals: what fits a need, the answers of both sides; minutes on foot."""

from http import HTTPStatus

from flask import g, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, choices, db, require, see_other
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_party import accepting, comparing, list_queries, posting, proposing, sides, walking
from civic_party.joint_models import PROPOSED, Match
from civic_party.list_act_forms import AnswerForm, ProposeForm, WalkForm
from civic_party.list_models import Need
from civic_party.list_pages import number, places, show
from civic_party.list_rules import rules
from civic_party.list_titles import MATCH_LOOKS, MATCH_STATES, SIDES
from civic_party.manifest import plugin
from civic_party.pages import WRONG, done, may, refuse


@plugin.get("/needs/<int:need_id>/fits")
@require("party.ask")
def fits(need_id: int) -> ResponseReturnValue:
    """Show what fits a need, and what nearly does, with a sentence for each criterion."""
    return _fits(need_id)


def _fits(
    need_id: int, form: ProposeForm | None = None, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    need = posting.seen(g.actor, g.community, Need, need_id)
    if not (posting.may_change(g.actor, need) or may("check")):
        message = _l("What fits a need is shown to its side, and to the community office.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    known = {one.resource_id: one for one in list_queries.matches_of(need)}
    form = form or ProposeForm()
    _projects(form)
    return show(
        "fits",
        status,
        need=need,
        found=comparing.compared(need),
        known=known,
        places=places(),
        proposes=may("match"),
        form=form,
        chosen=form.resource.data or "",
        match_states=MATCH_STATES,
        error=error,
    )


def _projects(form: ProposeForm) -> None:
    found = [(one.id, one.title) for one in list_queries.going_on(g.community)]
    form.project.choices = choices([(0, _("a project of its own")), *found])


@plugin.post("/needs/<int:need_id>/propose")
@require("party.match")
def propose_match(need_id: int) -> ResponseReturnValue:
    """Propose a resource for a need."""
    need = posting.entry(g.community, Need, need_id)
    form = ProposeForm()
    _projects(form)
    if not form.validate_on_submit():
        return _fits(need_id, form, status=WRONG)
    resource_id = number({"id": form.resource.data or ""}, "id") or 0
    reason = (form.reason.data or "").strip()
    try:
        made = proposing.by_hand(g.actor, need, resource_id, reason, form.project.data or None)
    except Refused as refused:
        return refuse(refused, _fits, need_id=need_id, form=form)
    done(_("It is proposed, and both sides are told."))
    return see_other(url_for(".match", match_id=made.id))


@plugin.get("/matches/<int:match_id>")
def match(match_id: int) -> ResponseReturnValue:
    """Show a proposal: why it fits, and what both sides have said."""
    return _match(match_id)


def _known(match_id: int) -> Match:
    """Return a proposal that whoever looks may read.

    :raises Refused: 404 when there is none, or it is not for them.
    """
    found = accepting.match(g.community, match_id)
    return found if accepting.may_see(g.actor, found) else accepting.match(g.community, 0)


def _match(
    match_id: int,
    form: AnswerForm | None = None,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = _known(match_id)
    answers = [
        side
        for side in sides.of_match(g.actor, found)
        if found.state == PROPOSED and getattr(found, f"{side}_yes_at") is None
    ]
    inside = bool(sides.of_match(g.actor, found)) or may("check")
    return show(
        "match",
        status,
        match=found,
        findings=comparing.one(found.need, found.resource).fit.findings
        if found.state == PROPOSED
        else (),
        room=found.state != PROPOSED or accepting.room(found),
        answers=answers,
        inside=inside,
        paper=sides.by_paper(found.need),
        side_titles=SIDES,
        places=places(),
        states=MATCH_STATES,
        looks=MATCH_LOOKS,
        form=form or AnswerForm(formdata=None),
        error=error,
    )


@plugin.post("/matches/<int:match_id>/accept")
@require("party.ask")
def accept(match_id: int) -> ResponseReturnValue:
    """Say yes for one side."""
    return _answer(match_id, yes=True)


@plugin.post("/matches/<int:match_id>/decline")
@require("party.ask")
def decline(match_id: int) -> ResponseReturnValue:
    """Say no for one side."""
    return _answer(match_id, yes=False)


def _answer(match_id: int, *, yes: bool) -> ResponseReturnValue:
    _known(match_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _match(match_id, form, status=WRONG)
    words, side = (form.words.data or "").strip(), form.side.data or ""
    act = accepting.accept if yes else accepting.decline
    try:
        found = act(g.actor, g.community, match_id, side, words)
    except Refused as refused:
        return refuse(refused, _match, match_id=match_id, form=form)
    if not yes:
        done(_("Declined; the other side is told."))
    elif found.project_id is not None and found.state != PROPOSED:
        done(_("Both sides have said yes: it is a project now."))
        return see_other(url_for(".project", project_id=found.project_id))
    else:
        done(_("Your yes is kept. Once the other side says yes too, it becomes a project."))
    return see_other(url_for(".match", match_id=match_id))


@plugin.get("/walks/")
@require("party.check")
def walks() -> ResponseReturnValue:
    """Show how long it is on foot between places, as far as it is noted."""
    return _walks()


def _walks(
    form: WalkForm | None = None, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    named = places()
    form = form or WalkForm()
    _offer(form, named)
    return show(
        "walks",
        status,
        form=form,
        rows=walking.noted(g.community),
        places=named,
        limit=rules().limits.walk,
        error=error,
    )


def _offer(form: WalkForm, named: dict[int, str]) -> None:
    form.one.choices = form.other.choices = choices(named.items())


@plugin.post("/walks/")
@require("party.check")
def note_walk() -> ResponseReturnValue:
    """Note how long it is on foot between two places."""
    form = WalkForm()
    _offer(form, places())
    if not form.validate_on_submit():
        return _walks(form, status=WRONG)
    try:
        walking.note(g.actor, g.community, form.one.data, form.other.data, form.minutes.data or 0)
    except Refused as refused:
        return refuse(refused, _walks, form=form)
    found = proposing.propose_all(g.community)
    db.session.flush()
    said = _("Kept.")
    if found:
        fits = _("Proposals that fit at once: %(count)d.", count=found)
        said = f"{said} {fits}"
    done(said)
    return see_other(url_for(".walks"))
