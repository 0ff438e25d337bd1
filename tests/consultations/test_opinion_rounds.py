"""Stored maps of opinions: when they are computed, what is kept, and who may see what."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civic.consultations import opinion_given, opinion_rounds, rounds
from civic.consultations.models import Consultation, Participant, Statement
from civic.consultations.opinion_rows import OpinionRound
from civic.identities.models import Person
from civic.kernel import clock, own_data
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.moderation import services as moderation
from tests.consultations.opinion_cases import CAMPS, answered
from tests.factories import World, actor, consultation, rows, scalars
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]


@pytest.fixture
def case(app: Flask, world: World) -> Consultation:
    return consultation(world.erlong)


def draw(case: Consultation) -> OpinionRound:
    made = opinion_rounds.draw(case.id)
    assert made is not None
    db.session.commit()
    return made


def page(client: FlaskClient, case: Consultation, tail: str = "") -> str:
    response = client.get(f"/c/erlonglu/consultations/{case.id}/opinions/{tail}")
    assert response.status_code == 200
    return response.text


def test_a_map_is_due_by_new_answers_and_once_after_the_close(
    world: World, case: Consultation
) -> None:
    assert opinion_rounds.due() == []
    answered(case, 12, 10)
    assert opinion_rounds.due() == [case.id]
    assert opinion_given.draw_due() == 1
    assert opinion_rounds.due() == []
    # 176 answers are known: 20 new ones make another map, 19 do not.
    statement = db.session.scalars(select(Statement).filter_by(consultation_id=case.id)).first()
    assert statement is not None
    statement.agrees += 19
    db.session.commit()
    assert opinion_rounds.due() == []
    statement.agrees += 1
    db.session.commit()
    assert opinion_rounds.due() == [case.id]
    statement.agrees -= 20
    db.session.commit()
    with clock.at(case.closes_at + timedelta(minutes=1)):
        assert opinion_given.draw_due() == 1
        assert opinion_rounds.due() == []
    assert scalars(select(OpinionRound.number).order_by(OpinionRound.number)) == [1, 2]


def test_what_everybody_may_see_names_no_participant(world: World, case: Consultation) -> None:
    ids = answered(case, 12, 10)
    made = draw(case)
    assert (made.people, made.statements, made.answers) == (22, 8, 176)
    assert [group["people"] for group in made.result["groups"]] == [12, 10]
    assert sum(dot[3] for dot in made.result["dots"]) == 22
    assert made.result["dots"] == sorted(made.result["dots"])
    assert [row["id"] for row in made.result["unites"]] == [ids[6]]
    assert made.result["unites"][0]["groups"] == {"A": [12, 12], "B": [10, 10]}
    assert [row["id"] for row in made.result["uncertain"]] == [ids[7]]
    first = {row["id"] for row in made.result["groups"][0]["representative"]}
    assert first & set(ids[:6])
    assert "members" not in json.dumps(made.result)
    assert not set(_keys(made.result)) & {"members", "participant", "person"}


def _keys(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for item in value.values() for key in _keys(item))]
    if isinstance(value, list):
        return [key for item in value for key in _keys(item)]
    return []


def test_only_the_latest_round_knows_people_and_figures_follow_it(
    world: World, case: Consultation
) -> None:
    answered(case, 12, 10)
    first, second = draw(case), draw(case)
    assert (first.state, second.number) == ({}, 2)
    assert second.result["groups"] == first.result["groups"]
    figures = db.session.scalars(select(Consultation.figures).filter_by(id=case.id)).one()
    assert figures == {"opinion_people": 22, "opinion_groups": 2}


def test_far_statements_are_asked_more(world: World, case: Consultation) -> None:
    ids = answered(case, 12, 10)
    draw(case)
    found = dict(rows(select(Statement.id, Statement.extremity)))
    assert found[ids[0]] > 1 > found[ids[6]] == 0
    shown = rounds.next_for(case.id, world.resident.id).statement
    assert shown is not None
    assert shown.extremity == found[shown.id]


def test_a_hidden_statement_is_left_out_at_once_and_in_the_next_round(
    app: Flask, world: World, case: Consultation, login: Login
) -> None:
    ids = answered(case, 12, 10)
    draw(case)
    words = CAMPS[6][2]
    assert words in page(login(None), case)
    secretary = world.actor("secretary")
    with app.test_request_context(method="POST"):
        moderation.hide(secretary, world.erlong, "statement", ids[6], reason="off_topic")
        db.session.commit()
    assert words not in page(login(None), case)
    again = draw(case)
    assert again.statements == 7
    assert ids[6] not in {row["id"] for row in again.result["consensus"]}


def test_without_a_map_the_page_says_what_will_be_there(
    world: World, case: Consultation, login: Login
) -> None:
    assert "还没有意见地图" in page(login(None), case)
    assert scalars(select(func.count()).select_from(OpinionRound)) == [0]


def test_under_twenty_people_there_is_only_what_most_share(
    world: World, case: Consultation, login: Login
) -> None:
    answered(case, 10, 9, (world.resident,))
    made = draw(case)
    assert (made.people, made.result["groups"], made.result["dots"]) == (19, [], [])
    shown = page(login(world.resident), case, "?me=1")
    assert '<svg class="opinion-map"' not in shown
    assert CAMPS[6][2] in shown
    assert opinion_rounds.own_place(made, world.resident.id) is None


def test_one_s_own_place_is_seen_by_oneself_alone(
    world: World, case: Consultation, login: Login
) -> None:
    answered(case, 12, 10, (world.resident,))
    draw(case)
    for who in (None, world.neighbour, world.people["secretary"]):
        assert "own-ring" not in page(login(who), case, "?me=1")
    plain = page(login(world.resident), case)
    assert "own-ring" not in plain
    response = login(world.resident).get(f"/c/erlonglu/consultations/{case.id}/opinions/?me=1")
    assert response.headers["Cache-Control"] == "private, no-store"
    marks = re.findall(r'<g class="no-print"><circle class="own-ring"', response.text)
    assert len(marks) == 1
    assert "与A组最接近" in response.text


def test_a_closed_account_leaves_its_answers_and_no_way_to_the_person(
    world: World, case: Consultation
) -> None:
    answered(case, 12, 10, (world.resident,))
    made = draw(case)
    part = next(part for part in own_data.parts() if part.owner == "consultations")
    table = next(table for table in part.export(world.resident.id) if table.name == "groups")
    assert [tuple(row)[:2] for row in table.rows] == [(case.title, "A")]
    part.forget(world.resident.id)
    db.session.commit()
    assert opinion_rounds.groups_of(world.resident.id) == []
    assert opinion_rounds.own_place(made, world.resident.id) is None
    assert scalars(select(Participant.id).filter_by(person_id=world.resident.id)) == []
    assert draw(case).people == 22


def test_an_office_has_it_computed_and_the_audit_says_so(
    world: World, case: Consultation, login: Login
) -> None:
    url = f"/c/erlonglu/consultations/{case.id}/opinions/"
    secretary = login(world.people["secretary"])
    assert "还没有人对观点表态" in text_of(secretary.post(url, follow_redirects=True))
    answered(case, 12, 10)
    assert "已重新计算" in text_of(secretary.post(url, follow_redirects=True))
    # Nobody has answered since: rounds without answers would wear out the patience of groups.
    with clock.at(clock.now() + timedelta(seconds=1)):
        assert "保持不变" in text_of(secretary.post(url, follow_redirects=True))
    query = select(AuditEntry.data).filter_by(act="consultation.opinions_drawn")
    assert [entry["number"] for entry in scalars(query)] == [1]


def test_the_panel_leads_there_from_figures_alone(app: Flask, case: Consultation) -> None:
    assert opinion_given.panel(case, actor(None), clock.now()) is None
    case.figures = {"opinion_people": 22, "opinion_groups": 2}
    db.session.commit()
    with app.test_request_context(f"/c/erlonglu/consultations/{case.id}/"):
        app.preprocess_request()
        shown = opinion_given.panel(case, actor(None), clock.now())
    assert shown is not None
    assert "22人的回答分成2组" in shown.text
    assert shown.url == f"/c/erlonglu/consultations/{case.id}/opinions/"
