"""Forms of topics: what people hand in, and what the office says."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from civic.kernel import choices
from civic.topics import acts, appeals, deciding, scales, services

NONE = "0"


def _number(value: object) -> int | None:
    """Return the id that was chosen; nothing for none."""
    return int(str(value)) or None


def _level(value: object) -> int:
    return int(str(value))


class TopicForm(FlaskForm):  # type: ignore[misc]
    """Ask what it is about."""

    title = StringField(
        _l("What is it about? In one sentence"),
        [
            InputRequired(_l("Please say in one sentence what it is about.")),
            Length(max=services.LONGEST_TITLE),
        ],
    )
    words = TextAreaField(
        _l("What should be known about it"),
        [Length(max=services.LONGEST)],
        description=_l(
            "What happens, since when, what would help. Everybody can read it: "
            "please name no neighbours, no telephone numbers and no illnesses."
        ),
    )
    node = SelectField(_l("Where is it?"), validate_choice=False)
    place = StringField(
        _l("The place in your own words"),
        [Length(max=services.LONGEST_PLACE)],
        description=_l("For example: at the east gate, beside the bicycle shed."),
    )
    form_key = HiddenField(default=lambda: secrets.token_urlsafe(12))

    def offer(self, places: Iterable[tuple[int, str]]) -> None:
        """Let the places of the community be chosen."""
        options = [(NONE, _("No particular building")), *((str(a), b) for a, b in places)]
        self.node.choices = choices.listed(options)

    def draft(self) -> services.Draft:
        """Return what was entered."""
        node = str(self.node.data or NONE)
        return services.Draft(
            title=self.title.data or "",
            text=self.words.data or "",
            place=self.place.data or "",
            node_id=_number(node) if node.isdecimal() and len(node) < len("2147483648") else -1,
        )


class AppealForm(FlaskForm):  # type: ignore[misc]
    """Ask why a refused topic should be looked at again."""

    words = TextAreaField(
        _l("Why should it be looked at again?"),
        [
            InputRequired(_l("Please say why the topic should be looked at again.")),
            Length(max=appeals.LONGEST),
        ],
        description=_l("Somebody else than who refused it reads this and answers; nobody else."),
    )


def _answer(label: LazyString) -> TextAreaField:
    return TextAreaField(
        label,
        [
            InputRequired(_l("Please say why, in words that whoever asked understands.")),
            Length(max=acts.LONGEST),
        ],
    )


def codes(found: Mapping[str, scales.Words]) -> list[Any]:
    """Return what can be chosen, in the language of the page."""
    return choices.listed((code, str(words)) for code, words in found.items())


class ActForm(FlaskForm):  # type: ignore[misc]
    """Ask for what every decision needs: words that are published."""

    words = _answer(_l("Answer, which everybody can read"))

    def prepare(self, **offered: list[tuple[str, str]]) -> None:
        """Fill in what can be chosen, in the language of the page."""
        for name, options in offered.items():
            if name in self:
                self[name].choices = choices.listed(options)


class TriageForm(ActForm):
    """Ask how much a topic weighs, and who is to deal with it."""

    urgency = RadioField(coerce=_level)
    reach = RadioField(coerce=_level)
    authority = RadioField(coerce=_level)
    lane = RadioField(_l("Who deals with it"))
    entry = SelectField(_l("Entry of the yearly catalogue"), [MayBeEmpty()])
    words = _answer(_l("Why, which everybody can read"))

    def prepare(self, **offered: list[tuple[str, str]]) -> None:
        """Fill in scales, lanes and entries."""
        super().prepare(**offered)
        for name, scale in scales.scales().items():
            self[name].label.text = str(scale.title)
            self[name].choices = choices.listed(
                (value, str(words)) for value, words in scale.levels.items()
            )
        self.lane.choices = codes(scales.lanes())

    def weight(self) -> deciding.Weight:
        """Return what was entered."""
        return deciding.Weight(
            urgency=self.urgency.data,
            reach=self.reach.data,
            authority=self.authority.data,
            lane=self.lane.data,
            words=self.words.data or "",
            entry_id=_number(self.entry.data or NONE),
        )


class LaneForm(ActForm):
    """Ask who is to deal with it instead, and why."""

    lane = RadioField(_l("Who deals with it from now on"))
    words = _answer(_l("Why, which everybody can read"))

    def prepare(self, **offered: list[tuple[str, str]]) -> None:
        """Fill in the lanes."""
        super().prepare(**offered)
        self.lane.choices = codes(scales.lanes())


class AcceptForm(ActForm):
    """Ask into which case a topic goes."""

    case = SelectField(_l("Into which case"))

    def chosen(self) -> int | None:
        """Return the case that was chosen; nothing for a new one."""
        return _number(self.case.data)


class HandOverForm(ActForm):
    """Ask whither a topic is handed over."""

    channel = RadioField(_l("Handed over to"))
    to = StringField(
        _l("Name of the office"),
        [Length(max=services.LONGEST_TITLE)],
        description=_l("As residents know it. Police, court and petition need none."),
    )

    def prepare(self, **offered: list[tuple[str, str]]) -> None:
        """Fill in the channels."""
        super().prepare(**offered)
        self.channel.choices = codes(scales.channels())


class RefuseForm(ActForm):
    """Ask why a topic is refused."""

    reason = RadioField(_l("Reason"))

    def prepare(self, **offered: list[tuple[str, str]]) -> None:
        """Fill in the reasons."""
        super().prepare(**offered)
        self.reason.choices = codes(scales.reasons())


class MergeForm(ActForm):
    """Ask into which topic another one goes."""

    into = IntegerField(
        _l("Number of the other topic"),
        [InputRequired(_l("Please choose another topic."))],
        description=_l("It stands on its page and in its address."),
    )


class AnswerForm(ActForm):
    """Ask what becomes of an appeal."""

    outcome = RadioField(_l("The appeal"))

    def prepare(self, **offered: list[tuple[str, str]]) -> None:
        """Fill in the outcomes."""
        super().prepare(**offered)
        self.outcome.choices = choices.listed(
            [
                ("upheld", _("is right: the topic goes back to screening")),
                ("kept", _("is not right: the topic stays refused")),
            ]
        )
