"""Pages on which everybody reads a text by paragraph, comments on it and sees the answers."""

from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.drafting import commenting, held, listing, pages
from civic.drafting.forms import CommentForm
from civic.drafting.models import DraftVersion, TextDraft
from civic.drafting.paragraphs import split
from civic.drafting.rules import rules
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other, wants_part
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed
from civic.moderation.models import WaitingText

bp = Blueprint(
    "drafts", __name__, url_prefix="/c/<community>/consultations/<int:consultation_id>/draft"
)


def text_of(case: Consultation) -> tuple[TextDraft, list[DraftVersion]]:
    """Return the text of a case with its versions, the newest first; 404 where none is there."""
    found, versions = held.text_of(case.id), held.versions(case.id)
    if found is None or not versions:
        raise held.missing()
    return found, versions


def number(name: str) -> int | None:
    """Return a small whole number from the query, or None."""
    return identifier(request.args.get(name, ""))


def chosen(versions: list[DraftVersion], wanted: int | None) -> DraftVersion:
    """Return a version by its number, the newest unless one is asked for; 404 for a wrong one."""
    one = next((each for each in versions if wanted in {None, each.number}), None)
    if one is None:
        raise held.missing()
    return one


def reader(case: Consultation, found: TextDraft) -> pages.Reader:
    """Return who reads, as far as pages differ."""
    refusal = commenting.why_not(g.actor, case, found, g.community.path, supports=True)
    return pages.Reader(
        person_id=g.actor.person_id,
        case_id=case.id,
        supports=refusal is None,
        moderates=allowed(g.actor, "consultations.moderate", g.community.path),
        answers=allowed(g.actor, held.MANAGE, g.community.path),
    )


@bp.get("")
def show(consultation_id: int) -> str:
    """Show a version, each paragraph with the comments that most people support."""
    case = case_of(consultation_id)
    found, versions = text_of(case)
    one = chosen(versions, number("version"))
    who = reader(case, found)
    counts = listing.counted(one.id)
    shown = listing.beside(one.id, [key for key, many in counts.items() if many], who.person_id)
    newest = versions[0].number
    refusal = commenting.why_not(g.actor, case, found, g.community.path)
    return render_template(
        "drafting/show.html",
        case=case,
        head=pages.head(case, found, one, newest, clock.now()),
        versions=versions,
        paragraphs=pages.paragraphs(one, counts, shown, who),
        comment_count=case.figures.get(held.COMMENTS, 0),
        refusal=str(refusal) if refusal else "",
        writes=refusal is None and one.number == newest,
        may_manage=who.answers,
        checked_first=case.checked_first,
    )


def page_of(
    case: Consultation,
    paragraph: int,
    form: CommentForm | None,
    status: int = 200,
    *,
    said: str = "",
) -> ResponseReturnValue:
    """Return one paragraph of the newest version with its form: a page, or a part of one."""
    found, versions = text_of(case)
    one, who = versions[0], reader(case, found)
    texts = split(one.body)
    if not 0 <= paragraph <= len(texts):
        raise held.missing()
    counts = listing.counted(one.id)
    listed = listing.beside(one.id, [paragraph], who.person_id)
    shown = pages.comments(listed, who, {one.id: texts})
    text = texts[paragraph - 1] if paragraph else ""
    refusal = commenting.why_not(g.actor, case, found, g.community.path)
    if form is not None:
        form.version.data = str(one.number)
    context: dict[str, Any] = {
        "case": case,
        "p": pages.paragraph(one, paragraph, text, counts.get(paragraph, 0), shown, who),
        "form": form if refusal is None else None,
        "refusal": str(refusal) if refusal else "",
        "writes": refusal is None,
        "said": said,
        "most": rules(),
        "checked_first": case.checked_first,
    }
    template = "drafting/_paragraph.html" if wants_part() else "drafting/paragraph.html"
    return render_template(template, **context), status


@bp.get("/comments/new")
def comment_form(consultation_id: int) -> ResponseReturnValue:
    """Show the form in which one comments on a paragraph."""
    return page_of(case_of(consultation_id), number("paragraph") or 0, CommentForm(formdata=None))


@bp.post("/comments")
def comment(consultation_id: int) -> ResponseReturnValue:
    """Take a comment on a paragraph."""
    case = case_of(consultation_id)
    form = CommentForm()
    paragraph = identifier(request.form.get("paragraph", "")) or 0
    try:
        made = commenting.comment(
            g.actor,
            g.community,
            case,
            form.said(paragraph),
            form_key=form.form_key.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"empty", "words", "wording", "too_many", "old_version"}:
            raise
        field = form.wording if refused.code == "wording" else form.words
        field.errors = [str(refused)]
        return page_of(case_of(consultation_id), paragraph, form, refused.status)
    waits = isinstance(made, WaitingText)
    said = (
        _("Your comment is with the office; it is published when it is checked.")
        if waits
        else _("Your comment is published. The office answers it.")
    )
    if wants_part():
        return page_of(case_of(consultation_id), paragraph, None, said=said)
    flash(said, "done")
    if waits:
        return see_other(url_for("moderation.mine") + f"#waiting-{made.id}")
    return see_other(url_for(".one", consultation_id=case.id, comment_id=made.id))
