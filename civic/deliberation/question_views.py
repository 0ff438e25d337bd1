"""Pages of questions: all of a case, one with its answer, ask, want to know too, answer."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.consultations.here import case_of
from civic.consultations.models import Consultation
from civic.deliberation import answering, asked, gate, pages, questions
from civic.deliberation.forms import AnswerForm, QuestionForm
from civic.deliberation.places import Place
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.htmx import see_other, wants_part
from civic.kernel.numbers import identifier
from civic.kernel.permissions import allowed, require
from civic.moderation.models import WaitingText

bp = Blueprint(
    "questions", __name__, url_prefix="/c/<community>/consultations/<int:consultation_id>/questions"
)


@bp.get("")
def index(consultation_id: int) -> ResponseReturnValue:
    """List the questions of a case: those that wait first, then those with an answer."""
    return _page(case_of(consultation_id), None)


def _page(case: Consultation, sent: QuestionForm | None, status: int = 200) -> ResponseReturnValue:
    refusal = gate.why_not(g.actor, g.community, case, gate.QUESTIONS)
    after = Place.read(request.args.get("after", ""))
    before = identifier(request.args.get("before", ""))
    waiting = asked.waiting_ones(case.id, after) if before is None else []
    done = asked.answered(case.id, before) if after is None else []
    answers = answering.editions([one.id for one in done])
    mine = asked.supported(g.actor.person_id, [one.id for one in waiting])
    now = clock.now()
    rows = [
        pages.question(
            one,
            g.actor,
            now,
            answers.get(one.id, []),
            wants=one.id in mine,
            supports=refusal is None,
        )
        for one in (*waiting, *done)
    ]
    full = len(waiting) == asked.PER_PAGE
    last = Place(waiting[-1].supports, waiting[-1].id) if full else ""
    page = render_template(
        "deliberation/questions.html",
        case=case,
        waiting=rows[: len(waiting)],
        done=rows[len(waiting) :],
        more_waiting=url_for(".index", consultation_id=case.id, after=str(last)) if full else "",
        older=url_for(".index", consultation_id=case.id, before=done[-1].id)
        if len(done) == asked.PER_PAGE
        else "",
        first=after is None and before is None,
        form=None if refusal else sent or QuestionForm(formdata=None),
        refusal=str(refusal) if refusal else "",
        bounds=pages.bounds(),
    )
    return page, status


@bp.post("")
def ask(consultation_id: int) -> ResponseReturnValue:
    """Take a question."""
    case = case_of(consultation_id)
    form = QuestionForm()
    try:
        made = questions.ask(
            g.actor,
            g.community,
            case,
            words=form.words.data or "",
            form_key=form.form_key.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"words", "too_many"}:
            raise
        form.words.errors = [str(refused)]
        return _page(case_of(consultation_id), form, refused.status)
    if isinstance(made, WaitingText):
        flash(_("Your question is with the office; it is published when it is checked."), "done")
        return see_other(url_for("moderation.mine") + f"#waiting-{made.id}")
    flash(_("Your question is published. You are told when there is an answer."), "done")
    return see_other(url_for(".show", consultation_id=case.id, question_id=made.id))


@bp.get("/<int:question_id>")
def show(consultation_id: int, question_id: int) -> ResponseReturnValue:
    """Show one question with its answer in all wordings, and the form of the office."""
    return _one(case_of(consultation_id), question_id, None)


def _one(
    case: Consultation, question_id: int, sent: AnswerForm | None, status: int = 200
) -> ResponseReturnValue:
    found = asked.find(case, question_id)
    refusal = gate.why_not(g.actor, g.community, case, gate.QUESTIONS)
    answers = answering.editions([found.id]).get(found.id, [])
    may_answer = found.hidden_by is None and allowed(g.actor, gate.ANSWER, g.community.path)
    form = (sent or AnswerForm(formdata=None)) if may_answer else None
    if form is not None and not answers:
        del form.reason
    page = render_template(
        "deliberation/question.html",
        case=case,
        one=pages.question(
            found,
            g.actor,
            clock.now(),
            answers,
            wants=found.id in asked.supported(g.actor.person_id, [found.id]),
            supports=refusal is None,
        ),
        form=form,
        bounds=pages.bounds(),
    )
    return page, status


@bp.post("/<int:question_id>")
@require(gate.ANSWER)
def answer(consultation_id: int, question_id: int) -> ResponseReturnValue:
    """Answer a question, or word its answer anew."""
    case = case_of(consultation_id)
    form = AnswerForm()
    try:
        answering.answer(
            g.actor,
            g.community,
            case,
            question_id,
            words=form.words.data or "",
            reason=form.reason.data or "",
        )
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.code not in {"words", "reason", "often"}:
            raise
        (form.reason if refused.code == "reason" else form.words).errors = [str(refused)]
        return _one(case_of(consultation_id), question_id, form, refused.status)
    flash(_("The answer is published. Those who wait for it are told."), "done")
    return see_other(url_for(".show", consultation_id=case.id, question_id=question_id))


@bp.post("/<int:question_id>/support")
def support(consultation_id: int, question_id: int) -> ResponseReturnValue:
    """Want to know it too, or no longer."""
    case = case_of(consultation_id)
    wants = request.form.get("wants") == "yes"
    found = questions.support(g.actor, g.community, case, question_id, wants=wants)
    db.session.commit()
    if wants_part():
        one = pages.question(
            asked.find(case, question_id), g.actor, clock.now(), [], wants=wants, supports=True
        )
        return render_template("deliberation/_me_too.html", one=one, swapped=True)
    return see_other(url_for(".index", consultation_id=case.id) + f"#question-{found.id}")


@bp.get("/<int:question_id>/take-back")
def take_back_form(consultation_id: int, question_id: int) -> ResponseReturnValue:
    """Ask whether a question is to be taken back."""
    case = case_of(consultation_id)
    found = questions.own(g.actor, case, question_id)
    return render_template(
        "deliberation/take_back.html",
        case=case,
        title=_("Take this question back?"),
        words=found.words,
        what=_("Your words are erased for good, and the office owes no answer."),
        action=url_for(".take_back", consultation_id=case.id, question_id=found.id),
        back=url_for(".show", consultation_id=case.id, question_id=found.id),
    )


@bp.post("/<int:question_id>/take-back")
def take_back(consultation_id: int, question_id: int) -> ResponseReturnValue:
    """Erase one's own question."""
    case = case_of(consultation_id)
    questions.take_back(g.actor, g.community, case, question_id)
    db.session.commit()
    flash(_("Your question is erased."), "done")
    return see_other(url_for(".index", consultation_id=case.id))
