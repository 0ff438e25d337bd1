"""Take a vote back out of an open box."""

from civic.kernel.db import db
from civic.voting import codes, duplicates, writing
from civic.voting.box import WITHDRAWN, UsedRight
from civic.voting.models import Ballot


def withdraw(ballot: Ballot, used: UsedRight) -> None:
    """Take a vote out of an open box; the board says that a receipt was struck, not whose."""
    values = writing.values(
        ballot=ballot.id,
        code=codes.fresh(rehearsal=ballot.rehearsal),
        act=WITHDRAWN,
        channel=used.channel,
        earlier=used.code or "",
    )
    duplicates.strike(ballot.id, used.key, "right_struck")
    db.session.delete(used)
    db.session.flush()
    db.session.execute(writing.receipt(open_now=False), values)
