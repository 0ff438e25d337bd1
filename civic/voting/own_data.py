"""What is stored about a person's votes: given out, and cut off when the account is closed."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.voting.models import Ballot, BallotOption, Vote


def _export(person_id: int) -> list[Table]:
    rows = db.session.execute(
        select(Ballot.question, BallotOption.text, Vote.cast_at, Vote.changed_at)
        .join(Ballot, Ballot.id == Vote.ballot_id)
        .outerjoin(BallotOption, BallotOption.id == Vote.option_id)
        .where(Vote.person_id == person_id)
        .order_by(Vote.cast_at)
    ).all()
    return [
        Table(
            "votes",
            _l("Votes"),
            {
                "question": _l("Question"),
                "choice": _l("Your choice"),
                "cast_at": _l("Cast"),
                "changed_at": _l("Changed"),
            },
            [
                (question, text if text is not None else _l("Abstention"), cast_at, changed_at)
                for question, text, cast_at, changed_at in rows
            ],
        )
    ]


def _forget(person_id: int) -> None:
    """Withdraw votes from open ballots; of closed ones keep the count and cut the link.

    Votes are cast by who has a standing at the count (domain.md §3.5), and a closed account has
    none. Ballots are taken in the order of their ids, so that two closings do not wait for each
    other in a circle.
    """
    mine = select(Vote.ballot_id).filter_by(person_id=person_id)
    ballots = db.session.scalars(
        select(Ballot).where(Ballot.id.in_(mine)).order_by(Ballot.id).with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    votes = select(Vote.ballot_id, Vote.option_id).filter_by(person_id=person_id)
    choices = {row.ballot_id: row.option_id for row in db.session.execute(votes)}
    now = clock.now()
    for ballot in ballots:
        option_id = choices[ballot.id]
        if now < ballot.closes_at:
            ballot.turnout -= 1
        elif option_id is None:
            ballot.unlinked += 1
        else:
            db.session.execute(
                update(BallotOption)
                .where(BallotOption.id == option_id)
                .values(unlinked=BallotOption.unlinked + 1)
            )
    db.session.flush()
    db.session.execute(delete(Vote).filter_by(person_id=person_id))


PART = Part(
    owner="votes",
    title=_l("Votes"),
    stored=(
        Collected(
            _l("How you vote"),
            _l("It is shown to nobody; only the totals are published after the close."),
            _l("until you close your account; the totals stay"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Votes in ballots that have closed, as part of the totals"),
            _l(
                "A result that was counted stays. Nothing tells any more that one of the votes was "
                "yours. Votes in ballots that are still open are withdrawn and do not count."
            ),
        ),
    ),
)
