"""Pages of the office: write a notice, choose its readers, attach files, hand it on."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_, select

from civic.communities.services import in_words
from civic.kernel.db import db, reads
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other, wants_part
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed, require, visible
from civic.notices import audience, drafts, files, kinds, pages, services
from civic.notices import readers as readable
from civic.notices.audience import DRAFT, ISSUE
from civic.notices.forms import EMPTY, DraftForm, FileForm, Line, lines_of, read_lines
from civic.notices.models import Notice, NoticeVersion
from civic.notices.views import folder

bp = Blueprint("notice_desk", __name__, url_prefix="/c/<community>/notices")

#: Drafts and waiting corrections on one page; an office has fewer.
MOST = 100


@bp.get("/desk")
@require(DRAFT)
def index() -> str:
    """List drafts, what waits to be checked, and corrections that wait."""
    waiting = select(NoticeVersion.notice_id).where(NoticeVersion.approved_by.is_(None))
    query = select(Notice).where(
        Notice.community_id == g.community.id,
        or_(Notice.issued_at.is_(None), Notice.id.in_(waiting)),
        visible(g.actor, Notice),
    )
    found = db.session.scalars(query.order_by(Notice.id.desc()).limit(MOST)).all()
    return render_template(
        "notices/desk.html",
        rows=[
            {
                "title": notice.title,
                "url": url_for(".work", notice_id=notice.id),
                "kind": str(kinds.KINDS[notice.kind]),
                "state": pages.state(notice) if notice.issued_at is None else "correction",
                "since": notice.submitted_at or notice.returned_at or notice.drafted_at,
                "mine": notice.drafted_by == g.actor.person_id,
            }
            for notice in found
        ],
        may_issue=allowed(g.actor, ISSUE, g.community.path),
    )


def _fresh() -> DraftForm:
    office = g.actor.office_at(g.community.path) or g.community.name
    form = DraftForm(formdata=None)
    form.office.data = form.objection_office.data = office
    form.objection_telephone.data = g.community.telephone
    return form


@bp.get("/new")
@require(DRAFT)
def new() -> ResponseReturnValue:
    """Show the empty form."""
    return _page(_fresh(), [])


@bp.post("/new")
@require(DRAFT)
def create() -> ResponseReturnValue:
    """Keep a draft and go on to what becomes of it."""
    form, lines = DraftForm(), read_lines(request.form)
    if form.validate_on_submit():
        try:
            made = drafts.create(g.actor, g.community, form.draft(lines))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            return _page(form, lines, refused=refused, status=422)
        flash(_("The draft is kept. Nobody but the office sees it yet."), "done")
        return see_other(url_for(".work", notice_id=made.id))
    return _page(form, lines, status=422)


@bp.get("/<int:notice_id>/edit")
@require(DRAFT)
def edit(notice_id: int) -> ResponseReturnValue:
    """Show the form with a draft in it."""
    notice = services.find(g.actor, g.community, notice_id)
    services.in_hand(notice)
    return _page(DraftForm.of(notice), lines_of(services.terms_of(notice_id)), notice)


@bp.post("/<int:notice_id>/edit")
@require(DRAFT)
def change(notice_id: int) -> ResponseReturnValue:
    """Change a draft."""
    notice = services.find(g.actor, g.community, notice_id)
    form, lines = DraftForm(), read_lines(request.form)
    revision = identifier(form.revision.data or "") or 0
    if form.validate_on_submit():
        try:
            drafts.change(g.actor, g.community, notice_id, form.draft(lines), revision)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            if refused.code in {"issued", "submitted", "no_notice"}:
                raise
            notice = services.find(g.actor, g.community, notice_id)
            if refused.code == "stale":
                # Keeping it once more is then a choice, and not an accident.
                form.revision.data = str(notice.revision)
            return _page(form, lines, notice, refused=refused, status=422)
        flash(_("The draft is kept."), "done")
        return see_other(url_for(".work", notice_id=notice_id))
    return _page(form, lines, notice, status=422)


@bp.post("/readers", defaults={"notice_id": None})
@bp.post("/<int:notice_id>/readers")
@require(DRAFT)
@reads
def readers(notice_id: int | None) -> ResponseReturnValue:
    """Count the readers, or add a line or a preset; everything typed stays, nothing is kept."""
    notice = services.find(g.actor, g.community, notice_id) if notice_id is not None else None
    form, lines = DraftForm(), read_lines(request.form)
    do = request.form.get("do", "count")
    if do == "count":
        found = _count(lines)
        if wants_part():
            return render_template("notices/_reach.html", reach=found)
        return _page(form, lines, notice, reach=found)
    if do == "line":
        return _page(form, [*lines, EMPTY], notice)
    return _page(form, _preset(do), notice)


def _count(lines: list[Line]) -> dict[str, object]:
    terms = [line.term for line in lines]
    try:
        drafts.check_terms(g.community, terms)
    except Refused as refused:
        return {"error": str(refused)}
    count = audience.reach(g.community, terms)
    return {"words": pages.number_of_people(count), "readers": pages.readers(terms)}


def _preset(name: str) -> list[Line]:
    codes = {"residents": ["resident"], "workers": ["worker"], "units": ["unit"]}
    codes |= {"staff": ["staff"], "owners": ["owner"], "everybody": []}
    return [Line(kinds.ANY, code, g.community.id) for code in codes.get(name, [])]


def _page(
    form: DraftForm,
    lines: list[Line],
    notice: Notice | None = None,
    *,
    refused: Refused | None = None,
    reach: dict[str, object] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    audience_error = ""
    if refused is not None:
        field = getattr(form, refused.code, None)
        if field is not None:
            field.errors = [*field.errors, str(refused)]
        else:
            form.form_errors = [*form.form_errors, str(refused)]
            audience_error = str(refused) if refused.code == "audience" else ""
    page = render_template(
        "notices/edit.html",
        form=form,
        notice=notice,
        lines=(lines or [EMPTY]) if len(lines) < drafts.MOST_TERMS else lines,
        more=len(lines) < drafts.MOST_TERMS,
        roles=kinds.ROLES,
        groups=kinds.GROUPS,
        codes=readable.choices(g.community, [line.code for line in lines]),
        places=in_words(drafts.places(g.community)),
        meanings=kinds.MEANINGS,
        kinds=kinds.KINDS,
        reach=reach,
        audience_error=audience_error,
    )
    return page, status


@bp.post("/<int:notice_id>/submit")
@require(DRAFT)
def submit(notice_id: int) -> ResponseReturnValue:
    """Hand a draft on to be checked."""
    drafts.submit(g.actor, g.community, notice_id)
    db.session.commit()
    flash(_("Sent. Another person of the office checks and issues it."), "done")
    return see_other(url_for(".work", notice_id=notice_id))


@bp.get("/<int:notice_id>/files/")
@require(DRAFT)
def file_list(notice_id: int) -> ResponseReturnValue:
    """Show the files of a draft and the form for one more."""
    return _files_page(notice_id, FileForm())


def _files_page(notice_id: int, form: FileForm, status: int = 200) -> ResponseReturnValue:
    notice = services.find(g.actor, g.community, notice_id)
    services.in_hand(notice)
    page = render_template(
        "notices/files.html",
        notice=notice,
        form=form,
        files=[pages.file_of(notice, file) for file in files.listed(notice_id)],
    )
    return page, status


@bp.post("/<int:notice_id>/files/")
@require(DRAFT)
def attach(notice_id: int) -> ResponseReturnValue:
    """Take a file for a draft."""
    form = FileForm()
    if not form.validate_on_submit():
        return _files_page(notice_id, form, 422)
    upload = form.file.data
    try:
        files.attach(g.actor, g.community, notice_id, upload.stream, upload.filename, folder())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code in {"issued", "submitted", "no_notice"}:
            raise
        form.file.errors = [str(refused)]
        return _files_page(notice_id, form, 422)
    flash(_("The file is attached."), "done")
    return see_other(url_for(".file_list", notice_id=notice_id))


@bp.post("/<int:notice_id>/files/<int:file_id>/remove")
@require(DRAFT)
def detach(notice_id: int, file_id: int) -> ResponseReturnValue:
    """Take a file off a draft."""
    stored = files.detach(g.actor, g.community, notice_id, file_id)
    db.session.commit()
    (folder() / stored).unlink(missing_ok=True)
    flash(_("The file is taken off."), "done")
    return see_other(url_for(".file_list", notice_id=notice_id))
