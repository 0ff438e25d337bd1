"""What consultations and moderation tell, and whom."""

import pytest
from sqlalchemy import select

from civic.consultations import services, speaking
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.tell import telling
from civic.moderation import services as moderation
from civic.notifications.models import InboxItem, Message
from tests.factories import World, consultation, rows
from tests.pages import text_of


def told() -> dict[str, set[int]]:
    query = select(Message.kind, InboxItem.person_id).join(InboxItem.message)
    found: dict[str, set[int]] = {}
    for kind, person_id in rows(query):
        found.setdefault(kind, set()).add(person_id)
    return found


def publish(world: World, **how) -> None:
    draft = consultation(world.erlong, published=False, **how)
    services.publish(world.actor("secretary"), world.erlong, draft)
    db.session.commit()


def test_those_who_are_asked_hear_of_a_question_when_it_is_published(world: World) -> None:
    publish(world)
    assert told() == {
        "consultations.published": {world.resident.id, world.neighbour.id, world.minor.id}
    }


def test_a_question_of_the_street_is_told_to_all_communities(world: World) -> None:
    draft = consultation(world.street, published=False, audience=("resident", "worker"))
    services.publish(world.actor("officer"), world.street, draft)
    db.session.commit()
    assert world.worker.id in told()["consultations.published"]
    assert world.elsewhere.id in told()["consultations.published"]


def test_a_draft_is_told_to_nobody_and_what_is_refused_neither(world: World) -> None:
    case = consultation(world.erlong)
    with pytest.raises(Refused):
        services.publish(world.actor("secretary"), world.erlong, case)
    db.session.commit()
    assert told() == {}


def say(world: World, case, who: str, parent=None, *, official: bool = False):
    made = speaking.comment(
        world.actor(who),
        world.erlong,
        case,
        "话",
        form_key=f"{who}{parent and parent.id}{official}",
        parent_id=parent.id if parent else None,
        official=official,
    )
    db.session.commit()
    return made


def test_an_official_answer_is_told_to_those_it_answers(world: World, login) -> None:
    case = consultation(world.erlong)
    first = say(world, case, "resident")
    reply = say(world, case, "neighbour", first)
    assert told() == {}
    answer = say(world, case, "secretary", reply, official=True)
    assert told() == {"consultations.answered": {world.resident.id, world.neighbour.id}}
    [(values,)] = rows(select(Message.values))
    kind = telling().kinds["consultations.answered"]
    assert values["office"] == answer.office
    page = login(world.resident).get(kind.address(values).partition("#")[0])
    assert page.status_code == 200
    assert f'id="{kind.address(values).partition("#")[2]}"' in text_of(page)


def test_an_answer_that_answers_nobody_or_oneself_is_not_told(world: World) -> None:
    case = consultation(world.erlong)
    own = say(world, case, "secretary")
    say(world, case, "secretary", own, official=True)
    say(world, case, "deputy", official=True)
    assert told() == {}


def test_a_sent_twice_answer_is_told_once(world: World) -> None:
    case = consultation(world.erlong)
    first = say(world, case, "resident")
    for _ in range(2):
        say(world, case, "secretary", first, official=True)
    assert len(rows(select(InboxItem.id))) == 1


@pytest.mark.parametrize("restore", [True, False])
def test_an_author_hears_of_a_hidden_text_and_of_the_answer(
    app, world: World, login, restore: bool
) -> None:
    case = consultation(world.erlong)
    comment = say(world, case, "resident")
    with app.test_request_context(method="POST"):
        decision = moderation.hide(
            world.actor("secretary"), world.erlong, "comment", comment.id, reason="off_topic"
        )
        db.session.commit()
    assert told() == {"moderation.hidden": {world.resident.id}}
    moderation.object_to(world.resident.id, decision.id, "为什么？")
    moderation.answer(
        world.actor("deputy"), world.erlong, decision.id, restore=restore, words="看过了"
    )
    db.session.commit()
    assert told() == {
        "moderation.hidden": {world.resident.id},
        "moderation.answered": {world.resident.id},
    }
    assert "话" not in str(rows(select(Message.values)))
    page = text_of(login(world.resident).get("/inbox"))
    assert ("恢复显示" if restore else "继续隐藏") in page
    [(values,), _] = rows(select(Message.values).order_by(Message.id))
    address = telling().kinds["moderation.hidden"].address(values)
    path, _, anchor = address.partition("#")
    assert f'id="{anchor}"' in text_of(login(world.resident).get(path))


def test_what_is_undone_is_told_to_nobody(app, world: World) -> None:
    case = consultation(world.erlong)
    comment = say(world, case, "resident")
    with app.test_request_context(method="POST"):
        moderation.hide(
            world.actor("secretary"), world.erlong, "comment", comment.id, reason="off_topic"
        )
        db.session.rollback()
    assert told() == {}
