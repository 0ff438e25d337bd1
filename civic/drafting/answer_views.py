"""Pages on which the office gathers comments of one opinion and answers them."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.drafting import answering, clusters, held, listing, pages
from civic.drafting.desk_views import bp
from civic.drafting.forms import AnswerForm, GatherForm
from civic.drafting.held import MANAGE
from civic.drafting.models import OPEN
from civic.drafting.paragraphs import split
from civic.drafting.rules import rules
from civic.drafting.views import number, reader, text_of
from civic.identities.weight import of_weight
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import require


@bp.get("/answers")
@require(MANAGE)
def answers(consultation_id: int) -> ResponseReturnValue:
    """List the comments that wait for an answer, and the clusters."""
    return _page(case_of(consultation_id), GatherForm(formdata=None))


def _page(
    case: Consultation, form: GatherForm, error: str = "", status: int = 200
) -> ResponseReturnValue:
    found, versions = text_of(case)
    who = reader(case, found)
    listed = listing.listed(case.id, who.person_id, state=OPEN, before=number("before"))
    known = listing.clusters(case.id)
    form.offer([(one.id, one.title) for one in known])
    texts = {each.id: split(each.body) for each in versions}
    page = render_template(
        "drafting/answers.html",
        case=case,
        error=error,
        form=form,
        chosen=set(request.form.getlist("comment")),
        comments=pages.comments(listed, who, texts),
        clusters=known,
        due=found.answers_by,
        waiting=case.figures.get(held.WAITING, 0),
        most=rules(),
        older_url=url_for(".answers", consultation_id=case.id, before=listed.rows[-1].id)
        if len(listed.rows) == listing.PER_PAGE
        else "",
    )
    return page, status


@bp.post("/answers")
@require(MANAGE)
@of_weight
def gather(consultation_id: int) -> ResponseReturnValue:
    """Put the chosen comments into a cluster."""
    case_of(consultation_id)
    form = GatherForm()
    chosen = {identifier(one) or 0 for one in request.form.getlist("comment")}
    try:
        made = clusters.gather(
            g.actor,
            g.community,
            consultation_id,
            chosen,
            title=form.title.data or "",
            cluster_id=identifier(form.cluster.data or ""),
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code == "title":
            form.title.errors = [str(refused)]
        words = "" if refused.code == "title" else str(refused)
        return _page(case_of(consultation_id), form, words, refused.status)
    flash(_("They are in the cluster “%(title)s”.", title=made.title), "done")
    return see_other(url_for(".answers", consultation_id=consultation_id))


@bp.post("/answers/out")
@require(MANAGE)
def take_out(consultation_id: int) -> ResponseReturnValue:
    """Take a comment out of its cluster."""
    case_of(consultation_id)
    comment = identifier(request.form.get("comment", "")) or 0
    clusters.take_out(g.actor, g.community, consultation_id, comment)
    db.session.commit()
    flash(_("It is out of the cluster."), "done")
    return see_other(url_for(".answers", consultation_id=consultation_id))


@bp.get("/answers/<any(comment, cluster):kind>/<int:key>")
@require(MANAGE)
def answer_form(consultation_id: int, kind: str, key: int) -> ResponseReturnValue:
    """Show the form of an answer, or of its correction."""
    return _answer_page(case_of(consultation_id), kind, key, None)


def _answer_page(
    case: Consultation,
    kind: str,
    key: int,
    sent: AnswerForm | None,
    error: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    found, versions = text_of(case)
    who = reader(case, found)
    cluster = held.cluster(case.id, key) if kind == "cluster" else None
    listed = (
        listing.listed(case.id, who.person_id, cluster_id=key)
        if cluster
        else listing.one(case.id, key, who.person_id)
    )
    if not listed.rows and cluster is None:
        raise held.missing()
    given = listed.of(listed.rows[0]) if listed.rows else []
    form = sent or AnswerForm(formdata=None)
    if sent is None and given:
        form.verdict.data, form.reason.data = given[0].verdict, given[0].reason
    form.seen.data = str(given[0].number if given else 0)
    texts = {each.id: split(each.body) for each in versions}
    page = render_template(
        "drafting/answer.html",
        case=case,
        kind=kind,
        key=key,
        cluster=cluster,
        comments=pages.comments(listed, who, texts),
        given=[pages.answer(one) for one in given],
        newest=versions[0].number,
        form=form,
        error=error,
        most=rules(),
    )
    return page, status


@bp.post("/answers/<any(comment, cluster):kind>/<int:key>")
@require(MANAGE)
@of_weight
def answer(consultation_id: int, kind: str, key: int) -> ResponseReturnValue:
    """Answer a comment or a cluster, or correct that."""
    case_of(consultation_id)
    form = AnswerForm()
    do = answering.answer_cluster if kind == "cluster" else answering.answer_comment
    try:
        do(g.actor, g.community, consultation_id, key, form.answer())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = {"verdict": form.verdict, "reason": form.reason}.get(refused.code)
        if field is None and refused.code != "answered":
            raise
        if field is not None:
            field.errors = [str(refused)]
        words = "" if field is not None else str(refused)
        return _answer_page(case_of(consultation_id), kind, key, form, words, refused.status)
    flash(_("The answer is published, and those who wrote are told."), "done")
    return see_other(url_for(".answers", consultation_id=consultation_id))
