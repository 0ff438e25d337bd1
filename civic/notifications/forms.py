"""The form in which people choose what is mailed to them."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from civic.kernel import choices, i18n
from civic.kernel.tell import Kind

RHYTHMS = (
    ("at_once", _l("At once")),
    ("daily", _l("Once a day, gathered in the evening")),
    ("none", _l("No mail; I read it here")),
)
LANGUAGES = ((i18n.LANGUAGES["zh-Hans"], "中文"), (i18n.LANGUAGES["en"], "English"))
CHOOSE = _l("Please choose one line of each group.")


def name_of(code: str) -> str:
    """Return the name of the field of a kind."""
    return code.replace(".", "-")


class PreferencesForm(FlaskForm):  # type: ignore[misc]
    """Ask for the language; a subclass asks for each kind, too."""

    language = RadioField(
        _l("Language of your mail"),
        [InputRequired(CHOOSE)],
        choices=choices.listed(LANGUAGES),
    )


def preferences(
    kinds: Mapping[str, Kind], chosen: Mapping[str, str], language: str
) -> PreferencesForm:
    """Return a form with one group of choices for each kind, as somebody has chosen before."""
    form = type("Preferences", (PreferencesForm,), {})
    for code, kind in kinds.items():
        field = RadioField(kind.title, [InputRequired(CHOOSE)], choices=choices.listed(RHYTHMS))
        setattr(form, name_of(code), field)
    before = {name_of(code): rhythm for code, rhythm in chosen.items()}
    return form(data=before | {"language": language})
