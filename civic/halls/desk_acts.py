"""What can be done at the desk of a meeting, each act with its form."""

from collections.abc import Callable
from typing import TypeAlias

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civic.halls import deciding, forms, hands, minutes, motion_steps, motions, presence, running
from civic.kernel.errors import Refused
from civic.kernel.numbers import identifier

#: Keys of the case and of the meeting.
Where: TypeAlias = tuple[int, int]


def _next(_form: FlaskForm, at: Where, item: int) -> None:
    hands.call_next(g.actor, g.community, *at, seen=item)


def _end(_form: FlaskForm, at: Where, item: int) -> None:
    hands.end(g.actor, g.community, *at, seen=item)


def _down(_form: FlaskForm, at: Where, item: int) -> None:
    hands.take_down(g.actor, g.community, *at, item)


def _add(form: forms.LabelForm, at: Where, _item: int) -> None:
    hands.add(g.actor, g.community, *at, form.label.data or "")


def _open(_form: FlaskForm, at: Where, _item: int) -> None:
    running.open_(g.actor, g.community, *at)


def _go(_form: FlaskForm, at: Where, item: int) -> None:
    running.go_to(g.actor, g.community, *at, item)


def _present(form: forms.PresentForm, at: Where, _item: int) -> None:
    presence.count(g.actor, g.community, *at, form.present.data)


def _close(_form: FlaskForm, at: Where, _item: int) -> None:
    running.close(g.actor, g.community, *at)


def _take(form: forms.EntryForm, at: Where, _item: int) -> None:
    if form.due.process_errors:
        message = _l("Please write the date as 2026-03-31, or leave it empty.")
        form.due.errors = [message]
        raise Refused("due", message)
    minutes.take(g.actor, g.community, *at, form.taken())


def _correct(form: forms.CorrectForm, at: Where, item: int) -> None:
    seen = identifier(form.seen.data or "") or 0
    words = form.words.data or ""
    minutes.correct(g.actor, g.community, *at, item, words=words, seen=seen)


def _move(form: forms.MoveForm, at: Where, item: int) -> None:
    mover = form.somebody("mover")
    if mover is None:
        raise Refused("label", _l("Please choose or write who moves it."))
    motions.move(
        g.actor,
        g.community,
        *at,
        words=form.words.data or "",
        mover=mover,
        seconder=form.somebody("seconder"),
        amends=item,
    )


def _second(form: forms.SeconderForm, at: Where, item: int) -> None:
    seconder = form.somebody("seconder")
    if seconder is None:
        raise Refused("label", _l("Please choose or write who seconds it."))
    motion_steps.second_for(g.actor, g.community, *at, item, seconder)


def _debate(_form: FlaskForm, at: Where, item: int) -> None:
    motion_steps.debate(g.actor, g.community, *at, item)


def _divide(form: forms.DivideForm, at: Where, item: int) -> None:
    lines = (form.parts.data or "").splitlines()
    parts = [line.strip() for line in lines if line.strip()]
    motion_steps.divide(g.actor, g.community, *at, item, parts)


def _withdraw(_form: FlaskForm, at: Where, item: int) -> None:
    motion_steps.withdraw(g.actor, g.community, *at, item)


def _put(form: forms.ReasonForm, at: Where, item: int) -> None:
    deciding.put(g.actor, g.community, *at, item, reason=form.reason.data or "")


def _record(form: forms.CountForm, at: Where, item: int) -> None:
    deciding.record(g.actor, g.community, *at, item, form.shown())


ACTS: dict[str, tuple[type[FlaskForm], Callable[..., None]]] = {
    "next": (FlaskForm, _next),
    "end": (FlaskForm, _end),
    "down": (FlaskForm, _down),
    "add": (forms.LabelForm, _add),
    "open": (FlaskForm, _open),
    "go": (FlaskForm, _go),
    "present": (forms.PresentForm, _present),
    "close": (FlaskForm, _close),
    "take": (forms.EntryForm, _take),
    "correct": (forms.CorrectForm, _correct),
    "move": (forms.MoveForm, _move),
    "amend": (forms.AmendForm, _move),
    "second": (forms.SeconderForm, _second),
    "debate": (FlaskForm, _debate),
    "divide": (forms.DivideForm, _divide),
    "withdraw": (FlaskForm, _withdraw),
    "put": (forms.ReasonForm, _put),
    "record": (forms.CountForm, _record),
}
#: Where the page goes on after an act; the floor is at its top.
ANCHORS = {
    **dict.fromkeys(("add", "down"), "queue"),
    **dict.fromkeys(("move", "amend", "second", "debate", "divide"), "motion"),
    **dict.fromkeys(("withdraw", "put", "record"), "motion"),
    **dict.fromkeys(("take", "correct"), "minutes"),
    **dict.fromkeys(("go", "present", "close"), "agenda"),
}
