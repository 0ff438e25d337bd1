"""What is of elsewhere, or not for somebody, cannot be told from what does not exist.

By address: an id of another community gets the same answer as one that nobody has, byte for byte.
By channel: neither pages, lists and feeds nor files, mails, messages and exports say a word of it.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.admin import import_files
from civic.communities import bodies, tree
from civic.communities import services as places
from civic.communities.models import Community
from civic.communities.tree import Act
from civic.consultations.models import Attachment
from civic.deliberation.models import Argument, Question, Wall
from civic.drafting.models import DraftCluster, TextDraft
from civic.halls.models import HallMeeting
from civic.identities.credentials import SignIn
from civic.identities.models import Contact, InviteCode, Person
from civic.identities.services import appoint
from civic.kernel import clock, mail
from civic.kernel.db import db
from civic.kernel.tell import telling
from civic.moderation import services as moderation
from civic.notices import drafts, issuing
from civic.notices.models import NoticeFile
from civic.notices.terms import Term
from civic.notifications import mailing
from civic.notifications.models import InboxItem, MailChoice
from tests import factories
from tests.factories import World
from tests.mailbox import letters, sending
from tests.notices.conftest import issued, submitted
from tests.pages import lasting, plain, text_of
from tests.test_routes import TABLE, Town, town  # noqa: F401 - town is a fixture

#: An id that nothing has; no part of any other that stands on a page.
NOBODYS = 987654321
TOKEN = "0123456789abcdef" * 2
#: Arguments of addresses that choose a form of the answer, or name nothing that is anybody's:
#: procedures (code, number) are the street's and read by everybody, plugins are the site's.
NO_IDS = {
    "community",
    "kind",
    "year",
    "what",
    "act",
    "state",
    "name",
    "code",
    "number",
    "plugin",
    "target",
}
#: What stands in the place of each argument that names something: its id elsewhere. A route with
#: an argument that is not here fails the test below until it is.
FOREIGN = {
    "consultation_id": "foreign",
    "comment_id": "foreign_comment",
    "attachment_id": "far_attachment",
    "notice_id": "far_notice",
    "file_id": "far_file",
    "batch_id": "foreign_batch",
    "code_id": "far_code",
    "claim_id": "foreign_claim",
    "person_id": "foreigner",
    "standing_id": "foreign_standing",
    "organisation_id": "foreign_organisation",
    "post_id": "far_post",
    "appointment_id": "far_term",
    "child_id": "foreign_child",
    "decision_id": "far_decision",
    "text_id": "foreign_comment",
    "waiting_id": "far_text",
    "node_id": "far_node",
    "body_id": "far_body",
    "link_id": "far_link",
    "item_id": "far_message",
    "sign_in_id": "far_session",
    "contact_id": "far_contact",
    "token": "far_token",
    "dwelling_id": "foreign_home",
    "owner_id": "foreign_owner",
    "ballot_id": "foreign_ballot",
    "roll_id": "foreign_roll",
    "change_id": "foreign_change",
    "objection_id": "foreign_objection",
    "serial": "far_serial",
    "scan_id": "far_scan",
    "mandate_id": "far_mandate",
    "topic_id": "far_topic",
    "catalogue_id": "far_catalogue",
    "entry_id": "far_entry",
    "correction_id": "far_correction",
    "rule_change_id": "far_rule_change",
    "subject_id": "foreign_ballot",
    "argument_id": "far_argument",
    "question_id": "far_question",
    "wall_id": "far_wall",
    "key": "far_cluster",
    "meeting_id": "far_meeting",
}
#: What stands in the place of an argument above one that is guessed: something that is here.
OWN = {
    "consultation_id": "case",
    "notice_id": "notice",
    "batch_id": "batch",
    "person_id": "resident",
    "node_id": "erlong",
    "dwelling_id": "home",
    "roll_id": "roll",
    "ballot_id": "on_paper",
    "catalogue_id": "catalogue",
}
#: The links of mails carry a signature; of those nobody can guess one (notifications tests them).
SIGNED = {"/mail/stop/<token>"}
ASKING = ("anonymous", "resident", "worker", "secretary", "officer", "administrator")
#: Whose it is that is guessed, and whose office it is: at an address of another community even they
#: find nothing. Below /me it is theirs.
THEIRS = ("elsewhere", "far_secretary")


@pytest.fixture(scope="module")
def abroad(town: Town) -> Town:  # noqa: F811
    """The town of the route table, and more that is elsewhere."""
    town.restore()
    with town.app.test_request_context(method="POST"):
        town.ids |= _abroad(town)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    shutil.copy(town.file, town.copy)
    return town


def _abroad(town: Town) -> dict[str, Any]:  # noqa: F811
    ids = town.ids
    jingji = db.session.get_one(Community, ids["jingji"])
    made: dict[str, Any] = {}
    people = [factories.person(name) for name in ("远一", "远二")]
    for one, kind in zip(people, ("secretary", "deputy_secretary"), strict=True):
        post = places.add_post(jingji.node, kind, "远", "京畿道")
        made |= {"far_post": post.id, "far_term": appoint(one, post.id).id}
    town.sessions["far_secretary"] = factories.session_key(people[0])
    first, second = (factories.actor(one) for one in people)
    texts = {"kind": "notice", "level": "ordinary", "title": "远通知", "body": "远。"}
    notice = drafts.create(first, jingji, drafts.Draft(**texts, office="远", terms=()))
    db.session.flush()
    drafts.submit(first, jingji, notice.id)
    issuing.issue(second, jingji, notice.id, notice.revision)
    file = {"name": "plan.pdf", "stored": f"{7:032}.pdf", "media_type": "application/pdf"}
    file |= {"size": 9, "sha256": "0" * 64, "is_image": False}
    of_notice = NoticeFile(notice_id=notice.id, **file)
    of_case = Attachment(consultation_id=ids["foreign"], **file | {"stored": f"{8:032}.pdf"})
    db.session.add_all((of_notice, of_case))
    db.session.flush()
    hidden = moderation.hide(second, jingji, "comment", ids["foreign_comment"], reason="off_topic")
    moderation.object_to(ids["foreigner"], hidden.id, "为什么？")
    other = tree.add(Act(person_id=None, at=clock.now()), "subdistrict", "别的街道", None)
    far = tree.add(Act(person_id=None, at=clock.now()), "community", "别的社区", other.id)
    area = tree.add(Act(person_id=None, at=clock.now()), "property_area", "别的物业", other.id)
    made["far_link"] = bodies.link("covers", area.id, far.id).id
    made["far_body"] = bodies.add(far.id, bodies.Details(kind="other", title="远")).id
    stranger = db.session.get_one(Person, ids["foreigner"])
    key = factories.session_key(stranger)
    made["far_session"] = int(db.session.scalar(select(func.max(SignIn.id))))
    assert key.startswith(f"{stranger.id}.")
    made["far_contact"] = db.session.scalar(select(Contact.id).filter_by(person_id=stranger.id))
    made["far_message"] = db.session.scalar(
        select(InboxItem.id).filter_by(person_id=stranger.id).limit(1)
    )
    made["far_code"] = db.session.scalar(
        select(InviteCode.id).filter_by(batch_id=ids["foreign_batch"])
    )
    made |= _rooms_abroad(jingji, ids["foreign"], stranger, people)
    folder = town.app.config["SETTINGS"].instance / "imports"
    made["far_token"] = import_files.keep(folder, stranger.id, "places", "a.csv", "社区\n".encode())
    return made | {
        "far_notice": notice.id,
        "far_file": of_notice.id,
        "far_attachment": of_case.id,
        "far_decision": hidden.id,
        "far_node": far.id,
    }


def _rooms_abroad(
    jingji: Community, case: int, stranger: Person, office: list[Person]
) -> dict[str, int]:
    """Argue, ask, put a wall up, draft a text and plan a meeting at the case of elsewhere."""
    now, chair = clock.now(), office[0].id
    said = {"consultation_id": case, "author_id": stranger.id, "form_key": "far", "at": now}
    put = {"consultation_id": case, "title": "远"}
    rows = {
        "far_argument": Argument(**said, side="for", title="远"),
        "far_question": Question(**said, words="远？"),
        "far_wall": Wall(
            **put,
            dots=1,
            several=False,
            office="远",
            opened_by=chair,
            opened_at=now,
            closes_at=now + timedelta(days=1),
            form_key="far",
        ),
        "far_meeting": HallMeeting(
            **put,
            community_id=jingji.id,
            place="远",
            starts_at=now + timedelta(days=1),
            chair_id=chair,
            chair_name="远一",
            chair_post="远",
            secretary_id=office[1].id,
            secretary_name="远二",
            turn_seconds=60,
            turns_each=2,
            majority_num=1,
            majority_den=2,
            majority_more=True,
            form_key="far",
            made_by=chair,
            made_at=now,
        ),
    }
    text = TextDraft(**put, body="远", written_by=chair, written_at=now, office="远")
    db.session.add(text)
    db.session.flush()
    rows["far_cluster"] = DraftCluster(**put, made_by=chair, made_at=now)
    db.session.add_all(rows.values())
    db.session.flush()
    return {name: row.id for name, row in rows.items()}


def named(rule: str) -> list[str]:
    """Return the arguments of a rule that name something."""
    found = re.findall(r"<(?:[^:>]*:)?(\w+)>", rule)
    return [name for name in found if name not in NO_IDS]


GUESSED = sorted(
    {(row[0], row[1]) for row in TABLE if named(row[1]) and row[1] not in SIGNED}
)  # fmt: skip


def test_every_route_that_names_something_is_asked_for_what_is_elsewhere(abroad: Town) -> None:
    rules = list(abroad.app.url_map.iter_rules())
    unknown = {
        name
        for rule in rules
        for name in rule.arguments - NO_IDS - set(FOREIGN)
        if rule.endpoint != "static" and not rule.rule.startswith("/static")
    }
    assert unknown == set(), "say in FOREIGN what such an argument names elsewhere"
    real = {
        (method, rule.rule)
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if named(rule.rule) and rule.rule not in SIGNED and "filename" not in rule.arguments
    }
    assert real == set(GUESSED)
    assert all(abroad.ids.get(key) for key in FOREIGN.values())


def addresses(town: Town, rule: str) -> Iterator[tuple[str, str, list[str]]]:  # noqa: F811
    """Yield pairs: one address that names something of elsewhere, one that names nothing.

    Each argument is guessed in turn, below what is here, and all of them together.
    """
    names = named(rule)
    guesses = [{name} for name in names] + ([set(names)] if len(names) > 1 else [])
    example = next(row[2] for row in TABLE if row[1] == rule)
    for guess in guesses:
        both = []
        for missing in (False, True):
            values = {}
            for name in names:
                nothing = TOKEN if name == "token" else NOBODYS
                far = nothing if missing else town.ids[FOREIGN[name]]
                values[name] = far if name in guess else town.ids[OWN.get(name, FOREIGN[name])]
            both.append(_filled(rule, example, values))
        typed = [str(town.ids[FOREIGN[name]]) for name in guess]
        yield both[0], both[1], typed


def _filled(rule: str, example: str, values: dict[str, object]) -> str:
    """Return a rule with values, other arguments as in the example of the route table."""
    parts = []
    for part, given in zip(rule.split("/"), example.partition("?")[0].split("/"), strict=True):
        found = re.fullmatch(r"<(?:[^:>]*:)?(\w+)>", part)
        parts.append(str(values.get(found[1], given)) if found else given)
    return "/".join(parts)


def said(answer: TestResponse, address: str, typed: list[str]) -> tuple[object, ...]:
    """Return all that an answer says, without the address that was typed."""
    page = lasting(text_of(answer))
    for words in (address, *typed, str(NOBODYS), TOKEN):
        page = re.sub(rf"(?<!\d){re.escape(words)}(?!\d)", "", page)
    where = re.sub(r"[0-9a-f]{32}|\d+", "", answer.headers.get("Location", ""))
    return answer.status_code, where, page


@pytest.mark.parametrize(("method", "rule"), GUESSED, ids=[f"{m} {r}" for m, r in GUESSED])
def test_what_is_elsewhere_looks_like_what_is_missing(abroad: Town, method: str, rule: str) -> None:
    data = next((row[4] for row in TABLE if row[:2] == (method, rule) and row[4]), None)
    found: set[int] = set()
    for there, missing, typed in addresses(abroad, rule):
        abroad.restore()
        for role in ASKING + (THEIRS if rule.startswith("/c/") else ()):
            answers = [abroad.ask(role, method, path, data) for path in (there, missing)]
            one, other = (
                said(answer, path, typed)
                for answer, path in zip(answers, (there, missing), strict=True)
            )
            assert one == other, (role, there)
            assert one[0] not in {200, 500}, (role, there)
            found.add(answers[0].status_code)
    # Somebody has the rights that the route asks for, and reads that there is nothing.
    assert found & {404, 303}, found


SECRET = "独有词语"
MEANT = ("resident", "neighbour")
NOT_MEANT = ("anonymous", "elsewhere", "worker")


@pytest.fixture
def secrets(world: World, app: Flask, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A notice for one building, with a file; a draft; and a consultation that is a draft."""
    for person in world.people.values():
        mailed_at_once(person)
    building = Term(role="any", code="resident", node_id=world.building.id, min_level=2)
    with sending(app, f"file://{tmp_path / 'mail'}"):
        notice = issued(world, building, title=SECRET, body=f"{SECRET}。")
        draft = submitted(world, building, title=SECRET, body=SECRET)
        case = factories.consultation(world.erlong, published=False)
        case.title = case.background = SECRET
        db.session.commit()
        found = {"notice": f"/c/erlonglu/notices/{notice.id}"}
        found |= {"draft": f"/c/erlonglu/notices/{draft.id}"}
        found |= {"case": f"/c/erlonglu/consultations/{case.id}/"}
        for kind, id_ in (("notice", notice.id), ("draft", draft.id)):
            row = NoticeFile(
                notice_id=id_,
                name="plan.pdf",
                stored=f"{id_:032}.pdf",
                media_type="application/pdf",
                size=3,
                sha256="0" * 64,
                is_image=False,
            )
            db.session.add(row)
            db.session.flush()
            (app.config["SETTINGS"].instance / "uploads" / row.stored).write_bytes(b"pdf")
            found[f"{kind}_file"] = f"{found[kind]}/files/{row.id}/plan.pdf"
        db.session.commit()
        yield found


def mailed_at_once(person: Person) -> None:
    """Let somebody's address be proven, and everything be mailed to it at once."""
    for contact in db.session.scalars(select(Contact).filter_by(person_id=person.id)):
        contact.proven_at = clock.now()
    for code in telling().kinds:
        db.session.add(MailChoice(person_id=person.id, kind=code, rhythm="at_once"))
    db.session.commit()


def listing(app: Flask) -> list[str]:
    """Return every address that a visitor can open without naming anything: pages and feeds."""
    return sorted(
        rule.rule.replace("<community>", slug)
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments - {"community"}
        for slug in (("erlonglu", "jinrongjie") if rule.arguments else ("",))
    )


def read(client: FlaskClient, paths: list[str]) -> dict[str, str]:
    """Return what is read at addresses, led on as a browser is."""
    return {path: text_of(client.get(path, follow_redirects=True)) for path in paths}


def exported(client: FlaskClient) -> str:
    return "".join(
        text_of(client.post(f"/me/data/export.{kind}", follow_redirects=True))
        for kind in ("json", "html")
    )


@pytest.mark.parametrize("role", [*NOT_MEANT, *MEANT])
def test_a_secret_is_in_no_channel_of_who_is_not_meant(
    world: World, app: Flask, login, secrets: dict[str, str], role: str
) -> None:
    client = login(world.people.get(role))
    pages = read(client, listing(app))
    said = {path for path, page in pages.items() if SECRET in page}
    lists = {"/c/erlonglu/", "/c/erlonglu/notices/", "/c/erlonglu/notices/feed.atom", "/inbox"}
    lists |= {"/c/erlonglu/acts/"}
    # Two lead home, and one shows what is stored about oneself.
    assert said == (lists | {"/", "/sign-in", "/me/data"} if role in MEANT else set())
    assert not any(secrets["case"] in page for page in pages.values())
    assert not any(f'{secrets["draft"]}"' in page for page in pages.values())
    for name, path in secrets.items():
        for tail in ("", "/print", "/poster") if name in ("notice", "draft") else ("",):
            answer = client.get(path + tail)
            open_ = role in MEANT and name.startswith("notice")
            assert answer.status_code == (200 if open_ else 404), (name, tail)
            if not open_:
                guessed = re.sub(r"\d+", str(NOBODYS), path, count=1) + tail
                assert plain(client.get(guessed)) == plain(answer), (name, tail)
    assert (SECRET in exported(client)) == (role in MEANT)


def test_a_secret_is_mailed_to_who_is_meant_alone(
    world: World, app: Flask, secrets: dict[str, str], tmp_path: Path
) -> None:
    mailing.at_once()
    mailing.daily()
    mail.send_due()
    sent = [letter for letter in letters(tmp_path / "mail") if SECRET in str(letter["Subject"])]
    meant = {
        address for role in MEANT for address in factories.sign_ins(world.people[role])
    }  # fmt: skip
    minor = set(factories.sign_ins(world.minor))
    assert {letter["To"] for letter in sent} - minor == meant
    assert len(sent) == len({letter["To"] for letter in sent})
    told = select(InboxItem.person_id).distinct()
    told_of = {world.people[role].id for role in NOT_MEANT if role != "anonymous"}
    assert not told_of & set(factories.scalars(told))
