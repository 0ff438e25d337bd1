"""The public list of official acts: what may be read, who did it, and what stays closed."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from civic.consultations.models import Consultation
from civic.home import act_rows
from civic.kernel import act_words, audit
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from tests.factories import World, consultation
from tests.notices.conftest import issued
from tests.pages import text_of

Login = Callable[..., FlaskClient]


def act(world: World, code: str, subject: str, **data: str) -> AuditEntry:
    return audit.append(
        code,
        person_id=world.secretary.id,
        post="二龙路社区党委",
        subject=subject,
        community_id=world.erlong.id,
        data=data,
    )


def _case(world: World, title: str, *, published: bool = True) -> Consultation:
    made = consultation(world.erlong, published=published)
    made.title = title
    db.session.flush()
    return made


def test_everybody_reads_what_was_done_by_which_post_and_why(world: World, login: Login) -> None:
    case = _case(world, "东侧停车")
    act(world, "consultation.moved", f"consultation:{case.id}", reason="到期")
    last = act(world, "text.hidden", "comment:1", reason="insult")
    number, fingerprint = last.id, last.hash
    db.session.commit()
    page = text_of(login(None).get("/c/erlonglu/acts/"))
    assert "协商进入下一阶段 · 东侧停车" in page
    assert f"/c/erlonglu/consultations/{case.id}/" in page
    assert "二龙路社区党委" in page
    assert "到期" in page
    assert "不作人身攻击" in page
    assert f"最后一项记录是第{number}号" in page
    assert fingerprint in page
    assert world.secretary.name not in page


def test_what_is_about_one_person_or_not_public_yet_is_not_listed(
    world: World, login: Login
) -> None:
    draft = _case(world, "还没公布的事", published=False)
    for code in ("standing.granted", "recovery.made", "ballot.vote_entered", "consultation.begun"):
        act(world, code, f"consultation:{draft.id}")
    act(world, "consultation.ballot_linked", f"consultation:{draft.id}")
    db.session.commit()
    page = text_of(login(None).get("/c/erlonglu/acts/"))
    assert page.count("二龙路社区党委") == 1
    assert "协商关联表决" in page
    assert "还没公布的事" not in page
    assert "还没公布的事" in text_of(login(world.secretary).get("/c/erlonglu/acts/"))


def test_acts_of_other_communities_stand_there(world: World, login: Login) -> None:
    notice = issued(world, title="扶手施工")
    db.session.commit()
    visitor = login(None)
    assert "扶手施工" in text_of(visitor.get("/c/erlonglu/acts/"))
    assert "扶手施工" not in text_of(visitor.get("/c/jinrongjie/acts/"))
    only = text_of(visitor.get("/c/erlonglu/acts/?kind=notice"))
    assert f"/notices/{notice.id}" in only
    assert "扶手施工" not in text_of(visitor.get("/c/erlonglu/acts/?kind=ballot"))
    assert "扶手施工" in text_of(visitor.get("/c/erlonglu/acts/?kind=nonsense&before=x"))


def test_long_lists_go_on_by_key(world: World, login: Login, app: Flask) -> None:
    made = [
        act(world, "holidays.stored", f"holidays:{number}").id
        for number in range(act_rows.PER_PAGE + 5)
    ]
    db.session.commit()
    visitor = login(None)
    first = text_of(visitor.get("/c/erlonglu/acts/"))
    cut = made[-act_rows.PER_PAGE]
    assert f"before={cut}" in first
    second = text_of(visitor.get(f"/c/erlonglu/acts/?before={cut}"))
    assert second.count("录入节假日安排") == 5


def test_a_noted_fingerprint_is_found_or_missed(world: World, app: Flask) -> None:
    noted = act(world, "holidays.stored", "holidays:1").hash
    db.session.commit()
    assert audit.holds(f" {noted.upper()} ")
    assert not audit.holds("0" * 64)
    assert not audit.holds("")


def test_each_kind_has_words() -> None:
    assert all(act_words.kind(code) for code in act_words.kinds())
    assert not [code for code in act_words.public() if act_words.closed(code)]


def test_what_a_resident_did_is_not_said_to_be_done_by_the_site(world: World, login: Login) -> None:
    by_them = {"person_id": world.resident.id, "subject": "correction:1"}
    audit.append("correction.raised", community_id=world.erlong.id, **by_them)
    db.session.commit()
    page = text_of(login(None).get("/c/erlonglu/acts/"))
    assert "提出纠错" in page
    assert "由系统自动完成" not in page
    for number, (code, by) in enumerate(
        (
            ("correction.lapsed", "clock"),
            ("plugin.paused", "civic"),
            ("notice.expired", "system"),
        ),
        1,
    ):
        audit.append(code, actor=by, subject="x", community_id=world.erlong.id)
        db.session.commit()
        page = text_of(login(None).get("/c/erlonglu/acts/"))
        assert page.count("由系统自动完成") == number


def test_reasons_stand_there_where_they_were_written_for_everybody(
    world: World, login: Login
) -> None:
    act(world, "ballot.extended", "ballot:1", reason="停电")
    act(world, "ballot.papers_void", "ballot:1", reason="三号楼王某撕坏")
    act(world, "hall.handed_over", "hall:1", reason="主持人住院")
    db.session.commit()
    page = text_of(login(None).get("/c/erlonglu/acts/"))
    assert "停电" in page
    assert "撕坏" not in page
    assert "住院" not in page


def test_where_the_chain_stands_is_asked_of_its_end_alone(world: World) -> None:
    last = act(world, "plugin.on", "plugin:x")
    db.session.commit()
    said: list[str] = []

    def hear(*values: Any) -> None:
        said.append(values[2].lower())

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        assert act_rows.head() == (last.id, last.hash)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    assert said
    assert "count" not in "".join(said)
