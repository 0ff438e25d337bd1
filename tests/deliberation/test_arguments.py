"""Arguments: who may write and weigh, how often, in what order, and what the database refuses."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from civic.deliberation import arguments, own_data, pages
from civic.deliberation.models import AGAINST, FOR, Argument, ArgumentRating
from civic.deliberation.places import Place
from civic.deliberation.rules import rules
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.moderation import services as moderation
from civic.moderation import waiting
from tests.deliberation.conftest import argued, talks
from tests.factories import World, case_by_process, closed, person, standing


def refused(code: str, act: Any, *args: Any, **values: Any) -> None:
    """An act that is refused, and undone."""
    with pytest.raises(Refused) as caught:
        act(*args, **values)
    assert caught.value.code == code
    db.session.rollback()


def test_an_argument_is_written_weighed_and_taken_back(world: World) -> None:
    case = talks(world)
    made = argued(world, case)
    assert argued(world, case).id == made.id
    assert (case.figures, case.participant_count) == ({arguments.PROS: 1}, 1)
    resident, neighbour = world.actor("resident"), world.actor("neighbour")
    for wants, convinced in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        found = arguments.rate(resident, world.erlong, case, made.id, wants=wants)
        db.session.commit()
        assert found.convinced == convinced
    assert arguments.convincing(resident.person_id, [made.id]) == {made.id}
    assert arguments.convincing(None, [made.id]) == set()
    refused("own", arguments.rate, neighbour, world.erlong, case, made.id, wants=True)
    refused("missing", arguments.take_back, resident, world.erlong, case, made.id)
    arguments.take_back(neighbour, world.erlong, case, made.id)
    db.session.commit()
    assert (made.title, made.words, case.figures) == ("", "", {})
    assert arguments.listed(case.id, FOR) == []
    refused("missing", arguments.rate, resident, world.erlong, case, made.id, wants=True)
    refused("missing", arguments.take_back, neighbour, world.erlong, case, made.id)


@pytest.mark.parametrize(
    ("role", "code"),
    [("anonymous", "sign_in"), ("elsewhere", "audience"), ("secretary", "audience")],
)
def test_only_those_who_are_asked_argue(world: World, role: str, code: str) -> None:
    case = talks(world)
    made = argued(world, case)
    actor = world.actor(role)
    words = {"side": FOR, "title": "好", "words": "", "form_key": "x"}
    refused(code, arguments.write, actor, world.erlong, case, **words)
    refused(code, arguments.rate, actor, world.erlong, case, made.id, wants=True)


def test_what_is_written_has_its_bounds(world: World) -> None:
    case, actor = talks(world), world.actor("resident")
    most = rules()
    for code, changed in (
        ("side", {"side": "perhaps"}),
        ("title", {"title": " "}),
        ("title", {"title": "长" * (most.argument_title + 1)}),
        ("words", {"words": "长" * (most.argument_words + 1)}),
    ):
        words = {"side": FOR, "title": "好", "words": "", "form_key": "x"} | changed
        refused(code, arguments.write, actor, world.erlong, case, **words)
    for number in range(most.arguments_each):
        argued(world, case, "resident", key=f"k{number}")
    words = {"side": FOR, "title": "好", "words": "", "form_key": "x"}
    refused("too_many", arguments.write, actor, world.erlong, case, **words)


def test_a_stage_says_whether_people_argue(world: World) -> None:
    case = talks(world, "closed")
    words = {"side": FOR, "title": "好", "words": "", "form_key": "x"}
    refused("closed", arguments.write, world.actor("resident"), world.erlong, case, **words)
    by_process = case_by_process(world.erlong, "five_people", stage="commenting")
    refused("not_open", arguments.write, world.actor("resident"), world.erlong, by_process, **words)
    by_process.stage = "deliberating"
    db.session.commit()
    assert argued(world, by_process).side == FOR


def test_what_convinces_most_comes_first_and_pages_go_on(world: World) -> None:
    case = talks(world)
    author = world.people["neighbour"]
    made = [
        Argument(
            consultation_id=case.id,
            side=AGAINST,
            title=f"理由{number}",
            author_id=author.id,
            form_key=f"n{number}",
            at=clock.now(),
            convinced=number % 3,
        )
        for number in range(arguments.PER_PAGE + 5)
    ]
    db.session.add_all(made)
    db.session.commit()
    first = arguments.listed(case.id, AGAINST)
    last = Place(first[-1].convinced, first[-1].id)
    rest = arguments.listed(case.id, AGAINST, Place.read(str(last)))
    everything = sorted(made, key=lambda one: (-one.convinced, -one.id))
    assert [*first, *rest] == everything
    assert Place.read("x-1") is None
    assert Place.read("0-7") == (0, 7)


def test_the_database_keeps_authors_from_weighing_their_own(world: World) -> None:
    made = argued(world, talks(world))
    other = world.people["resident"].id
    for person_id, author_id in ((made.author_id, made.author_id), (other, other)):
        db.session.add(
            ArgumentRating(
                argument_id=made.id, author_id=author_id, person_id=person_id, at=clock.now()
            )
        )
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
    for _ in range(2):
        db.session.add(
            ArgumentRating(
                argument_id=made.id, author_id=made.author_id, person_id=other, at=clock.now()
            )
        )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_an_argument_is_hidden_and_shown_again(app: Flask, world: World) -> None:
    case = talks(world)
    made = argued(world, case)
    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/questions", method="POST"):
        app.preprocess_request()
        decision = moderation.hide(
            world.actor("secretary"), world.erlong, "argument", made.id, reason="insult"
        )
        db.session.commit()
        [shown] = arguments.listed(case.id, FOR)
        seen = pages.argument(shown, world.actor("neighbour"), convinces=False, rates=True)
        assert (shown.title, seen["rate_url"]) == ("", "")
        assert seen["hidden"]
        assert seen["objection_url"]
        refused(
            "missing",
            arguments.rate,
            world.actor("resident"),
            world.erlong,
            case,
            made.id,
            wants=True,
        )
        refused(
            "hidden", arguments.take_back, world.actor("neighbour"), world.erlong, case, made.id
        )
        assert own_data.PART.export(made.author_id)[0].rows[0][2].startswith("晚上有地方停车")
        moderation.object_to(made.author_id, decision.id, "没有骂人")
        moderation.answer(
            world.actor("deputy"), world.erlong, decision.id, restore=True, words="是的"
        )
        db.session.commit()
    db.session.refresh(made)
    assert (made.title, made.words) == ("晚上有地方停车", "现在要绕三圈。")


def test_where_texts_are_checked_first_arguments_wait(app: Flask, world: World) -> None:
    case = talks(world)
    case.checked_first = True
    db.session.commit()
    held = arguments.write(
        world.actor("resident"),
        world.erlong,
        case,
        side=AGAINST,
        title="太吵",
        words="",
        form_key="h",
    )
    db.session.commit()
    assert arguments.listed(case.id, AGAINST) == []
    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/questions", method="POST"):
        app.preprocess_request()
        url = waiting.publish(world.actor("secretary"), world.erlong, held.id)
        db.session.commit()
    [made] = arguments.listed(case.id, AGAINST)
    assert (made.title, made.place) == ("太吵", "6号楼")
    assert url.endswith(f"#argument-{made.id}")
    assert case.figures == {arguments.CONS: 1}


def test_whoever_leaves_still_counts_and_is_named_no_longer(world: World) -> None:
    case = talks(world)
    one = person("马丽")
    standing(one, world.gate)
    world.people["leaving"] = one
    made, own = argued(world, case), argued(world, case, "leaving", "l")
    arguments.rate(world.actor("leaving"), world.erlong, case, made.id, wants=True)
    db.session.commit()
    assert len(own_data.PART.export(one.id)[1].rows) == 1
    own_data.PART.forget(one.id)
    closed(one)
    db.session.commit()
    db.session.expire_all()
    assert (made.convinced, own.place) == (1, "")
    assert own_data.PART.export(one.id)[1].rows == []
