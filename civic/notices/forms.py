"""Forms of notices: the sheet itself, its readers line by line, reasons, files."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from civic.kernel import choices, clock
from civic.kernel.moments import MINUTE, meant
from civic.kernel.numbers import identifier
from civic.notices import kinds
from civic.notices.drafts import MOST_TERMS, Draft
from civic.notices.models import Notice, NoticeVersion
from civic.notices.terms import Term


class Line(NamedTuple):
    """Be one line of the readers as it was chosen, perhaps not yet in full."""

    role: str
    code: str
    node: int | None

    @property
    def term(self) -> Term:
        """Return the term that it means."""
        level = kinds.least_level(self.code)
        return Term(role=self.role, code=self.code, node_id=self.node or 0, min_level=level)


EMPTY = Line(kinds.ANY, "", None)


def read_lines(data: MultiDict[str, str]) -> list[Line]:
    """Return the lines of a form that was sent; lines without readers are left out."""
    columns = (data.getlist("role"), data.getlist("code"), data.getlist("node"))
    found = [Line(role, code, identifier(node)) for role, code, node in zip(*columns, strict=False)]
    return [line for line in found if line.code][: MOST_TERMS + 1]


def lines_of(terms: Sequence[Term]) -> list[Line]:
    """Return terms as lines of the form."""
    return [Line(term.role, term.code, term.node_id) for term in terms]


def _local(at: datetime | None) -> datetime | None:
    return clock.local(at) if at else None


class DraftForm(FlaskForm):  # type: ignore[misc]
    """Ask for a whole notice; what is wrong with it, the services say."""

    kind = RadioField(
        _l("Kind"),
        choices=choices.listed((code, title) for code, title in kinds.KINDS.items()),
        default=kinds.NOTICE,
        validate_choice=False,
    )
    level = RadioField(
        _l("How urgent it is"),
        choices=choices.listed(kinds.LEVELS.items()),
        default=kinds.ORDINARY,
        validate_choice=False,
    )
    title = StringField(
        _l("Title"),
        description=_l("What it is about, as it stands at the top of the sheet; at most 80."),
    )
    matter = StringField(
        _l("The matter"), description=_l("What is displayed or decided, in one line.")
    )
    basis = StringField(
        _l("The basis"), description=_l("The rule or decision that it rests on, with its number.")
    )
    body = TextAreaField(
        _l("Text"),
        description=_l(
            "What happens, when, where, what one has to do, whom to ask. Markdown works."
        ),
    )
    office = StringField(
        _l("Issuing body"), description=_l("As it is to stand at the end of the sheet.")
    )
    valid_from = DateTimeLocalField(_l("Valid from"), [Optional(), meant], format=MINUTE)
    valid_to = DateTimeLocalField(
        _l("Valid until"),
        [Optional(), meant],
        format=MINUTE,
        description=_l("Afterwards it moves to the archive by itself."),
    )
    display_n = IntegerField(
        _l("Days of display"),
        [Optional()],
        description=_l("Counted from the day after it is issued; it ends at 24:00 of the last."),
    )
    display_kind = RadioField(
        _l("How the days are counted"),
        choices=choices.listed(kinds.DAYS.items()),
        default=kinds.CALENDAR,
        validate_choice=False,
    )
    objection_telephone = StringField(_l("Telephone for objections"))
    objection_office = StringField(_l("Who takes objections"))
    objection_place = StringField(_l("Where one can come in person"))
    receipt_by = DateTimeLocalField(
        _l("Receipt needed by"),
        [Optional(), meant],
        format=MINUTE,
        description=_l("Only organisations acknowledge. Of residents no receipt is ever asked."),
    )
    revision = HiddenField(default="0")

    def draft(self, lines: Sequence[Line]) -> Draft:
        """Return what was entered; only after validation."""
        return Draft(
            kind=self.kind.data or "",
            level=self.level.data or "",
            title=self.title.data or "",
            matter=self.matter.data or "",
            basis=self.basis.data or "",
            body=self.body.data or "",
            office=self.office.data or "",
            valid_from=clock.typed(self.valid_from.data),
            valid_to=clock.typed(self.valid_to.data),
            display_n=self.display_n.data,
            display_kind=self.display_kind.data or "",
            objection_office=self.objection_office.data or "",
            objection_telephone=self.objection_telephone.data or "",
            objection_place=self.objection_place.data or "",
            receipt_by=clock.typed(self.receipt_by.data),
            terms=[line.term for line in lines],
        )

    @classmethod
    def of(cls, notice: Notice) -> "DraftForm":
        """Return the form filled with a draft."""
        form = cls(formdata=None, obj=notice)
        for field in (form.valid_from, form.valid_to, form.receipt_by):
            field.data = _local(field.data)
        form.revision.data = str(notice.revision)
        return form


class ReturnForm(FlaskForm):  # type: ignore[misc]
    """Ask why a draft goes back."""

    code = SelectField(
        _l("Reason"), choices=choices.listed(kinds.RETURN_REASONS.items()), validate_choice=False
    )
    note = TextAreaField(_l("What has to be changed, in words"))


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """Ask for a correction."""

    title = StringField(_l("Title"))
    body = TextAreaField(_l("Text"))
    reason = StringField(
        _l("What is corrected"),
        description=_l("Everybody reads this beside the changed words, as “the date was wrong”."),
    )

    @classmethod
    def of(cls, notice: Notice, waiting: NoticeVersion | None) -> "CorrectionForm":
        """Return the form filled with what stands there, or with a correction that came back."""
        return cls(formdata=None, obj=waiting or notice)


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Ask why a notice is withdrawn."""

    reason = TextAreaField(
        _l("Why it is withdrawn"),
        description=_l("Everybody who could read the notice reads this in its place."),
    )


class FileForm(FlaskForm):  # type: ignore[misc]
    """Ask for a file."""

    file = FileField(
        _l("A picture, PDF, Word or Excel file"),
        [FileRequired(_l("Please choose a file first."))],
        description=_l("At most 10 MB. Places and devices are taken out of pictures."),
    )
