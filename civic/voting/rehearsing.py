"""Rehearse a ballot: a copy with test voters, which alone can be thrown away with its votes."""

from datetime import timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import opening, panels
from civic.voting.box import Paper, Receipt, ReceiptCheck, Urn, UsedRight
from civic.voting.drafting import audited, erase, options_of
from civic.voting.models import Ballot, BallotOption, BallotStep
from civic.voting.sheets import Mandate, PaperWork, Sheet, SheetScan

#: What a rehearsal leaves, in the order in which it can go.
TABLES = (
    ReceiptCheck,
    Receipt,
    UsedRight,
    Urn,
    Paper,
    SheetScan,
    Sheet,
    PaperWork,
    Mandate,
    BallotStep,
)
#: How long a rehearsal can last.
REHEARSED = timedelta(days=1)


def begin(actor: Actor, ballot: Ballot) -> Ballot:
    """Copy a draft into a rehearsal with test voters, which begins at once.

    :raises Refused: for what stands in the way of any vote with this paper.
    """
    now = clock.now()
    made = Ballot(
        community_id=ballot.community_id,
        question=ballot.question,
        audience=[],
        opens_at=now,
        closes_at=now + REHEARSED,
        kind=ballot.kind,
        method=ballot.method,
        seats=ballot.seats,
        limits=dict(ballot.limits),
        secrecy=ballot.secrecy,
        tie=ballot.tie,
        changeable=ballot.changeable,
        rehearsal=True,
        procedure=dict(ballot.procedure),
        options=[
            BallotOption(position=one.position, text=one.text, cost=one.cost)
            for one in options_of(ballot)
        ],
    )
    db.session.add(made)
    db.session.flush()
    panels.rehearsed(made, panels.part(ballot))
    opening.fix(made)
    audited(actor, made, "ballot.rehearsed", of=ballot.id)
    return made


def only(ballot: Ballot) -> Ballot:
    """Refuse what can be done to a rehearsal alone; it is locked until the transaction ends.

    :raises Refused: `no_rehearsal`.
    """
    row = opening.locked(ballot.id)
    if not row.rehearsal:
        raise Refused(
            "no_rehearsal",
            _l("Only a rehearsal can be thrown away or closed before its time."),
            HTTPStatus.CONFLICT,
        )
    return row


def discard(actor: Actor, ballot: Ballot) -> list[str]:
    """Throw a rehearsal away with all its test votes; a real vote cannot be thrown away.

    :returns: names of files of scans that belong to nothing any more.
    :raises Refused: `no_rehearsal`.
    """
    row = only(ballot)
    files = list(db.session.scalars(select(SheetScan.stored).filter_by(ballot_id=row.id)))
    audited(actor, row, "ballot.rehearsal_discarded")
    for table in TABLES:
        db.session.execute(delete(table).filter_by(ballot_id=ballot.id))
    erase(ballot)
    return files
