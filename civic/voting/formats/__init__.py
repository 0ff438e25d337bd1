"""Files of elections: the formats of PrefLib and Pabulib, read strictly and written (pure)."""

from pathlib import Path

from civic.voting.formats import pabulib, preflib
from civic.voting.formats.elections import Election
from civic.voting.formats.lines import BadFile, text

__all__ = ["ENDINGS", "BadFile", "Election", "read"]

ENDINGS = (*preflib.ENDINGS, pabulib.ENDING)


def read(path: Path) -> Election:
    """Read a file by its ending; its ballots are read while they are counted.

    :raises BadFile: in one line, where the file cannot be read or is not of its format.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        endings = ", ".join(f".{one}" for one in ENDINGS)
        raise BadFile(path.name, None, f"files of elections end in {endings}")
    lines = text(path)
    if ending == pabulib.ENDING:
        return pabulib.parse(path.name, lines)
    return preflib.parse(path.name, ending, lines)
