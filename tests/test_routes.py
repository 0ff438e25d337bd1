"""Who may open and send what: every route for every role, exactly as the table says."""

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from civic.communities import bodies, tree
from civic.communities.models import Community
from civic.communities.services import add_post
from civic.communities.tree import Act
from civic.consultations import speaking, statements
from civic.consultations.models import Attachment, Consultation
from civic.corrections import changing
from civic.corrections import deciding as correction_deciding
from civic.corrections import services as correcting
from civic.corrections import targets as correctable
from civic.corrections import written as rule_text
from civic.corrections.models import Correction, RuleChange
from civic.deliberation import arguments, questions, walls
from civic.drafting import clusters, commenting, writing
from civic.halls import motions as hall_motions
from civic.identities import claim_desk, codes
from civic.identities.models import Appointment, Organisation, Standing
from civic.kernel import clock, holidays
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.exchange import Exporter, Importer, ImportPlan
from civic.kernel.periods import HolidayTable
from civic.kernel.permissions import Actor, Permission
from civic.kernel.plugin import Plugin
from civic.kernel.sheets import Column
from civic.kernel.tell import telling
from civic.moderation import reporting, waiting
from civic.moderation import services as moderation
from civic.notices import corrections
from civic.notices.models import NoticeFile
from civic.notices.terms import Term
from civic.notifications import forms, stopping
from civic.notifications.models import InboxItem
from civic.outcomes import carrying_out, rating, resolutions
from civic.procedures import loading
from civic.procedures import services as procedures
from civic.topics import appeals, catalogue, deciding
from civic.topics import services as topics
from civic.voting import closing, draft_lines, drafting, entries, mandates, roll_call, roll_changes
from civic.voting.models import Ballot
from civic.voting.sheets import SheetScan
from tests.databases import Sqlite
from tests.factories import (
    ROLES,
    World,
    build_world,
    case_by_process,
    cast,
    claim,
    consultation,
    home,
    organisation,
    person,
    roll_of_residents,
    session_key,
    sign_ins,
    standing,
)
from tests.halls import conftest as meetings
from tests.notices.conftest import FORM, issued, submitted, written
from tests.pages import plain
from tests.voting import sheets
from tests.voting.boxes import ballot

#: What a visitor who only reads is led to.
SIGN_IN = "sign in"
DRAFT = {
    "title": "电梯何时修？",
    "background": "背景",
    "audience": ["resident"],
    "opens_at": "2030-01-01T09:00",
    "voting_opens_at": "2030-01-08T09:00",
    "closes_at": "2030-01-15T18:00",
    "question": "何时修？",
    "options": "春天\n秋天",
}
SIGN_UP = {
    "agree": "y",
    "name": "新人",
    "who": "new@example.com",
    "password": "three words here",
    "again": "three words here",
    "adult": "yes",
}
PDF = b"%PDF-1.4 %%EOF"


class Greeting(Form):
    greeting = StringField("How people are greeted", [InputRequired()])


COLUMNS = (Column(key="name", names=("Name",)),)
SAMPLE = Plugin(
    "sample",
    __name__,
    title="Sample",
    api=">=1.0",
    settings=Greeting,
    permissions=[Permission("keep", "Keep", "staff")],
    importers=[
        Importer(
            code="things",
            title="Things",
            permission="keep",
            columns=COLUMNS,
            read=lambda _community, table: ImportPlan(known=len(table.rows)),
            apply=lambda *_: None,
        )
    ],
    exporters=[
        Exporter(
            code="things", title="Things", permission="keep", header=("Name",), rows=lambda _: []
        )
    ],
)
DAYS_2026 = HolidayTable(year=2026, off=frozenset({date(2026, 1, 1)}), work=frozenset())
PASSWORD_PAGE = {"who": "nobody@example.com", "password": "wrong wrong"}


@dataclass
class Town:
    """A database that is put back before each request, and what the addresses in it are."""

    app: Flask
    file: Path
    copy: Path
    ids: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def restore(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.copy, self.file)
        for name in self.ids["files"]:
            (self.app.config["SETTINGS"].instance / "uploads" / name).write_bytes(PDF)
        self.app.extensions["civic_throttle"]._windows.storage.reset()

    def client(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        if role != "anonymous":
            with client.session_transaction() as session:
                session["_user_id"] = self.sessions[role]
        return client

    def ask(self, role: str, method: str, address: str, data: object = None) -> TestResponse:
        if callable(data):
            data = data(self)
        with self.client(role).open(
            address.format(**self.ids), method=method, data=data
        ) as response:
            response.get_data()  # read before it is closed: files are streamed
            return response


def _file(consultation_id: int) -> Attachment:
    stored = f"{consultation_id:032}.pdf"
    made = Attachment(
        consultation_id=consultation_id,
        name="plan.pdf",
        stored=stored,
        media_type="application/pdf",
        size=len(PDF),
        sha256="0" * 64,
        is_image=False,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _notices(world: World) -> dict[str, Any]:
    """Write notices in each state; those of the names with `mine` are for one building."""
    term = Term(role="any", code="resident", node_id=world.building.id, min_level=2)
    unit = Organisation(
        node_id=world.tower.id, kind="resident_unit", name="明川银行", valid_from=clock.now()
    )
    db.session.add(unit)
    db.session.flush()
    liaison = standing(world.worker, world.erlong.node, "resident_unit")
    liaison.organisation_id = unit.id
    soon = clock.now() + timedelta(days=9)
    asked = Term(role="any", code="unit", node_id=world.erlong.id, min_level=2)
    made = {
        "notice": issued(world),
        "notice_mine": issued(world, term),
        "notice_asked": issued(world, asked, receipt_by=soon),
        "notice_draft": written(world),
        "notice_waits": submitted(world, by="deputy"),
        "notice_corrected": issued(world),
    }
    texts = {"title": "停水通知", "body": "后天停水。", "reason": "日期"}
    corrected = made["notice_corrected"].id
    waiting = corrections.draft(world.actor("deputy"), world.erlong, corrected, **texts)
    ids: dict[str, Any] = {name: notice.id for name, notice in made.items()}
    for name, number in (("notice", 9001), ("notice_draft", 9002)):
        file = NoticeFile(
            notice_id=ids[name],
            name="plan.pdf",
            stored=f"{number:032}.pdf",
            media_type="application/pdf",
            size=len(PDF),
            sha256="0" * 64,
            is_image=False,
        )
        db.session.add(file)
        db.session.flush()
        ids[f"{name}_file"] = file.id
    return ids | {"unit": unit.id, "made_at": waiting.made_at.isoformat()}


def _fill(world: World) -> dict[str, Any]:  # noqa: PLR0915
    """Write cases, texts and decisions for the addresses of the table; return their ids."""
    both = ("resident", "worker")
    draft = consultation(world.erlong, published=False)
    case = consultation(world.erlong, stage="voting")
    street = consultation(world.street, stage="voting", audience=both)
    foreign = consultation(world.jingji, stage="voting")
    ids: dict[str, Any] = {"draft": draft.id, "case": case.id, "street": street.id}
    ids |= {"foreign": foreign.id, "option": case.ballot.options[0].id}
    ids |= {"street_option": street.ballot.options[0].id}
    ids |= _ballots(world, case.ballot_id, foreign.ballot_id)
    ids |= {"erlong": world.erlong.id, "jingji": world.jingji.id, "gate": world.gate.id}
    ids["way"] = case_by_process(world.erlong, stage="drafting").id
    ids["body"] = bodies.add(world.erlong.id, bodies.Details(kind="other", title="站")).id
    act = Act(person_id=None, at=world.erlong.node.valid_from)
    area = tree.add(act, "property_area", "物业区域", world.street.id)
    ids |= {"building": world.building.id}
    ids["link"] = bodies.link("covers", area.id, world.building.id).id
    neighbour, resident = world.actor("neighbour"), world.actor("resident")
    said = [
        speaking.comment(who, world.erlong, case, f"话{number}", form_key=f"k{number}")
        for number, who in enumerate((neighbour, resident, resident))
    ]
    ids["comment"] = said[0].id
    offered = statements.offer(neighbour, world.erlong, case, "先装两个桩。")
    ids["statement"] = offered.id
    offered = statements.offer(world.actor("worker"), world.street, street, "班车要早一些。")
    ids["street_statement"] = offered.id
    elsewhere = speaking.comment(
        world.actor("elsewhere"), world.jingji, foreign, "京畿道的话", form_key="x"
    )
    ids["foreign_comment"] = elsewhere.id
    own = speaking.comment(resident, world.erlong, case, "我的话", form_key="own")
    ids["own_comment"] = own.id
    for name, place, who in (
        ("unchecked", world.erlong, resident),
        ("far_text", world.jingji, None),
    ):
        kept = waiting.keep(
            (who or world.actor("elsewhere")).person_id,
            place,
            kind="comment",
            place=f"consultation:{case.id}",
            content={"text": "等一等", "level": 1, "parent": None, "place": "", "standing": ""},
            form_key=name,
        )
        ids[name] = kept.id
    reporting.report(neighbour, world.erlong, "comment", own.id, reason="off_topic", words="")
    deputy = world.actor("deputy")
    for name, comment in (("decision", said[1]), ("objected", said[2])):
        hidden = moderation.hide(deputy, world.erlong, "comment", comment.id, reason="off_topic")
        ids[name] = hidden.id
    moderation.object_to(world.resident.id, ids["objected"], "我说的就是停车。")
    file, draft_file = _file(case.id), _file(draft.id)
    ids |= {"file": file.id, "draft_file": draft_file.id}
    ids["files"] = [file.stored, draft_file.stored]
    ids["gate"] = world.gate.id
    ids |= _people(world)
    ids |= _notices(world)
    ids |= _topics(world)
    db.session.add(Activation(community_id=world.erlong.id, plugin="sample", settings={}))
    ids["files"] += [f"{number:032}.pdf" for number in (9001, 9002)]
    for name, guardian, node in (
        ("child", world.resident, world.gate),
        ("foreign_child", world.elsewhere, world.jingji.node),
    ):
        child = person("王小明", adult=False)
        child.guardian_id = guardian.id
        standing(child, node)
        ids[name] = child.id
    fresh = codes.make(
        world.actor("secretary"),
        world.gate,
        "resident_living",
        1,
        community_id=world.erlong.id,
    )
    ids["code"] = fresh[0].code
    ids |= {"batch": fresh[0].row.batch_id, "code_id": fresh[0].row.id}
    other = codes.make(Actor(), world.jingji.node, "worker", 1, community_id=world.jingji.id)
    ids |= {"foreign_batch": other[0].row.batch_id}
    ids["message"] = db.session.scalar(
        select(InboxItem.id).filter_by(person_id=world.resident.id).limit(1)
    )
    ids["stop"] = stopping.path(world.resident.id, "moderation.hidden")
    ids["foreign_node"] = world.jingji.id
    ids["vacant"] = add_post(world.gate, "grid_head", "网格员", "街道").id
    ids["who"] = sign_ins(world.resident)[0]
    held = db.session.scalars(select(Appointment).filter_by(person_id=world.secretary.id)).one()
    ids |= {"term": held.id, "held": held.post_id}
    holidays.replace(DAYS_2026, world.administrator.id)
    year = clock.local(clock.now()).year
    for later in {year, year + 1} - {2026}:
        table = HolidayTable(year=later, off=frozenset({date(later, 1, 1)}), work=frozenset())
        holidays.replace(table, world.administrator.id)
    loading.sync()
    ids |= _corrections(world, ids["sealed"], foreign.id)
    ids |= _outcomes(world)
    ids |= _deliberation(world, case)
    ids |= _texts(world)
    ids |= _halls(world)
    db.session.commit()
    return ids


def _topics(world: World) -> dict[str, int]:
    """Hand topics in, in each state that an address needs; begin catalogues."""
    resident, deputy = world.actor("resident"), world.actor("deputy")
    ids: dict[str, int] = {}
    names = ("topic", "topic_weighed", "topic_refused", "topic_appealed")
    for number, name in enumerate(names):
        draft = topics.Draft(title=f"第{number}件事", text="路灯坏了。")
        ids[name] = topics.hand_in(resident, world.erlong, draft, form_key=name).id
    draft = topics.Draft(title="远处的事", text="远。")
    elsewhere = world.actor("elsewhere")
    ids["far_topic"] = topics.hand_in(elsewhere, world.jingji, draft, form_key="far").id
    weight = deciding.Weight(urgency=1, reach=1, authority=1, lane="consultation", words="理由")
    for name in names[1:]:
        deciding.triage(deputy, world.erlong, ids[name], weight)
    for name in names[2:]:
        deciding.refuse(deputy, world.erlong, ids[name], "decided", "已有决定。")
    appeals.appeal(resident, world.erlong, ids["topic_appealed"], "没有决定过。")
    year = clock.local(clock.now()).year
    officer, entry = world.actor("officer"), catalogue.Entry(title="停车", obligation="must")
    for prefix, community in (("", world.erlong), ("far_", world.jingji)):
        published = catalogue.begin(officer, community, year)
        catalogue.add(officer, community, published.id, entry)
        catalogue.publish(officer, community, published.id)
        draft_of = catalogue.begin(officer, community, year)
        rows = catalogue.entries(draft_of.id)
        ids |= {f"{prefix}catalogue": draft_of.id, f"{prefix}entry": rows[0].id}
    return ids | {"year": year}


def _ballots(world: World, running: int, foreign: int) -> dict[str, int]:
    """Hold ballots: one to close with a second person, one sealed, and a rehearsal."""
    over = ballot(world.erlong, formal=True, closes_at=clock.now() - timedelta(hours=1))
    sealed = ballot(world.erlong, closes_at=clock.now() - timedelta(hours=1))
    closing.close(sealed.id)
    rehearsal = ballot(world.erlong, rehearsal=True)
    loading.sync()
    written = drafting.create(world.actor("secretary"), world.erlong, _written())
    found = {"over": over, "sealed": sealed, "rehearsal": rehearsal, "written": written}
    ids = {name: one.id for name, one in found.items()}
    return ids | {"ballot": running, "foreign_ballot": foreign} | _papers(world)


def _corrections(world: World, sealed: int, foreign: int) -> dict[str, int]:
    """Ask for corrections: one waits, one gathers, one is decided, one is elsewhere."""
    target = correctable.find(world.erlong, "count", sealed)

    def ask(role: str, key: str, *, as_post: bool) -> Correction:
        values = {"kind": "procedure", "words": "没有公示。", "form_key": key}
        return correcting.raise_(world.actor(role), world.erlong, target, as_post=as_post, **values)

    waits, done = (ask("officer", key, as_post=True) for key in ("waits", "done"))
    petition = ask("neighbour", "petition", as_post=False)
    correction_deciding.admit(
        world.actor("secretary"), world.erlong, done.id, suspends=False, reason="查"
    )
    correction_deciding.examine(world.actor("secretary"), world.erlong, done.id, findings="无误")
    proposal = correction_deciding.Proposal(effect="unfounded", reason="无误", note="维持")
    correction_deciding.propose(world.actor("secretary"), world.erlong, done.id, proposal)
    correction_deciding.decide(world.actor("deputy"), world.erlong, done.id)
    values = {"kind": "procedure", "words": "错字", "form_key": "far", "as_post": True}
    far = correcting.raise_(world.actor("officer"), world.jingji, target, **values)
    version = procedures.one_in_force("household_poll")
    now = clock.now()
    change = changing.start(
        world.actor("officer"),
        world.street,
        version.code,
        changing.Proposal(
            data=rule_text.toml(version.data).replace("n = 7", "n = 9"),
            reason="时间太短",
            opens_at=now,
            voting_opens_at=now + timedelta(days=1),
            closes_at=now + timedelta(days=2),
            audience=["resident"],
        ),
    )
    far_change = RuleChange(
        community_id=world.jingji.id,
        code=version.code,
        version_id=version.id,
        data="x",
        reason="远",
        consultation_id=foreign,
        proposed_by=world.officer.id,
        proposed_at=now,
    )
    db.session.add(far_change)
    db.session.flush()
    ids = {"correction": waits.id, "petition": petition.id, "corrected": done.id}
    ids |= {"far_correction": far.id, "rule_change": change.id, "far_rule_change": far_change.id}
    return ids


def _outcomes(world: World) -> dict[str, int]:
    """Publish the resolution of a case that a resident took part in, plan a task, ask for ratings.

    One more case waits for its resolution.
    """
    waits, case = (consultation(world.erlong, stage="closed") for _ in range(2))
    cast(case.ballot, world.resident, None)
    draft = resolutions.Draft(title="停车", body="东侧", contact="居委会", outcome="东侧")
    resolutions.write(world.actor("secretary"), world.erlong, case.id, draft)
    resolutions.publish(world.actor("deputy"), world.erlong, case.id)
    plan = carrying_out.Plan(
        title="划线",
        body="城管科",
        helpers="",
        due_at=clock.now() + timedelta(days=9),
        weight=1,
        form_key="t",
    )
    task = carrying_out.plan(world.actor("secretary"), world.erlong, case.id, plan)
    carrying_out.report(
        world.actor("secretary"),
        world.erlong,
        case.id,
        task.id,
        progress=100,
        words="好",
        form_key="r",
    )
    rating.ask(world.actor("secretary"), world.erlong, case.id)
    return {"resolved": case.id, "unresolved": waits.id}


def _deliberation(world: World, case: Consultation) -> dict[str, int]:
    """Argue, ask and put walls up at a case: of the resident, and of the neighbour."""
    ids = {}
    for name, role in (("argued", "neighbour"), ("own_argument", "resident")):
        words = {"side": "for", "title": "好停车", "words": "", "form_key": name}
        ids[name] = arguments.write(world.actor(role), world.erlong, case, **words).id
    for name, role in (("question", "neighbour"), ("own_question", "resident")):
        asking = {"words": "怎么收费？", "form_key": name}
        ids[name] = questions.ask(world.actor(role), world.erlong, case, **asking).id
    end = clock.now() + timedelta(hours=5)
    wall = {"title": "先做什么？", "items": ["路灯", "车位"], "dots": 1, "several": False}
    draft = walls.Draft(**wall, closes_at=end, form_key="w")
    made = walls.open_(world.actor("secretary"), world.erlong, case, draft)
    return ids | {"wall": made.id, "wall_item": walls.items(made.id)[0].id}


def _texts(world: World) -> dict[str, int]:
    """Publish the text of a case, with a comment, one of the resident's, and a cluster.

    One more case has none.
    """
    case, bare = consultation(world.erlong), consultation(world.erlong)
    secretary = world.actor("secretary")
    writing.save(secretary, world.erlong, case.id, title="公约", body="一\n\n二", revision=0)
    writing.publish(secretary, world.erlong, case.id, revision=1)
    said = [
        commenting.comment(
            world.actor(who),
            world.erlong,
            case,
            commenting.Said(version=1, paragraph=1, words="话"),
            form_key=key,
        )
        for who, key in (("neighbour", "one"), ("resident", "mine"), ("neighbour", "two"))
    ]
    ids = {"bare": bare.id, "text": case.id, "said": said[0].id, "mine": said[1].id}
    made = clusters.gather(secretary, world.erlong, case.id, [said[2].id], title="一类")
    return ids | {"in_cluster": said[2].id, "cluster": made.id}


def _halls(world: World) -> dict[str, int]:
    """Plan a meeting, let one go on in which somebody waits and something is moved, end one.

    The secretary leads them, and the deputy takes the minutes.
    """
    led = {"chair_id": world.secretary.id, "secretary_id": world.people["deputy"].id}
    chair = world.actor("secretary")
    case, made = meetings.opened(world, leads="secretary", **led)
    here = (world.erlong, case.id, made.id)
    meetings.raised(world, case, made, "neighbour")
    names = {"mover": hall_motions.Somebody(label="甲")}
    motion = hall_motions.move(chair, *here, words="东侧", **names)
    entry = meetings.noted(world, case, made)
    _case, soon = meetings.planned(world, case, form_key="soon", **led)
    ended, over = meetings.closed(world, leads="secretary", form_key="over", **led)
    ids = {"hall": made.id, "hall_soon": soon.id, "hall_over": over.id, "hall_motion": motion.id}
    ids |= {"chair": world.secretary.id, "deputy": world.people["deputy"].id}
    return ids | {"hall_case": case.id, "hall_ended": ended.id, "hall_entry": entry.id}


def _papers(world: World) -> dict[str, Any]:
    """Hold a ballot with papers: one that counts, one read differently, a scan, a mandate."""
    made = sheets.on_paper(world, secrecy="named", data={"proxy": "written"})
    sheets.type_twice(world, made, sheets.entry(made, 2, 2))
    for role, choice in (("deputy", 0), ("administrator", 1)):
        entries.enter(world.actor(role), made, sheets.entry(made, 3, 3, choice))
    over = sheets.on_paper(world, closes_at=clock.now() - timedelta(hours=1))
    waits = sheets.on_paper(world, count=77, data={"proxy": "written"})
    entries.enter(world.actor("deputy"), waits, sheets.entry(waits, 1, 1))
    scan, far_scan = (_scan(world, one, number) for number, one in enumerate((made, waits), 21))
    mandate, far_mandate = (_mandate(world, one) for one in (made, waits))
    db.session.commit()
    ids = {"on_paper": made.id, "paper_over": over.id, "paper_waits": waits.id, "sheet": 2}
    ids |= {"scan": scan, "far_scan": far_scan, "mandate": mandate, "far_mandate": far_mandate}
    return ids | {"far_serial": 77}


def _scan(world: World, made: Ballot, number: int) -> int:
    scan = SheetScan(
        ballot_id=made.id,
        serial=2,
        name="000002.pdf",
        stored=f"{number:032}.pdf",
        media_type="application/pdf",
        size=len(PDF),
        sha256="0" * 64,
        is_image=False,
        added_by=world.deputy.id,
        added_at=clock.now(),
    )
    db.session.add(scan)
    db.session.flush()
    return scan.id


def _mandate(world: World, made: Ballot) -> int:
    mandate = mandates.propose(
        world.actor("deputy"),
        made,
        4,
        "陈志强",
        person_id=None,
        signed_at=clock.now(),
        valid_until=made.closes_at,
    )
    return mandate.id


def _written() -> drafting.Draft:
    now = clock.now()
    return drafting.Draft(
        version=procedures.one_in_force("street_advisory"),
        question="何时修？",
        kind="one",
        options=[draft_lines.Option("春天"), draft_lines.Option("秋天")],
        limits={},
        method="plurality",
        seats=1,
        tie="show-all",
        secrecy="sealed",
        shows="at_close",
        audience=["resident"],
        roll_id=None,
        opens_at=now + timedelta(days=9),
        closes_at=now + timedelta(days=12),
    )


def _people(world: World) -> dict[str, Any]:
    """Write claims, standings and organisations."""
    newcomer = person("赵新")
    ids: dict[str, Any] = {"newcomer": newcomer.id, "foreigner": world.elsewhere.id}
    ids["claim"] = claim(newcomer, world.erlong, world.gate).id
    for name, community in (("foreign_claim", world.jingji), ("own_claim", world.erlong)):
        who = world.elsewhere if name == "foreign_claim" else world.resident
        node = community.node if name == "foreign_claim" else world.building
        ids[name] = claim(who, community, node).id
    asked = claim(world.resident, world.erlong, world.building, "owner")
    claim_desk.ask(world.actor("deputy"), world.erlong, asked.id, "请带产权证。")
    refused = claim(world.resident, world.erlong, world.building, "household_rep")
    claim_desk.refuse(world.actor("deputy"), world.erlong, refused.id, reason="not_shown")
    ids |= {"asked": asked.id, "refused": refused.id}
    ids["resident"] = world.resident.id
    held = select(Standing.id, Standing.person_id)
    found = {who: standing_id for standing_id, who in db.session.execute(held)}
    ids |= {"standing": found[world.resident.id], "foreign_standing": found[world.elsewhere.id]}
    ids["organisation"] = organisation(world.erlong.node).id
    ids["foreign_organisation"] = organisation(world.jingji.node, "外单位").id
    ids["home"], ids["owner"] = home(world.erlong, world.gate)
    ids["foreign_home"], ids["foreign_owner"] = home(world.jingji, world.jingji.node)
    for prefix, community in (("", world.erlong), ("foreign_", world.jingji)):
        ids |= {f"{prefix}{name}": key for name, key in _roll(world, community).items()}
    draft = roll_of_residents(world)
    ids["roll_draft"] = draft.id
    return ids


def _roll(world: World, community: Community) -> dict[str, int]:
    """Write a frozen roll with an objection, and a change that waits for a second person."""
    deputy = world.actor("deputy")
    roll = roll_of_residents(world, community)
    until = clock.now() + timedelta(days=7)
    roll_call.freeze(deputy, roll.id, objections_until=until)
    objection = roll_changes.object_to(world.actor("resident"), roll, "少了一户")
    change = roll_changes.propose(deputy, roll, "struck", reason="重复", data={"number": 1})
    return {"roll": roll.id, "objection": objection.id, "change": change.id}


def _until(_town: "Town") -> dict[str, str]:
    return {"until": "2030-01-01T09:00"}


def _whose(town: "Town") -> dict[str, Any]:
    return {"whose": "households", "node": town.ids["gate"], "level": "4"}


def _owner(town: "Town") -> dict[str, str]:
    return {"act": "match", "account": town.ids["who"]}


def _voice(town: "Town") -> dict[str, str]:
    return {"voice": town.ids["who"], "basis": "全家签字"}


@pytest.fixture(scope="module")
def town(sqlite: Sqlite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    app = sqlite.fresh()
    copy = tmp_path_factory.mktemp("town") / "town.sqlite3"
    town = Town(app, sqlite.file, copy)
    with app.test_request_context(method="POST"):
        world = build_world()
        town.ids = _fill(world)
        for role in ROLES[1:]:
            town.sessions[role] = session_key(world.people[role])
        db.session.remove()
        db.engine.dispose()
    shutil.copy(sqlite.file, copy)
    yield town
    with app.app_context():
        db.engine.dispose()


ERLONG = "/c/<community>"
CASES = f"{ERLONG}/consultations"
CASE = f"{CASES}/<int:consultation_id>"
OUTCOME = f"{CASE}/outcome"
ARGUMENTS, QUESTIONS, WALLS = (f"{CASE}/{name}" for name in ("arguments", "questions", "walls"))
ARGUMENT = f"{ARGUMENTS}/<int:argument_id>"
QUESTION = f"{QUESTIONS}/<int:question_id>"
WALL = f"{WALLS}/<int:wall_id>"
#: Before the case of these tests closes, by the clock of the wall.
SOON = clock.local(clock.now() + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M")
TEXT = f"{CASE}/draft"
SAID = f"{TEXT}/comments/<int:comment_id>"
GIVEN = f"{TEXT}/work/answers/<any(comment, cluster):kind>/<int:key>"
HALL = f"{CASE}/hall"
MEETING = f"{HALL}/<int:meeting_id>"
HALL_ACT = f"{MEETING}/<any(hand, lower, here, second):act>"
EXPORT = "/me/data/export.<any(json, html):kind>"
CHILD = "/me/children/<int:child_id>"
ONE_CLAIM = f"{ERLONG}/desk/claims/<int:claim_id>"
ONE_PERSON = f"{ERLONG}/desk/people/<int:person_id>"
ONE_STANDING = f"{ONE_PERSON}/standings/<int:standing_id>"
UNITS = f"{ERLONG}/desk/organisations"
ONE_UNIT = f"{UNITS}/<int:organisation_id>"
ONE_BATCH = f"{ERLONG}/codes/<int:batch_id>"
HOMES = f"{ERLONG}/desk/homes"
ROLLS = f"{ERLONG}/desk/rolls"
ONE_ROLL = f"{ROLLS}/<int:roll_id>"
SHOWN_ROLL = f"{ERLONG}/rolls/<int:roll_id>"
R, S = "/c/erlonglu/desk/rolls", "/c/erlonglu/rolls"
ADDED = {"label": "7号楼", "area": "", "account": "", "why": "漏登"}
ANSWERED = {"outcome": "upheld", "words": "属实"}
ONE_HOME = f"{HOMES}/<int:dwelling_id>"
ONE_OWNER = f"{ONE_HOME}/owners/<int:owner_id>"
SEEN = {"checked": "desk", "organisation": "0"}
HERE, ELSEWHERE = "/c/erlonglu", "/c/jinrongjie"
CORRECTIONS, CORRECT = f"{ERLONG}/corrections", f"{HERE}/corrections"
IN = f"{HERE}/consultations"
CAME = IN + "/{resolved}/outcome"
DRAFTED = IN + "/{text}/draft"
IN_HALL = IN + "/{hall_case}/hall"
MET = IN_HALL + "/{hall}"
MEETING_PLAN = {
    "title": "会",
    "place": "二层",
    "starts_at": "2030-01-01T09:00",
    "items": "一",
    "turn_seconds": "60",
    "turns_each": "1",
    "majority": "half",
}
DAYS = "/admin/holidays"
CONFIRM = "/desk/procedures/<code>/<int:number>"
SWITCH = f"{ERLONG}/desk/plugins/<name>/<any(on, off, resume):state>"
PLUGIN_SETTINGS = f"{ERLONG}/desk/plugins/<name>/settings"

NOTICES = f"{ERLONG}/notices"
NOTICE = f"{NOTICES}/<int:notice_id>"
BOARD = f"{HERE}/notices"

TAKEN = {"take-kind": "note", "take-words": "记"}


def leading(town: "Town") -> dict[str, str]:
    """The plan of a meeting that the secretary leads, and whose minutes the deputy takes."""
    people = {"chair": town.ids["chair"], "secretary": town.ids["deputy"]}
    return MEETING_PLAN | {key: str(value) for key, value in people.items()}


Expected = tuple[object, ...]
# The order of ROLES: anonymous, resident, elsewhere, worker, secretary, officer, administrator.
ALL: Expected = (200,) * 7
DONE: Expected = (303,) * 7
OFFICE_READS: Expected = (SIGN_IN, 403, 403, 403, 200, 200, 403)
OFFICE_WRITES: Expected = (401, 403, 403, 403, 303, 303, 403)
SPEAKS: Expected = (401, 303, 403, 403, 303, 303, 303)
STREET_SPEAKS: Expected = (401, 303, 303, 303, 403, 303, 303)
# What is counted is asked of the audience alone; an office answers in comments.
COUNTS: Expected = (401, 303, 403, 403, 403, 403, 403)
OWN: Expected = (404, 200, 404, 404, 404, 404, 404)
OWN_DONE: Expected = (404, 303, 404, 404, 404, 404, 404)
# Objecting and following is for all who live or work here.
OBJECTS: Expected = (401, 303, 403, 303, 403, 403, 403)
STREET_COUNTS: Expected = (401, 303, 303, 303, 403, 403, 403)
MINE_READS: Expected = (SIGN_IN, *(200,) * 6)
MINE_WRITES: Expected = (401, *(303,) * 6)
MINE_REFUSED: Expected = (401, *(422,) * 6)
MINE: Expected = (SIGN_IN, 200, 200, 200, 200, 200, 200)
MINE_DONE: Expected = (SIGN_IN, 303, 303, 303, 303, 303, 303)
GUARDIAN: Expected = (SIGN_IN, 200, 404, 404, 404, 404, 404)
VERIFIES: Expected = OFFICE_WRITES
# Who checks standings: the office of the community and the street; of the street the officer alone.
NOT_THERE: Expected = (401, 403, 403, 403, 404, 404, 403)
NOT_FOUND: Expected = (SIGN_IN, 403, 403, 403, 404, 404, 403)
UNFIT: Expected = (401, 403, 403, 403, 422, 422, 403)
THEIRS: Expected = (SIGN_IN, 200, 404, 404, 404, 404, 404)
INVITES: Expected = (SIGN_IN, 403, 403, 403, 200, 403, 200)
TAKES_BACK: Expected = (401, 403, 403, 403, 303, 403, 303)
SIGNED_IN_READS: Expected = (SIGN_IN, *(200,) * 6)
TREE = "/admin/tree"
NODE = f"{TREE}/<int:node_id>"
BODY, LINK = f"{NODE}/bodies/<int:body_id>", f"{NODE}/links/<int:link_id>"
TREE_FORMS = ("rename", "move", "split", "merge", "bodies/new", "links/new")
ADMIN_MISSES: Expected = (SIGN_IN, 403, 403, 403, 403, 403, 404)
ADMIN_MISSES_POST: Expected = (401, 403, 403, 403, 403, 403, 404)
ADMIN_LACKS: Expected = (401, 403, 403, 403, 403, 403, 422)
ADMIN_DOES: Expected = (401, 403, 403, 403, 403, 403, 303)
ADMIN_READS: Expected = (SIGN_IN, 403, 403, 403, 403, 403, 200)
MEANT: Expected = (404, 200, 404, 404, 200, 200, 200)
TAKES_PART: Expected = (SIGN_IN, 200, 403, 200, 403, 403, 403)
ANY_STAFF_READS: Expected = (SIGN_IN, 403, 403, 403, 200, 200, 200)
# None of these roles is the legal officer.
NOBODY_READS: Expected = (SIGN_IN, 403, 403, 403, 403, 403, 403)
NOBODY_WRITES: Expected = (401, 403, 403, 403, 403, 403, 403)
STREET_READS: Expected = (SIGN_IN, 403, 403, 403, 403, 200, 403)
STREET_404: Expected = (SIGN_IN, 403, 403, 403, 403, 404, 403)
DRAFT_READS: Expected = (404, 404, 404, 404, 200, 200, 200)
STAFF_LATE: Expected = (401, 403, 403, 403, 409, 409, 403)
REHEARSED: Expected = (404, 404, 404, 404, 200, 200, 404)
BALLOTS = f"{ERLONG}/ballots"
BALLOT = f"{BALLOTS}/<int:ballot_id>"
BOX = f"{HERE}/ballots"
TOPICS, LAMPS = f"{ERLONG}/topics", f"{HERE}/topics"
TOPIC = f"{TOPICS}/<int:topic_id>"
SIEVE = f"{ERLONG}/desk/topics"
SIEVED = (
    f"{SIEVE}/<int:topic_id>/"
    "<any(triage, lane, accept, hand_over, leave, refuse, merge, answer):act>"
)
CATALOGUE, CONTENTS = f"{ERLONG}/desk/catalogue", f"{HERE}/desk/catalogue"
ONE_CATALOGUE = f"{CATALOGUE}/<int:catalogue_id>"
# Who lives here hands topics in, and staff do it for others; who administers does neither.
HANDS_IN: Expected = (401, 303, 403, 403, 303, 303, 403)
DRAFTS, PEN = f"{ERLONG}/desk/ballots", f"{HERE}/desk/ballots"
WRITTEN = f"{DRAFTS}/<int:ballot_id>"
PAPER = {
    "procedure": "street_advisory",
    "kind": "one",
    "question": "何时修？",
    "options": "春天\n秋天",
    "audience": ["resident"],
    "opens_at": "2035-01-08T09:00",
    "closes_at": "2035-01-15T18:00",
    "tie": "show-all",
    "secrecy": "sealed",
    "shows": "at_close",
}


def _picture(_town: Town) -> dict[str, object]:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, "PNG")
    return {"file": (io.BytesIO(stream.getvalue()), "plan.png")}


def _typed(serial: int, **more: str) -> Callable[[Town], dict[str, object]]:
    """Fill in what a clerk types from a sheet."""

    def data(town: Town) -> dict[str, object]:
        with town.app.app_context():
            made = db.session.get_one(Ballot, town.ids["on_paper"])
            option = made.rules["options"][0]["id"]
            db.session.remove()
        at = clock.local(clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
        seen = {"witness_one": "周红，主任", "witness_two": "王桂兰，楼门长", "handed_in_at": at}
        return {"serial": str(serial), "number": "1", "option": str(option)} | seen | more

    return data


MANDATE = {
    "number": "1",
    "name": "陈志强",
    "signed_at": "2020-01-01T09:00",
    "valid_until": "2040-01-01T09:00",
}
#: Rules of papers: method, rule, ballot, address, what each role gets, and what is sent.
PAPER_TABLE: list[tuple[str, str, str, str, Expected, Any]] = [
    ("GET", "", "on_paper", "", OFFICE_READS, None),
    ("POST", "issue", "on_paper", "issue", OFFICE_WRITES, {"count": "2"}),
    ("GET", "print", "on_paper", "print?first=1&last=9", OFFICE_READS, None),
    ("GET", "count-sheet", "on_paper", "count-sheet", OFFICE_READS, None),
    ("GET", "roll", "on_paper", "roll", OFFICE_READS, None),
    ("GET", "enter", "on_paper", "enter", OFFICE_READS, None),
    ("POST", "enter", "on_paper", "enter", OFFICE_WRITES, _typed(1)),
    ("GET", "assist", "on_paper", "assist", OFFICE_READS, None),
    (
        "POST",
        "assist",
        "on_paper",
        "assist",
        OFFICE_WRITES,
        _typed(0, channel="telephone", reason="视力不便"),
    ),
    ("GET", "sheets/<int:serial>", "on_paper", "sheets/{sheet}", OFFICE_READS, None),
    (
        "POST",
        "sheets/<int:serial>/decide",
        "on_paper",
        "sheets/3/decide",
        OFFICE_WRITES,
        _typed(3, reason="看清了"),
    ),
    (
        "GET",
        "sheets/<int:serial>/receipt",
        "on_paper",
        "sheets/{sheet}/receipt",
        OFFICE_READS,
        None,
    ),
    (
        "POST",
        "sheets/<int:serial>/scans",
        "on_paper",
        "sheets/{sheet}/scans",
        OFFICE_WRITES,
        _picture,
    ),
    (
        "POST",
        "scans/<int:scan_id>/delete",
        "on_paper",
        "scans/{scan}/delete",
        (401, 403, 403, 403, 409, 409, 403),
        {},
    ),
    (
        "GET",
        "scans/<int:scan_id>",
        "on_paper",
        "scans/{scan}",
        (SIGN_IN, 403, 403, 403, 404, 404, 403),
        None,
    ),
    ("POST", "done", "paper_over", "done", OFFICE_WRITES, {}),
    ("POST", "void", "paper_waits", "void", OFFICE_WRITES, {"reason": "遗失"}),
    ("POST", "counters", "on_paper", "counters", OFFICE_WRITES, {"counters": "周红，主任"}),
    ("GET", "mandates", "on_paper", "mandates", OFFICE_READS, None),
    ("POST", "mandates", "on_paper", "mandates", OFFICE_WRITES, MANDATE),
    (
        "POST",
        "mandates/<int:mandate_id>/scans",
        "on_paper",
        "mandates/{mandate}/scans",
        OFFICE_WRITES,
        _picture,
    ),
    ("POST", "mandates/<int:mandate_id>", "on_paper", "mandates/{mandate}", OFFICE_WRITES, {}),
]
LATER = {"until": "2040-01-01T09:00", "reason": "停电"}


def _days_off(_town: Town) -> dict[str, object]:
    table = "日期,休/班\n2027-01-01,休\n"
    return {"file": (io.BytesIO(table.encode()), "2027.csv"), "source": "通知"}


def _code(town: Town) -> dict[str, str]:
    return {"code": town.ids["code"]}


def _sign_up(town: Town) -> dict[str, str]:
    return SIGN_UP | _code(town)


def _option(name: str) -> Any:
    return lambda town: {"option": town.ids[name]}


def _answer(name: str) -> Any:
    return lambda town: {"statement": town.ids[name], "answer": "agree"}


def _grant(town: Town) -> dict[str, object]:
    return {"kind": "owner", "node": town.ids["gate"], "rests_on": "desk", "organisation": 0}


def _claim(kind: str) -> Any:
    return lambda town: {"kind": kind, "node": town.ids["gate"], "words": "我租住301室。"}


def _unit(town: Town) -> dict[str, object]:
    return {"name": "建行支行", "kind": "resident_unit", "node": town.ids["gate"]}


def _codes_form(town: Town) -> dict[str, object]:
    return {"node": town.ids["gate"], "standing": "resident_living", "count": 2}


def _mail_choices(town: Town) -> dict[str, str]:
    with town.app.app_context():
        kinds = telling().kinds
    return {forms.name_of(code): "none" for code in kinds} | {"language": "en"}


IMPORT = "/admin/import"
POSTS = f"{ERLONG}/desk/posts"
POST = f"{POSTS}/<int:post_id>"
TERM = f"{ERLONG}/desk/appointments/<int:appointment_id>"
ADMIN_WRITES: Expected = (401, 403, 403, 403, 403, 403, 303)


#: Tables of plugins: whoever may not use any, reads that there is none.
TABLES = f"{ERLONG}/desk/tables"
THINGS = f"{TABLES}/<plugin>/<name>"
SAMPLES = f"{HERE}/desk/tables/sample"
TABLE_READS: Expected = (SIGN_IN, 404, 404, 404, 200, 200, 200)
TABLE_NOT: Expected = (401, 404, 404, 404)


def _things(_town: Town) -> dict[str, object]:
    return {"file": (io.BytesIO("Name\n一\n".encode()), "a.csv")}


def _places(_town: Town) -> dict[str, object]:
    return {"what": "places", "file": (io.BytesIO("社区\n新社区\n".encode()), "a.csv")}


def _post(town: Town) -> dict[str, object]:
    fields = {"kind": "committee_head", "title": "主任", "office": "居委会", "body": 0}
    return fields | {"node": town.ids["gate"]}


def _appointed(town: Town) -> dict[str, object]:
    return {"name": "王桂兰", "who": town.ids["who"], "first": "2026-01-01"}


#: (method, rule, address, expected, data); a rule may stand here several times.
TABLE: list[tuple[str, str, str, Expected, Any]] = [
    ("GET", "/", "/", (200, 302, 302, 302, 302, 302, 302), None),
    ("GET", "/", "/?all=1", ALL, None),
    ("POST", "/display", "/display", DONE, {"size": "2"}),
    ("GET", "/privacy", "/privacy", ALL, None),
    ("GET", "/styleguide", "/styleguide", ALL, None),
    # Identities
    ("GET", "/sign-in", "/sign-in", (200, 302, 302, 302, 302, 302, 302), None),
    ("POST", "/sign-in", "/sign-in", (422,) * 7, {}),
    ("POST", "/sign-in", "/sign-in", (422,) * 7, PASSWORD_PAGE),
    ("POST", "/sign-out", "/sign-out", DONE, {}),
    ("GET", "/recover", "/recover", ALL, None),
    ("POST", "/recover", "/recover", (422,) * 7, {"code": "AAAA-AAA-AAA"}),
    ("GET", "/join", "/join", ALL, None),
    ("POST", "/join", "/join", (422,) * 7, {"code": "AAAA-AAA-AAA"}),
    ("POST", "/join", "/join", (303, 409, 303, 303, 303, 303, 303), _code),
    ("GET", "/sign-up", "/sign-up", (302,) * 7, None),
    ("POST", "/sign-up", "/sign-up", (422,) * 7, {"code": "AAAA-AAA-AAA"}),
    ("POST", "/sign-up", "/sign-up", DONE, _sign_up),
    ("GET", "/me", "/me", (SIGN_IN, 200, 200, 200, 200, 200, 200), None),
    # Security of one's own account
    ("GET", "/sign-in/code", "/sign-in/code", (302,) * 7, None),
    ("POST", "/sign-in/code", "/sign-in/code", DONE, {"code": "123456"}),
    ("GET", "/recover/mail", "/recover/mail", ALL, None),
    ("POST", "/recover/mail", "/recover/mail", (422,) * 7, {"mail": "13800138000"}),
    ("POST", "/recover/mail", "/recover/mail", (409,) * 7, {"mail": "nobody@example.com"}),
    ("GET", "/me/security", "/me/security", MINE_READS, None),
    (
        "POST",
        "/me/security/sessions/<int:sign_in_id>/end",
        "/me/security/sessions/9999/end",
        MINE_WRITES,
        None,
    ),
    ("POST", "/me/security/sessions/end", "/me/security/sessions/end", MINE_WRITES, None),
    ("POST", "/me/security/password", "/me/security/password", MINE_REFUSED, {"current": "x"}),
    ("POST", "/me/confirm", "/me/confirm", MINE_REFUSED, {"confirm_password": "wrong"}),
    ("GET", "/me/second-factor", "/me/second-factor", MINE_READS, None),
    ("POST", "/me/second-factor", "/me/second-factor", MINE_WRITES, None),
    (
        "POST",
        "/me/second-factor/confirm",
        "/me/second-factor/confirm",
        MINE_REFUSED,
        {"code": "123456"},
    ),
    ("POST", "/me/second-factor/codes", "/me/second-factor/codes", MINE_WRITES, None),
    (
        "POST",
        "/me/second-factor/off",
        "/me/second-factor/off",
        (401, 303, 303, 303, 422, 422, 422),
        None,
    ),
    ("GET", "/me/contacts", "/me/contacts", MINE_READS, None),
    ("POST", "/me/contacts", "/me/contacts", MINE_WRITES, {"who": "new@example.com"}),
    ("POST", "/me/contacts", "/me/contacts", MINE_REFUSED, {"who": "nonsense"}),
    (
        "GET",
        "/me/contacts/code",
        "/me/contacts/code",
        (SIGN_IN, 302, 302, 302, 302, 302, 302),
        None,
    ),
    ("POST", "/me/contacts/code", "/me/contacts/code", MINE_WRITES, {"code": "12345678"}),
    (
        "POST",
        "/me/contacts/<int:contact_id>/remove",
        "/me/contacts/9999/remove",
        (401, 404, 404, 404, 404, 404, 404),
        None,
    ),
    # Own data
    ("GET", "/me/data", "/me/data", MINE, None),
    ("POST", EXPORT, "/me/data/export.json", MINE, None),
    ("POST", EXPORT, "/me/data/export.html", MINE, None),
    ("GET", "/me/data/correct", "/me/data/correct", MINE, None),
    ("POST", "/me/data/correct", "/me/data/correct", MINE_DONE, {"language": "en"}),
    (
        "POST",
        "/me/data/correct",
        "/me/data/correct",
        (SIGN_IN, 422, 422, 422, 422, 422, 422),
        {"language": "tlh"},
    ),
    ("GET", "/me/looks", "/me/looks", MINE, None),
    ("GET", "/me/close", "/me/close", MINE, None),
    ("POST", "/me/close", "/me/close", (SIGN_IN, 422, 422, 422, 422, 422, 422), {}),
    ("GET", CHILD, "/me/children/{child}", GUARDIAN, None),
    (
        "POST",
        f"{CHILD}/export.<any(json, html):kind>",
        "/me/children/{child}/export.json",
        GUARDIAN,
        None,
    ),
    ("GET", f"{CHILD}/close", "/me/children/{child}/close", GUARDIAN, None),
    (
        "POST",
        f"{CHILD}/close",
        "/me/children/{child}/close",
        (SIGN_IN, 422, 404, 404, 404, 404, 404),
        {},
    ),
    ("GET", f"{ERLONG}/desk/children/", f"{HERE}/desk/children/", OFFICE_READS, None),
    (
        "GET",
        f"{ERLONG}/desk/children/",
        "/c/jingjidao/desk/children/",
        (SIGN_IN, 403, 403, 403, 403, 200, 403),
        None,
    ),
    (
        "POST",
        f"{ERLONG}/desk/children/",
        f"{HERE}/desk/children/",
        (401, 403, 403, 403, 422, 422, 403),
        {},
    ),
    (
        "POST",
        f"{ERLONG}/desk/children/<int:child_id>/release",
        HERE + "/desk/children/{child}/release",
        (401, 403, 403, 403, 303, 303, 403),
        {"seen": "y"},
    ),
    (
        "POST",
        f"{ERLONG}/desk/children/<int:child_id>/release",
        HERE + "/desk/children/{foreign_child}/release",
        (401, 403, 403, 403, 404, 404, 403),
        {"seen": "y"},
    ),
    ("GET", f"{ERLONG}/desk/name", f"{HERE}/desk/name", OFFICE_READS, None),
    (
        "POST",
        f"{ERLONG}/desk/name",
        f"{HERE}/desk/name",
        (401, 403, 403, 403, 422, 422, 403),
        {},
    ),
    (
        "POST",
        f"{ERLONG}/desk/name/correct",
        f"{HERE}/desk/name/correct",
        (401, 403, 403, 403, 422, 422, 403),
        {},
    ),
    # Desk
    (
        "GET",
        f"{ERLONG}/codes/",
        f"{HERE}/codes/",
        (SIGN_IN, 403, 403, 403, 200, 403, 200),
        None,
    ),
    (
        "POST",
        f"{ERLONG}/codes/",
        f"{HERE}/codes/",
        (401, 403, 403, 403, 200, 403, 200),
        _codes_form,
    ),
    (
        "POST",
        f"{ERLONG}/codes/",
        f"{HERE}/codes/",
        (401, 403, 403, 403, 422, 403, 422),
        {"count": "0"},
    ),
    (
        "GET",
        f"{ERLONG}/codes/",
        f"{ELSEWHERE}/codes/",
        (SIGN_IN, 403, 403, 403, 403, 403, 200),
        None,
    ),
    (
        "GET",
        f"{ERLONG}/desk/contact",
        f"{HERE}/desk/contact",
        (SIGN_IN, 403, 403, 403, 200, 403, 403),
        None,
    ),
    (
        "POST",
        f"{ERLONG}/desk/contact",
        f"{HERE}/desk/contact",
        (401, 403, 403, 403, 422, 403, 403),
        {},
    ),
    (
        "GET",
        f"{ERLONG}/desk/contact",
        "/c/jingjidao/desk/contact",
        (SIGN_IN, 403, 403, 403, 403, 403, 403),
        None,
    ),
    (
        "GET",
        f"{ERLONG}/desk/recovery",
        f"{HERE}/desk/recovery",
        (SIGN_IN, 403, 403, 403, 200, 403, 200),
        None,
    ),
    (
        "POST",
        f"{ERLONG}/desk/recovery",
        f"{HERE}/desk/recovery",
        (401, 403, 403, 403, 422, 403, 422),
        {},
    ),
    (
        "POST",
        f"{ERLONG}/desk/recovery/factor",
        f"{HERE}/desk/recovery/factor",
        (401, 403, 403, 403, 403, 403, 422),
        {},
    ),
    # Joining without a code
    ("GET", "/join/without-code", "/join/without-code", (200, *(302,) * 6), None),
    ("POST", "/join/without-code", "/join/without-code", (422,) * 7, {}),
    ("POST", "/join/without-code", "/join/without-code", DONE, SIGN_UP),
    # Claims
    ("GET", "/claim", "/claim", MINE, None),
    ("GET", f"{ERLONG}/claims/new", f"{HERE}/claims/new", MINE, None),
    ("GET", f"{ERLONG}/claims/new", f"{HERE}/claims/new?near=9999", (SIGN_IN, *(404,) * 6), None),
    (
        "POST",
        f"{ERLONG}/claims/new",
        f"{HERE}/claims/new",
        (SIGN_IN, 303, 303, 303, 303, 303, 303),
        _claim("social_worker"),
    ),
    (
        "POST",
        f"{ERLONG}/claims/new",
        f"{HERE}/claims/new",
        (SIGN_IN, *(422,) * 6),
        _claim("expert"),
    ),
    ("GET", "/me/claims/", "/me/claims/", MINE, None),
    ("GET", "/me/claims/<int:claim_id>", "/me/claims/{refused}", THEIRS, None),
    (
        "POST",
        "/me/claims/<int:claim_id>/answer",
        "/me/claims/{asked}/answer",
        (SIGN_IN, 303, 404, 404, 404, 404, 404),
        {"words": "带来了"},
    ),
    (
        "POST",
        "/me/claims/<int:claim_id>/appeal",
        "/me/claims/{refused}/appeal",
        (SIGN_IN, 303, 404, 404, 404, 404, 404),
        {"words": "我带来了"},
    ),
    (
        "POST",
        "/me/claims/<int:claim_id>/appeal",
        "/me/claims/{asked}/appeal",
        (SIGN_IN, 409, 404, 404, 404, 404, 404),
        {"words": "我带来了"},
    ),
    (
        "POST",
        "/me/claims/<int:claim_id>/withdraw",
        "/me/claims/{asked}/withdraw",
        (SIGN_IN, 303, 404, 404, 404, 404, 404),
        None,
    ),
    ("GET", f"{ERLONG}/desk/claims/", f"{HERE}/desk/claims/", OFFICE_READS, None),
    ("GET", f"{ERLONG}/desk/claims/", f"{HERE}/desk/claims/?state=decided", OFFICE_READS, None),
    ("GET", ONE_CLAIM, HERE + "/desk/claims/{claim}", OFFICE_READS, None),
    ("GET", ONE_CLAIM, HERE + "/desk/claims/{foreign_claim}", NOT_FOUND, None),
    ("POST", f"{ONE_CLAIM}/accept", HERE + "/desk/claims/{claim}/accept", VERIFIES, SEEN),
    ("POST", f"{ONE_CLAIM}/accept", HERE + "/desk/claims/{claim}/accept", UNFIT, {}),
    (
        "POST",
        f"{ONE_CLAIM}/accept",
        HERE + "/desk/claims/{refused}/accept",
        (401, 403, 403, 403, 409, 409, 403),
        SEEN,
    ),
    ("POST", f"{ONE_CLAIM}/accept", HERE + "/desk/claims/{foreign_claim}/accept", NOT_THERE, SEEN),
    ("POST", f"{ONE_CLAIM}/ask", HERE + "/desk/claims/{claim}/ask", VERIFIES, {"words": "证件"}),
    ("POST", f"{ONE_CLAIM}/ask", HERE + "/desk/claims/{claim}/ask", UNFIT, {}),
    (
        "POST",
        f"{ONE_CLAIM}/refuse",
        HERE + "/desk/claims/{claim}/refuse",
        VERIFIES,
        {"reason": "not_true"},
    ),
    (
        "POST",
        f"{ONE_CLAIM}/refuse",
        HERE + "/desk/claims/{claim}/refuse",
        UNFIT,
        {"reason": "other"},
    ),
    # The register
    ("GET", f"{ERLONG}/desk/people/", f"{HERE}/desk/people/?q=王", OFFICE_READS, None),
    (
        "GET",
        f"{ERLONG}/desk/people/",
        "/c/jingjidao/desk/people/",
        (SIGN_IN, 403, 403, 403, 403, 200, 403),
        None,
    ),
    ("GET", ONE_PERSON, HERE + "/desk/people/{resident}", OFFICE_READS, None),
    ("GET", ONE_PERSON, HERE + "/desk/people/{newcomer}", OFFICE_READS, None),
    ("GET", ONE_PERSON, HERE + "/desk/people/{foreigner}", NOT_FOUND, None),
    (
        "POST",
        f"{ONE_PERSON}/contacts",
        HERE + "/desk/people/{resident}/contacts",
        (401, 403, 403, 403, 200, 200, 403),
        None,
    ),
    ("POST", f"{ONE_PERSON}/contacts", HERE + "/desk/people/{foreigner}/contacts", NOT_THERE, None),
    ("GET", f"{ONE_PERSON}/grant", HERE + "/desk/people/{resident}/grant", OFFICE_READS, None),
    ("GET", f"{ONE_PERSON}/grant", HERE + "/desk/people/{foreigner}/grant", NOT_FOUND, None),
    ("POST", f"{ONE_PERSON}/grant", HERE + "/desk/people/{resident}/grant", VERIFIES, _grant),
    ("POST", f"{ONE_PERSON}/grant", HERE + "/desk/people/{resident}/grant", UNFIT, {}),
    ("POST", f"{ONE_PERSON}/grant", HERE + "/desk/people/{foreigner}/grant", NOT_THERE, _grant),
    (
        "GET",
        ONE_STANDING,
        HERE + "/desk/people/{resident}/standings/{standing}",
        OFFICE_READS,
        None,
    ),
    (
        "GET",
        ONE_STANDING,
        HERE + "/desk/people/{resident}/standings/{foreign_standing}",
        NOT_FOUND,
        None,
    ),
    (
        "POST",
        f"{ONE_STANDING}/<any(renew, raise, end):act>",
        HERE + "/desk/people/{resident}/standings/{standing}/end",
        VERIFIES,
        {"reason": "已搬走"},
    ),
    (
        "POST",
        f"{ONE_STANDING}/<any(renew, raise, end):act>",
        HERE + "/desk/people/{resident}/standings/{standing}/raise",
        UNFIT,
        {"rests_on": "attested"},
    ),
    (
        "POST",
        f"{ONE_STANDING}/<any(renew, raise, end):act>",
        HERE + "/desk/people/{newcomer}/standings/{standing}/end",
        NOT_THERE,
        {"reason": "已搬走"},
    ),
    # Organisations
    ("GET", f"{UNITS}/", f"{HERE}/desk/organisations/", OFFICE_READS, None),
    ("GET", f"{UNITS}/new", f"{HERE}/desk/organisations/new", OFFICE_READS, None),
    ("POST", f"{UNITS}/new", f"{HERE}/desk/organisations/new", VERIFIES, _unit),
    ("POST", f"{UNITS}/new", f"{HERE}/desk/organisations/new", UNFIT, {"name": "x"}),
    ("GET", ONE_UNIT, HERE + "/desk/organisations/{organisation}", OFFICE_READS, None),
    ("GET", ONE_UNIT, HERE + "/desk/organisations/{foreign_organisation}", NOT_FOUND, None),
    (
        "POST",
        ONE_UNIT,
        HERE + "/desk/organisations/{organisation}",
        VERIFIES,
        lambda town: {"name": "新名", "node": town.ids["gate"]},
    ),
    ("POST", ONE_UNIT, HERE + "/desk/organisations/{foreign_organisation}", NOT_THERE, _unit),
    ("POST", f"{ONE_UNIT}/end", HERE + "/desk/organisations/{organisation}/end", VERIFIES, None),
    # Rolls of voters
    ("GET", f"{ROLLS}/", f"{R}/", OFFICE_READS, None),
    ("GET", f"{ROLLS}/new", f"{R}/new", OFFICE_READS, None),
    ("POST", f"{ROLLS}/new", f"{R}/new", VERIFIES, _whose),
    ("POST", f"{ROLLS}/new", f"{R}/new", UNFIT, {}),
    ("GET", ONE_ROLL, R + "/{roll}", OFFICE_READS, None),
    ("GET", ONE_ROLL, R + "/{foreign_roll}", NOT_FOUND, None),
    # The secretary drew it, so that only the officer can freeze it.
    (
        "POST",
        f"{ONE_ROLL}/freeze",
        R + "/{roll_draft}/freeze",
        (401, 403, 403, 403, 403, 303, 403),
        _until,
    ),
    ("POST", f"{ONE_ROLL}/freeze", R + "/{roll_draft}/freeze", UNFIT, {}),
    ("POST", f"{ONE_ROLL}/freeze", R + "/{foreign_roll}/freeze", NOT_THERE, _until),
    ("POST", f"{ONE_ROLL}/strike", R + "/{roll}/strike", VERIFIES, {"number": "1", "reason": "x"}),
    ("POST", f"{ONE_ROLL}/strike", R + "/{roll}/strike", UNFIT, {}),
    ("POST", f"{ONE_ROLL}/strike", R + "/{foreign_roll}/strike", NOT_THERE, {}),
    ("POST", f"{ONE_ROLL}/add", R + "/{roll}/add", VERIFIES, ADDED),
    ("POST", f"{ONE_ROLL}/add", R + "/{roll}/add", UNFIT, {}),
    ("POST", f"{ONE_ROLL}/add", R + "/{foreign_roll}/add", NOT_THERE, ADDED),
    (
        "POST",
        f"{ONE_ROLL}/changes/<int:change_id>",
        R + "/{roll}/changes/{change}",
        VERIFIES,
        None,
    ),
    (
        "POST",
        f"{ONE_ROLL}/changes/<int:change_id>",
        R + "/{roll}/changes/{foreign_change}",
        NOT_THERE,
        None,
    ),
    (
        "POST",
        f"{ONE_ROLL}/objections/<int:objection_id>",
        R + "/{roll}/objections/{objection}",
        VERIFIES,
        ANSWERED,
    ),
    (
        "POST",
        f"{ONE_ROLL}/objections/<int:objection_id>",
        R + "/{roll}/objections/{foreign_objection}",
        NOT_THERE,
        ANSWERED,
    ),
    ("GET", SHOWN_ROLL, S + "/{roll}", TAKES_PART, None),
    ("GET", SHOWN_ROLL, S + "/{roll_draft}", (SIGN_IN, 404, 403, 404, 403, 403, 403), None),
    ("GET", SHOWN_ROLL, S + "/{foreign_roll}", (SIGN_IN, 404, 403, 404, 403, 403, 403), None),
    (
        "POST",
        f"{SHOWN_ROLL}/objections",
        S + "/{roll}/objections",
        (401, 303, 403, 303, 403, 403, 403),
        {"words": "少了一户"},
    ),
    (
        "POST",
        f"{SHOWN_ROLL}/objections",
        S + "/{roll}/objections",
        (401, 422, 403, 422, 403, 403, 403),
        {},
    ),
    # Homes and owners
    ("GET", f"{HOMES}/", f"{HERE}/desk/homes/", OFFICE_READS, None),
    ("GET", f"{HOMES}/", HERE + "/desk/homes/?near={foreign_node}", NOT_FOUND, None),
    ("GET", ONE_HOME, HERE + "/desk/homes/{home}", OFFICE_READS, None),
    ("GET", ONE_HOME, HERE + "/desk/homes/{foreign_home}", NOT_FOUND, None),
    ("POST", ONE_OWNER, HERE + "/desk/homes/{home}/owners/{owner}", VERIFIES, _owner),
    ("POST", ONE_OWNER, HERE + "/desk/homes/{home}/owners/{owner}", UNFIT, {"account": "x"}),
    ("POST", ONE_OWNER, HERE + "/desk/homes/{home}/owners/{foreign_owner}", NOT_THERE, _owner),
    ("POST", ONE_OWNER, HERE + "/desk/homes/{foreign_home}/owners/{owner}", NOT_THERE, _owner),
    (
        "POST",
        f"{ONE_OWNER}/release",
        HERE + "/desk/homes/{home}/owners/{owner}/release",
        VERIFIES,
        None,
    ),
    (
        "POST",
        f"{ONE_OWNER}/release",
        HERE + "/desk/homes/{home}/owners/{foreign_owner}/release",
        NOT_THERE,
        None,
    ),
    ("POST", f"{ONE_HOME}/voice", HERE + "/desk/homes/{home}/voice", VERIFIES, _voice),
    ("POST", f"{ONE_HOME}/voice", HERE + "/desk/homes/{home}/voice", UNFIT, {}),
    ("POST", f"{ONE_HOME}/voice", HERE + "/desk/homes/{foreign_home}/voice", NOT_THERE, _voice),
    (
        "POST",
        f"{ONE_UNIT}/end",
        HERE + "/desk/organisations/{foreign_organisation}/end",
        NOT_THERE,
        None,
    ),
    # Batches of codes
    ("GET", ONE_BATCH, HERE + "/codes/{batch}", INVITES, None),
    (
        "GET",
        ONE_BATCH,
        HERE + "/codes/{foreign_batch}",
        (SIGN_IN, 403, 403, 403, 404, 403, 404),
        None,
    ),
    ("POST", f"{ONE_BATCH}/revoke", HERE + "/codes/{batch}/revoke", TAKES_BACK, None),
    (
        "POST",
        f"{ONE_BATCH}/<int:code_id>/revoke",
        HERE + "/codes/{batch}/{code_id}/revoke",
        TAKES_BACK,
        None,
    ),
    (
        "POST",
        f"{ONE_BATCH}/<int:code_id>/revoke",
        HERE + "/codes/{foreign_batch}/{code_id}/revoke",
        (401, 403, 403, 403, 404, 403, 404),
        None,
    ),
    # What one may do
    ("GET", f"{ERLONG}/rights", f"{HERE}/rights", ALL, None),
    ("GET", f"{ERLONG}/rights", f"{ELSEWHERE}/rights", ALL, None),
    # Administration
    ("GET", "/desk/", "/desk/", (SIGN_IN, 403, 403, 403, 200, 200, 200), None),
    ("GET", "/admin/", "/admin/", (SIGN_IN, 403, 403, 403, 403, 403, 200), None),
    ("GET", f"{DAYS}/", f"{DAYS}/", ADMIN_READS, None),
    ("GET", f"{DAYS}/<int:year>/", f"{DAYS}/2026/", ADMIN_READS, None),
    ("GET", f"{DAYS}/<int:year>/", f"{DAYS}/1999/", (SIGN_IN, 403, 403, 403, 403, 403, 404), None),
    (
        "GET",
        f"{DAYS}/template.<any(xlsx, csv):kind>",
        f"{DAYS}/template.csv",
        ADMIN_READS,
        None,
    ),
    ("POST", f"{DAYS}/check", f"{DAYS}/check", (401, 403, 403, 403, 403, 403, 422), {}),
    ("POST", f"{DAYS}/check", f"{DAYS}/check", (401, 403, 403, 403, 403, 403, 200), _days_off),
    (
        "POST",
        f"{DAYS}/",
        f"{DAYS}/",
        (401, 403, 403, 403, 403, 403, 303),
        {"days": "2027-01-01 休", "source": "通知"},
    ),
    ("GET", "/admin/plugins/", "/admin/plugins/", (SIGN_IN, 403, 403, 403, 403, 403, 200), None),
    *(
        ("POST", SWITCH, f"{HERE}/desk/plugins/{tail}", (401, 403, 403, 403, 403, 403, last), None)
        for tail, last in (
            ("sample/on", 303),
            ("sample/off", 303),
            ("sample/resume", 303),
            ("unknown/on", 404),
        )
    ),
    (
        "GET",
        PLUGIN_SETTINGS,
        f"{HERE}/desk/plugins/sample/settings",
        (SIGN_IN, 403, 403, 403, 403, 403, 200),
        None,
    ),
    (
        "GET",
        PLUGIN_SETTINGS,
        f"{HERE}/desk/plugins/unknown/settings",
        (SIGN_IN, 403, 403, 403, 403, 403, 404),
        None,
    ),
    (
        "POST",
        PLUGIN_SETTINGS,
        f"{HERE}/desk/plugins/sample/settings",
        (401, 403, 403, 403, 403, 403, 303),
        {"greeting": "您好"},
    ),
    (
        "POST",
        PLUGIN_SETTINGS,
        f"{HERE}/desk/plugins/sample/settings",
        (401, 403, 403, 403, 403, 403, 422),
        {"greeting": ""},
    ),
    # Tables of plugins, and the register of processing
    ("GET", f"{TABLES}/<plugin>/", f"{SAMPLES}/", TABLE_READS, None),
    (
        "GET",
        f"{TABLES}/<plugin>/",
        f"{ELSEWHERE}/desk/tables/sample/",
        (SIGN_IN, *(404,) * 5, 200),
        None,
    ),
    ("GET", f"{TABLES}/<plugin>/", f"{HERE}/desk/tables/unknown/", (SIGN_IN, *(404,) * 6), None),
    ("GET", f"{THINGS}/import", f"{SAMPLES}/things/import", TABLE_READS, None),
    (
        "GET",
        f"{THINGS}/import",
        f"{ELSEWHERE}/desk/tables/sample/things/import",
        (SIGN_IN, *(404,) * 6),
        None,
    ),
    ("POST", f"{THINGS}/import", f"{SAMPLES}/things/import", (*TABLE_NOT, 422, 422, 422), {}),
    ("POST", f"{THINGS}/import", f"{SAMPLES}/things/import", (*TABLE_NOT, 303, 303, 303), _things),
    (
        "GET",
        f"{THINGS}/import/<token>",
        f"{SAMPLES}/things/import/{'0' * 32}",
        (SIGN_IN, 404, 404, 404, 303, 303, 303),
        None,
    ),
    (
        "POST",
        f"{THINGS}/import/<token>",
        f"{SAMPLES}/things/import/{'0' * 32}",
        (*TABLE_NOT, 303, 303, 303),
        None,
    ),
    (
        "GET",
        f"{THINGS}/template.<any(csv, xlsx):kind>",
        f"{SAMPLES}/things/template.csv",
        TABLE_READS,
        None,
    ),
    (
        "POST",
        f"{THINGS}/export.<any(csv, xlsx):kind>",
        f"{SAMPLES}/things/export.csv",
        (*TABLE_NOT, 200, 200, 200),
        None,
    ),
    (
        "POST",
        f"{THINGS}/export.<any(csv, xlsx):kind>",
        f"{ELSEWHERE}/desk/tables/sample/things/export.xlsx",
        (401, *(404,) * 5, 200),
        None,
    ),
    ("GET", "/admin/processing/", "/admin/processing/", ADMIN_READS, None),
    (
        "GET",
        "/admin/processing/register.<any(csv, xlsx):kind>",
        "/admin/processing/register.csv",
        ADMIN_READS,
        None,
    ),
    # Notices: the board
    # Corrections
    ("GET", f"{CORRECTIONS}/", f"{CORRECT}/", ALL, None),
    (
        "GET",
        f"{CORRECTIONS}/new/<target>/<int:subject_id>",
        f"{CORRECT}/new/count/{{sealed}}",
        (SIGN_IN, 200, 403, 200, 200, 200, 200),
        None,
    ),
    (
        "POST",
        f"{CORRECTIONS}/new/<target>/<int:subject_id>",
        f"{CORRECT}/new/count/{{sealed}}",
        (401, 303, 403, 303, 303, 303, 303),
        {"kind": "procedure", "words": "没有公示。", "form_key": "k"},
    ),
    ("GET", f"{CORRECTIONS}/<int:correction_id>/", CORRECT + "/{correction}/", ALL, None),
    ("GET", f"{CORRECTIONS}/<int:correction_id>/print", CORRECT + "/{corrected}/print", ALL, None),
    (
        "POST",
        f"{CORRECTIONS}/<int:correction_id>/sign",
        CORRECT + "/{petition}/sign",
        (401, 303, 403, 403, 403, 403, 403),
        {},
    ),
    (
        "GET",
        f"{CORRECTIONS}/<int:correction_id>/work",
        CORRECT + "/{correction}/work",
        OFFICE_READS,
        None,
    ),
    (
        "POST",
        f"{CORRECTIONS}/<int:correction_id>/work/<act>",
        CORRECT + "/{correction}/work/admit",
        OFFICE_WRITES,
        {"how": "admit", "reason": "需要核实。"},
    ),
    ("GET", f"{CORRECTIONS}/rules", f"{CORRECT}/rules", ALL, None),
    (
        "GET",
        f"{CORRECTIONS}/rules/<code>/change",
        f"{CORRECT}/rules/rep_2026/change",
        OFFICE_READS,
        None,
    ),
    (
        "POST",
        f"{CORRECTIONS}/rules/<code>/change",
        f"{CORRECT}/rules/rep_2026/change",
        (401, 403, 403, 403, 422, 422, 403),
        {},
    ),
    (
        "GET",
        f"{CORRECTIONS}/changes/<int:rule_change_id>",
        f"{ELSEWHERE}/corrections/changes/{{rule_change}}",
        (SIGN_IN, 403, 403, 403, 403, 200, 403),
        None,
    ),
    (
        "POST",
        f"{CORRECTIONS}/changes/<int:rule_change_id>/conclude",
        f"{ELSEWHERE}/corrections/changes/{{rule_change}}/conclude",
        (401, 403, 403, 403, 403, 409, 403),
        {},
    ),
    ("GET", f"{CORRECTIONS}/lessons", f"{CORRECT}/lessons", ALL, None),
    (
        "GET",
        f"{CORRECTIONS}/lessons/new",
        f"{CORRECT}/lessons/new",
        (SIGN_IN, 403, 403, 403, 200, 200, 200),
        None,
    ),
    (
        "POST",
        f"{CORRECTIONS}/lessons/new",
        f"{CORRECT}/lessons/new",
        (401, 403, 403, 403, 303, 303, 303),
        {"attempt": "试点", "wrong": "太急", "lesson": "先问"},
    ),
    ("GET", f"{BALLOTS}/", f"{BOX}/", ALL, None),
    ("GET", f"{BALLOTS}/verify.py", f"{BOX}/verify.py", ALL, None),
    ("GET", f"{BALLOT}/", BOX + "/{ballot}/", ALL, None),
    ("GET", f"{BALLOT}/", BOX + "/{sealed}/", (302,) * 7, None),
    ("GET", f"{BALLOT}/", BOX + "/{rehearsal}/", REHEARSED, None),
    ("GET", f"{BALLOT}/", BOX + "/{foreign_ballot}/", (404,) * 7, None),
    (
        "POST",
        f"{BALLOT}/review",
        BOX + "/{ballot}/review",
        (401, 200, 403, 403, 403, 403, 403),
        _option("option"),
    ),
    ("POST", f"{BALLOT}/cast", BOX + "/{ballot}/cast", COUNTS, _option("option")),
    (
        "POST",
        f"{BALLOT}/cast",
        BOX + "/{rehearsal}/cast",
        (404, 404, 404, 404, 422, 422, 404),
        _option("option"),
    ),
    (
        "POST",
        f"{BALLOT}/cast",
        BOX + "/{sealed}/cast",
        (401, 409, 403, 403, 403, 403, 403),
        _option("option"),
    ),
    (
        "GET",
        f"{BALLOT}/receipt",
        BOX + "/{ballot}/receipt",
        (SIGN_IN, 303, 403, 403, 403, 403, 403),
        None,
    ),
    ("GET", f"{BALLOT}/board", BOX + "/{ballot}/board", ALL, None),
    ("GET", f"{BALLOT}/check", BOX + "/{ballot}/check?code=x", ALL, None),
    ("POST", f"{BALLOT}/check", BOX + "/{ballot}/check", DONE, {"code": "x"}),
    ("GET", f"{BALLOT}/result", BOX + "/{ballot}/result", ALL, None),
    ("GET", f"{BALLOT}/result", BOX + "/{sealed}/result", ALL, None),
    ("GET", f"{BALLOT}/result/print", BOX + "/{sealed}/result/print", ALL, None),
    ("GET", f"{BALLOT}/result/print", BOX + "/{ballot}/result/print", (303,) * 7, None),
    ("GET", f"{BALLOT}/bundle.jsonl", BOX + "/{sealed}/bundle.jsonl", ALL, None),
    ("GET", f"{BALLOT}/bundle.jsonl", BOX + "/{ballot}/bundle.jsonl", (409,) * 7, None),
    ("GET", f"{BALLOT}/work", BOX + "/{ballot}/work", OFFICE_READS, None),
    ("POST", f"{BALLOT}/steps/<act>", BOX + "/{over}/steps/close", OFFICE_WRITES, {}),
    (
        "POST",
        f"{BALLOT}/steps/<act>",
        BOX + "/{over}/steps/other",
        (401, 403, 403, 403, 422, 422, 403),
        {},
    ),
    ("POST", f"{BALLOT}/extend", BOX + "/{ballot}/extend", OFFICE_WRITES, LATER),
    # Ballots that the office writes
    ("GET", f"{DRAFTS}/", f"{PEN}/", OFFICE_READS, None),
    ("GET", f"{DRAFTS}/new", f"{PEN}/new", OFFICE_READS, None),
    ("GET", f"{DRAFTS}/new", f"{PEN}/new?procedure=street_advisory", OFFICE_READS, None),
    ("GET", f"{DRAFTS}/new", f"{PEN}/new?procedure=dot_vote&kind=dots", OFFICE_READS, None),
    ("POST", f"{DRAFTS}/new", f"{PEN}/new", OFFICE_WRITES, PAPER),
    ("POST", f"{DRAFTS}/new", f"{PEN}/new", UNFIT, {"procedure": "dot_vote"}),
    ("GET", WRITTEN, PEN + "/{written}", OFFICE_READS, None),
    ("GET", WRITTEN, PEN + "/{foreign_ballot}", NOT_FOUND, None),
    ("GET", WRITTEN, PEN + "/{sealed}", (SIGN_IN, 403, 403, 403, 303, 303, 403), None),
    ("GET", f"{WRITTEN}/edit", PEN + "/{written}/edit", OFFICE_READS, None),
    ("GET", f"{WRITTEN}/edit", PEN + "/{sealed}/edit", (SIGN_IN, *(403,) * 3, 409, 409, 403), None),
    ("POST", f"{WRITTEN}/edit", PEN + "/{written}/edit", OFFICE_WRITES, PAPER),
    ("POST", f"{WRITTEN}/edit", PEN + "/{written}/edit", UNFIT, {}),
    ("POST", f"{WRITTEN}/remove", PEN + "/{written}/remove", OFFICE_WRITES, {}),
    ("POST", f"{WRITTEN}/remove", PEN + "/{sealed}/remove", STAFF_LATE, {}),
    ("POST", f"{WRITTEN}/rehearse", PEN + "/{written}/rehearse", OFFICE_WRITES, {}),
    ("POST", f"{WRITTEN}/rehearse", PEN + "/{foreign_ballot}/rehearse", NOT_THERE, {}),
    ("POST", f"{WRITTEN}/list", PEN + "/{written}/list", OFFICE_WRITES, {}),
    ("POST", f"{WRITTEN}/list", PEN + "/{sealed}/list", STAFF_LATE, {}),
    ("POST", f"{WRITTEN}/list", PEN + "/{foreign_ballot}/list", NOT_THERE, {}),
    ("POST", f"{WRITTEN}/twin", PEN + "/{written}/twin", UNFIT, {"part": "experts"}),
    ("POST", f"{WRITTEN}/twin", PEN + "/{foreign_ballot}/twin", NOT_THERE, {}),
    ("POST", f"{WRITTEN}/finish", PEN + "/{rehearsal}/finish", OFFICE_WRITES, {}),
    ("POST", f"{WRITTEN}/finish", PEN + "/{ballot}/finish", STAFF_LATE, {}),
    ("POST", f"{WRITTEN}/discard", PEN + "/{rehearsal}/discard", OFFICE_WRITES, {}),
    ("POST", f"{WRITTEN}/discard", PEN + "/{ballot}/discard", STAFF_LATE, {}),
    *(
        (method, f"{BALLOT}/paper/{rule}", f"{BOX}/{{{of}}}/paper/{path}", expected, data)
        for method, rule, of, path, expected, data in PAPER_TABLE
    ),
    ("GET", f"{NOTICES}/", f"{BOARD}/", ALL, None),
    ("GET", f"{NOTICES}/", f"{ELSEWHERE}/notices/", ALL, None),
    ("GET", f"{NOTICES}/archive", f"{BOARD}/archive", ALL, None),
    ("GET", f"{NOTICES}/feed.atom", f"{BOARD}/feed.atom", ALL, None),
    ("GET", NOTICE, BOARD + "/{notice}", ALL, None),
    ("GET", NOTICE, BOARD + "/{notice_mine}", MEANT, None),
    ("GET", NOTICE, BOARD + "/{notice_draft}", (404, 404, 404, 404, 302, 302, 404), None),
    ("GET", NOTICE, ELSEWHERE + "/notices/{notice}", (404,) * 7, None),
    ("GET", f"{NOTICE}/print", BOARD + "/{notice}/print", ALL, None),
    ("GET", f"{NOTICE}/print", BOARD + "/{notice_mine}/print", MEANT, None),
    ("GET", f"{NOTICE}/poster", BOARD + "/{notice}/poster", ALL, None),
    ("GET", f"{NOTICE}/poster", BOARD + "/{notice_mine}/poster", MEANT, None),
    (
        "GET",
        f"{NOTICE}/files/<int:file_id>/<name>",
        BOARD + "/{notice}/files/{notice_file}/plan.pdf",
        ALL,
        None,
    ),
    (
        "GET",
        f"{NOTICE}/files/<int:file_id>/<name>",
        BOARD + "/{notice_draft}/files/{notice_draft_file}/plan.pdf",
        (404, 404, 404, 404, 200, 200, 404),
        None,
    ),
    (
        "POST",
        f"{NOTICE}/acknowledge",
        BOARD + "/{notice_asked}/acknowledge",
        (404, 404, 404, 303, 403, 403, 403),
        lambda town: {"organisation": town.ids["unit"]},
    ),
    # Notices: the office
    ("GET", f"{NOTICES}/desk", f"{BOARD}/desk", OFFICE_READS, None),
    ("GET", f"{NOTICES}/desk", f"{ELSEWHERE}/notices/desk", STREET_READS, None),
    ("GET", f"{NOTICES}/new", f"{BOARD}/new", OFFICE_READS, None),
    ("POST", f"{NOTICES}/new", f"{BOARD}/new", OFFICE_WRITES, FORM),
    ("POST", f"{NOTICES}/new", f"{BOARD}/new", (401, 403, 403, 403, 422, 422, 403), {}),
    (
        "POST",
        f"{NOTICES}/readers",
        f"{BOARD}/readers",
        (401, 403, 403, 403, 200, 200, 403),
        FORM | {"do": "count"},
    ),
    (
        "POST",
        f"{NOTICE}/readers",
        BOARD + "/{notice_draft}/readers",
        (401, 403, 403, 403, 200, 200, 403),
        FORM | {"do": "line"},
    ),
    ("GET", f"{NOTICE}/edit", BOARD + "/{notice_draft}/edit", OFFICE_READS, None),
    (
        "GET",
        f"{NOTICE}/edit",
        BOARD + "/{notice}/edit",
        (SIGN_IN, 403, 403, 403, 409, 409, 403),
        None,
    ),
    ("POST", f"{NOTICE}/edit", BOARD + "/{notice_draft}/edit", OFFICE_WRITES, FORM),
    ("POST", f"{NOTICE}/edit", BOARD + "/{notice}/edit", (401, 403, 403, 403, 409, 409, 403), FORM),
    ("POST", f"{NOTICE}/submit", BOARD + "/{notice_draft}/submit", OFFICE_WRITES, {}),
    ("GET", f"{NOTICE}/files/", BOARD + "/{notice_draft}/files/", OFFICE_READS, None),
    ("POST", f"{NOTICE}/files/", BOARD + "/{notice_draft}/files/", OFFICE_WRITES, _picture),
    (
        "POST",
        f"{NOTICE}/files/<int:file_id>/remove",
        BOARD + "/{notice_draft}/files/{notice_draft_file}/remove",
        OFFICE_WRITES,
        {},
    ),
    ("GET", f"{NOTICE}/work", BOARD + "/{notice_draft}/work", OFFICE_READS, None),
    ("GET", f"{NOTICE}/work", BOARD + "/{notice_corrected}/work", OFFICE_READS, None),
    ("GET", f"{NOTICE}/work", ELSEWHERE + "/notices/{notice}/work", STREET_404, None),
    ("POST", f"{NOTICE}/issue", BOARD + "/{notice_waits}/issue", OFFICE_WRITES, {"revision": "1"}),
    (
        "POST",
        f"{NOTICE}/issue",
        BOARD + "/{notice_draft}/issue",
        (401, 403, 403, 403, 409, 409, 403),
        {"revision": "1"},
    ),
    (
        "POST",
        f"{NOTICE}/return",
        BOARD + "/{notice_waits}/return",
        OFFICE_WRITES,
        {"code": "facts"},
    ),
    ("GET", f"{NOTICE}/correct", BOARD + "/{notice}/correct", OFFICE_READS, None),
    (
        "POST",
        f"{NOTICE}/correct",
        BOARD + "/{notice}/correct",
        OFFICE_WRITES,
        {"title": "改", "body": "改", "reason": "错字"},
    ),
    (
        "POST",
        f"{NOTICE}/correct/issue",
        BOARD + "/{notice_corrected}/correct/issue",
        OFFICE_WRITES,
        lambda town: {"made_at": town.ids["made_at"]},
    ),
    ("GET", f"{NOTICE}/withdraw", BOARD + "/{notice}/withdraw", OFFICE_READS, None),
    ("POST", f"{NOTICE}/withdraw", BOARD + "/{notice}/withdraw", OFFICE_WRITES, {"reason": "取消"}),
    ("GET", f"{NOTICE}/receipts", BOARD + "/{notice_asked}/receipts", OFFICE_READS, None),
    # First run: tables, posts, appointments
    ("GET", f"{IMPORT}/", f"{IMPORT}/", ADMIN_READS, None),
    ("POST", f"{IMPORT}/", f"{IMPORT}/", (401, 403, 403, 403, 403, 403, 422), {}),
    ("POST", f"{IMPORT}/", f"{IMPORT}/", ADMIN_WRITES, _places),
    ("GET", f"{IMPORT}/<token>", f"{IMPORT}/{'0' * 32}", (SIGN_IN, *(403,) * 5, 303), None),
    ("POST", f"{IMPORT}/<token>", f"{IMPORT}/{'0' * 32}", ADMIN_WRITES, None),
    (
        "GET",
        f"{IMPORT}/template/<any(places, bodies, posts):what>.<any(csv, xlsx):kind>",
        f"{IMPORT}/template/places.csv",
        ADMIN_READS,
        None,
    ),
    ("GET", f"{POSTS}/", f"{HERE}/desk/posts/", ADMIN_READS, None),
    ("GET", f"{POSTS}/", f"{ELSEWHERE}/desk/posts/", ADMIN_READS, None),
    ("GET", f"{POSTS}/new", f"{HERE}/desk/posts/new", ADMIN_READS, None),
    ("POST", f"{POSTS}/", f"{HERE}/desk/posts/", ADMIN_WRITES, _post),
    ("POST", f"{POSTS}/", f"{HERE}/desk/posts/", (401, 403, 403, 403, 403, 403, 422), {}),
    (
        "POST",
        f"{POSTS}/",
        f"{HERE}/desk/posts/",
        (401, 403, 403, 403, 403, 403, 422),
        lambda town: _post(town) | {"node": town.ids["foreign_node"]},
    ),
    ("GET", f"{POST}/", HERE + "/desk/posts/{vacant}/", ADMIN_READS, None),
    (
        "GET",
        f"{POST}/",
        "/c/jingjidao/desk/posts/{vacant}/",
        (SIGN_IN, 403, 403, 403, 403, 403, 404),
        None,
    ),
    ("POST", f"{POST}/appoint", HERE + "/desk/posts/{vacant}/appoint", ADMIN_WRITES, _appointed),
    (
        "POST",
        f"{POST}/appoint",
        HERE + "/desk/posts/{vacant}/appoint",
        (401, 403, 403, 403, 403, 403, 422),
        lambda town: _appointed(town) | {"name": "别人"},
    ),
    (
        "POST",
        f"{POST}/appoint",
        HERE + "/desk/posts/{vacant}/appoint",
        (401, 403, 403, 403, 403, 403, 200),
        lambda town: _appointed(town) | {"who": "13911112222", "fresh": "y"},
    ),
    (
        "POST",
        f"{POST}/appoint",
        "/c/jingjidao/desk/posts/{vacant}/appoint",
        (401, 403, 403, 403, 403, 403, 404),
        _appointed,
    ),
    ("POST", f"{POST}/give-up", HERE + "/desk/posts/{vacant}/give-up", ADMIN_WRITES, None),
    (
        "POST",
        f"{POST}/give-up",
        HERE + "/desk/posts/{held}/give-up",
        (401, 403, 403, 403, 403, 403, 409),
        None,
    ),
    ("GET", f"{TERM}/", HERE + "/desk/appointments/{term}/", ADMIN_READS, None),
    (
        "GET",
        f"{TERM}/",
        "/c/jingjidao/desk/appointments/{term}/",
        (SIGN_IN, 403, 403, 403, 403, 403, 404),
        None,
    ),
    (
        "POST",
        f"{TERM}/renew",
        HERE + "/desk/appointments/{term}/renew",
        ADMIN_WRITES,
        {"last": "2099-01-01"},
    ),
    (
        "POST",
        f"{TERM}/renew",
        HERE + "/desk/appointments/{term}/renew",
        (401, 403, 403, 403, 403, 403, 422),
        {"last": "2001-01-01"},
    ),
    (
        "POST",
        f"{TERM}/end",
        HERE + "/desk/appointments/{term}/end",
        ADMIN_WRITES,
        {"reason": "工作调动"},
    ),
    (
        "POST",
        f"{TERM}/end",
        "/c/jingjidao/desk/appointments/{term}/end",
        (401, 403, 403, 403, 403, 403, 404),
        {"reason": "工作调动"},
    ),
    # Procedures: everybody reads them, staff see what waits, and the legal officer confirms
    ("GET", "/procedures/", "/procedures/", ALL, None),
    ("GET", "/procedures/<code>/", "/procedures/rep_2026/", ALL, None),
    ("GET", "/procedures/<code>/", "/procedures/nonsense/", (404,) * 7, None),
    ("GET", "/procedures/<code>/<int:number>", "/procedures/rep_2026/1", ALL, None),
    ("GET", "/procedures/<code>/<int:number>", "/procedures/rep_2026/1?on=2027-03-01", ALL, None),
    ("GET", "/procedures/<code>/<int:number>", "/procedures/rep_2026/2", (404,) * 7, None),
    ("GET", "/processes/", "/processes/", ALL, None),
    ("GET", "/processes/<code>", "/processes/four_deliberations", ALL, None),
    ("GET", "/processes/<code>", "/processes/nonsense", (404,) * 7, None),
    ("GET", "/desk/procedures/", "/desk/procedures/", ANY_STAFF_READS, None),
    ("GET", f"{CONFIRM}/confirm", "/desk/procedures/rep_2026/1/confirm", NOBODY_READS, None),
    ("POST", f"{CONFIRM}/confirm", "/desk/procedures/rep_2026/1/confirm", NOBODY_WRITES, {}),
    (
        "GET",
        f"{CONFIRM}/document/<name>",
        "/desk/procedures/rep_2026/1/document/a.pdf",
        (SIGN_IN, 403, 403, 403, 404, 404, 404),
        None,
    ),
    # The tree
    ("GET", f"{TREE}/", f"{TREE}/", (SIGN_IN, 403, 403, 403, 403, 403, 302), None),
    *(
        row
        for end in ("", *TREE_FORMS, "end", "page")
        for row in (
            ("GET", f"{NODE}/{end}", TREE + "/{erlong}/" + end, ADMIN_READS, None),
            ("GET", f"{NODE}/{end}", TREE + "/999999/" + end, ADMIN_MISSES, None),
            ("POST", f"{NODE}/{end}", TREE + "/999999/" + end, ADMIN_MISSES_POST, {}),
        )
    ),
    *(
        ("POST", f"{NODE}/{end}", TREE + "/{erlong}/" + end, ADMIN_LACKS, {})
        for end in ("", *TREE_FORMS)
    ),
    ("POST", f"{NODE}/page", TREE + "/{erlong}/page", ADMIN_DOES, {"telephone": "010-1"}),
    ("POST", f"{NODE}/end", TREE + "/{gate}/end", ADMIN_DOES, {}),
    ("POST", f"{NODE}/end", TREE + "/{erlong}/end", (401, 403, 403, 403, 403, 403, 409), {}),
    ("POST", f"{NODE}/", TREE + "/{erlong}/", ADMIN_DOES, {"kind": "building", "name": "9号楼"}),
    ("POST", f"{NODE}/rename", TREE + "/{erlong}/rename", ADMIN_DOES, {"name": "新二龙路"}),
    (
        "POST",
        f"{NODE}/bodies/new",
        TREE + "/{erlong}/bodies/new",
        ADMIN_DOES,
        {"kind": "service_station", "title": "服务站"},
    ),
    ("GET", BODY, TREE + "/{erlong}/bodies/{body}", ADMIN_READS, None),
    ("GET", BODY, TREE + "/{jingji}/bodies/{body}", ADMIN_MISSES, None),
    ("POST", BODY, TREE + "/{erlong}/bodies/{body}", ADMIN_LACKS, {}),
    ("POST", f"{BODY}/end", TREE + "/{erlong}/bodies/{body}/end", ADMIN_DOES, {}),
    ("POST", f"{BODY}/end", TREE + "/{jingji}/bodies/{body}/end", ADMIN_MISSES_POST, {}),
    ("POST", f"{LINK}/end", TREE + "/{building}/links/{link}/end", ADMIN_DOES, {}),
    ("POST", f"{LINK}/end", TREE + "/{erlong}/links/{link}/end", ADMIN_MISSES_POST, {}),
    ("GET", f"{ERLONG}/about", f"{HERE}/about", ALL, None),
    ("GET", f"{ERLONG}/about", "/c/nowhere/about", (404,) * 7, None),
    ("GET", f"{ERLONG}/more/", f"{HERE}/more/", ALL, None),
    ("GET", f"{ERLONG}/acts/", f"{HERE}/acts/", ALL, None),
    ("GET", f"{ERLONG}/acts/", "/c/nowhere/acts/", (404,) * 7, None),
    # Homes and reading
    ("GET", f"{ERLONG}/", f"{HERE}/", ALL, None),
    ("GET", f"{ERLONG}/", f"{ELSEWHERE}/", ALL, None),
    ("GET", f"{ERLONG}/", "/c/nowhere/", (404,) * 7, None),
    ("GET", f"{CASES}/", f"{IN}/", ALL, None),
    ("GET", f"{CASE}/", IN + "/{case}/", ALL, None),
    ("GET", f"{CASE}/", IN + "/{draft}/", DRAFT_READS, None),
    ("GET", f"{CASE}/", IN + "/{foreign}/", (404,) * 7, None),
    ("GET", f"{CASE}/", ELSEWHERE + "/consultations/{street}/", ALL, None),
    ("GET", f"{ERLONG}/owed/", f"{HERE}/owed/", ALL, None),
    ("GET", f"{OUTCOME}/resolution", CAME + "/resolution", ALL, None),
    ("GET", f"{OUTCOME}/resolution", IN + "/{unresolved}/outcome/resolution", (404,) * 7, None),
    ("POST", f"{OUTCOME}/resolution", CAME + "/resolution", OBJECTS, {"words": "太吵"}),
    ("GET", f"{OUTCOME}/resolution/print", CAME + "/resolution/print", ALL, None),
    ("GET", f"{OUTCOME}/tasks", CAME + "/tasks", ALL, None),
    ("POST", f"{OUTCOME}/follow", CAME + "/follow", OBJECTS, {"wants": "yes"}),
    ("GET", f"{OUTCOME}/rating", CAME + "/rating", ALL, None),
    ("POST", f"{OUTCOME}/rating", CAME + "/rating", COUNTS, {"verdict": "solved"}),
    ("GET", f"{OUTCOME}/work", CAME + "/work", OFFICE_READS, None),
    (
        "POST",
        f"{OUTCOME}/work/<act>",
        IN + "/{unresolved}/outcome/work/write",
        OFFICE_WRITES,
        {"title": "停车", "body": "东侧", "outcome": "东侧", "contact": "居委会"},
    ),
    (
        "POST",
        f"{OUTCOME}/work/<act>",
        CAME + "/work/end",
        (401, 403, 403, 403, 409, 409, 403),
        {},
    ),
    ("GET", TEXT, DRAFTED, ALL, None),
    ("GET", TEXT, IN + "/{bare}/draft", (404,) * 7, None),
    ("GET", TEXT, IN + "/{foreign}/draft", (404,) * 7, None),
    ("GET", f"{TEXT}/print", DRAFTED + "/print", ALL, None),
    ("GET", f"{TEXT}/compare", DRAFTED + "/compare", (404,) * 7, None),
    ("GET", f"{TEXT}/comments", DRAFTED + "/comments", ALL, None),
    ("GET", f"{TEXT}/comments/new", DRAFTED + "/comments/new?paragraph=1", ALL, None),
    (
        "POST",
        f"{TEXT}/comments",
        DRAFTED + "/comments",
        SPEAKS,
        {"version": "1", "paragraph": "1", "words": "话", "form_key": "new"},
    ),
    ("GET", SAID, DRAFTED + "/comments/{said}", ALL, None),
    ("GET", SAID, DRAFTED + "/comments/99999", (404,) * 7, None),
    ("POST", f"{SAID}/support", DRAFTED + "/comments/{said}/support", COUNTS, {"wants": "yes"}),
    (
        "GET",
        f"{SAID}/take-back",
        DRAFTED + "/comments/{mine}/take-back",
        (404, 200, 404, 404, 404, 404, 404),
        None,
    ),
    (
        "POST",
        f"{SAID}/take-back",
        DRAFTED + "/comments/{mine}/take-back",
        (404, 303, 404, 404, 404, 404, 404),
        {},
    ),
    ("GET", f"{TEXT}/work", DRAFTED + "/work", OFFICE_READS, None),
    ("GET", f"{TEXT}/work", IN + "/{bare}/draft/work", OFFICE_READS, None),
    (
        "POST",
        f"{TEXT}/work",
        IN + "/{bare}/draft/work",
        OFFICE_WRITES,
        {"title": "公约", "body": "一", "revision": "0"},
    ),
    (
        "POST",
        f"{TEXT}/work/<any(publish, prolong, close):act>",
        DRAFTED + "/work/close",
        (401, 403, 403, 403, 409, 409, 403),
        {},
    ),
    ("GET", f"{TEXT}/work/answers", DRAFTED + "/work/answers", OFFICE_READS, None),
    (
        "POST",
        f"{TEXT}/work/answers",
        DRAFTED + "/work/answers",
        OFFICE_WRITES,
        lambda town: {"comment": str(town.ids["said"]), "title": "新的一类"},
    ),
    (
        "POST",
        f"{TEXT}/work/answers/out",
        DRAFTED + "/work/answers/out",
        OFFICE_WRITES,
        lambda town: {"comment": str(town.ids["in_cluster"])},
    ),
    ("GET", GIVEN, DRAFTED + "/work/answers/comment/{said}", OFFICE_READS, None),
    ("GET", GIVEN, DRAFTED + "/work/answers/cluster/{cluster}", OFFICE_READS, None),
    (
        "POST",
        GIVEN,
        DRAFTED + "/work/answers/cluster/{cluster}",
        OFFICE_WRITES,
        {"verdict": "adopted", "seen": "0"},
    ),
    # Meetings in the hall: everybody follows them, those who are asked raise their hand
    ("GET", f"{HALL}/", IN_HALL + "/", ALL, None),
    ("GET", f"{HALL}/", IN + "/{draft}/hall/", (404,) * 7, None),
    ("GET", f"{HALL}/new", IN_HALL + "/new", OFFICE_READS, None),
    ("POST", f"{HALL}/new", IN_HALL + "/new", OFFICE_WRITES, leading),
    ("GET", f"{MEETING}/", MET + "/", ALL, None),
    ("GET", f"{MEETING}/", IN + "/{case}/hall/{hall}/", (404,) * 7, None),
    ("GET", f"{MEETING}/screen", MET + "/screen", ALL, None),
    ("GET", f"{MEETING}/minutes", MET + "/minutes", ALL, None),
    ("GET", f"{MEETING}/minutes/print", MET + "/minutes/print", ALL, None),
    ("POST", HALL_ACT, MET + "/hand", (401, 303, 403, 403, 409, 303, 303), {}),
    ("POST", HALL_ACT, MET + "/lower", (401, 303, 403, 303, 303, 303, 303), {}),
    ("POST", HALL_ACT, MET + "/here", SPEAKS, {}),
    (
        "POST",
        HALL_ACT,
        MET + "/second",
        (401, 303, 403, 403, 409, 303, 303),
        lambda town: {"motion": str(town.ids["hall_motion"])},
    ),
    ("GET", f"{MEETING}/plan", IN_HALL + "/{hall_soon}/plan", OFFICE_READS, None),
    ("GET", f"{MEETING}/plan", MET + "/plan", OFFICE_READS, None),
    ("POST", f"{MEETING}/plan", IN_HALL + "/{hall_soon}/plan", OFFICE_WRITES, leading),
    (
        "POST",
        f"{MEETING}/call-off",
        IN_HALL + "/{hall_soon}/call-off",
        OFFICE_WRITES,
        {"off-reason": "改期"},
    ),
    (
        "POST",
        f"{MEETING}/lead",
        MET + "/lead",
        OFFICE_WRITES,
        lambda town: leading(town) | {"reason": "病假"},
    ),
    ("GET", f"{MEETING}/desk", MET + "/desk", OFFICE_READS, None),
    ("POST", f"{MEETING}/desk/<act>", MET + "/desk/take", OFFICE_WRITES, TAKEN),
    ("POST", f"{MEETING}/desk/<act>", MET + "/desk/next", (401, 403, 403, 403, 303, 403, 403), {}),
    (
        "POST",
        f"{MEETING}/desk/sign",
        IN + "/{hall_ended}/hall/{hall_over}/desk/sign",
        (401, 403, 403, 403, 303, 403, 403),
        {},
    ),
    ("GET", f"{CASE}/comments", IN + "/{case}/comments", ALL, None),
    ("GET", f"{CASE}/comments", IN + "/{draft}/comments", DRAFT_READS, None),
    (
        "GET",
        f"{CASE}/comments/<int:comment_id>",
        IN + "/{case}/comments/{comment}",
        ALL,
        None,
    ),
    (
        "GET",
        f"{CASE}/comments/<int:comment_id>",
        IN + "/{case}/comments/{foreign_comment}",
        (404,) * 7,
        None,
    ),
    (
        "GET",
        f"{CASE}/comments/<int:comment_id>/take-back",
        IN + "/{case}/comments/{own_comment}/take-back",
        (404, 200, 404, 404, 404, 404, 404),
        None,
    ),
    (
        "POST",
        f"{CASE}/comments/<int:comment_id>/take-back",
        IN + "/{case}/comments/{own_comment}/take-back",
        (404, 303, 404, 404, 404, 404, 404),
        {},
    ),
    # Arguments, questions to the office, walls of dots
    ("GET", ARGUMENTS, IN + "/{case}/arguments", ALL, None),
    ("GET", ARGUMENTS, IN + "/{draft}/arguments", (404,) * 7, None),
    ("GET", ARGUMENTS, IN + "/{foreign}/arguments", (404,) * 7, None),
    (
        "POST",
        ARGUMENTS,
        IN + "/{case}/arguments",
        COUNTS,
        {"side": "against", "title": "太吵", "form_key": "n"},
    ),
    (
        "POST",
        f"{ARGUMENT}/rate",
        IN + "/{case}/arguments/{argued}/rate",
        COUNTS,
        {"wants": "yes"},
    ),
    ("GET", f"{ARGUMENT}/take-back", IN + "/{case}/arguments/{own_argument}/take-back", OWN, None),
    (
        "POST",
        f"{ARGUMENT}/take-back",
        IN + "/{case}/arguments/{own_argument}/take-back",
        OWN_DONE,
        {},
    ),
    ("GET", QUESTIONS, IN + "/{case}/questions", ALL, None),
    ("GET", QUESTIONS, IN + "/{draft}/questions", (404,) * 7, None),
    ("POST", QUESTIONS, IN + "/{case}/questions", COUNTS, {"words": "几点？", "form_key": "n"}),
    ("GET", QUESTION, IN + "/{case}/questions/{question}", ALL, None),
    ("GET", QUESTION, IN + "/{street}/questions/{question}", (404,) * 7, None),
    (
        "POST",
        QUESTION,
        IN + "/{case}/questions/{question}",
        (401, 403, 403, 403, 303, 303, 303),
        {"words": "每月150元。"},
    ),
    (
        "POST",
        f"{QUESTION}/support",
        IN + "/{case}/questions/{question}/support",
        COUNTS,
        {"wants": "yes"},
    ),
    ("GET", f"{QUESTION}/take-back", IN + "/{case}/questions/{own_question}/take-back", OWN, None),
    (
        "POST",
        f"{QUESTION}/take-back",
        IN + "/{case}/questions/{own_question}/take-back",
        OWN_DONE,
        {},
    ),
    ("GET", WALLS, IN + "/{case}/walls", ALL, None),
    ("GET", WALLS, IN + "/{draft}/walls", (404,) * 7, None),
    ("GET", f"{WALLS}/new", IN + "/{case}/walls/new", OFFICE_READS, None),
    (
        "POST",
        f"{WALLS}/new",
        IN + "/{case}/walls/new",
        OFFICE_WRITES,
        {
            "title": "先修哪段？",
            "items": "南段\n北段",
            "dots": "2",
            "closes_at": SOON,
            "form_key": "n",
        },
    ),
    ("GET", WALL, IN + "/{case}/walls/{wall}", ALL, None),
    ("GET", WALL, IN + "/{street}/walls/{wall}", (404,) * 7, None),
    ("POST", WALL, IN + "/{case}/walls/{wall}", COUNTS, {}),
    ("GET", f"{WALL}/withdraw", IN + "/{case}/walls/{wall}/withdraw", OFFICE_READS, None),
    (
        "POST",
        f"{WALL}/withdraw",
        IN + "/{case}/walls/{wall}/withdraw",
        OFFICE_WRITES,
        {"reason": "漏了一项"},
    ),
    ("GET", f"{CASE}/statements/", IN + "/{case}/statements/", ALL, None),
    ("GET", f"{CASE}/statements/", IN + "/{draft}/statements/", DRAFT_READS, None),
    # The way of a case; whether a post may act, its process says
    ("GET", f"{CASE}/way", IN + "/{way}/way", ALL, None),
    ("GET", f"{CASE}/way", IN + "/{case}/way", (404,) * 7, None),
    (
        "GET",
        f"{CASE}/way/<act>",
        IN + "/{way}/way/suspend",
        (403, 403, 403, 403, 200, 200, 403),
        None,
    ),
    (
        "POST",
        f"{CASE}/way/<act>",
        IN + "/{way}/way/suspend",
        (401, 403, 403, 403, 303, 303, 403),
        {"reason": "名册有误", "stage": "drafting"},
    ),
    ("GET", f"{CASE}/opinions/", IN + "/{case}/opinions/", ALL, None),
    ("GET", f"{CASE}/opinions/", IN + "/{draft}/opinions/", DRAFT_READS, None),
    ("GET", f"{CASE}/opinions/", IN + "/{foreign}/opinions/", (404,) * 7, None),
    (
        "POST",
        f"{CASE}/opinions/",
        IN + "/{case}/opinions/",
        (401, 403, 403, 403, 303, 303, 403),
        {},
    ),
    (
        "POST",
        f"{CASE}/opinions/",
        IN + "/{foreign}/opinions/",
        (401, 403, 403, 403, 404, 404, 403),
        {},
    ),
    (
        "POST",
        f"{CASE}/way",
        IN + "/{way}/way",
        OFFICE_WRITES,
        {"ballot": "0", "notice": "0", "purpose": ""},
    ),
    # Cases of a process: begun in three steps
    ("GET", f"{ERLONG}/desk/cases/", f"{HERE}/desk/cases/?stage=drafting", OFFICE_READS, None),
    ("GET", f"{ERLONG}/desk/cases/new", f"{HERE}/desk/cases/new", OFFICE_READS, None),
    (
        "GET",
        f"{ERLONG}/desk/cases/new",
        f"{HERE}/desk/cases/new?process=five_people",
        OFFICE_READS,
        None,
    ),
    (
        "POST",
        f"{ERLONG}/desk/cases/new",
        f"{HERE}/desk/cases/new",
        OFFICE_WRITES,
        {
            "process": "opinion_call",
            "title": "电梯何时修？",
            "background": "背景",
            "audience": ["resident"],
            "procedure": "street_advisory",
            "begin": "1",
        },
    ),
    # Taking part
    ("POST", f"{CASE}/comments", IN + "/{case}/comments", SPEAKS, {"words": "好", "form_key": "f"}),
    ("POST", f"{CASE}/comments", IN + "/{case}/comments", (401, 422, 403, 403, 422, 422, 422), {}),
    (
        "POST",
        f"{CASE}/comments",
        ELSEWHERE + "/consultations/{street}/comments",
        STREET_SPEAKS,
        {"words": "好", "form_key": "f"},
    ),
    (
        "POST",
        f"{CASE}/comments",
        IN + "/{case}/comments",
        (401, 404, 403, 403, 404, 404, 404),
        lambda town: {"words": "好", "form_key": "f", "parent": town.ids["foreign_comment"]},
    ),
    (
        "POST",
        f"{CASE}/comments",
        IN + "/{draft}/comments",
        (404, 404, 404, 404, 409, 409, 409),
        {"words": "好", "form_key": "f"},
    ),
    (
        "POST",
        f"{CASE}/statements/answer",
        IN + "/{case}/statements/answer",
        COUNTS,
        _answer("statement"),
    ),
    (
        "POST",
        f"{CASE}/statements/answer",
        ELSEWHERE + "/consultations/{street}/statements/answer",
        STREET_COUNTS,
        _answer("street_statement"),
    ),
    (
        "POST",
        f"{CASE}/statements/answer",
        IN + "/{case}/statements/answer",
        (401, 404, 403, 403, 403, 403, 403),
        _answer("street_statement"),
    ),
    (
        "GET",
        f"{CASE}/statements/offer",
        IN + "/{case}/statements/offer",
        (SIGN_IN, 200, 403, 403, 403, 403, 403),
        None,
    ),
    (
        "POST",
        f"{CASE}/statements/",
        IN + "/{case}/statements/",
        COUNTS,
        {"words": "桩要装在东侧。"},
    ),
    (
        "POST",
        f"{CASE}/statements/",
        IN + "/{case}/statements/",
        (401, 422, 403, 403, 403, 403, 403),
        {"words": " "},
    ),
    (
        "POST",
        f"{CASE}/vote",
        IN + "/{case}/vote",
        (401, 303, 403, 403, 403, 403, 403),
        _option("option"),
    ),
    (
        "POST",
        f"{CASE}/vote",
        ELSEWHERE + "/consultations/{street}/vote",
        (401, 303, 303, 303, 403, 403, 403),
        _option("street_option"),
    ),
    (
        "POST",
        f"{CASE}/vote",
        IN + "/{case}/vote",
        (401, 422, 403, 403, 403, 403, 403),
        _option("street_option"),
    ),
    (
        "POST",
        f"{CASE}/vote",
        IN + "/{draft}/vote",
        (404, 404, 404, 404, 422, 422, 422),
        {"option": "abstain"},
    ),
    ("POST", f"{CASE}/vote", IN + "/{foreign}/vote", (404,) * 7, {"option": "abstain"}),
    # The office
    ("GET", f"{CASES}/new", f"{IN}/new", OFFICE_READS, None),
    (
        "GET",
        f"{CASES}/new",
        f"{ELSEWHERE}/consultations/new",
        (SIGN_IN, 403, 403, 403, 403, 200, 403),
        None,
    ),
    ("POST", f"{CASES}/new", f"{IN}/new", OFFICE_WRITES, DRAFT),
    ("POST", f"{CASES}/new", f"{IN}/new", (401, 403, 403, 403, 422, 422, 403), {"title": "x"}),
    ("GET", f"{CASE}/edit", IN + "/{draft}/edit", OFFICE_READS, None),
    ("GET", f"{CASE}/edit", IN + "/{case}/edit", (SIGN_IN, 403, 403, 403, 409, 409, 403), None),
    ("POST", f"{CASE}/edit", IN + "/{draft}/edit", OFFICE_WRITES, DRAFT),
    ("POST", f"{CASE}/edit", IN + "/{case}/edit", (401, 403, 403, 403, 409, 409, 403), DRAFT),
    ("POST", f"{CASE}/publish", IN + "/{draft}/publish", OFFICE_WRITES, None),
    ("POST", f"{CASE}/publish", IN + "/{case}/publish", (401, 403, 403, 403, 409, 409, 403), None),
    (
        "POST",
        f"{CASE}/publish",
        IN + "/{foreign}/publish",
        (401, 403, 403, 403, 404, 404, 403),
        None,
    ),
    ("POST", f"{CASE}/attachments", IN + "/{draft}/attachments", OFFICE_WRITES, _picture),
    (
        "POST",
        f"{CASE}/attachments",
        IN + "/{draft}/attachments",
        (401, 403, 403, 403, 422, 422, 403),
        {},
    ),
    (
        "POST",
        f"{CASE}/attachments/<int:attachment_id>/remove",
        IN + "/{draft}/attachments/{draft_file}/remove",
        OFFICE_WRITES,
        None,
    ),
    (
        "POST",
        f"{CASE}/attachments/<int:attachment_id>/remove",
        IN + "/{case}/attachments/{file}/remove",
        (401, 403, 403, 403, 409, 409, 403),
        None,
    ),
    (
        "GET",
        f"{CASE}/attachments/<int:attachment_id>/<name>",
        IN + "/{case}/attachments/{file}/plan.pdf",
        ALL,
        None,
    ),
    (
        "GET",
        f"{CASE}/attachments/<int:attachment_id>/<name>",
        IN + "/{draft}/attachments/{draft_file}/plan.pdf",
        DRAFT_READS,
        None,
    ),
    (
        "GET",
        f"{CASE}/attachments/<int:attachment_id>/<name>",
        IN + "/{case}/attachments/{draft_file}/plan.pdf",
        (404,) * 7,
        None,
    ),
    # Moderation
    ("GET", f"{ERLONG}/moderation/", f"{HERE}/moderation/", OFFICE_READS, None),
    (
        "GET",
        f"{ERLONG}/moderation/hide/<kind>/<int:text_id>",
        HERE + "/moderation/hide/comment/{comment}",
        OFFICE_READS,
        None,
    ),
    (
        "GET",
        f"{ERLONG}/moderation/hide/<kind>/<int:text_id>",
        HERE + "/moderation/hide/comment/{foreign_comment}",
        (SIGN_IN, 403, 403, 403, 404, 404, 403),
        None,
    ),
    (
        "POST",
        f"{ERLONG}/moderation/hide/<kind>/<int:text_id>",
        HERE + "/moderation/hide/statement/{statement}",
        OFFICE_WRITES,
        {"reason": "off_topic"},
    ),
    (
        "POST",
        f"{ERLONG}/moderation/hide/<kind>/<int:text_id>",
        HERE + "/moderation/hide/comment/{comment}",
        (401, 403, 403, 403, 422, 422, 403),
        {"reason": "because"},
    ),
    (
        "POST",
        f"{ERLONG}/moderation/<int:decision_id>/answer",
        HERE + "/moderation/{objected}/answer",
        OFFICE_WRITES,
        {"outcome": "restored", "words": "有道理"},
    ),
    (
        "POST",
        f"{ERLONG}/moderation/<int:decision_id>/answer",
        HERE + "/moderation/{decision}/answer",
        (401, 403, 403, 403, 404, 404, 403),
        {"outcome": "restored", "words": "有道理"},
    ),
    ("GET", f"{ERLONG}/moderation/months", f"{HERE}/moderation/months", ALL, None),
    (
        "GET",
        f"{ERLONG}/moderation/report/<kind>/<int:text_id>",
        HERE + "/moderation/report/comment/{comment}",
        SIGNED_IN_READS,
        None,
    ),
    (
        "POST",
        f"{ERLONG}/moderation/report/<kind>/<int:text_id>",
        HERE + "/moderation/report/comment/{comment}",
        (401, 303, 303, 303, 303, 303, 303),
        {"reason": "off_topic", "words": "跑题"},
    ),
    (
        "POST",
        f"{ERLONG}/moderation/report/<kind>/<int:text_id>",
        HERE + "/moderation/report/comment/{foreign_comment}",
        (404,) * 7,
        {"reason": "off_topic", "words": "跑题"},
    ),
    (
        "POST",
        f"{ERLONG}/moderation/report/<kind>/<int:text_id>/leave",
        HERE + "/moderation/report/comment/{own_comment}/leave",
        OFFICE_WRITES,
        {},
    ),
    (
        "POST",
        f"{ERLONG}/moderation/waiting/<int:waiting_id>/publish",
        HERE + "/moderation/waiting/{unchecked}/publish",
        OFFICE_WRITES,
        {},
    ),
    (
        "GET",
        f"{ERLONG}/moderation/waiting/<int:waiting_id>/refuse",
        HERE + "/moderation/waiting/{unchecked}/refuse",
        OFFICE_READS,
        None,
    ),
    (
        "POST",
        f"{ERLONG}/moderation/waiting/<int:waiting_id>/refuse",
        HERE + "/moderation/waiting/{unchecked}/refuse",
        OFFICE_WRITES,
        {"reason": "off_topic"},
    ),
    (
        "POST",
        f"{ERLONG}/moderation/waiting/<int:waiting_id>/refuse",
        HERE + "/moderation/waiting/{unchecked}/refuse",
        (401, 403, 403, 403, 422, 422, 403),
        {},
    ),
    ("GET", "/me/texts", "/me/texts", (SIGN_IN, 200, 200, 200, 200, 200, 200), None),
    (
        "POST",
        "/me/texts/<int:decision_id>/object",
        "/me/texts/{decision}/object",
        (SIGN_IN, 303, 404, 404, 404, 404, 404),
        {"words": "为什么？"},
    ),
    # Topics
    ("GET", f"{TOPICS}/", f"{LAMPS}/", ALL, None),
    ("GET", f"{TOPICS}/", f"{LAMPS}/?state=refused&lane=consultation&before=9", ALL, None),
    ("GET", f"{TOPICS}/", f"{ELSEWHERE}/topics/", ALL, None),
    ("GET", f"{TOPICS}/new", f"{LAMPS}/new", (SIGN_IN, 200, 403, 403, 200, 200, 403), None),
    (
        "GET",
        f"{TOPICS}/new",
        f"{ELSEWHERE}/topics/new",
        (SIGN_IN, 200, 200, 200, 403, 200, 403),
        None,
    ),
    ("POST", f"{TOPICS}/new", f"{LAMPS}/new", HANDS_IN, {"title": "加装扶手"}),
    ("POST", f"{TOPICS}/new", f"{LAMPS}/new", (401, 422, 403, 403, 422, 422, 403), {}),
    ("GET", f"{TOPIC}/", LAMPS + "/{topic}/", ALL, None),
    ("GET", f"{TOPIC}/", LAMPS + "/{topic_refused}/", ALL, None),
    ("GET", f"{TOPIC}/", LAMPS + "/{far_topic}/", (404,) * 7, None),
    ("POST", f"{TOPIC}/join", LAMPS + "/{topic}/join", COUNTS, {}),
    ("POST", f"{TOPIC}/leave", LAMPS + "/{topic}/leave", (401, *(303,) * 6), {}),
    (
        "POST",
        f"{TOPIC}/withdraw",
        LAMPS + "/{topic}/withdraw",
        (401, 303, 404, 404, 404, 404, 404),
        {},
    ),
    (
        "POST",
        f"{TOPIC}/appeal",
        LAMPS + "/{topic_refused}/appeal",
        (401, 303, 404, 404, 404, 404, 404),
        {"words": "没有决定过。"},
    ),
    ("GET", "/me/topics", "/me/topics", SIGNED_IN_READS, None),
    ("GET", f"{SIEVE}/", f"{HERE}/desk/topics/", OFFICE_READS, None),
    ("GET", f"{SIEVE}/", f"{HERE}/desk/topics/?after=1000-1", OFFICE_READS, None),
    ("GET", f"{SIEVE}/<int:topic_id>", HERE + "/desk/topics/{topic}", OFFICE_READS, None),
    (
        "POST",
        SIEVED,
        HERE + "/desk/topics/{topic}/triage",
        OFFICE_WRITES,
        {f"triage-{name}": "2" for name in ("urgency", "reach", "authority")}
        | {"triage-lane": "government", "triage-words": "理由", "triage-entry": "0"},
    ),
    (
        "POST",
        SIEVED,
        HERE + "/desk/topics/{topic_weighed}/accept",
        OFFICE_WRITES,
        {"accept-words": "列入", "accept-case": "0"},
    ),
    (
        "POST",
        SIEVED,
        HERE + "/desk/topics/{topic_weighed}/leave",
        STAFF_LATE,
        {"leave-words": "自己办"},
    ),
    (
        "POST",
        SIEVED,
        HERE + "/desk/topics/{topic_appealed}/answer",
        OFFICE_WRITES,
        {"answer-words": "有道理", "answer-outcome": "upheld"},
    ),
    ("GET", f"{ERLONG}/catalogue/", f"{HERE}/catalogue/", ALL, None),
    ("GET", f"{ERLONG}/catalogue/", f"{ELSEWHERE}/catalogue/", ALL, None),
    (
        "GET",
        f"{ERLONG}/catalogue/<int:year>/<int:number>",
        HERE + "/catalogue/{year}/1",
        ALL,
        None,
    ),
    (
        "GET",
        f"{ERLONG}/catalogue/<int:year>/<int:number>",
        HERE + "/catalogue/{year}/2",
        (404,) * 7,
        None,
    ),
    ("GET", f"{CATALOGUE}/", f"{CONTENTS}/", OFFICE_READS, None),
    (
        "POST",
        f"{CATALOGUE}/",
        f"{CONTENTS}/",
        OFFICE_WRITES,
        lambda town: {"year": str(town.ids["year"])},
    ),
    ("POST", f"{CATALOGUE}/", f"{CONTENTS}/", UNFIT, {"year": "1999"}),
    ("GET", ONE_CATALOGUE, CONTENTS + "/{catalogue}", OFFICE_READS, None),
    (
        "POST",
        f"{ONE_CATALOGUE}/entries",
        CONTENTS + "/{catalogue}/entries",
        OFFICE_WRITES,
        {"title": "个人纠纷", "obligation": "not", "exclusion": "privacy"},
    ),
    (
        "POST",
        f"{ONE_CATALOGUE}/entries/<int:entry_id>/remove",
        CONTENTS + "/{catalogue}/entries/{entry}/remove",
        OFFICE_WRITES,
        {},
    ),
    (
        "POST",
        f"{ONE_CATALOGUE}/publish",
        CONTENTS + "/{catalogue}/publish",
        OFFICE_WRITES,
        {},
    ),
    # Messages
    ("GET", "/inbox", "/inbox", SIGNED_IN_READS, None),
    ("GET", "/inbox", "/inbox?before=x", SIGNED_IN_READS, None),
    (
        "POST",
        "/inbox/<int:item_id>/open",
        "/inbox/{message}/open",
        (SIGN_IN, 303, 404, 404, 404, 404, 404),
        {},
    ),
    ("POST", "/inbox/<int:item_id>/open", "/inbox/999999/open", (SIGN_IN, *(404,) * 6), {}),
    ("POST", "/inbox/read", "/inbox/read", (SIGN_IN, *(303,) * 6), {"newest": "1"}),
    ("GET", "/me/mail", "/me/mail", SIGNED_IN_READS, None),
    ("POST", "/me/mail", "/me/mail", (SIGN_IN, *(422,) * 6), {}),
    ("POST", "/me/mail", "/me/mail", (SIGN_IN, *(303,) * 6), _mail_choices),
    # The link of a mail is for whoever holds it.
    ("GET", "/mail/stop/<token>", "{stop}", ALL, None),
    ("GET", "/mail/stop/<token>", "{stop}x", (404,) * 7, None),
    ("POST", "/mail/stop/<token>", "{stop}", ALL, {}),
    ("POST", "/mail/stop/<token>", "{stop}x", (404,) * 7, {}),
]


def test_the_table_holds_every_route_and_no_other(town: Town) -> None:
    real = {
        (method, rule.rule)
        for rule in town.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(row[0], row[1]) for row in TABLE} == real


@pytest.mark.parametrize(
    ("method", "rule", "address", "expected", "data"),
    TABLE,
    ids=[f"{row[0]} {row[2]} {n}" for n, row in enumerate(TABLE)],
)
def test_route(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    rule: str,
    address: str,
    expected: Expected,
    data: Any,
) -> None:
    loaded = town.app.extensions["civic_plugins"].loaded
    monkeypatch.setitem(loaded, "sample", SAMPLE)
    known = town.app.extensions["civic_permissions"].known
    monkeypatch.setitem(known, "sample.keep", SAMPLE.permissions[0])
    with town.app.test_request_context():
        matched = town.app.url_map.bind("localhost").match(
            address.format(**town.ids).partition("?")[0], method, return_rule=True
        )
    assert matched[0].rule == rule
    got = []
    for role in ROLES:
        town.restore()
        response = town.ask(role, method, address, data)
        location = response.headers.get("Location", "")
        led = response.status_code == 302 and location.startswith("/sign-in?next=")
        got.append(SIGN_IN if led else response.status_code)
        # Only a file to carry away is for machines.
        assert "json" not in response.content_type or address.endswith("/export.json")
    assert tuple(got) == expected


@pytest.mark.parametrize("role", ["anonymous", "resident", "worker"])
@pytest.mark.parametrize("secret", ["draft", "foreign"])
@pytest.mark.parametrize("tail", ["", "comments", "statements/", "opinions/", "comments/1"])
def test_what_is_elsewhere_or_a_draft_looks_like_what_is_missing(
    town: Town, role: str, secret: str, tail: str
) -> None:
    town.restore()
    there = town.ask(role, "GET", f"{IN}/{{{secret}}}/{tail}")
    missing = town.ask(role, "GET", f"{IN}/999999/{tail}")
    assert there.status_code == missing.status_code == 404
    assert plain(there) == plain(missing)


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ("/consultations/{foreign}/edit", "/consultations/999999/edit"),
        ("/consultations/{case}/comments/{foreign_comment}", "/consultations/{case}/comments/9999"),
        (
            "/consultations/{case}/attachments/{draft_file}/plan.pdf",
            "/consultations/{case}/attachments/9999/plan.pdf",
        ),
        ("/moderation/hide/comment/{foreign_comment}", "/moderation/hide/comment/9999"),
        ("/moderation/hide/nonsense/{comment}", "/moderation/hide/comment/9999"),
        ("/desk/people/{foreigner}", "/desk/people/999999"),
        ("/desk/people/{foreigner}/grant", "/desk/people/999999/grant"),
        ("/desk/claims/{foreign_claim}", "/desk/claims/999999"),
        ("/desk/organisations/{foreign_organisation}", "/desk/organisations/999999"),
        ("/codes/{foreign_batch}", "/codes/999999"),
        ("/desk/homes/{foreign_home}", "/desk/homes/999999"),
        ("/desk/homes/?near={foreign_node}", "/desk/homes/?near=999999"),
    ],
)
def test_staff_learn_nothing_of_other_communities_either(
    town: Town, there: str, missing: str
) -> None:
    town.restore()
    found, absent = (town.ask("secretary", "GET", HERE + path) for path in (there, missing))
    assert found.status_code == absent.status_code == 404
    assert plain(found) == plain(absent)


@pytest.mark.parametrize("role", ["anonymous", "resident", "secretary"])
def test_a_draft_is_on_no_list_but_its_office_s(town: Town, role: str) -> None:
    town.restore()
    address = "/consultations/{draft}/".format(**town.ids)
    for page in (f"{HERE}/", f"{IN}/"):
        listed = address in town.ask(role, "GET", page).get_data(as_text=True)
        assert listed == (role == "secretary")
