"""Fill a database with a street, its people and their consultations, in bulk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from civic.communities import services as communities
from civic.communities.models import Community
from civic.consultations.models import Comment, Consultation, Participant, Statement
from civic.identities import sessions
from civic.identities.credentials import SignIn
from civic.identities.kinds import SECRETARY
from civic.identities.models import Appointment, Person, Standing
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.voting import opening
from civic.voting.models import Ballot, BallotOption

SLUG = "erlonglu"
HOME = f"/c/{SLUG}/"
WORDS = (
    "早高峰的班车**太挤**了，建议七点半和八点各加一班，绕行二龙路东口，"
    "老人上下车也方便；末班车请照顾晚归的人。"
)


@dataclass(frozen=True)
class Made:
    """Name what the measures ask for."""

    case: int
    options: list[int]
    comments: int


def fill(
    *, people: int = 10_000, cases: int = 50, comments: int = 50, statements: int = 30
) -> Made:
    """Write everything and commit.

    :param comments: in the case that is measured, every fifth of them a reply and every tenth an
        official answer.
    """
    community = _street(people)
    for number in range(1, cases):
        _case(community, f"第{number}号议题：楼门口的非机动车怎么停？")
    consultation = _case(community, "园区到西单的接驳班车怎么开？")
    options = _ballot_options(consultation, ["只开早晚高峰", "全天每半小时一班", "先试行一个月"])
    _comments(consultation, comments)
    _statements(consultation, statements)
    db.session.commit()
    return Made(consultation.id, options, comments)


def _street(people: int) -> Community:
    street = communities.add_node("subdistrict", "金融街街道")
    communities.found(street, "jinrongjie", telephone="010 5555 0100", hours="工作日 9—17 时")
    node = communities.add_node("community", "二龙路社区", street)
    community = communities.found(
        node, SLUG, telephone="010 5555 0101", hours="工作日 9—17 时", about="二龙路社区的家。"
    )
    houses = [communities.add_node("building", f"{n}号楼", node) for n in range(1, 41)]
    db.session.flush()
    now = clock.now()
    _rows(
        Person,
        (
            {
                "id": number,
                "name": f"王{number}",
                "public_name": "王*",
                "password_hash": "",
                "adult": True,
                "agreed": "1",
                "agreed_at": now,
                "created_at": now,
            }
            for number in range(1, people + 1)
        ),
    )
    _rows(
        Standing,
        (
            {
                "person_id": number,
                "kind": "resident_living",
                "node_id": houses[number % 40].id,
                "level": 2,
                "source": "invite_code",
                "valid_from": now - timedelta(days=1),
            }
            for number in range(1, people + 1)
        ),
    )
    _rows(
        SignIn,
        (
            {
                "person_id": number,
                "digest": sessions.digest(f"key{number}"),
                "device": "bench",
                "began_at": now,
                "ends_at": now + sessions.LASTS,
                "confirmed_at": now,
                "second_factor_at": now,
            }
            for number in range(1, people + 1)
        ),
    )
    post = communities.add_post(node, SECRETARY, "社区党委书记", "二龙路社区居委会")
    _rows(
        Appointment,
        [{"person_id": 1, "post_id": post.id, "valid_from": now - timedelta(days=1)}],
    )
    return community


def _case(community: Community, title: str) -> Consultation:
    now = clock.now()
    dates = {"opens_at": now - timedelta(days=9), "closes_at": now + timedelta(days=9)}
    ballot = Ballot(
        community_id=community.id, question=title, audience=["resident"], turnout=0, **dates
    )
    background = "\n\n".join([WORDS * 2] * 3)
    consultation = Consultation(
        community_id=community.id,
        ballot=ballot,
        title=title,
        background=background,
        background_html=str(text.render(background)),
        audience=["resident"],
        voting_opens_at=now - timedelta(days=1),
        created_at=now,
        published_at=now,
        office="二龙路社区居委会",
        **dates,
    )
    db.session.add(consultation)
    db.session.flush()
    return consultation


def _ballot_options(consultation: Consultation, texts: list[str]) -> list[int]:
    rows = [
        BallotOption(ballot_id=consultation.ballot_id, position=number, text=words)
        for number, words in enumerate(texts)
    ]
    db.session.add_all(rows)
    db.session.flush()
    opening.fix(db.session.get_one(Ballot, consultation.ballot_id))
    return [row.id for row in rows]


def _comments(consultation: Consultation, count: int) -> None:
    now = clock.now()
    html = str(text.render(WORDS))
    top = 0
    for number in range(count):
        reply = number % 5 == 4
        comment = Comment(
            consultation_id=consultation.id,
            level=2 if reply else 1,
            parent_id=top if reply else None,
            parent_level=1 if reply else None,
            author_id=1 + number,
            place=f"{1 + number % 40}号楼",
            standing="resident_living",
            office="二龙路社区居委会" if number % 10 == 9 else None,
            text=WORDS,
            html=html,
            form_key=f"seed{number}",
            created_at=now - timedelta(hours=count - number),
        )
        db.session.add(comment)
        db.session.flush()
        top = top if reply else comment.id
    consultation.comment_count = count


def _statements(consultation: Consultation, count: int) -> None:
    participant = Participant(consultation_id=consultation.id, person_id=1, acts=1)
    db.session.add(participant)
    db.session.flush()
    _rows(
        Statement,
        (
            {
                "consultation_id": consultation.id,
                "participant_id": participant.id,
                "text": f"班车应当停靠第{number}站。",
                "key": f"statement {number}",
                "created_at": clock.now(),
                "agrees": number,
                "disagrees": 3,
                "passes": 1,
            }
            for number in range(count)
        ),
    )
    consultation.statement_count = count
    consultation.participant_count = 1


def _rows(model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    if made := list(rows):
        db.session.execute(insert(model), made)
