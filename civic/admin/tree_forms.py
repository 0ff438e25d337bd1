"""Forms that change the tree."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic.communities.tree import LONGEST, Act
from civic.kernel import clock
from civic.kernel.moments import meant

SHORT, LONG = 120, 2000
CHOOSE = _l("Please choose one.")


class ActForm(FlaskForm):  # type: ignore[misc]
    """Ask since when a change holds, and on what ground."""

    on = DateField(_l("Holds since"), [Optional(), meant])
    basis = StringField(
        _l("Decision it rests on"),
        [Length(max=SHORT)],
        description=_l("The number of the document, as 西街办〔2026〕12号."),
    )

    def act(self, person_id: int | None) -> Act:
        """Return the act; today means now, an earlier day its beginning."""
        now = clock.now()
        day = self.on.data
        at = now
        if day is not None and day != clock.local(now).date():
            at = datetime(day.year, day.month, day.day, tzinfo=clock.ZONE)
        return Act(person_id=person_id, at=at, basis=self.basis.data or "")


def _name() -> StringField:
    return StringField(
        _l("Name"),
        [InputRequired(_l("Please enter a name.")), Length(max=LONGEST)],
        render_kw={"maxlength": LONGEST},
    )


class AddForm(ActForm):
    """Ask for a place to add."""

    kind = SelectField(_l("Kind"))
    name = _name()


class RenameForm(ActForm):
    """Ask for another name."""

    name = _name()


class MoveForm(ActForm):
    """Ask below which place one is to stand."""

    parent = RadioField(_l("Below which place"), [InputRequired(CHOOSE)], coerce=int)


def _slug() -> StringField:
    return StringField(
        _l("Name in addresses"),
        [Length(max=40)],
        description=_l("Small letters and digits, as erlonglu. It cannot be changed later."),
    )


class HomeForm(FlaskForm):  # type: ignore[misc]
    """Ask for what stands on a community's page."""

    slug = _slug()
    telephone = StringField(_l("Telephone of the committee"), [Length(max=40)])
    hours = StringField(_l("When somebody answers"), [Length(max=SHORT)])
    about = TextAreaField(_l("About the community"), [Length(max=LONG)])


class BodyForm(FlaskForm):  # type: ignore[misc]
    """Ask for a body."""

    kind = SelectField(_l("Kind"))
    title = StringField(
        _l("What it is called"),
        [InputRequired(_l("Please enter what the body is called.")), Length(max=SHORT)],
    )
    telephone = StringField(_l("Telephone"), [Length(max=40)])
    hours = StringField(_l("When somebody answers"), [Length(max=SHORT)])
    place = StringField(_l("Where it is found"), [Length(max=SHORT)])
    about = TextAreaField(_l("What it does"), [Length(max=LONG)])
    until = DateField(_l("Its term ends on"), [Optional(), meant])


class LinkForm(FlaskForm):  # type: ignore[misc]
    """Ask which area or organisation covers or serves a place."""

    source = SelectField(_l("Area or organisation"), [InputRequired(CHOOSE)], coerce=int)
    kind = RadioField(_l("What it does here"), [InputRequired(CHOOSE)])


class _Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SplitForm(ActForm):
    """Ask for the new community and what goes there."""

    name = _name()
    slug = _slug()
    moved = _Boxes(_l("Which places go there"), coerce=int)


class MergeForm(ActForm):
    """Ask which communities go over into one."""

    sources = _Boxes(_l("Which communities go over into this one"), coerce=int)
