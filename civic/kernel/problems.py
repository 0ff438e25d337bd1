"""What is wrong with a table that a person made: where, and in one sentence what to do.

Pure. Every sentence about reading a table is said here; whoever reads a table for one purpose adds
sentences of its own by giving a message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

SENTENCES: Mapping[str, LazyString] = MappingProxyType(
    {
        "header": _l("The row with the column names was not found. It must contain: %(names)s."),
        "missing_column": _l("These columns are missing: %(names)s."),
        "unknown_column": _l("The column “%(name)s” is not known and is not read."),
        "repeated_column": _l("The column “%(name)s” is there twice. Remove one of them."),
        "no_rows": _l("Under the column names there is no row."),
        "empty": _l("This must not be empty."),
        "date": _l("“%(value)s” is not a date. Write it like 2026-01-05."),
        "int": _l("“%(value)s” is not a whole number."),
        "duplicate": _l("This row is the same as row %(first)s. Remove one of them."),
        "number": _l("“%(value)s” is not a number."),
        "digits": _l(
            "This number is too long for a number cell and has lost digits. Format the column as"
            " text and enter it again."
        ),
        "merged": _l("This cell is merged with the one above. Split them and fill in both."),
        "other_sheets": _l("Only the sheet “%(name)s” is read, not: %(others)s."),
        "formula": _l("This is a formula without a result. Write the value itself."),
        "day_kind": _l("“%(value)s” is neither 休 (off) nor 班 (work)."),
        "day_twice": _l("The day %(day)s is 休 (off) here and 班 (work) in row %(first)s."),
        "day_year": _l("The day %(day)s is not in %(year)s. A table holds the days of one year."),
        "day_weekday": _l("The day %(day)s is no Saturday or Sunday, so it cannot be 班 (work)."),
    }
)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, or worth knowing, in a table.

    :ivar code: stable identifier, for tests and for choosing what to do.
    :ivar row: number of the row as the person's program shows it, or nothing for the whole table.
    :ivar column: heading of the column as the person wrote it, or empty for the whole row.
    :ivar values: named values to put into the sentence.
    :ivar message: the sentence, where the code is not one of those above.
    :ivar notice: worth knowing, but nothing that stops the table from being used.
    """

    code: str
    row: int | None = None
    column: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    message: LazyString | str = ""
    notice: bool = False

    def __str__(self) -> str:
        """Return the sentence in the current language."""
        text = str(self.message or SENTENCES[self.code])
        return text % self.values if self.values else text
