"""What is stored about a person's votes: given out, and cut off when the account is closed."""

import json
import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CompoundSelect, delete, literal, select, union_all, update

from civic.identities.names import GONE
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.own_data import Cell, Collected, Kept, Part, Table
from civic.voting import choices, kinds, opening
from civic.voting.box import UsedRight
from civic.voting.models import Ballot, BallotExtension, BallotStep
from civic.voting.rolls import RightHolder, Roll, RollChange, RollObjection, VotingRight
from civic.voting.services import key_of
from civic.voting.sheets import Mandate, PaperWork, Sheet, SheetScan
from civic.voting.taking_back import withdraw


def _export(person_id: int) -> list[Table]:
    rows = db.session.execute(
        select(Ballot.question, Ballot.rules, UsedRight)
        .join(Ballot, Ballot.id == UsedRight.ballot_id)
        .where(UsedRight.person_id == person_id)
        .order_by(UsedRight.ballot_id)
    ).all()
    held = (
        select(VotingRight.label, RightHolder.capacity, RightHolder.for_name, Roll.drawn_at)
        .join(RightHolder, RightHolder.right_id == VotingRight.id)
        .join(Roll, Roll.id == VotingRight.roll_id)
        .where(RightHolder.person_id == person_id)
    )
    mandated = (
        select(VotingRight.label, literal("proxy"), VotingRight.label, Mandate.signed_at)
        .join(Mandate, Mandate.right_id == VotingRight.id)
        .where(Mandate.person_id == person_id)
    )
    both: CompoundSelect[Any] = union_all(held, mandated)
    rights = db.session.execute(both.order_by(both.selected_columns[3])).all()
    said = db.session.execute(
        select(RollObjection.text, RollObjection.made_at, RollObjection.answer)
        .filter_by(person_id=person_id)
        .order_by(RollObjection.id)
    ).all()
    return [
        Table(
            "votes",
            _l("Votes"),
            {
                "question": _l("Question"),
                "choice": _l("Your choice"),
                "receipt": _l("Receipt"),
                "cast_at": _l("Cast"),
                "changed_at": _l("Changed"),
            },
            [
                (question, _choice(used, rules), used.code, used.cast_at, used.changed_at)
                for question, rules, used in rows
            ],
        ),
        Table(
            "rights",
            _l("Places in rolls"),
            {
                "label": _l("Right"),
                "capacity": _l("As"),
                "for_name": _l("For"),
                "drawn_at": _l("When"),
            },
            [
                (label, kinds.CAPACITIES[capacity], for_name, at)
                for label, capacity, for_name, at in rights
            ],
        ),
        Table(
            "roll_objections",
            _l("Objections to rolls"),
            {"text": _l("Text"), "made_at": _l("When"), "answer": _l("Answer")},
            [tuple(row) for row in said],
        ),
        Table(
            "ballot_acts",
            _l("Official acts upon ballots and rolls"),
            {"act": _l("Act"), "at": _l("When")},
            _acts(person_id),
        ),
    ]


def _acts(person_id: int) -> list[tuple[Cell, ...]]:
    """Return what somebody has done by office; of these nothing is forgotten."""
    proposed = select(BallotStep.act, BallotStep.proposed_at).filter_by(proposed_by=person_id)
    confirmed = select(BallotStep.act, BallotStep.confirmed_at).filter_by(confirmed_by=person_id)
    changed = select(RollChange.act, RollChange.proposed_at).filter_by(proposed_by=person_id)
    agreed = select(RollChange.act, RollChange.confirmed_at).filter_by(confirmed_by=person_id)
    extended = select(BallotExtension.reason, BallotExtension.at).filter_by(by=person_id)
    papers = [
        select(literal("mandate"), Mandate.proposed_at).filter_by(proposed_by=person_id),
        select(literal("mandate"), Mandate.confirmed_at).filter_by(confirmed_by=person_id),
        select(literal("mandate"), Mandate.revoked_at).filter_by(revoked_by=person_id),
        select(literal("papers"), PaperWork.confirmed_at).filter_by(confirmed_by=person_id),
        select(literal("scan"), SheetScan.added_at).filter_by(added_by=person_id),
        select(literal("papers"), Sheet.issued_at).filter_by(issued_by=person_id).distinct(),
    ]
    acts: CompoundSelect[Any] = union_all(proposed, confirmed, changed, agreed, extended, *papers)
    rows = db.session.execute(acts.order_by(acts.selected_columns[1]))
    return [(row[0], row[1]) for row in rows]


def _choice(used: UsedRight, rules: dict[str, Any]) -> Cell:
    if used.choice is None:
        return _l("Nobody can tell any more")
    if used.choice == choices.NOTHING:
        return _l("Abstention")
    texts = {str(option["id"]): option["text"] for option in rules.get("options", ())}
    return _spelt(json.loads(used.choice), texts)


def _spelt(choice: Any, texts: dict[str, str]) -> str:  # noqa: ANN401 - a JSON value
    if isinstance(choice, dict):
        said = {key: str(choices.ANSWERS.get(value, value)) for key, value in choice.items()}
        return "; ".join(f"{texts.get(key, key)}: {value}" for key, value in said.items())
    if isinstance(choice, list):
        return " > ".join(
            " = ".join(texts.get(str(one), str(one)) for one in tier)
            if isinstance(tier, list)
            else texts.get(str(tier), str(tier))
            for tier in choice
        )
    return texts.get(str(choice), str(choice))


def _forget(person_id: int) -> None:
    """Withdraw votes from open ballots; of closed ones keep the count and cut the link.

    Votes are cast by who has a standing at the count (domain.md §3.5), and a closed account has
    none. They are taken in the order of their ballots, so that two closings do not wait for each
    other in a circle.
    """
    # Rights come before ballots, as in a vote.
    mine = db.session.scalars(
        select(UsedRight)
        .filter_by(person_id=person_id)
        .order_by(UsedRight.ballot_id, UsedRight.key)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    now = clock.now()
    for used in mine:
        ballot = opening.locked(used.ballot_id)
        running = now < ballot.closes_at and ballot.sealed_at is None
        if running and ballot.secrecy != kinds.DETACHED:
            withdraw(ballot, used)
        else:
            _cut(ballot, used)
    db.session.execute(delete(RightHolder).filter_by(person_id=person_id))
    db.session.execute(
        update(Mandate).where(Mandate.person_id == person_id).values(person_id=None, name="-")
    )
    listed = VotingRight.key == key_of(person_id)
    db.session.execute(update(VotingRight).where(listed).values(label=GONE))
    db.session.execute(
        update(RollObjection)
        .where(RollObjection.person_id == person_id)
        .values(person_id=None, text="-")
    )


def _cut(ballot: Ballot, used: UsedRight) -> None:
    row = (UsedRight.ballot_id == ballot.id, UsedRight.key == used.key)
    prefix = "test:" if ballot.rehearsal else "left:"
    key = used.key if used.right_id is not None else f"{prefix}{secrets.token_hex(8)}"
    # The receipt stays: which one it was nothing tells any more.
    values: dict[str, object] = {"key": key, "person_id": None, "earlier": None}
    if ballot.sealed_at is not None:
        values["code"] = None
    if ballot.secrecy != kinds.DETACHED:
        values |= {"cast_at": None, "changed_at": None}
    db.session.execute(update(UsedRight).where(*row).values(values))


PART = Part(
    owner="votes",
    title=_l("Votes"),
    stored=(
        Collected(
            _l("That you voted, and until the close how"),
            _l(
                "How you vote is shown to nobody; only the totals are published, after the close. "
                "At the close of a secret vote the link between you and your choice is destroyed. "
                "In a vote that is named, it says so, and your choice stays on record."
            ),
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
                "yours. Votes in ballots that are still open are withdrawn and do not count; only "
                "those stay that went into the box without your name and cannot be found again."
            ),
        ),
    ),
)
