"""Pages of one comment: read it with its answers, support it, take one's own back."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.drafting import commenting, held, listing, pages, supporting
from civic.drafting.paragraphs import split
from civic.drafting.views import bp, reader, text_of
from civic.kernel.db import db
from civic.kernel.htmx import see_other, wants_part


def _shown(case: Consultation, comment_id: int) -> dict[str, object]:
    found, versions = text_of(case)
    who = reader(case, found)
    listed = listing.one(case.id, comment_id, who.person_id)
    if not listed.rows:
        raise held.missing()
    row = listed.rows[0]
    texts = {each.id: split(each.body) for each in versions}
    before = texts[row.version_id]
    return {
        "case": case,
        "c": pages.comments(listed, who, texts)[0],
        "text": before[row.paragraph - 1] if row.paragraph else "",
        "version": row.version,
        "newest": versions[0].number,
    }


@bp.get("/comments/<int:comment_id>")
def one(consultation_id: int, comment_id: int) -> str:
    """Show one comment with its answer, and the answers before."""
    return render_template("drafting/one.html", **_shown(case_of(consultation_id), comment_id))


@bp.post("/comments/<int:comment_id>/support")
def support(consultation_id: int, comment_id: int) -> ResponseReturnValue:
    """Support a comment, or no longer."""
    case = case_of(consultation_id)
    wants = request.form.get("wants") != "no"
    supporting.support(g.actor, g.community, case, comment_id, wants=wants)
    db.session.commit()
    if wants_part():
        return render_template("drafting/_support.html", **_shown(case, comment_id), swapped=True)
    flash(_("You support this comment.") if wants else _("You no longer support it."), "done")
    return see_other(url_for(".one", consultation_id=case.id, comment_id=comment_id))


@bp.get("/comments/<int:comment_id>/take-back")
def take_back_form(consultation_id: int, comment_id: int) -> str:
    """Ask whether a comment is to be taken back."""
    case = case_of(consultation_id)
    found = commenting.own(g.actor, case, comment_id)
    return render_template("drafting/take_back.html", case=case, comment=found)


@bp.post("/comments/<int:comment_id>/take-back")
def take_back(consultation_id: int, comment_id: int) -> ResponseReturnValue:
    """Erase the words of one's own comment."""
    case = case_of(consultation_id)
    commenting.take_back(g.actor, g.community, case.id, comment_id)
    db.session.commit()
    flash(_("Your words are erased. That there was a comment still shows."), "done")
    return see_other(url_for(".one", consultation_id=case.id, comment_id=comment_id))
