"""Pages of the office: write a consultation, attach files, publish it; and its files for all."""

from pathlib import Path

from flask import Blueprint, current_app, flash, g, render_template, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations import attachments, pages, services
from civic.consultations.forms import AttachmentForm, DraftForm
from civic.consultations.models import Consultation
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require

bp = Blueprint("office", __name__, url_prefix="/c/<community>/consultations")


def _find(consultation_id: int) -> Consultation:
    return services.find(g.actor, g.community, consultation_id)


def _refuse(form: DraftForm, refused: Refused) -> None:
    fields = {"dates": form.voting_opens_at, "audience": form.audience, "options": form.options}
    field = fields.get(refused.code, form.title)
    field.errors = [*field.errors, str(refused)]


@bp.get("/new")
@require("consultations.manage")
def new() -> ResponseReturnValue:
    """Show the empty form."""
    return render_template("consultations/edit.html", form=DraftForm(), consultation=None)


@bp.post("/new")
@require("consultations.manage")
def create() -> ResponseReturnValue:
    """Keep a draft and go on to its files."""
    form = DraftForm()
    if form.validate_on_submit():
        try:
            made = services.create(g.actor, g.community, form.draft())
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            _refuse(form, refused)
        else:
            flash(_("The draft is kept. Nobody but the office sees it yet."), "done")
            return see_other(url_for(".edit", consultation_id=made.id))
    return render_template("consultations/edit.html", form=form, consultation=None), 422


@bp.get("/<int:consultation_id>/edit")
@require("consultations.manage")
def edit(consultation_id: int) -> ResponseReturnValue:
    """Show the form with a draft in it, its files, and the way to publish it."""
    return _edit_page(_find(consultation_id))


def _edit_page(
    consultation: Consultation,
    status: int = 200,
    *,
    form: DraftForm | None = None,
    file_form: AttachmentForm | None = None,
) -> ResponseReturnValue:
    services.still_draft(consultation)
    options, files, _vote = services.parts(consultation, None)
    page = render_template(
        "consultations/edit.html",
        consultation=consultation,
        form=form or DraftForm.of(consultation, [item.text for item in options]),
        file_form=file_form or AttachmentForm(formdata=None),
        files=[pages.attachment(consultation, file) for file in files],
        now=clock.now(),
    )
    return page, status


@bp.post("/<int:consultation_id>/edit")
@require("consultations.manage")
def change(consultation_id: int) -> ResponseReturnValue:
    """Change a draft."""
    consultation = _find(consultation_id)
    form = DraftForm()
    if form.validate_on_submit():
        try:
            services.change(consultation, form.draft())
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            if refused.code == "published":
                raise
            _refuse(form, refused)
        else:
            flash(_("The draft is kept."), "done")
            return see_other(url_for(".edit", consultation_id=consultation_id))
    return _edit_page(_find(consultation_id), 422, form=form)


@bp.post("/<int:consultation_id>/publish")
@require("consultations.manage")
def publish(consultation_id: int) -> ResponseReturnValue:
    """Publish a draft."""
    consultation = _find(consultation_id)
    try:
        services.publish(g.actor, g.community, consultation)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"over", "two_people"}:
            raise
        flash(str(refused), "error")
        return see_other(url_for(".edit", consultation_id=consultation_id))
    flash(_("The consultation is published; everybody can read it now."), "done")
    return see_other(url_for("consultations.show", consultation_id=consultation_id))


@bp.post("/<int:consultation_id>/attachments")
@require("consultations.manage")
def attach(consultation_id: int) -> ResponseReturnValue:
    """Take a file for a draft."""
    consultation = _find(consultation_id)
    form = AttachmentForm()
    if not form.validate_on_submit():
        return _edit_page(consultation, 422, file_form=form)
    try:
        attachments.attach(consultation, form.file.data.stream, form.file.data.filename, _folder())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code == "published":
            raise
        form.file.errors = [str(refused)]
        return _edit_page(_find(consultation_id), 422, file_form=form)
    flash(_("The file is attached."), "done")
    return see_other(url_for(".edit", consultation_id=consultation_id) + "#files")


@bp.post("/<int:consultation_id>/attachments/<int:attachment_id>/remove")
@require("consultations.manage")
def detach(consultation_id: int, attachment_id: int) -> ResponseReturnValue:
    """Take a file off a draft."""
    stored = attachments.detach(_find(consultation_id), attachment_id)
    db.session.commit()
    (_folder() / stored).unlink(missing_ok=True)
    flash(_("The file is taken off."), "done")
    return see_other(url_for(".edit", consultation_id=consultation_id) + "#files")


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].instance / "uploads"
    return folder


def serve(consultation_id: int, attachment_id: int, name: str) -> ResponseReturnValue:
    """Send an attachment to whoever may see its consultation."""
    found = attachments.find(_find(consultation_id), attachment_id, name)
    response = send_from_directory(_folder(), found.stored_name, conditional=True)
    for key, value in attachments.headers(found).items():
        response.headers[key] = value
    return response


bp.add_url_rule(
    "/<int:consultation_id>/attachments/<int:attachment_id>/<name>",
    "attachment",
    serve,
)
