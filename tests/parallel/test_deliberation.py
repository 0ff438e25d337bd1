"""Ratings, me-too and dots that meet at one moment."""

from datetime import timedelta

from sqlalchemy import func, select

from civic.deliberation import walls
from civic.deliberation.models import (
    Argument,
    ArgumentRating,
    Question,
    QuestionAnswer,
    QuestionSupport,
    Wall,
    WallDot,
)
from civic.kernel import clock
from civic.kernel.db import db
from tests.deliberation.conftest import argued, asked, hung, talks
from tests.parallel.acts import MANY, count, newcomer, release, same_person, statuses
from tests.parallel.conftest import Street


def _everybody(street: Street, page: str, to: str, data: dict[str, str]) -> dict[int, int]:
    """Let many people send one form at one moment."""
    people = [newcomer(street, f"众{n}") for n in range(MANY)]
    visitors = [street.signed_in(one) for one in people]
    tokens = [visitor.hidden(page)["csrf_token"] for visitor in visitors]
    return statuses(
        release(
            [
                lambda wait, visitor=visitor, token=token: visitor.post(
                    to, {"csrf_token": token} | data, wait
                )
                for visitor, token in zip(visitors, tokens, strict=True)
            ]
        )
    )


def test_what_convinces_is_counted_once_of_each(street: Street) -> None:
    case = talks(street.world)
    made = argued(street.world, case)
    page = f"/c/erlonglu/consultations/{case.id}/arguments"
    to = f"{page}/{made.id}/rate"
    assert _everybody(street, page, to, {"wants": "yes"}) == {303: MANY}
    one = newcomer(street, "马二")
    sent = [{"to": to, "wants": "yes"}] * MANY
    assert statuses(same_person(street, one, page, sent)) == {303: MANY}
    assert count(select(ArgumentRating).filter_by(argument_id=made.id)) == MANY + 1
    mixed = [{"to": to, "wants": ("yes", "no")[n % 2]} for n in range(MANY)]
    assert statuses(same_person(street, one, page, mixed)) == {303: MANY}
    rows = count(select(ArgumentRating).filter_by(argument_id=made.id))
    assert db.session.scalar(select(Argument.convinced).filter_by(id=made.id)) == rows
    assert rows in {MANY, MANY + 1}


def test_who_wants_to_know_too_is_counted_once(street: Street) -> None:
    case = talks(street.world)
    made = asked(street.world, case)
    page = f"/c/erlonglu/consultations/{case.id}/questions"
    to = f"{page}/{made.id}/support"
    assert _everybody(street, page, to, {"wants": "yes"}) == {303: MANY}
    one = newcomer(street, "马三")
    mixed = [{"to": to, "wants": ("yes", "no")[n % 2]} for n in range(MANY)]
    assert statuses(same_person(street, one, page, mixed)) == {303: MANY}
    rows = count(select(QuestionSupport).filter_by(question_id=made.id))
    assert db.session.scalar(select(Question.supports).filter_by(id=made.id)) == rows


def test_what_is_sent_at_once_is_written_once(street: Street) -> None:
    case = talks(street.world)
    here = f"/c/erlonglu/consultations/{case.id}"
    one = newcomer(street, "马四")
    argument = {"to": f"{here}/arguments", "side": "for", "title": "好", "form_key": "same"}
    question = {"to": f"{here}/questions", "words": "几点？", "form_key": "same"}
    for form, model, page in (
        (argument, Argument, "arguments"),
        (question, Question, "questions"),
    ):
        answers = same_person(street, one, f"{here}/{page}", [form] * MANY)
        assert statuses(answers) == {303: MANY}
        assert count(select(model).filter_by(author_id=one.id)) == 1
    others = [
        {"to": f"{here}/questions", "words": "吗？", "form_key": f"k{n}"} for n in range(MANY)
    ]
    answers = statuses(same_person(street, one, f"{here}/questions", others))
    assert answers == {303: 5, 429: MANY - 5}
    db.session.refresh(case)
    assert (case.figures["arguments_for"], case.figures["questions_open"]) == (1, 6)
    secretary = street.world.people["secretary"]
    end = clock.local(clock.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    wall = {"to": f"{here}/walls/new", "title": "先做什么？", "items": "路灯\n车位\n花坛"}
    wall |= {"dots": "2", "closes_at": end, "form_key": "same"}
    answers = same_person(street, secretary, f"{here}/walls/new", [wall] * MANY)
    assert statuses(answers) == {303: MANY}
    assert len({answer.location for answer in answers}) == 1
    assert count(select(Wall).filter_by(consultation_id=case.id)) == 1


def test_a_question_answered_by_many_at_once_has_one_answer(street: Street) -> None:
    case = talks(street.world)
    made = asked(street.world, case, key="answered by many")
    page = f"/c/erlonglu/consultations/{case.id}/questions/{made.id}"
    secretary = street.world.people["secretary"]
    sent = [{"to": page, "words": f"第{n}种说法"} for n in range(MANY)]
    assert statuses(same_person(street, secretary, page, sent)) == {303: 1, 409: MANY - 1}
    assert count(select(QuestionAnswer).filter_by(question_id=made.id)) == 1


def test_dots_of_one_person_never_overshoot(street: Street) -> None:
    case = talks(street.world)
    for several in (False, True):
        wall = hung(street.world, case, form_key=f"w{several}", several=several, dots=3)
        items = [one.id for one in walls.items(wall.id)]
        page = f"/c/erlonglu/consultations/{case.id}/walls/{wall.id}"
        one = newcomer(street, "马五")
        sent = [
            {"to": page} | {f"item-{items[(n + step) % 6]}": "1" for step in range(3)}
            for n in range(MANY)
        ]
        assert statuses(same_person(street, one, page, sent)) == {303: MANY}
        numbers = select(WallDot.number).filter_by(wall_id=wall.id, person_id=one.id)
        assert sorted(db.session.scalars(numbers)) == [1, 2, 3]
        much = [{"to": page} | {f"item-{item}": "1" for item in items[:4]}] * MANY
        assert statuses(same_person(street, one, page, much)) == {422: MANY}
        assert count(select(WallDot).filter_by(wall_id=wall.id)) == 3


def test_dots_of_many_are_all_counted(street: Street) -> None:
    case = talks(street.world)
    wall = hung(street.world, case, form_key="many")
    item = walls.items(wall.id)[0].id
    page = f"/c/erlonglu/consultations/{case.id}/walls/{wall.id}"
    assert _everybody(street, page, page, {f"item-{item}": "1"}) == {303: MANY}
    placed = select(func.count()).select_from(WallDot).filter_by(wall_id=wall.id, item_id=item)
    assert db.session.scalar(placed) == MANY
