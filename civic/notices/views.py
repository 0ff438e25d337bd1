"""Pages of notices for readers: the board, its archive, the sheet, paper, the feed."""

from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from civic.kernel import clock, plugins, public_notes, qr
from civic.kernel.db import db
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed
from civic.notices import corrections, files, kinds, listing, pages, receipts, services
from civic.notices.audience import DRAFT, ISSUE
from civic.notices.models import Notice, NoticeStep

bp = Blueprint("notices", __name__, url_prefix="/c/<community>/notices")


def find(notice_id: int) -> Notice:
    """Return the notice of an address, for whoever may see it."""
    return services.find(g.actor, g.community, notice_id)


def works_here() -> bool:
    """Tell whether the reader drafts or issues notices at this place."""
    return any(allowed(g.actor, code, g.community.path) for code in (DRAFT, ISSUE))


def _list(*, archived: bool) -> str:
    kind = request.args.get("kind", "")
    before = identifier(request.args.get("before", ""))
    ask = listing.archive if archived else listing.board
    found = ask(g.actor, g.community, kind=kind, before=before)
    endpoint = ".archive" if archived else ".index"
    here: dict[str, Any] = {"kind": kind} if kind else {}
    older = url_for(endpoint, before=found[-1].id, **here) if _full(found) else ""
    filters = [("", _("All"))] + [(code, str(title)) for code, title in kinds.KINDS.items()]
    return render_template(
        "notices/index.html",
        rows=[pages.row(notice) for notice in found],
        archived=archived,
        older_url=older,
        newest_url=url_for(endpoint, **here) if before else "",
        filters=[
            {
                "title": title,
                "url": url_for(endpoint, kind=code or None),
                "current": code == kind,
            }
            for code, title in filters
        ],
        works_here=works_here(),
    )


def _full(found: Any) -> bool:  # noqa: ANN401 - a page of a list
    return len(found) == listing.PER_PAGE


@bp.get("/")
def index() -> str:
    """List what hangs on the board now."""
    return _list(archived=False)


@bp.get("/archive")
def archive() -> str:
    """List what hung there once."""
    return _list(archived=True)


@bp.get("/<int:notice_id>")
def show(notice_id: int) -> ResponseReturnValue:
    """Show the sheet."""
    notice = find(notice_id)
    if notice.issued_at is None:
        return redirect(url_for("notice_desk.work", notice_id=notice.id))
    steps = select(NoticeStep).filter_by(notice_id=notice.id).order_by(NoticeStep.id)
    mine = []
    if notice.receipt_by is not None and g.actor.person_id is not None:
        mine = receipts.of_organisations(notice, g.actor.person_id)
    found = [item for item in corrections.versions(notice.id) if item.at is not None]
    terms = services.terms_of(notice.id)
    standing = public_notes.of("notice", notice.id, g.community.slug if not terms else "")
    return render_template(
        "notices/show.html",
        sheet=sheet(notice),
        readers=pages.readers(terms),
        standing=standing,
        versions=pages.changes(found) if shows_text(notice) else [],
        timeline=pages.timeline(db.session.scalars(steps).all(), everything=False),
        receipts=mine,
        receipt_by=notice.receipt_by,
        works_here=works_here(),
        actions=plugins.registry().actions(g.community, g.actor, notice),
    )


def shows_text(notice: Notice) -> bool:
    """Tell whether the reader sees the text: of what is withdrawn only the office does."""
    return notice.withdrawn_at is None or works_here()


def sheet(notice: Notice) -> dict[str, Any]:
    """Return what a sheet shows its reader; of what is withdrawn neither text nor files."""
    shown = shows_text(notice)
    found = pages.sheet(notice, files.listed(notice.id) if shown else ())
    if not shown:
        found |= {"html": "", "matter": "", "basis": ""}
    return found


def _paper(template: str, notice_id: int) -> ResponseReturnValue:
    notice = find(notice_id)
    found = sheet(notice)
    square = qr.square(found["public_url"])
    return render_template(template, sheet=found, square=square, now=clock.now())


@bp.get("/<int:notice_id>/print")
def paper(notice_id: int) -> ResponseReturnValue:
    """Show the sheet as it hangs on the board, to be printed."""
    return _paper("notices/print.html", notice_id)


@bp.get("/<int:notice_id>/poster")
def poster(notice_id: int) -> ResponseReturnValue:
    """Show a poster that leads to the sheet, to be printed."""
    return _paper("notices/poster.html", notice_id)


@bp.get("/feed.atom")
def feed() -> ResponseReturnValue:
    """Send the newest notices that the reader may see, for feed readers."""
    found = listing.feed(g.actor, g.community)
    stamps = [notice.changed_at for notice in found if notice.changed_at]
    page = render_template(
        "notices/feed.xml",
        notices=found,
        kinds=kinds.KINDS,
        updated=max(stamps, default=g.community.node.valid_from),
        site=request.host,
    )
    response = make_response(page)
    response.mimetype = "application/atom+xml"
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    response.add_etag()
    return response.make_conditional(request)


def folder() -> Path:
    """Return where the files of people are kept."""
    found: Path = current_app.config["SETTINGS"].instance / "uploads"
    return found


@bp.get("/<int:notice_id>/files/<int:file_id>/<name>")
def file(notice_id: int, file_id: int, name: str) -> ResponseReturnValue:
    """Send a file to whoever may see its notice."""
    notice = find(notice_id)
    if not shows_text(notice):
        raise services.missing()
    found = files.find(notice, file_id, name)
    response = send_from_directory(folder(), found.stored_name, conditional=True)
    for key, value in files.headers(found).items():
        response.headers[key] = value
    return response


@bp.post("/<int:notice_id>/acknowledge")
def acknowledge(notice_id: int) -> ResponseReturnValue:
    """Take the receipt of an organisation."""
    organisation = identifier(request.form.get("organisation", "")) or 0
    first = receipts.acknowledge(g.actor, g.community, notice_id, organisation)
    db.session.commit()
    said = _("Thank you. The receipt is recorded.")
    flash(said if first else _("The receipt of your unit was recorded already."), "done")
    return see_other(url_for(".show", notice_id=notice_id) + "#receipt")
