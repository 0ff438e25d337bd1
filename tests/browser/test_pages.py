"""Every page in a browser: nothing serious for axe, none wider than the screen, no complaints."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from civic import demo
from civic.admin import import_files
from civic.communities import bodies
from civic.communities import services as communities
from civic.communities.models import Community, Node
from civic.consultations.models import Comment, Consultation
from civic.deliberation import arguments, questions
from civic.halls.models import HallMeeting
from civic.identities.dwellings import Dwelling
from civic.identities.models import Contact, InviteBatch, Person, Standing
from civic.kernel import holidays
from civic.kernel.db import db
from civic.kernel.periods import HolidayTable
from civic.moderation import services as moderation
from civic.notices.models import Notice
from civic.notifications import stopping
from civic.voting.models import Ballot
from tests import factories
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.server import Server, bring_up, own_sqlite, serving
from tests.visitors import signed_in

#: Pages of topics, corrections and moderation on which axe has not looked yet; each leaves this
#: list when it is among the pages of a role.
NOT_YET = {
    "case_desk.index",
    "case_desk.new",
    "catalogue.edit",
    "catalogue.version",
    "consultations.take_back_form",
    "drafts.take_back_form",
    "corrections.change",
    "corrections.change_form",
    "corrections.new",
    "moderation.refuse_form",
    "outcome_desk.work",
    "outcomes.paper",
    "outcomes.rate_page",
    "outcomes.resolution",
    "outcomes.tasks",
    "ways.confirm",
    "ways.show",
}
#: What sends a file or an answer without a page, and pages that walks pass.
NO_PAGES = {
    "static",
    "office.attachment",
    "notices.file",
    "notices.feed",
    "procedure_desk.document",
    "identities.sign_up",
    "identities.second",
    "identities.contact_code",
    "holidays.template",
    "imports.template",
    "tables.template",
    "processing.table",
    "plugins.settings",
    "ballots.bundle",
    "ballots.program",
    "ballots.receipt",
    "ballot_desk.edit",
    "ballot_desk.show",
    "ballots.papers_print",
    "ballots.papers_sheet",
    "ballots.papers_receipt",
    "ballots.papers_scan_file",
}
DAYS_2026 = HolidayTable(
    year=2026, off=frozenset({date(2026, 1, 1)}), work=frozenset({date(2026, 1, 4)}), source="通知"
)
#: Where the largest type is looked at by axe, too; it is narrow on all pages.
CLOSELY = ("{voting}", "{thread}", "/me", "{draft}edit")
#: Whose pages are looked at in the dark.
IN_THE_DARK = ("resident", "secretary")
SERIOUS = {"serious", "critical"}
ROLES = ("anonymous", "resident", "secretary", "administrator", "legal_officer")
#: Whose password was given long ago.
UNSURE = "worker"
PAGES = {
    "legal_officer": (
        "/procedures/rep_2026/1",
        "/desk/procedures/",
        "/desk/procedures/rep_2026/1/confirm",
    ),
    "anonymous": (
        "/c/erlonglu/acts/",
        "/c/erlonglu/more/",
        "/c/erlonglu/owed/",
        "/c/erlonglu/topics/",
        "/c/erlonglu/catalogue/",
        "/c/erlonglu/corrections/",
        "/c/erlonglu/corrections/1/",
        "/c/erlonglu/corrections/1/print",
        "/c/erlonglu/corrections/lessons",
        "/c/erlonglu/moderation/months",
        "/c/jinrongjie/corrections/rules",
        "/",
        "/procedures/",
        "/procedures/household_poll/",
        "/processes/",
        "/processes/four_deliberations",
        "/procedures/owner_special/1?on=2026-12-21",
        "/c/erlonglu/",
        "/c/huaiyinli/",
        "/c/huaiyinli/about",
        "/c/erlonglu/ballots/",
        "{counted}result",
        "{counted}result/print",
        "{counted}board",
        "{counted}check",
        "{voting}",
        "{voting}draft",
        "{voting}draft/compare",
        "{voting}draft/print",
        "{closed}",
        "{hall_over}minutes",
        "{hall_over}minutes/print",
        "/sign-in",
        "/join",
        "/join/without-code",
        "/recover",
        "/recover/mail",
        "/privacy",
        "/styleguide",
        "/nowhere",
    ),
    "resident": (
        "/c/erlonglu/topics/new",
        "/c/erlonglu/topics/1/",
        "/me/topics",
        "/c/erlonglu/moderation/report/comment/{comment}",
        "/?all",
        "/c/erlonglu/",
        "/c/erlonglu/notices/",
        "/c/erlonglu/notices/archive",
        "{notice_display}",
        "{notice_corrected}",
        "{notice_withdrawn}",
        "{notice_display}/print",
        "{notice_display}/poster",
        "/c/erlonglu/consultations/",
        "{closed}",
        "{voting}",
        "{voting}statements/",
        "{voting}statements/offer",
        "{voting}opinions/",
        "{voting}arguments",
        "{voting}arguments/{argument}/take-back",
        "{voting}questions",
        "{voting}questions/{question}/take-back",
        "{voting}walls/1",
        "{voting}walls/2",
        "{voting}draft",
        "{voting}draft/comments",
        "{voting}draft/comments/new?paragraph=2",
        "{voting}draft/comments/1",
        "{deliberating}",
        "{deliberating}comments",
        "{thread}",
        "{voting}hall/",
        "{hall}",
        "{hall}screen",
        "{hall}minutes",
        "/me",
        "/me/security",
        "/me/second-factor",
        "/me/contacts",
        "/me/texts",
        "/me/data",
        "/me/data/correct",
        "/me/looks",
        "/me/close",
        "/me/children/{child}",
        "/me/children/{child}/close",
        "/claim",
        "/c/erlonglu/claims/new",
        "/me/claims/",
        "/me/claims/{own_claim}",
        "/c/erlonglu/rights",
        "/inbox",
        "/me/mail",
        "{stop}",
        "{ballot}",
        "{roll}",
    ),
    "secretary": (
        "/c/erlonglu/desk/topics/",
        "/c/erlonglu/desk/topics/1",
        "/c/erlonglu/desk/catalogue/",
        "/c/erlonglu/corrections/1/work",
        "/c/erlonglu/corrections/lessons/new",
        "/c/erlonglu/",
        "{voting}",
        "{voting}questions/1",
        "{voting}questions/2",
        "{voting}walls",
        "{voting}walls/new",
        "{voting}walls/2/withdraw",
        "{voting}draft/work",
        "{voting}draft/work/answers",
        "{voting}draft/work/answers/cluster/1",
        "{draft}",
        "{draft}edit",
        "{thread}",
        "/c/erlonglu/consultations/new",
        "{voting}hall/new",
        "{hall}desk",
        "{hall}plan",
        "/c/erlonglu/notices/desk",
        "/c/erlonglu/notices/new",
        "{notice_kept}/edit",
        "{notice_kept}/files/",
        "{notice_kept}/work",
        "{notice_waits}/work",
        "{notice_display}/work",
        "{notice_display}/correct",
        "{notice_display}/withdraw",
        "{notice_display}/receipts",
        "{notice_withdrawn}",
        "/c/erlonglu/codes/",
        "/c/erlonglu/codes/{batch}",
        "/c/erlonglu/desk/people/",
        "/c/erlonglu/desk/people/{person}",
        "/c/erlonglu/desk/people/{person}/grant",
        "/c/erlonglu/desk/people/{person}/standings/{held}",
        "/c/erlonglu/desk/claims/",
        "/c/erlonglu/desk/claims/{own_claim}",
        "/c/erlonglu/desk/organisations/",
        "/c/erlonglu/desk/organisations/new",
        "/c/erlonglu/desk/organisations/{unit}",
        "/c/erlonglu/rights",
        "/c/erlonglu/desk/contact",
        "/c/erlonglu/desk/recovery",
        "/c/erlonglu/desk/children/",
        "/c/erlonglu/desk/name",
        "/c/erlonglu/moderation/",
        "/c/erlonglu/moderation/hide/comment/{comment}",
        "/c/erlonglu/moderation/hide/statement/1",
        "/c/erlonglu/desk/homes/",
        "/c/erlonglu/desk/homes/{home}",
        "/c/erlonglu/desk/tables/dwelling/",
        "/c/erlonglu/desk/tables/dwelling/properties/import",
        "/c/erlonglu/desk/tables/dwelling/properties/import/{properties}",
        "/c/erlonglu/desk/rolls/",
        "/c/erlonglu/desk/rolls/new",
        "{desk_roll}",
        "/c/erlonglu/desk/ballots/",
        "/c/erlonglu/desk/ballots/new",
        "{ballot}work",
        "{ballot}paper/",
        "{ballot}paper/assist",
        "{ballot}paper/count-sheet",
        "{ballot}paper/enter",
        "{ballot}paper/mandates",
        "{ballot}paper/roll",
    ),
    "administrator": (
        "/admin/tree/2/",
        "/admin/tree/2/rename",
        "/admin/tree/2/move?q=金",
        "/admin/tree/2/end",
        "/admin/tree/2/page",
        "/admin/tree/2/split",
        "/admin/tree/2/merge",
        "/admin/tree/",
        "/admin/tree/2/bodies/new",
        "/admin/tree/2/bodies/{body}",
        "/admin/tree/2/links/new",
        "/c/erlonglu/about",
        "/desk/",
        "/desk/",
        "/admin/",
        "/admin/plugins/",
        "/admin/processing/",
        "/admin/holidays/",
        "/admin/holidays/2026/",
        "/c/jinrongjie/",
        "/c/jinrongjie/codes/",
        "/admin/import/",
        "/admin/import/{table}",
        "/c/jinrongjie/desk/posts/",
        "/c/jinrongjie/desk/posts/new",
        "/c/jinrongjie/desk/posts/1/",
        "/c/jinrongjie/desk/appointments/1/",
    ),
}


@dataclass
class Site:
    """A served demonstration, the cookies of those who are signed in, and its addresses."""

    app: Flask
    server: Server
    cookies: dict[str, str]
    addresses: dict[str, object]
    passwords: dict[str, str]

    def pages(self, role: str) -> list[str]:
        return [path.format(**self.addresses) for path in PAGES[role]]


@pytest.fixture(scope="module")
def site(sqlite, tmp_path_factory) -> Iterator[Site]:
    instance = tmp_path_factory.mktemp("pages")
    with own_sqlite(sqlite, instance) as app, pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "POLIS", ())  # imported data have pages like the others
        with app.test_request_context("/", method="POST"):
            people = {who.role: who for who in demo.ensure(instance)}
            addresses = _addresses() | {"code": demo.paper.load(instance).codes[0]}
            addresses["unsure"] = people[UNSURE].identifier
            addresses["stop"] = stopping.path(1, "consultations.answered")
            cookies = {}
            for role in (*ROLES[1:], UNSURE):
                query = select(Person).join(Contact).filter_by(value=people[role].identifier)
                person = db.session.scalars(query).one()
                cookies[role] = signed_in(app, 0, person, confirmed=role != UNSURE).cookies[
                    "session"
                ]
                if role == "resident":
                    addresses |= _people(person) | _said(person)
                if role == "secretary":
                    rows = "楼栋,单元,房号,登记面积\n槐荫里6号楼,1单元,999,60\n".encode()
                    what = f"dwelling.properties@{communities.find('erlonglu').id}"
                    addresses["properties"] = import_files.keep(
                        instance / "imports", person.id, what, "a.csv", rows
                    )
                    _moderate(person, int(addresses["comment"]))
                if role == "resident":
                    addresses["child"] = _child_of(person)
                if role == "administrator":
                    holidays.replace(DAYS_2026, person.id)
                    table = "社区,楼\n新街社区,1号楼\n".encode()
                    kept = import_files.keep(
                        instance / "imports", person.id, "places", "a.csv", table
                    )
                    addresses["table"] = kept
            db.session.commit()
        bring_up(instance)
        mail = {"CIVIC_MAIL_URL": f"file://{instance}/mail", "CIVIC_MAIL_FROM": "a@example.org"}
        with serving(instance, CIVIC_SITE_URL="http://localhost", **mail) as server:
            words = {role: who.password for role, who in people.items()}
            yield Site(app, server, cookies, addresses, words)
            assert "Traceback" not in (said := server.said()), said
    shutil.rmtree(instance, ignore_errors=True)


def _said(person: Person) -> dict[str, object]:
    """Let somebody argue and ask at the case on which people vote."""
    title = Consultation.title.contains("停车")
    case = db.session.scalars(select(Consultation).where(title)).one()
    place = db.session.get_one(Community, case.community_id)
    actor = factories.actor(person)
    words = {"side": "for", "title": "夜里有地方停", "words": "", "form_key": "pages"}
    argument = arguments.write(actor, place, case, **words)
    question = questions.ask(actor, place, case, words="怎么登记？", form_key="pages")
    return {"argument": argument.id, "question": question.id}


def _ballots() -> dict[str, object]:
    """Return the addresses of two ballots, of the roll of one, and of a home."""
    found: dict[str, object] = {"home": db.session.scalar(select(func.min(Dwelling.id)))}
    for name, words in {"ballot": "楼门公约", "counted": "公益金"}.items():
        made = db.session.scalars(select(Ballot).where(Ballot.question.contains(words))).one()
        found[name] = f"/c/erlonglu/ballots/{made.id}/"
        if name == "ballot":
            found["roll"] = f"/c/erlonglu/rolls/{made.roll_id}"
            found["desk_roll"] = f"/c/erlonglu/desk/rolls/{made.roll_id}"
    return found


def _addresses() -> dict[str, object]:
    found = _ballots()
    for name, title in {
        "closed": "活动室",
        "voting": "停车",
        "draft": "扶手",
        "deliberating": "公交",
    }.items():
        case = db.session.scalars(
            select(Consultation).where(Consultation.title.contains(title))
        ).one()
        slug = "jinrongjie" if name == "deliberating" else "erlonglu"
        found[name] = f"/c/{slug}/consultations/{case.id}/"
        if name == "voting":
            comments = select(Comment.parent_id, Comment.id).where(
                Comment.consultation_id == case.id, Comment.level == 2, Comment.hidden_by.is_(None)
            )
            parent, comment = db.session.execute(comments).first()
            found |= {"comment": comment, "thread": f"{found[name]}comments/{parent}"}
    for one in db.session.scalars(select(HallMeeting).order_by(HallMeeting.id)):
        name = "hall" if one.closed_at is None else "hall_over"
        found[name] = f"/c/erlonglu/consultations/{one.consultation_id}/hall/{one.id}/"
    words = {"display": "扶手实施", "corrected": "餐桌", "withdrawn": "便民"}
    for name, title in (words | {"waits": "试水", "kept": "值班电话"}).items():
        query = select(Notice.id).where(Notice.title.contains(title))
        found[f"notice_{name}"] = f"/c/erlonglu/notices/{db.session.scalars(query).one()}"
    details = bodies.Details(kind="service_station", title="社区服务站", telephone="010-0000-1009")
    found["body"] = bodies.add(2, details).id
    return found


def _child_of(guardian: Person) -> int:
    child = factories.person("王小明", adult=False)
    child.guardian_id = guardian.id
    factories.standing(child, db.session.scalars(select(Node).filter_by(kind="building")).first())
    return child.id


def _people(resident: Person) -> dict[str, object]:
    """Let the resident claim something, and a unit stand in the community."""
    query = select(Standing).filter_by(person_id=resident.id).order_by(Standing.id)
    held = db.session.scalars(query.limit(1)).one()
    community = communities.find("erlonglu")
    node = db.session.get_one(Node, held.node_id)
    return {
        "person": resident.id,
        "held": held.id,
        "own_claim": factories.claim(resident, community, node, "social_worker").id,
        "unit": factories.organisation(community.node).id,
        "batch": db.session.scalars(
            select(InviteBatch.id).filter_by(node_id=node.id).order_by(InviteBatch.id)
        ).first(),
    }


def _moderate(secretary: Person, spared: int) -> None:
    """Let a decision with an objection stand on the pages of moderation."""
    query = select(Comment).where(Comment.hidden_by.is_(None), Comment.id != spared)
    comment = db.session.scalars(
        query.join(Consultation).where(Consultation.title.contains("停车"), Comment.level == 2)
    ).first()
    consultation = db.session.get(Consultation, comment.consultation_id)
    made = moderation.hide(
        factories.actor(secretary), consultation.community, "comment", comment.id,
        reason="off_topic", note="",
    )  # fmt: skip
    moderation.object_to(comment.author_id, made.id, "这正是大家关心的事。")


def findings(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds serious on a page, each with the first element it means."""
    options = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = rules
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url}: {item['id']} ({item['impact']}): {item['nodes'][0]['html'][:160]}"
        for item in found
        if item["impact"] in SERIOUS
    ]


def too_wide(page: Page) -> list[str]:
    """Return the page, if one has to scroll it sideways."""
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{page.url}: {width} px wider than the screen"] if width > 0 else []


def sign_in(context, site: Site, role: str) -> None:
    cookies = {} if role == "anonymous" else {"session": site.cookies[role]}
    context.add_cookies(
        [{"name": name, "value": value, "url": site.server.url} for name, value in cookies.items()]
    )


def test_no_page_is_forgotten(site: Site):
    addresses = site.app.url_map.bind("localhost")
    listed = {
        addresses.match(path.partition("?")[0])[0]
        for role in ROLES
        for path in site.pages(role)
        if path != "/nowhere"
    }
    pages = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - NO_PAGES - NOT_YET == listed
    assert not NOT_YET & listed


@pytest.mark.parametrize("role", ROLES)
def test_every_page(browser: Browser, site: Site, role: str):
    wrong = []
    with window(browser, site.server.url, viewport=PHONE) as found:
        sign_in(found.context, site, role)
        page = found.page
        for path in site.pages(role):
            answer = page.goto(path)
            assert answer.status == (404 if path == "/nowhere" else 200), (path, answer.status)
            wrong += findings(page) + too_wide(page)
            if role in IN_THE_DARK:
                page.emulate_media(color_scheme="dark")
                wrong += findings(page, rules=["color-contrast"])
            page.set_viewport_size({"width": 320, "height": 640})
            wrong += too_wide(page)
            page.emulate_media(color_scheme="light")
            page.set_viewport_size(PHONE)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["resident", "secretary"])
def test_the_largest_type(browser: Browser, site: Site, role: str):
    wrong = []
    with window(browser, site.server.url, viewport=PHONE) as found:
        sign_in(found.context, site, role)
        page = found.page
        page.goto("/c/erlonglu/")
        page.locator("details.menu summary").click()
        wrong += findings(page)
        page.locator("button[name=size][value='3']").click()
        expect(page.locator("html")).to_have_attribute("data-size", "3")
        closely = [path.format(**site.addresses) for path in CLOSELY]
        for path in site.pages(role):
            page.goto(path)
            wrong += too_wide(page)
            if path in closely:
                wrong += findings(page)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_in_use(browser: Browser, site: Site, scheme: str):
    """What comes up only after something was done: swapped parts, errors, open folds and menus."""
    wrong = []
    options = {"viewport": DESKTOP, "color_scheme": scheme}
    with window(browser, site.server.url, **options) as found:
        sign_in(found.context, site, "resident")
        page = found.page
        page.goto(str(site.addresses["deliberating"]))
        quote = page.locator("form.statement blockquote")
        before = quote.get_attribute("id")
        page.locator("form.statement button[value=agree]").click()
        expect(page.locator(f"#{before}")).to_have_count(0)
        wrong += findings(page)
        page.locator("#discussion form button[type=submit]").first.click()
        expect(page.locator("#discussion .error").first).to_be_visible()
        page.locator("details.menu summary").click()
        page.locator("label[for=unfold]").click()
        wrong += findings(page)
        page.goto(str(site.addresses["closed"]))
        for fold in page.locator("details.fold").all():
            fold.locator("summary").click()
        wrong += findings(page)
        page.goto(str(site.addresses["voting"]))
        page.locator("#vote details summary, .ballot label").first.click()
        wrong += findings(page)
    with window(browser, site.server.url, **options) as found:
        page = found.page
        for path in ("/sign-in", "/join"):
            page.goto(path)
            page.evaluate("document.querySelectorAll('main form').forEach((f) => f.noValidate = 1)")
            page.locator("main form button[type=submit]").click()
            expect(page.locator("main .errors")).to_be_visible()
            wrong += findings(page)
        page.goto(f"/join?code={site.addresses['code']}")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("#collected")).to_be_visible()
        wrong += findings(page)
        page.locator("#again").evaluate("(field) => { field.form.noValidate = true; }")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("main .errors")).to_be_visible()
        wrong += findings(page)
    assert not wrong, "\n".join(wrong)


def test_the_second_factor(browser: Browser, site: Site):
    """From the button over the password and the picture to signing in with the code."""
    wrong: list[str] = []
    with window(browser, site.server.url, viewport=PHONE) as found:
        page = found.page

        def look() -> None:
            wrong.extend(findings(page) + too_wide(page))

        def send(**typed: str) -> None:
            for name, value in typed.items():
                page.locator(f"main [name={name}]").fill(value)
            page.locator("main form:has([name=csrf_token]) button[type=submit]").first.click()

        sign_in(found.context, site, UNSURE)
        page.goto("/me/second-factor")
        look()
        send()
        expect(page.locator("#confirm_password")).to_be_focused()
        look()
        send(confirm_password="wrong words")
        expect(page.locator("#confirm_password-error")).to_be_visible()
        look()
        send(confirm_password=site.passwords[UNSURE])
        picture = page.locator("main img")
        expect(picture).to_be_visible()
        assert picture.evaluate("(image) => image.naturalWidth") > 100
        look()
        secret = page.locator(".secret").text_content().replace(" ", "").strip()
        send(code=pyotp.TOTP(secret).now())
        expect(page.locator(".codes .letter-code")).to_have_count(10)
        backup = page.locator(".codes .letter-code").first.text_content()
        look()
        for path in ("/me/second-factor", "/me/security"):
            page.goto(path)
            look()
        page.locator("footer form button").click()
        page.goto("/sign-in")
        send(who=str(site.addresses["unsure"]), password=site.passwords[UNSURE])
        expect(page.locator("#code")).to_be_visible()
        look()
        send(code="1")
        expect(page.locator("main .errors")).to_be_visible()
        look()
        send(code=backup)
        expect(page.locator(".flashes")).to_contain_text("还剩9个")
    assert not wrong, "\n".join(wrong)


def test_the_code_from_the_mail(browser: Browser, site: Site):
    with window(browser, site.server.url, viewport=PHONE) as found:
        sign_in(found.context, site, "resident")
        page = found.page
        page.goto("/me/contacts")
        page.locator("#who").fill("new@example.com")
        page.locator("#add form button[type=submit]").click()
        expect(page.locator("#code")).to_be_visible()
        assert findings(page) + too_wide(page) == []
