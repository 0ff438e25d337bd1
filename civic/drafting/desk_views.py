"""Pages of the office about a text: write it, publish it, hear comments longer, close it."""

from collections.abc import Callable

from flask import Blueprint, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.drafting import conditions, held, times, writing
from civic.drafting.forms import PublishForm, UntilForm, WriteForm
from civic.drafting.held import MANAGE
from civic.drafting.rules import rules
from civic.identities.weight import of_weight
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other
from civic.kernel.permissions import require
from civic.notices.differences import differences

bp = Blueprint(
    "draft_desk",
    __name__,
    url_prefix="/c/<community>/consultations/<int:consultation_id>/draft/work",
)


@bp.get("")
@require(MANAGE)
def work(consultation_id: int) -> ResponseReturnValue:
    """Show the text as the office has it, and what can be done now."""
    return _page(case_of(consultation_id), None)


def _page(
    case: Consultation, sent: FlaskForm | None, error: str = "", status: int = 200, code: str = ""
) -> ResponseReturnValue:
    now, found = clock.now(), held.text_of(case.id)
    newest = held.newest(case.id)
    revision = found.revision if found else 0
    write = sent if isinstance(sent, WriteForm) else WriteForm(formdata=None)
    theirs = found if write is sent and code == "stale" else None
    if write is not sent:
        write.fill(found)
    elif theirs is not None:
        # Who has seen both can keep theirs: the form is about the newest text from now on.
        write.revision.data = str(revision)
    publish = sent if isinstance(sent, PublishForm) else PublishForm(formdata=None)
    if publish is not sent:
        publish.fill(times.usual_end(case, now))
    publish.revision.data = str(revision)
    prolong = sent if type(sent) is UntilForm else UntilForm(formdata=None, prefix="prolong-")
    closed = found is not None and found.closed_at is not None
    published = found is not None and found.comments_until is not None
    page = render_template(
        "drafting/work.html",
        case=case,
        error=error,
        found=found,
        newest=newest,
        theirs=theirs,
        change=differences(theirs.body, write.body.data or "") if theirs else [],
        write=write,
        publish=publish,
        prolong=prolong,
        writable=writing.writable(case, now),
        unsaved=newest is None
        or found is None
        or (newest.title, newest.body) != (found.title, found.body),
        closed=closed,
        published=published,
        left=conditions.unanswered(case, found, now) if found and published and not closed else [],
        waiting=case.figures.get(held.WAITING, 0),
        most=rules(),
    )
    return page, status


def _write(form: WriteForm, case_id: int) -> None:
    writing.save(
        g.actor,
        g.community,
        case_id,
        title=form.title.data or "",
        body=form.body.data or "",
        revision=form.seen(),
    )


def _publish(form: PublishForm, case_id: int) -> None:
    writing.publish(
        g.actor,
        g.community,
        case_id,
        revision=form.seen(),
        note=form.note.data or "",
        until=form.end(),
    )


def _prolong(form: UntilForm, case_id: int) -> None:
    writing.prolong(g.actor, g.community, case_id, form.end())


def _close(_form: FlaskForm, case_id: int) -> None:
    writing.close(g.actor, g.community, case_id)


ACTS: dict[str, tuple[Callable[[], FlaskForm], Callable[..., None]]] = {
    "publish": (PublishForm, _publish),
    "prolong": (lambda: UntilForm(prefix="prolong-"), _prolong),
    "close": (FlaskForm, _close),
}


@bp.post("")
@require(MANAGE)
def save(consultation_id: int) -> ResponseReturnValue:
    """Keep the text; nobody else sees it yet."""
    return _done(consultation_id, WriteForm(), _write, _("The text is saved; nobody else sees it."))


@bp.post("/<any(publish, prolong, close):act>")
@require(MANAGE)
@of_weight
def step(consultation_id: int, act: str) -> ResponseReturnValue:
    """Publish a version, hear comments longer, or close the text."""
    make, do = ACTS[act]
    return _done(consultation_id, make(), do, _("Done."))


def _done(
    consultation_id: int, form: FlaskForm, do: Callable[..., None], said: str
) -> ResponseReturnValue:
    case_of(consultation_id)
    try:
        do(form, consultation_id)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        words = str(refused)
        if refused.code in form:
            form[refused.code].errors, words = [words], ""
        return _page(case_of(consultation_id), form, words, refused.status, refused.code)
    flash(said, "done")
    return see_other(url_for(".work", consultation_id=consultation_id))
