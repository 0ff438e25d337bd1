"""A consultation with two camps that answer its statements."""

from civic.consultations.models import Consultation, Participant, Statement, StatementVote
from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db

#: Answers of the first and of the second camp to each statement, and what it says.
CAMPS = (
    (1, -1, "先装充电桩。"),
    (1, -1, "车位可以少一些。"),
    (1, -1, "费用大家分摊。"),
    (1, -1, "今年就动工。"),
    (-1, 1, "先修车棚。"),
    (-1, 1, "谁用谁付钱。"),
    (1, 1, "消防通道不能占。"),
    (0, 0, "请物业来管。"),
)


def answered(
    case: Consultation, first: int, second: int, people: tuple[Person, ...] = ()
) -> list[int]:
    """Let two camps answer all statements; return the ids of the statements.

    :param people: of the first camp, persons; the others are anonymous.
    """
    statements = [
        Statement(
            consultation_id=case.id,
            text=words,
            key=words,
            created_at=clock.now(),
            agrees=first * (one == 1) + second * (other == 1),
            disagrees=first * (one == -1) + second * (other == -1),
            passes=first * (one == 0) + second * (other == 0),
        )
        for one, other, words in CAMPS
    ]
    voters = [
        Participant(consultation_id=case.id, person_id=person.id, acts=len(CAMPS))
        for person in people
    ]
    voters += [
        Participant(consultation_id=case.id, external_id=f"p{number}", acts=len(CAMPS))
        for number in range(len(people), first + second)
    ]
    db.session.add_all([*statements, *voters])
    db.session.flush()
    db.session.add_all(
        StatementVote(
            statement_id=statement.id,
            participant_id=voter.id,
            choice=CAMPS[place][0 if number < first else 1],
            at=clock.now(),
        )
        for number, voter in enumerate(voters)
        for place, statement in enumerate(statements)
    )
    db.session.get_one(Consultation, case.id).statement_count += len(statements)
    db.session.commit()
    return [statement.id for statement in statements]
