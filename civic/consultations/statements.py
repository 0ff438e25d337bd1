"""Statements to agree with, disagree with or pass on."""

from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select, update
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.consultations import limits
from civic.consultations.models import Consultation, Participant, Statement, StatementVote
from civic.consultations.speaking import participate, why_not
from civic.identities.models import Person
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.moderation import waiting
from civic.moderation.models import WaitingText

#: Characters of a statement: one thought that fits on a phone.
LONGEST = 140
AGREE, DISAGREE, PASS = 1, -1, 0
PER_PAGE = 50


def vote(
    actor: Actor,
    community: Community,
    consultation: Consultation,
    statement_id: int,
    choice: int,
) -> None:
    """Answer a statement, or replace one's earlier answer; the tally follows in the transaction.

    :param choice: `AGREE`, `DISAGREE` or `PASS`.
    :raises Refused: a reason of `why_not`, `choice`, or `no_statement`.
    """
    refusal = why_not(actor, consultation, community.path, what="statements")
    if refusal is not None:
        raise refusal
    if choice not in {AGREE, DISAGREE, PASS}:
        raise Refused("choice", _l("Please agree, disagree or pass."))
    assert actor.person_id is not None  # noqa: S101 - visitors have been refused
    participant = participate(consultation.id, actor.person_id)
    _answer(participant.id, consultation.id, statement_id, choice)


def _answer(participant_id: int, consultation_id: int, statement_id: int, choice: int) -> None:
    found = db.session.execute(
        select(Statement.id, StatementVote)
        .outerjoin(
            StatementVote,
            and_(
                StatementVote.statement_id == Statement.id,
                StatementVote.participant_id == participant_id,
            ),
        )
        .where(
            Statement.id == statement_id,
            Statement.consultation_id == consultation_id,
            Statement.hidden_by.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise Refused("no_statement", _l("This statement is no longer here."), HTTPStatus.NOT_FOUND)
    earlier: StatementVote | None = found[1]
    columns = {AGREE: "agrees", DISAGREE: "disagrees", PASS: "passes"}
    change: dict[str, int] = {columns[choice]: 1}
    if earlier is None:
        db.session.add(
            StatementVote(
                statement_id=statement_id,
                participant_id=participant_id,
                choice=choice,
                at=clock.now(),
            )
        )
    else:
        if earlier.choice == choice:
            return
        change[columns[earlier.choice]] = -1
        earlier.choice = choice
        earlier.at = clock.now()
    db.session.execute(
        update(Statement)
        .where(Statement.id == statement_id)
        .values({name: getattr(Statement, name) + by for name, by in change.items()})
    )
    db.session.flush()


def offer(
    actor: Actor, community: Community, consultation: Consultation, words: str
) -> Statement | WaitingText:
    """Offer a statement; whoever offers it agrees with it; or keep it until it is checked.

    The same words again by the same person return the statement there is.

    :raises Refused: a reason of `why_not`, `empty`, `too_long`, `too_many` or `offered`.
    """
    refusal = why_not(actor, consultation, community.path, what="statements")
    if refusal is not None:
        raise refusal
    words = " ".join(text.plain(words).split())
    if not words:
        raise Refused("empty", _l("Please write your statement first."))
    if len(words) > LONGEST:
        raise Refused(
            "too_long",
            _l("A statement has at most %(most)d characters; this one has %(now)d."),
            values={"most": LONGEST, "now": len(words)},
        )
    assert actor.person_id is not None  # noqa: S101 - visitors have been refused
    # The person's row is the lock under which an hour's statements are counted.
    db.session.execute(
        select(Person.id).filter_by(id=actor.person_id).with_for_update(key_share=True)
    )
    key = text.key(words)
    if consultation.checked_first:
        if _with_key(consultation.id, key) is not None:
            raise _offered()
        return waiting.keep(
            actor.person_id,
            community,
            kind="statement",
            place=f"consultation:{consultation.id}",
            content={"text": words},
            form_key=f"statement {consultation.id} {sha256(key.encode()).hexdigest()}",
        )
    made, mine = add(consultation, actor.person_id, words)
    if not mine:
        raise _offered()
    return made


def add(consultation: Consultation, person_id: int, words: str) -> tuple[Statement, bool]:
    """Publish a statement that is allowed, with its author's agreement.

    :returns: the statement of these words, and whether it is this person's.
    :raises Refused: `too_many`.
    """
    participant = participate(consultation.id, person_id)
    key = text.key(words)
    twin = _with_key(consultation.id, key)
    if twin is None:
        limits.statements(person_id)
        made = Statement(
            consultation_id=consultation.id,
            participant_id=participant.id,
            text=words,
            key=key,
            created_at=clock.now(),
            agrees=0,
            disagrees=0,
            passes=0,
        )
        try:
            with db.session.begin_nested():
                db.session.add(made)
        except IntegrityError:
            twin = _with_key(consultation.id, key)
        else:
            db.session.execute(
                update(Consultation)
                .where(Consultation.id == consultation.id)
                .values(statement_count=Consultation.statement_count + 1)
            )
            _answer(participant.id, consultation.id, made.id, AGREE)
            return made, True
    assert twin is not None  # noqa: S101 - the unique key found it
    return twin, twin.participant_id == participant.id


def _with_key(consultation_id: int, key: str) -> Statement | None:
    return db.session.scalar(select(Statement).filter_by(consultation_id=consultation_id, key=key))


def _offered() -> Refused:
    return Refused(
        "offered",
        _l("This statement has already been offered. You can answer it."),
        HTTPStatus.CONFLICT,
    )


def listed(
    consultation_id: int, person_id: int | None, *, after: int = 0
) -> Sequence[tuple[Statement, int | None]]:
    """Return a page of statements in the order they were offered, each with one's own answer."""
    rows = db.session.execute(
        select(Statement, StatementVote.choice)
        .outerjoin(
            Participant,
            and_(
                Participant.consultation_id == Statement.consultation_id,
                Participant.person_id == (person_id or 0),
            ),
        )
        .outerjoin(
            StatementVote,
            and_(
                StatementVote.statement_id == Statement.id,
                StatementVote.participant_id == Participant.id,
            ),
        )
        .where(Statement.consultation_id == consultation_id, Statement.id > after)
        .order_by(Statement.id)
        .limit(PER_PAGE)
    )
    return [(row[0], row[1]) for row in rows]
