"""Pages of the joint review: what offices say, letters, conditions; and its sheet on paper."""

from collections.abc import Callable
from http import HTTPStatus

from flask import g, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, db, require, see_other
from civic.api import gettext as _
from civic_rental import conversions, reviewing, states
from civic_rental.conversion_views import seen
from civic_rental.forms import LetterForm, OpinionForm, RequestForm, WordsForm, typed
from civic_rental.manifest import plugin
from civic_rental.models import Conversion, Opinion
from civic_rental.pages import WRONG, act, done, may, sheet, show
from civic_rental.words import titles


@plugin.get("/conversions/<int:conversion_id>/review", endpoint="review")
def page(conversion_id: int) -> ResponseReturnValue:
    """Show what the offices say of a conversion."""
    return _review(conversion_id)


def _review(
    conversion_id: int,
    *,
    form: OpinionForm | None = None,
    letter: LetterForm | None = None,
    met: tuple[int, str] = (0, ""),
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    row = seen(conversion_id)
    there = reviewing.opinions(row)
    asked = row.state == states.REVIEW
    left = [code for code in states.way().offices if code not in there] if asked else []
    own = [code for code in reviewing.speaks_for(g.actor, g.community) if code in left]
    return show(
        "review",
        status,
        row=row,
        asked=asked,
        offices=titles("conversion", "office"),
        opinions=there,
        earlier=reviewing.earlier(row),
        words_of=titles("conversion", "opinion"),
        own_form=(form or OpinionForm(own)) if (own or form) and may("review") else None,
        letter_form=(letter or LetterForm(left)) if (left or letter) and may("keep") else None,
        keeps=may("keep"),
        closed=row.state == states.CLOSED,
        met=met,
        error=error,
    )


def _address(row: Conversion) -> str:
    return url_for(".review", conversion_id=row.id)


@plugin.post("/conversions/<int:conversion_id>/review")
@require("rental.review")
def give(conversion_id: int) -> ResponseReturnValue:
    """Give the opinion of an office."""
    row = seen(conversion_id)
    form = OpinionForm(reviewing.speaks_for(g.actor, g.community))
    return act(
        form,
        lambda **values: _review(conversion_id, **values),
        lambda: reviewing.give(
            g.actor, row, form.office.data, form.opinion.data, (form.words.data or "").strip()
        ),
        _("The opinion of the office is given."),
        lambda: _address(row),
    )


@plugin.post("/conversions/<int:conversion_id>/letters")
@require("rental.keep")
def letter(conversion_id: int) -> ResponseReturnValue:
    """Record the opinion of an office out of its letter."""
    row, form = seen(conversion_id), LetterForm(states.way().offices)
    return act(
        form,
        lambda form, **values: _review(conversion_id, letter=form, **values),
        lambda: reviewing.record_letter(
            g.actor,
            row,
            form.office.data,
            form.opinion.data,
            (form.words.data or "").strip(),
            typed(form.letter),
        ),
        _("The letter is recorded. Somebody else compares it with the paper and confirms it."),
        lambda: _address(row),
    )


def _on(
    opinion_id: int, doing: Callable[[Opinion], None], said: str, words: str = ""
) -> ResponseReturnValue:
    """Act on an opinion; where it is refused, the page says why and keeps what was typed."""
    found = reviewing.one(g.community, opinion_id)
    key = found.conversion_id
    if not RequestForm().validate_on_submit():
        return _review(key, status=WRONG)
    try:
        doing(found)
    except Refused as refused:
        db.session.rollback()
        return _review(key, met=(opinion_id, words), error=str(refused), status=refused.status)
    done(said)
    return see_other(url_for(".review", conversion_id=key))


@plugin.post("/opinions/<int:opinion_id>/confirm")
@require("rental.keep")
def confirm(opinion_id: int) -> ResponseReturnValue:
    """Confirm what somebody else recorded out of a letter."""
    said = _("Confirmed: the opinion counts.")
    return _on(opinion_id, lambda found: reviewing.confirm(g.actor, found), said)


@plugin.post("/opinions/<int:opinion_id>/take-back")
@require("rental.keep")
def take_back(opinion_id: int) -> ResponseReturnValue:
    """Take back what was recorded wrongly out of a letter."""
    said = _("It is taken back. Record the letter anew.")
    return _on(opinion_id, lambda found: reviewing.take_back(g.actor, found), said)


@plugin.post("/opinions/<int:opinion_id>/meet")
@require("rental.keep")
def meet(opinion_id: int) -> ResponseReturnValue:
    """Record how a condition was met."""
    form = WordsForm()
    words = (form.words.data or "").strip()
    if form.is_submitted() and not form.validate():
        key = reviewing.one(g.community, opinion_id).conversion_id
        error = " ".join(form.words.errors) or _("Please send the form again.")
        return _review(key, met=(opinion_id, words), error=error, status=WRONG)
    said = _("The condition is met, and that is on record.")
    return _on(opinion_id, lambda found: reviewing.meet(g.actor, found, words), said, words)


@plugin.get("/conversions/<int:conversion_id>/review/print")
def review_sheet(conversion_id: int) -> ResponseReturnValue:
    """Show the opinions of all offices as they are printed and signed (房屋联审意见表)."""
    row = seen(conversion_id)
    return sheet(
        "review_sheet",
        url_for(".review", conversion_id=row.id, _external=True),
        row=row,
        offices=titles("conversion", "office"),
        opinions=reviewing.opinions(row),
        words_of=titles("conversion", "opinion"),
        partners=conversions.partners(row),
    )
