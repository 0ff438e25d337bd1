"""Lines of a file with their numbers, so that each complaint says where (pure)."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

#: What a Chinese keyboard writes where the formats have ASCII.
_NARROW = str.maketrans("０１２３４５６７８９，：；｛｝．　＃－", "0123456789,:;{}. #-")
_LONGEST = 18  # digits; no election has more of anything
_WHOLE = re.compile(rf"\d{{1,{_LONGEST}}}", re.ASCII)
_DECIMAL = re.compile(rf"(\d{{1,{_LONGEST}}})(?:\.(\d{{1,{_LONGEST}}}))?", re.ASCII)


class BadFile(ValueError):  # noqa: N818 - a finding about a file, not an error of the program
    """Say in one line what is wrong with a file, and at which line of it."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        where = f"{file}, line {line}" if line else file
        super().__init__(" ".join(f"{where}: {reason}".split()))
        self.file, self.line, self.reason = file, line, reason


def narrow(value: str) -> str:
    """Return a text with ASCII digits and separators, without white space around it."""
    return value.translate(_NARROW).strip()


def text(path: Path) -> Iterator[str]:
    """Give out the lines of a file one by one; a byte order mark and any line ends will do.

    :raises BadFile: where it cannot be read, or is not UTF-8.
    """
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, line in enumerate(file, 1):  # noqa: B007 - said where reading fails
                yield line
    except UnicodeDecodeError:
        raise BadFile(path.name, number + 1, "this is not text in UTF-8") from None
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise BadFile(path.name, None, f"it cannot be read ({reason})") from None


def whole(value: str) -> int | None:
    """Return a whole number, or None where it is none."""
    value = narrow(value)
    return int(value) if _WHOLE.fullmatch(value) else None


def decimal(value: str) -> int | Fraction | None:
    """Return a number with or without decimal places exactly, or None where it is none."""
    found = _DECIMAL.fullmatch(narrow(value))
    if not found:
        return None
    units, places = found.groups()
    if not places or not int(places):
        return int(units)
    return Fraction(int(units + places), 10 ** len(places))
