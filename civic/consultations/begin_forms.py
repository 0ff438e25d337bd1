"""The form with which a case of a process begins."""

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from civic.consultations import starting
from civic.consultations.starting import Beginning
from civic.identities.kinds import AUDIENCES
from civic.kernel import choices
from civic.procedures import services as procedures
from civic.procedures.phrases import say
from civic.processes.schema import Process


class BeginForm(FlaskForm):  # type: ignore[misc]
    """Ask what a case is about, whom it asks, and by which procedure people decide."""

    title = StringField(
        _l("The question"),
        [InputRequired(_l("Please write the question.")), Length(max=80)],
        description=_l("One sentence that residents understand, at most 80 characters."),
    )
    background = TextAreaField(
        _l("What it is about"),
        [InputRequired(_l("Please say what it is about.")), Length(max=20000)],
        description=_l("Why now, what it costs, what happens afterwards. Markdown works."),
    )
    audience = SelectMultipleField(
        _l("Who is asked"),
        choices=choices.listed(AUDIENCES.items()),
        validate_choice=False,  # the service refuses it, in the reader's language
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    procedure = RadioField(_l("By which procedure people decide"), validate_choice=False)
    checked = RadioField(
        _l("When is what people write checked?"),
        default="after",
        choices=choices.listed(
            [
                ("after", _l("Afterwards: it stands at once, and is looked at when reported")),
                ("before", _l("Before: it stands when the office has checked it")),
            ]
        ),
        description=_l("The page says which. Choose “before” only where it is needed."),
    )
    form_key = HiddenField(default=lambda: secrets.token_urlsafe(12))

    def ask(self, process: Process) -> "BeginForm":
        """Offer the procedures that fit; without any vote there is nothing to choose."""
        fitting = starting.procedures_for(process)
        self.procedure.choices = [
            (one.code, say(procedures.procedure_of(one).title)) for one in fitting
        ]
        if not any(stage.procedures for stage in process.stages):
            del self.procedure
        elif not self.procedure.data and fitting:
            self.procedure.data = fitting[0].code
        return self

    def beginning(self, code: str) -> Beginning:
        """Return what was entered; only after validation."""
        return Beginning(
            code=code,
            title=self.title.data or "",
            background=self.background.data or "",
            audience=self.audience.data or [],
            procedure=(self.procedure.data or "") if "procedure" in self else "",
            checked_first=self.checked.data == "before",
            form_key=(self.form_key.data or "")[:40],
        )
