"""What the site does by itself: it closes ballots whose time is over, and cleans up after them."""

import logging
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError

from civic.kernel import clock, jobs
from civic.kernel.db import db
from civic.voting import closing, kinds, news, paper_done, scrubbing, settled
from civic.voting.models import Ballot

log = logging.getLogger(__name__)
OFTEN = timedelta(minutes=1)
#: Votes that were accepted in the last moment are written by then.
GRACE = timedelta(seconds=5)
#: How many one run closes; the next run closes more.
MOST = 20


def init() -> None:
    """Let ballots be closed by the site itself."""
    jobs.job("voting.close", OFTEN, run, needed=needed)


def _over() -> Select[int]:
    """Ask for ballots that are over, take no two people, and wait for no paper and no roll."""
    return select(Ballot.id).where(
        Ballot.closes_at <= clock.now() - GRACE,
        Ballot.sealed_at.is_(None),
        Ballot.fingerprint.is_not(None),
        Ballot.formal.is_(False),
        ~paper_done.waits(clock.now()),
        ~settled.waits(),
    )


def _unclean() -> Select[Ballot]:
    return select(Ballot).where(
        Ballot.sealed_at.is_not(None),
        Ballot.scrubbed_at.is_(None),
        Ballot.secrecy != kinds.NAMED,
    )


def needed() -> bool:
    """Tell whether a ballot waits to be closed or cleaned up after."""
    queries = (_over(), select(_unclean().subquery().c.id))
    return any(db.session.scalar(query.limit(1)) is not None for query in queries)


def run() -> int:
    """Close what is over, each ballot in a transaction of its own; return how many."""
    done = 0
    for ballot_id in db.session.scalars(_over().order_by(Ballot.id).limit(MOST)).all():
        ballot = closing.close(ballot_id)
        news.closed(ballot)
        db.session.commit()
        done += 1
    db.session.commit()
    clean()
    return done


def clean() -> bool:
    """Scrub the files where a ballot has been sealed since; return whether they are clean."""
    waiting = list(db.session.scalars(_unclean()))
    db.session.commit()
    if not waiting:
        return True
    try:
        if not scrubbing.scrub():
            return False
    except OperationalError:
        log.warning("the files could not be cleaned after a ballot; it is tried again")
        return False
    scrubbing.mark(waiting)
    db.session.commit()
    return True
