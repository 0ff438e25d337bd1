"""The desk of a meeting: who speaks next, motions, minutes; for the chair and who sits beside."""

from typing import Any

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.halls import desk_acts, forms, meetings, minutes, pages, running, who
from civic.halls.models import HallMeeting
from civic.halls.views import case_of, now_of, unchanged
from civic.identities.weight import of_weight
from civic.kernel import htmx
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.numbers import identifier
from civic.kernel.permissions import require

#: How many of the newest entries stand at the desk, each with its correction.
NEWEST = 6
bp = Blueprint(
    "hall_desk",
    __name__,
    url_prefix="/c/<community>/consultations/<int:consultation_id>/hall/<int:meeting_id>/desk",
)


@bp.get("")
@require(who.KEEP)
def desk(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Show what can be done now."""
    found = meetings.find(g.community, consultation_id, meeting_id)
    who.must_keep(g.actor, found, g.community.path)
    if unchanged(found):
        return "", 204
    return _page(consultation_id, found)


def _page(
    case_id: int,
    found: HallMeeting,
    sent: tuple[str, FlaskForm] | None = None,
    error: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    act, typed = sent or ("", None)

    def form(name: str, kind: type[FlaskForm], key: int = 0) -> Any:  # noqa: ANN401 - of the kind given
        # Of corrections there are several, told apart by the entry that they are about.
        about = identifier(request.form.get("item", "")) or 0
        kept = act == name and key in {0, about}
        return typed if kept else kind(formdata=None, prefix=_prefix(name, key))

    going = now_of(found)
    newest = minutes.of(found.id, NEWEST)[::-1]
    entries = pages.entries(newest, minutes.old_words(found.id))
    corrections = {one["id"]: form("correct", forms.CorrectForm, one["id"]) for one in entries}
    for one in entries:
        if corrections[one["id"]] is not typed:
            corrections[one["id"]].words.data = one["words"]
            corrections[one["id"]].seen.data = str(one["edition"])
    offered = {
        name: form(name, kind)
        for name, kind in (
            ("move", forms.MoveForm),
            ("amend", forms.AmendForm),
            ("second", forms.SeconderForm),
        )
    }
    for one in offered.values():
        one.offer(going["known"])
    if offered["amend"] is not typed and going["motions"]:
        offered["amend"].words.data = going["motions"][-1]["words"]
    present = form("present", forms.PresentForm)
    if present is not typed:
        present.present.data = found.present or found.checked_in or None
    return htmx.render(
        "halls/desk.html",
        "halls/_desk.html",
        status=status,
        case=case_of(case_id),
        error=error,
        act=act,
        leads=who.chairs(g.actor, found),
        **going,
        **offered,
        entries=entries,
        corrections=corrections,
        present=present,
        take=form("take", forms.EntryForm),
        add=form("add", forms.LabelForm),
        put=form("put", forms.ReasonForm),
        divide=form("divide", forms.DivideForm),
        record=form("record", forms.CountForm),
    )


def _refused(
    case_id: int, meeting_id: int, refused: Refused, sent: tuple[str, FlaskForm] | None = None
) -> ResponseReturnValue:
    """Show the desk once more with what was refused; whoever may not be there sees no desk."""
    db.session.rollback()
    found = meetings.find(g.community, case_id, meeting_id)
    who.must_keep(g.actor, found, g.community.path)
    return _page(case_id, found, sent, str(refused), refused.status)


def _prefix(name: str, key: int = 0) -> str:
    return f"{name}-{key}-" if key else f"{name}-"


@bp.post("/<act>")
@require(who.KEEP)
def step(consultation_id: int, meeting_id: int, act: str) -> ResponseReturnValue:
    """Do one thing at the desk."""
    case_of(consultation_id)
    if act not in desk_acts.ACTS:
        raise meetings.missing()
    form_class, do = desk_acts.ACTS[act]
    item = identifier(request.form.get("item", "")) or 0
    # Only corrections stand on the page more than once: their fields carry the key of the entry.
    form = form_class(prefix=_prefix(act, item if act == "correct" else 0))
    if isinstance(form, forms.SeconderForm):
        form.offer([])
    try:
        do(form, (consultation_id, meeting_id), item)
        db.session.commit()
    except Refused as refused:
        return _refused(consultation_id, meeting_id, refused, (act, form))
    return htmx.see_other(
        url_for(".desk", consultation_id=consultation_id, meeting_id=meeting_id)
        + f"#{desk_acts.ANCHORS.get(act, 'floor')}"
    )


@bp.post("/sign")
@require(who.KEEP)
@of_weight
def sign(consultation_id: int, meeting_id: int) -> ResponseReturnValue:
    """Sign the minutes."""
    case_of(consultation_id)
    try:
        running.sign(g.actor, g.community, consultation_id, meeting_id)
        db.session.commit()
    except Refused as refused:
        return _refused(consultation_id, meeting_id, refused)
    flash(_("The minutes are signed. Nothing of them changes any more."), "done")
    return htmx.see_other(
        url_for("halls.minutes_page", consultation_id=consultation_id, meeting_id=meeting_id)
    )
