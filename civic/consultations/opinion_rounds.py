"""Compute the map of opinions of a consultation, round after round, and keep it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from civic.consultations import figures
from civic.consultations.models import Consultation, Participant, Statement, StatementVote
from civic.consultations.opinion_rows import OpinionRound
from civic.kernel import clock
from civic.kernel.db import db

if TYPE_CHECKING:
    from civic.consultations.opinions.analysis import Opinions
    from civic.consultations.opinions.votes import Id

FILE = Path(__file__).parent.parent / "data" / "opinions.toml"
#: Numbers that the panel of the case reads.
PEOPLE, GROUPS = "opinion_people", "opinion_groups"


@cache
def numbers() -> dict[str, Any]:
    """Return when a map is computed anew, and what is shown of it."""
    return tomllib.loads(FILE.read_text("utf-8"))


def latest(consultation_id: int) -> OpinionRound | None:
    """Return the latest round of a consultation; its state is loaded when it is asked for."""
    return db.session.scalar(
        select(OpinionRound)
        .options(defer(OpinionRound.state))
        .filter_by(consultation_id=consultation_id)
        .order_by(OpinionRound.number.desc())
        .limit(1)
    )


def answers(consultation_id: int) -> int:
    """Return how many answers its statements have, hidden ones left out."""
    counted = func.sum(Statement.agrees + Statement.disagrees + Statement.passes)
    query = select(counted).filter_by(consultation_id=consultation_id, hidden_by=None)
    return db.session.scalar(query) or 0


def changed(consultation_id: int, before: OpinionRound) -> bool:
    """Tell whether anything would be computed otherwise than in a round."""
    if answers(consultation_id) != before.answers:
        return True
    later = (
        select(StatementVote.statement_id)
        .join(Statement, Statement.id == StatementVote.statement_id)
        .where(Statement.consultation_id == consultation_id, StatementVote.at > before.at)
        .limit(1)
    )
    return db.session.scalar(later) is not None


def due() -> list[int]:
    """Return the consultations whose map is to be computed, by reading their statements alone.

    Each has a last one after its close; before it, whoever changes an answer waits for new ones.
    """
    rules = numbers()["rounds"]
    now = clock.now()
    newest = (
        select(OpinionRound.consultation_id, func.max(OpinionRound.number).label("number"))
        .group_by(OpinionRound.consultation_id)
        .subquery()
    )
    counted = func.sum(Statement.agrees + Statement.disagrees + Statement.passes)
    query = (
        select(Consultation.id, Consultation.closes_at, OpinionRound.answers, counted)
        .join(Statement, Statement.consultation_id == Consultation.id)
        .outerjoin(newest, newest.c.consultation_id == Consultation.id)
        .outerjoin(
            OpinionRound,
            (OpinionRound.consultation_id == Consultation.id)
            & (OpinionRound.number == newest.c.number),
        )
        .where(Consultation.published_at.is_not(None), Statement.hidden_by.is_(None))
        .where(OpinionRound.id.is_(None) | (OpinionRound.at < Consultation.closes_at))
        .group_by(Consultation.id, Consultation.closes_at, OpinionRound.answers)
        .order_by(Consultation.id)
    )
    found = []
    for consultation_id, closes_at, known, count in db.session.execute(query):
        if known is None:
            needed = rules["first"]
        else:
            needed = max(rules["again"], rules["again_share"] * known)
        new = abs(count - (known or 0))
        if count and (closes_at <= now or new >= needed):
            found.append(consultation_id)
    return found


def draw(consultation_id: int) -> OpinionRound | None:
    """Compute the next round and keep it in the acting transaction.

    What is computed takes no lock; where two are at it at once, one of them is kept.

    :returns: nothing where nobody has answered anything, or another process has kept this round.
    :raises TooLargeError: where there are more answers than are computed here.
    """
    from civic.consultations.opinions import analysis, published, votes  # noqa: PLC0415 - numpy

    if (count := answers(consultation_id)) > numbers()["rounds"]["most"]:
        message = f"{count} answers are too many for a map"
        raise votes.TooLargeError(message)
    at = clock.now()
    before = latest(consultation_id)
    number = before.number + 1 if before else 1
    statements = db.session.scalars(_statements(consultation_id)).all()
    matrix = votes.gather(_answers(consultation_id), statements)
    if not matrix.people:
        return None
    found = analysis.analyse(
        matrix,
        seed=analysis.seed_of(f"consultation:{consultation_id}", number),
        before=analysis.State.of(before.state["map"]) if before else None,
    )
    result = published.published(found, **numbers()["shown"])
    made = OpinionRound(
        consultation_id=consultation_id,
        number=number,
        at=at,
        seed=found.seed,
        people=len(found.people),
        statements=len(statements),
        answers=sum(tally.seen for tally in found.tallies.values()),
        state={
            "map": found.state.as_json(),
            "fields": [[name, *place] for name, place in published.fields(found).items()],
        },
        result=result,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return None
    _keep(consultation_id, made, before, found)
    return made


def _keep(
    consultation_id: int, made: OpinionRound, before: OpinionRound | None, found: "Opinions"
) -> None:
    """Show the round at its case and its statements; the one before gives up whom it knew."""
    earlier = {PEOPLE: before.people, GROUPS: len(before.result["groups"])} if before else {}
    for code, now in ((PEOPLE, made.people), (GROUPS, len(made.result["groups"]))):
        figures.add(consultation_id, code, now - earlier.get(code, 0))
    far = {name: round(value, 4) for name, value in found.extremities.items()}
    known = select(Statement.id, Statement.extremity).filter_by(consultation_id=consultation_id)
    moved = [
        {"id": name, "extremity": far.get(name, 0.0)}
        for name, value in db.session.execute(known.order_by(Statement.id))
        if far.get(name, 0.0) != value
    ]
    if moved:
        db.session.execute(update(Statement), moved)
    if before is not None:
        before.state = {}
    db.session.flush()


def _statements(consultation_id: int) -> Select[int]:
    return select(Statement.id).filter_by(consultation_id=consultation_id, hidden_by=None)


def _answers(consultation_id: int) -> "list[tuple[Id, Id, int]]":
    rows = db.session.execute(
        select(StatementVote.participant_id, StatementVote.statement_id, StatementVote.choice)
        .join(Statement, Statement.id == StatementVote.statement_id)
        .where(Statement.consultation_id == consultation_id, Statement.hidden_by.is_(None))
    )
    return [(row[0], row[1], row[2]) for row in rows]


def own_place(drawn: OpinionRound, person_id: int) -> tuple[str, tuple[int, int]] | None:
    """Return in which group and field somebody stands: for that person alone.

    :returns: nothing for who is not on the map, or where there are no groups.
    """
    query = select(Participant.id).filter_by(
        consultation_id=drawn.consultation_id, person_id=person_id
    )
    return _place(drawn, db.session.scalar(query))


def _place(drawn: OpinionRound, participant_id: int | None) -> tuple[str, tuple[int, int]] | None:
    shown = {group["label"] for group in drawn.result["groups"]}
    groups = drawn.state.get("map", {}).get("groups", {})
    for label in sorted(shown):
        if participant_id in groups.get(label, ()):
            for name, column, row in drawn.state["fields"]:
                if name == participant_id:
                    return label, (column, row)
    return None


def groups_of(person_id: int) -> list[tuple[str, str, Any]]:
    """Return the groups that somebody was counted into: title, letter, moment."""
    query = (
        select(Consultation.title, OpinionRound, Participant.id)
        .join(Consultation, Consultation.id == OpinionRound.consultation_id)
        .join(Participant, Participant.consultation_id == Consultation.id)
        .where(Participant.person_id == person_id)
        .order_by(Consultation.id, OpinionRound.number)
    )
    rows = [
        (title, _place(drawn, participant_id), drawn.at)
        for title, drawn, participant_id in db.session.execute(query)
    ]
    return [(title, place[0], at) for title, place, at in rows if place is not None]
