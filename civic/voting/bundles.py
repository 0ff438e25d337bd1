"""The bundle of a ballot: all that one needs to check it, one JSON value a line."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain

from flask_babel import lazy_gettext as _l

from civic.kernel.errors import Refused
from civic.voting import board, canonical, gathering
from civic.voting.models import Ballot

FORMAT = "civic-ballot-1"


def lines(ballot: Ballot) -> Iterator[str]:
    """Yield the lines of a sealed ballot's bundle, a few of them in memory at a time.

    :raises Refused: `running` before the result may be shown.
    """
    if ballot.sealed_at is None or ballot.published_at is None:
        raise Refused("running", _l("There is no result before the close."), HTTPStatus.CONFLICT)
    return _lines(ballot)


def _lines(ballot: Ballot) -> Iterator[str]:
    head = {"format": FORMAT, "rehearsal": ballot.rehearsal, "rules": ballot.rules}
    yield canonical.text(head) + "\n"
    for one in board.entries(ballot.id):
        yield canonical.text({"receipt": list(one[:5])}) + "\n"
    for key, choice, heads, area in chain.from_iterable(gathering.papers(ballot.id)):
        # The choice is canonical JSON already.
        measures = canonical.text([heads, area])[1:]
        yield f'{{"choice":["{key}",{choice},{measures}}}\n'
    yield canonical.text({"closing": ballot.closing}) + "\n"


def name(ballot: Ballot) -> str:
    """Return the name of a bundle's file; a rehearsal's says so."""
    return f"{'rehearsal' if ballot.rehearsal else 'ballot'}-{ballot.id}.jsonl"
