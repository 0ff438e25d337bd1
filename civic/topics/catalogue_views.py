"""Pages of the yearly catalogue: for everybody, on paper, and on the desk."""

from flask import Blueprint, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import allowed, require
from civic.topics import catalogue, scales
from civic.topics.catalogue_forms import EntryForm, YearForm
from civic.topics.models import Catalogue

bp = Blueprint("catalogue", __name__, url_prefix="/c/<community>")
FIELDS = {"title", "obligation", "exclusion"}
ONE = "/desk/catalogue/<int:catalogue_id>"


@bp.get("/catalogue/")
def index() -> str:
    """Show the catalogue in force."""
    return _public(catalogue.in_force(g.community))


@bp.get("/catalogue/<int:year>/<int:number>")
def version(year: int, number: int) -> str:
    """Show one version of a year, as it was published."""
    found = catalogue.version(g.community, year, number)
    if found is None:
        raise catalogue.missing()
    return _public(found)


def _public(found: Catalogue | None) -> str:
    versions = catalogue.versions(g.community)
    newer = next((one for one in versions if found and one.year == found.year), found)
    return render_template(
        "topics/catalogue.html",
        catalogue=found,
        groups=_groups(found),
        versions=versions,
        replaced=newer if found and newer and newer.id != found.id else None,
        manages=allowed(g.actor, catalogue.PERMISSION, g.community.path),
        now=clock.now(),
    )


def _groups(found: Catalogue | None) -> list[tuple[str, list[tuple[int, str, str, str]]]]:
    """Return the entries by what is said of them, each with number, title, reason and words."""
    rows = catalogue.entries(found.id) if found else []
    return [
        (
            str(title),
            [
                (
                    row.number,
                    row.title,
                    str(scales.exclusions()[row.exclusion]) if row.exclusion else "",
                    row.words,
                )
                for row in rows
                if row.obligation == code
            ],
        )
        for code, title in scales.obligations().items()
    ]


@bp.get("/desk/catalogue/")
@require(catalogue.PERMISSION)
def desk() -> ResponseReturnValue:
    """Show the versions, and begin a new one."""
    return _desk(YearForm(formdata=None, year=clock.local(clock.now()).year))


def _desk(form: YearForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "topics/catalogues.html", form=form, versions=catalogue.versions(g.community)
    )
    return page, status


@bp.post("/desk/catalogue/")
@require(catalogue.PERMISSION)
def begin() -> ResponseReturnValue:
    """Begin a version for a year, or go on with its draft."""
    form = YearForm()
    if not form.validate_on_submit():
        return _desk(form, 422)
    try:
        made = catalogue.begin(g.actor, g.community, form.year.data or 0)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "year":
            raise
        form.year.errors = [str(refused)]
        return _desk(form, 422)
    return see_other(url_for(".edit", catalogue_id=made.id))


@bp.get(ONE)
@require(catalogue.PERMISSION)
def edit(catalogue_id: int) -> ResponseReturnValue:
    """Show a draft with its entries, and the form for another one."""
    return _edit(catalogue_id, EntryForm(formdata=None))


def _edit(catalogue_id: int, form: EntryForm, status: int = 200) -> ResponseReturnValue:
    found = catalogue.find(g.community, catalogue_id)
    form.prepare()
    page = render_template(
        "topics/catalogue_edit.html",
        catalogue=found,
        entries=catalogue.entries(found.id),
        obligations=scales.obligations(),
        exclusions=scales.exclusions(),
        form=form,
    )
    return page, status


@bp.post(f"{ONE}/entries")
@require(catalogue.PERMISSION)
def add(catalogue_id: int) -> ResponseReturnValue:
    """Add an entry."""
    form = EntryForm()
    form.prepare()
    if not form.validate_on_submit():
        return _edit(catalogue_id, form, 422)
    try:
        catalogue.add(g.actor, g.community, catalogue_id, form.entry())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        field = "topic" if refused.code == "no_topic" else refused.code
        if field not in {*FIELDS, "topic"}:
            raise
        form[field].errors = [str(refused)]
        return _edit(catalogue_id, form, 422)
    flash(_("The entry is in the draft."), "done")
    return see_other(url_for(".edit", catalogue_id=catalogue_id))


@bp.post(f"{ONE}/entries/<int:entry_id>/remove")
@require(catalogue.PERMISSION)
def remove(catalogue_id: int, entry_id: int) -> ResponseReturnValue:
    """Take an entry out."""
    catalogue.remove(g.actor, g.community, catalogue_id, entry_id)
    db.session.commit()
    flash(_("The entry is taken out."), "done")
    return see_other(url_for(".edit", catalogue_id=catalogue_id))


@bp.post(f"{ONE}/publish")
@require(catalogue.PERMISSION)
def publish(catalogue_id: int) -> ResponseReturnValue:
    """Publish a draft, for good."""
    try:
        catalogue.publish(g.actor, g.community, catalogue_id)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code != "empty":
            raise
        flash(str(refused), "error")
        return see_other(url_for(".edit", catalogue_id=catalogue_id))
    flash(_("The catalogue is published; everybody can read it now."), "done")
    return see_other(url_for(".index"))
