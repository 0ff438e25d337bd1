"""Take one's own comment back."""

from flask import flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations import own_words
from civic.consultations.views import bp, find
from civic.kernel.db import db
from civic.kernel.htmx import see_other


@bp.get("/<int:consultation_id>/comments/<int:comment_id>/take-back")
def take_back_form(consultation_id: int, comment_id: int) -> ResponseReturnValue:
    """Ask whether a comment is to be taken back."""
    consultation = find(consultation_id)
    own = own_words.own(g.actor, consultation, comment_id)
    return render_template("consultations/take_back.html", consultation=consultation, comment=own)


@bp.post("/<int:consultation_id>/comments/<int:comment_id>/take-back")
def take_back(consultation_id: int, comment_id: int) -> ResponseReturnValue:
    """Erase the words of one's own comment."""
    consultation = find(consultation_id)
    found = own_words.take_back(g.actor, g.community, consultation, comment_id)
    db.session.commit()
    flash(_("Your words are erased. That there was a comment still shows."), "done")
    address = url_for(
        ".thread", consultation_id=consultation_id, comment_id=found.parent_id or found.id
    )
    return see_other(f"{address}#comment-{found.id}")
