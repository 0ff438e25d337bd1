"""Words that the office hid are read nowhere: no page, feed, mail, export, nor data of others."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import BuildError

from civic.consultations import speaking
from civic.deliberation import answering, arguments, questions
from civic.drafting import clusters
from civic.kernel import mail
from civic.kernel.db import db
from civic.notifications import mailing
from tests.drafting.conftest import published
from tests.drafting.conftest import said as commented
from tests.factories import World
from tests.mailbox import letters, sending
from tests.pages import text_of
from tests.test_foreign import exported, mailed_at_once

Login = Callable[..., FlaskClient]
SECRET = "独有词语"
#: Of the case, one each: who wrote it is the neighbour.
KINDS = ("comment", "draft_comment", "argument", "question")


@pytest.fixture
def ids(world: World, app: Flask, tmp_path: Path) -> Iterator[dict[str, int]]:
    """A case with words of every kind, which others support, gather and answer."""
    for person in world.people.values():
        mailed_at_once(person)
    with sending(app, f"file://{tmp_path / 'mail'}"):
        case, _version = published(world)
        secretary = world.actor("secretary")
        who, here = world.actor("neighbour"), world.erlong
        comment = speaking.comment(who, here, case, f"{SECRET}一", form_key="c")
        db.session.commit()
        text = commented(world, case, "neighbour", f"{SECRET}二", wording=f"{SECRET}三")
        words = {"title": f"{SECRET}四", "words": f"{SECRET}五"}
        argument = arguments.write(who, here, case, side="for", form_key="a", **words)
        question = questions.ask(who, here, case, words=f"{SECRET}六？", form_key="q")
        db.session.commit()
        clusters.gather(secretary, here, case.id, [text.id], title="同类")
        answering.answer(secretary, here, case, question.id, words="有。")
        questions_ = {"question_id": question.id, "argument_id": argument.id}
        found = {"consultation_id": case.id, "comment_id": comment.id, "key": 1} | questions_
        db.session.commit()
        assert comment.id == text.id == 1
        yield found


def addresses(app: Flask, ids: dict[str, int]) -> list[str]:
    """Return each address that a browser opens: what names nothing, and all that is at the case."""
    adapter = app.url_map.bind("localhost")
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.arguments - {"community", "kind", *ids}:
            continue
        for kind in (*KINDS, "cluster", "csv", "xlsx") if "kind" in rule.arguments else ("",):
            values = {"community": "erlonglu", "kind": kind} | ids
            try:
                found.add(
                    adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
                )
            except (BuildError, ValueError):
                continue  # a kind of something else
    return sorted(found)


def read(client: FlaskClient, paths: list[str]) -> set[str]:
    """Return where the words stand."""
    return {path for path in paths if SECRET in text_of(client.get(path, follow_redirects=True))}


def hidden(ids: dict[str, int], secretary: FlaskClient) -> None:
    for kind in KINDS:
        key = ids.get(f"{kind.removeprefix('draft_')}_id")
        page = f"/c/erlonglu/moderation/hide/{kind}/{key}"
        assert secretary.post(page, data={"reason": "insult"}).status_code == 303


@pytest.mark.parametrize("role", ["", "resident", "elsewhere", "worker", "secretary", "deputy"])
def test_what_is_hidden_is_on_no_page_and_in_no_data_of_others(
    app: Flask, world: World, login: Login, ids: dict[str, int], role: str
) -> None:
    paths = addresses(app, ids)
    case = f"/c/erlonglu/consultations/{ids['consultation_id']}/"
    client, secretary = login(world.people.get(role)), login(world.people["secretary"])
    before = read(client, paths)
    assert {case, f"{case}arguments", f"{case}questions", f"{case}draft/comments"} <= before
    hidden(ids, secretary)
    # The office that answers objections reads there what was hidden.
    desk = {"/c/erlonglu/moderation/"} if role in {"secretary", "deputy"} else set()
    assert read(client, paths) == desk
    assert SECRET not in exported(client)


def test_who_wrote_it_keeps_it_in_their_own_data(
    world: World, login: Login, ids: dict[str, int]
) -> None:
    hidden(ids, login(world.people["secretary"]))
    kept = exported(login(world.people["neighbour"]))
    assert all(f"{SECRET}{number}" in kept for number in "一二三四五六")


def test_what_is_hidden_is_mailed_to_nobody(
    world: World, login: Login, ids: dict[str, int], tmp_path: Path
) -> None:
    hidden(ids, login(world.people["secretary"]))
    mailing.at_once()
    mailing.daily()
    mail.send_due()
    sent = letters(tmp_path / "mail")
    assert sent
    assert not [letter for letter in sent if SECRET in letter.as_string()]
    # Parts of a mail are coded: read what their readers read.
    parts = (part for letter in sent for part in letter.walk() if not part.is_multipart())
    assert not [part for part in parts if SECRET in part.get_payload(decode=True).decode()]
