"""Forms of the acts on the three lists: check, propose, answer, lead, rate."""

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from civic.api import choices, lazy_pgettext, moments
from civic.api import lazy_gettext as _l
from civic_party.entry_forms import LINE, NEEDED, long, short
from civic_party.list_rules import rules
from civic_party.list_titles import LEADS


class CheckForm(FlaskForm):  # type: ignore[misc]
    """Ask whether it goes on the list."""

    act = RadioField(
        _l("Does it go on the list?"),
        [InputRequired(NEEDED)],
        choices=choices(
            [("publish", _l("Yes, put it on the list")), ("return", _l("No, send it back"))]
        ),
    )
    reason = long(_l("If not: why?"), needed=False, rows=3)


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Ask for a reason."""

    why = long(_l("Reason"), needed=False, rows=3)


class ProposeForm(FlaskForm):  # type: ignore[misc]
    """Ask why a resource is proposed, and to which project it would belong."""

    resource = HiddenField()
    reason = long(_l("Why it should be done, where not all fits"), needed=False, rows=3)
    project = SelectField(_l("As a part of a project that is going on"), coerce=int, default=0)


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Guard the answer of a side."""

    side = HiddenField()
    words = long(_l("Words to the other side"), needed=False, rows=3)


class PlanForm(FlaskForm):  # type: ignore[misc]
    """Ask how a project is done, and which side leads it."""

    seen = HiddenField()
    lead = RadioField(_l("Who leads it?"), [InputRequired(NEEDED)], choices=choices(LEADS.items()))
    plan = long(_l("Plan: what is done, and how"), rows=5)


class StepForm(FlaskForm):  # type: ignore[misc]
    """Ask for one step."""

    words = short(_l("Step"), LINE)
    due = DateField(_l("By which day"), [InputRequired(NEEDED), moments.meant])


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Ask for the words that a move needs."""

    act = HiddenField()
    words = long(_l("Report, or reason"), needed=False, rows=4)


class RateForm(FlaskForm):  # type: ignore[misc]
    """Ask what the side in need says of a project."""

    need = HiddenField()
    stars = RadioField(
        _l("Did the project meet the need?"),
        [InputRequired(NEEDED)],
        choices=choices(
            [
                ("5", _l("Fully")),
                ("4", _l("For the most part")),
                ("3", _l("In part")),
                ("2", _l("Hardly")),
                ("1", _l("Not at all")),
            ]
        ),
    )
    words = long(
        _l("In a few words"),
        needed=False,
        rows=3,
        description=_l("Everybody reads this. It is about the project; please name nobody."),
    )


class WalkForm(FlaskForm):  # type: ignore[misc]
    """Ask how long it is on foot between two places."""

    one = SelectField(lazy_pgettext("lists", "From"), [InputRequired(NEEDED)], coerce=int)
    other = SelectField(lazy_pgettext("lists", "To"), [InputRequired(NEEDED)], coerce=int)
    minutes = IntegerField(
        _l("Minutes on foot"),
        [InputRequired(NEEDED), NumberRange(1, rules().longest_walk)],
        render_kw={"inputmode": "numeric"},
    )
