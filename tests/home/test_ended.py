"""A community that has ended: its home says so and leads on; nothing is added there any more."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from civic.communities import reform, services, tree
from civic.communities.models import Node
from civic.communities.tree import Act
from civic.consultations import speaking
from civic.consultations.models import Consultation
from civic.identities import places
from civic.identities.kinds import OFFICER
from civic.identities.services import appoint
from civic.kernel import clock
from civic.kernel.db import db
from civic.moderation.models import Decision
from tests import factories
from tests.factories import World
from tests.notices.conftest import FORM, issued
from tests.pages import text_of

OLD, NEW = "/c/jingjidao", "/c/erlonglu"
BASIS = "西街发〔2026〕8号"


def merged(world: World) -> None:
    clock.shift(timedelta(minutes=1))
    act = Act(person_id=world.administrator.id, at=clock.now(), basis=BASIS)
    reform.merge(act, [world.jingji.id], world.erlong.id)
    places.close([world.jingji.id], world.administrator.id, "合并", heir=world.erlong.id)
    db.session.commit()


@pytest.mark.parametrize("page", ["/", "/about"])
def test_its_pages_say_so_and_lead_on(world: World, login, page: str) -> None:
    merged(world)
    today = clock.local(clock.now())
    for who in (None, world.elsewhere, world.officer):
        text = text_of(login(who).get(OLD + page))
        assert "本社区已撤销" in text
        assert f"{today.month}月{today.day}日" in text
        assert BASIS in text
        assert f'href="{NEW}/"' in text
        assert "凭邀请码加入" not in text
        assert f"{OLD}/notices/new" not in text
    assert "本社区已撤销" not in text_of(login(None).get(NEW + page))
    # Both sides of the history name each other.
    assert f'href="{OLD}/"' in text_of(login(None).get(f"{NEW}/about"))


def test_after_a_split_it_leads_to_the_parts(world: World, login) -> None:
    clock.shift(timedelta(minutes=1))
    act = Act(person_id=None, at=clock.now(), basis=BASIS)
    halves = [
        tree.add(Act(person_id=None, at=clock.now()), "estate", name, world.jingji.id)
        for name in ("东里", "西里")
    ]
    clock.shift(timedelta(minutes=2))
    act = Act(person_id=None, at=clock.now(), basis=BASIS)
    reform.split(act, world.jingji.id, "东里社区", "dongli", [halves[0].id])
    tree.move(act, halves[1].id, world.erlong.id)
    clock.shift(timedelta(minutes=3))
    tree.end(Act(person_id=None, at=clock.now(), basis="〔2026〕9号"), world.jingji.id)
    db.session.commit()
    text = text_of(login(None).get(f"{OLD}/"))
    assert "〔2026〕9号" in text
    assert 'href="/c/dongli/"' in text


def test_nothing_is_added_there_but_what_was_said_can_be_hidden(world: World, login) -> None:
    case = factories.consultation(world.jingji)
    said = speaking.comment(
        world.actor("elsewhere"), world.jingji, case, "先看看再说。", form_key="k"
    )
    post = services.add_post(world.street.node, OFFICER, "second", "街道")
    world.people["second"] = factories.person("李红")
    appoint(world.people["second"], post.id)
    db.session.commit()
    notice = issued(world, by="officer", check="second", at=world.jingji)
    db.session.commit()
    merged(world)
    officer = login(world.officer)
    for path, form in (
        ("/notices/new", FORM),
        ("/consultations/new", {"title": "新的"}),
        (f"/consultations/{case.id}/comments", {"words": "好", "form_key": "f"}),
        ("/desk/organisations/new", {"name": "新单位"}),
    ):
        answer = officer.post(OLD + path, data=form)
        assert answer.status_code == 409, path
        assert "本社区已撤销" in text_of(answer)
    assert factories.scalars(select(func.count(Consultation.id))) == [1]
    hidden = officer.post(f"{OLD}/moderation/hide/comment/{said.id}", data={"reason": "off_topic"})
    assert hidden.status_code == 303
    assert factories.scalars(select(Decision.reason)) == ["off_topic"]
    gone = officer.post(f"{OLD}/notices/{notice.id}/withdraw", data={"reason": "作废"})
    assert gone.status_code == 303
    assert factories.scalars(select(Node.valid_to).filter_by(id=world.erlong.id)) == [None]
