"""Write a case in which much is said, in bulk: comments, statements and answers to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, text, update

from benchmarks import seed
from civic.consultations import opinion_rounds
from civic.consultations.models import (
    Comment,
    Consultation,
    Participant,
    Statement,
    StatementVote,
)
from civic.consultations.threads import THREADS
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.text import render

BATCH = 5_000
#: Of the people who comment and answer.
PEOPLE = 2_000
#: Answering people, and how many statements each has answered.
VOTERS, EACH = 80, 60


@dataclass(frozen=True)
class Case:
    """Name what is asked for.

    :ivar pages: ids before which the first, the middle and the last page of fifty threads begin.
    :ivar talked: the comment that has most replies.
    """

    id: int
    pages: dict[str, int]
    talked: int


def fill(*, comments: int, statements: int) -> Case:
    """Write a street and a case; every fifth comment is a reply, every tenth is an office's."""
    made = seed.fill(people=PEOPLE, cases=1, comments=0, statements=0)
    _comments(made.case, comments)
    _statements(made.case, statements)
    db.session.execute(
        update(Consultation)
        .where(Consultation.id == made.case)
        .values(comment_count=comments, statement_count=statements, participant_count=PEOPLE)
    )
    db.session.commit()
    opinion_rounds.draw(made.case)
    db.session.commit()
    tops = db.session.scalars(select(Comment.id).filter_by(level=1).order_by(Comment.id)).all()
    middle = (len(tops) + THREADS) // 2
    pages = {"first": tops[-1] + 2, "middle": tops[middle - 1] + 1, "last": tops[THREADS - 1] + 1}
    return Case(made.case, pages, tops[0])


def _bulk(model: Any, count: int, row: Callable[[int], dict[str, Any]]) -> None:  # noqa: ANN401
    for start in range(0, count, BATCH):
        rows = [row(number) for number in range(start, min(start + BATCH, count))]
        db.session.execute(insert(model), rows)


def _comments(case: int, count: int) -> None:
    now, html = clock.now(), str(render(seed.WORDS))

    def row(number: int) -> dict[str, Any]:
        reply = number % 5 == 4
        return {
            "id": number + 1,
            "consultation_id": case,
            "level": 2 if reply else 1,
            "parent_id": number - 3 if reply else None,
            "parent_level": 1 if reply else None,
            "author_id": 1 + number % PEOPLE,
            "place": f"{1 + number % 40}号楼",
            "standing": "resident_living",
            "office": "二龙路社区居委会" if number % 10 == 9 else None,
            "text": seed.WORDS,
            "html": html,
            "form_key": f"seed{number}",
            "created_at": now - timedelta(days=9, seconds=count - number),
        }

    # Replies refer to what was written just before, in the same batch.
    _bulk(Comment, count, row)


def _statements(case: int, count: int) -> None:
    now = clock.now()
    first = db.session.scalars(select(Participant.id).filter_by(consultation_id=case)).one()
    _bulk(
        Statement,
        count,
        lambda number: {
            "id": number + 1,
            "consultation_id": case,
            "participant_id": first,
            "text": f"班车应当停靠第{number:05}站。",
            "key": f"statement {number:05}",
            "created_at": now,
        },
    )
    _bulk(
        Participant,
        VOTERS,
        lambda number: {
            "id": first + 1 + number,
            "consultation_id": case,
            "person_id": 2 + number,
            "acts": EACH,
        },
    )
    for one in _answers(count, first):
        db.session.execute(insert(StatementVote), one)
    # The tallies that the acts themselves keep.
    for column, choice in (("agrees", 1), ("disagrees", -1), ("passes", 0)):
        db.session.execute(
            text(
                f"UPDATE statement SET {column} = (SELECT count(*) FROM statement_vote"  # noqa: S608
                f" WHERE statement_id = statement.id AND choice = {choice})"
            )
        )


def _answers(statements: int, first: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the answers of two camps, each person's spread over all statements."""
    step = max(1, statements // EACH)
    for number in range(VOTERS):
        camp = 1 if number % 2 else -1
        yield [
            {
                "statement_id": 1 + (place * step + number % step) % statements,
                "participant_id": first + 1 + number,
                "choice": 0 if (place + number) % 7 == 0 else camp * (1 if place % 2 else -1),
                "at": clock.now(),
            }
            for place in range(min(EACH, statements))
        ]
