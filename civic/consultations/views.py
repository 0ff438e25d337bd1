"""Pages of consultations: read, speak, answer statements, vote, see the result."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations import (
    listing,
    pages,
    panels,
    papers,
    services,
    speaking,
    stage_pages,
    stages,
    threads,
)
from civic.consultations.forms import CommentForm
from civic.consultations.models import Consultation
from civic.kernel import clock, plugins
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import render, see_other, wants_part
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed
from civic.moderation.models import WaitingText
from civic.voting import ballot_rows, casting, voters

bp = Blueprint("consultations", __name__, url_prefix="/c/<community>/consultations")


def find(consultation_id: int) -> Consultation:
    """Return the consultation of an address, for whoever may see it."""
    return services.find(g.actor, g.community, consultation_id)


def number(name: str) -> int | None:
    """Return a small whole number from the query, or None."""
    return identifier(request.args.get(name, ""))


@bp.get("/")
def index() -> str:
    """List the consultations of this community and of the street above it."""
    now = clock.now()
    found = services.listed(g.actor, g.community, before=number("before"))
    full = len(found) == services.PER_PAGE
    return render_template(
        "consultations/index.html",
        cases=[listing.list_row(item, now) for item in found],
        ballots=[ballot_rows.row(one) for one in ballot_rows.own(g.actor, g.community)],
        older_url=url_for(".index", before=found[-1].consultation.id) if full else "",
        may_manage=allowed(g.actor, "consultations.manage", g.community.path),
    )


@bp.get("/<int:consultation_id>/")
def show(consultation_id: int) -> ResponseReturnValue:
    """Show a whole case."""
    return _case_page(find(consultation_id))


def _case_page(
    consultation: Consultation,
    status: int = 200,
    *,
    form: CommentForm | None = None,
    vote_error: str = "",
) -> Response:
    now = clock.now()
    current = stages.stage(consultation, now)
    options, files, vote = services.parts(consultation, g.actor.person_id)
    context: dict[str, Any] = {
        "case": pages.case(consultation, files, now),
        "consultation": consultation,
        "stages": pages.stage_line(consultation, now),
        "way": stage_pages.way(consultation),
        "panels": panels.of(consultation, g.actor, now),
        "events": pages.events(consultation, now),
        **_comments(consultation, form=form),
    }
    if consultation.stage is None and current == stages.VOTING:
        context["ballot"] = papers.ballot(consultation, options, vote, g.actor)
        context["ballot"]["error"] = vote_error
    elif current == stages.CLOSED and consultation.ballot_id is not None:
        context["result"] = papers.result(consultation, options)
        context["my_vote"] = papers.my_vote(vote)
        assert consultation.ballot is not None  # noqa: S101 - it has an id
        context["voter"] = voters.entitled(g.actor, consultation.ballot, g.community.path)
    if speaking.why_not(g.actor, consultation, g.community.path, what="statements") is None:
        context |= pages.statement_round(consultation, g.actor)
    shown = context.get("ballot")
    context["ask"] = papers.asked(consultation, current, shown, g.actor)
    context["receipt"] = papers.receipt(shown)
    context["statement_url"] = url_for(".statement_list", consultation_id=consultation.id)
    context["may_manage"] = allowed(g.actor, "consultations.manage", g.community.path)
    context["actions"] = plugins.registry().actions(g.community, g.actor, consultation)
    return make_response(render_template("consultations/case.html", **context), status)


def _comments(
    consultation: Consultation, *, before: int | None = None, form: CommentForm | None = None
) -> dict[str, Any]:
    refusal = speaking.why_not(g.actor, consultation, g.community.path, staff=True)
    found = threads.threads(consultation.id, before=before)
    box = None
    if refusal is None:
        form = form or CommentForm(formdata=None)
        if not allowed(g.actor, speaking.ANSWER, g.community.path):
            del form.official
        box = {
            "action": url_for(".comment", consultation_id=consultation.id),
            "form": form,
            "field": form.words,
            "as_name": _("Others read your masked name and your building."),
        }
    return {
        "comments": pages.thread_list(found, g.actor, speaks=refusal is None),
        "comment_count": consultation.comment_count,
        "comment_box": box,
        "comment_refusal": str(refusal) if refusal else "",
        "signing_in_helps": refusal is not None and refusal.code == "sign_in",
        "checked_first": consultation.checked_first,
        "older_url": listing.older(found, consultation),
        "newer_url": "",
    }


@bp.get("/<int:consultation_id>/comments")
def comments(consultation_id: int) -> ResponseReturnValue:
    """Show a page of comments."""
    consultation = find(consultation_id)
    return render(
        "consultations/comments.html",
        "consultations/_comments.html",
        consultation=consultation,
        **_comments(consultation, before=number("before")),
    )


@bp.get("/<int:consultation_id>/comments/<int:comment_id>")
def thread(consultation_id: int, comment_id: int) -> ResponseReturnValue:
    """Show one comment with its replies, and the form to reply."""
    return _thread_page(find(consultation_id), comment_id)


def _thread_page(
    consultation: Consultation, comment_id: int, form: CommentForm | None = None, status: int = 200
) -> ResponseReturnValue:
    found = threads.thread(consultation.id, comment_id, after=number("after") or 0)
    context = _comments(consultation, form=form)
    base = url_for(".comments", consultation_id=consultation.id)
    own = threads.mine(found, g.actor.person_id)
    shown = pages.thread_list([found], g.actor, speaks=False, base=base, own=own)
    more = ""
    if found.more:
        more = url_for(
            ".thread",
            consultation_id=consultation.id,
            comment_id=comment_id,
            after=found.replies[-1].id,
        )
    context |= {
        "comments": shown,
        "older_url": more,
        "parent_id": comment_id,
    }
    page = render_template("consultations/thread.html", consultation=consultation, **context)
    return page, status


@bp.post("/<int:consultation_id>/comments")
def comment(consultation_id: int) -> ResponseReturnValue:
    """Take a comment or a reply."""
    consultation = find(consultation_id)
    form = CommentForm()
    parent = request.form.get("parent", "")
    parent_id = (identifier(parent) or 0) if parent else None
    try:
        made = speaking.comment(
            g.actor,
            g.community,
            consultation,
            form.words.data or "",
            form_key=(form.form_key.data or "")[:40],
            parent_id=parent_id,
            official=bool(form.official.data),
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in {"sign_in", "audience", "no_comment"}:
            raise
        form.words.errors = [str(refused)]
        if parent_id is not None:
            return _thread_page(find(consultation_id), parent_id, form, refused.status)
        if wants_part():
            context = _comments(find(consultation_id), form=form)
            return render_template("consultations/_discussion.html", **context), 422
        return _case_page(find(consultation_id), refused.status, form=form)
    held = isinstance(made, WaitingText)
    if parent_id is None and wants_part():
        db.session.expire(consultation)
        context = _comments(find(consultation_id)) | {"held": held}
        return render_template("consultations/_discussion.html", **context)
    if isinstance(made, WaitingText):
        flash(_("Your opinion is with the office; it is published when it is checked."), "done")
        return see_other(url_for("moderation.mine") + f"#waiting-{made.id}")
    flash(_("Your opinion is published."), "done")
    address = url_for(".show", consultation_id=consultation_id)
    if parent_id is not None:
        address = url_for(
            ".thread", consultation_id=consultation_id, comment_id=made.parent_id or parent_id
        )
    return see_other(f"{address}#comment-{made.id}")


@bp.post("/<int:consultation_id>/vote")
def vote(consultation_id: int) -> ResponseReturnValue:
    """Take a vote, or change the one there is."""
    consultation = find(consultation_id)
    ballot = services.open_ballot(consultation)
    chosen = request.form.get("option", "")
    try:
        option = None if chosen == "abstain" else identifier(chosen) or 0
        token = request.form.get("receipt") or None
        casting.cast(g.actor, ballot, g.community.path, option, token=token)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"option", "token"}:
            raise
        if wants_part():
            return _ballot_part(find(consultation_id), error=str(refused)), 422
        return _case_page(find(consultation_id), 422, vote_error=str(refused))
    if wants_part():
        return _ballot_part(consultation)
    return see_other(url_for(".show", consultation_id=consultation_id) + "#vote")


def _ballot_part(consultation: Consultation, error: str = "") -> str:
    options, _files, mine = services.parts(consultation, g.actor.person_id)
    shown = papers.ballot(consultation, options, mine, g.actor)
    shown["error"] = error
    return render_template(
        "consultations/_ballot.html", ballot=shown, receipt=papers.receipt(shown), swapped=True
    )
