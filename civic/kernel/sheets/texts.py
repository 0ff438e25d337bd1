"""The text of a cell: as it is kept, as it is compared, and as a date."""

import re
import unicodedata
from datetime import date

from civic.kernel.text import plain

_SPACES = str.maketrans(dict.fromkeys("\xa0\u2007\u202f\t", " "))
_JOINERS = re.compile("[\u200c\u200d\ufe0e\ufe0f]")
_MIDNIGHT = r"(?:[T ]+0?0:00(?::00(?:\.0+)?)?)?"
_DATES = (
    re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _MIDNIGHT),
    re.compile(r"([0-9]{4}) ?(年) ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]" + _MIDNIGHT),
    re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})"),
)

#: What a spreadsheet program would run as a formula; written behind an apostrophe.
_ACTIVE = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"''*[=+\-@\t\r\n]")
_SIGNED = re.compile(r"[+-][0-9 .,()+-]*")


def cleaned(text: str) -> str:
    """Return the text of a cell without blanks around it and without unseen characters.

    Wide blanks (U+3000) count as blanks; those inside stay. Idempotent.
    """
    before, text = "", plain(text.translate(_SPACES)).strip()
    while text != before:
        before, text = text, plain(text).strip()
    return text


def folded(text: str) -> str:
    """Return a text as it is compared with others: width, case and all blanks do not count."""
    before, narrow = "", _JOINERS.sub("", plain(text))
    # A blank may turn up, or two signs meet, only when the rest is folded.
    while narrow != before:
        before = narrow
        narrow = "".join(unicodedata.normalize("NFKC", narrow).casefold().split())
    return narrow


def a_date(text: str) -> date:
    """Read a date as people write it: 2026-01-05, 2026/1/5, 2026.1.5, 2026年1月5日, 20260105.

    Wide digits are read too, and the midnight that programs add. Raises `ValueError`.
    """
    narrow = unicodedata.normalize("NFKC", cleaned(text))
    for pattern in _DATES:
        if found := pattern.fullmatch(narrow):
            return date(int(found[1]), int(found[3]), int(found[4]))
    message = f"not a date: {text!r}"
    raise ValueError(message)


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet program would run; `unguarded` takes it off."""
    return "'" + text if _ACTIVE.match(text) else text


def unguarded(text: str) -> str:
    """Take off the apostrophe that `guarded` put there."""
    return text[1:] if _GUARDED.match(text) else text


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet program would run the text; signed numbers and dashes are none."""
    return text[:1] in {"=", "@"} or (text[:1] in {"+", "-"} and not _SIGNED.fullmatch(text))
