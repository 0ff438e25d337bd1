"""A street begins: from `civic init` to a notice for one building, and the end of a post's term."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from time import sleep

import pyotp
import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from civic.kernel import clock
from tests.browser.chromium import DESKTOP, PHONE, window
from tests.mailbox import letters
from tests.pages import lasting
from tests.server import ROOT, Server, serving

WORD = "三只猫 在屋顶 唱歌"
#: As a spreadsheet of an office leaves it: names repeated, blanks at ends, wide digits.
PLACES = (
    "社区,小区,楼,单元,网址名,电话,办公时间\n"
    "二龙路社区 ,二龙路小区,５号楼,1单元,erlonglu,010-0000-0001,8:30—17:30\n"
    "二龙路社区,二龙路小区,5号楼,2单元,,,\n"
    "二龙路社区,二龙路小区,6号楼,1单元,,,\n"
)
HERE = "/c/erlonglu"
TITLE, CHANGED = "5号楼停水通知", "5号楼周六停水通知"
NOBODYS = "999999"


@dataclass
class Beginning:
    """A site that `civic init` has begun, its server, its mail, and the file of its clock."""

    server: Server
    instance: Path
    environ: dict[str, str]

    def moves_to(self, moment: timedelta) -> None:
        (self.instance / "clock").write_text(str(moment.total_seconds()))

    def mails(self, words: str) -> list[EmailMessage]:
        """Return the mails that have left with these words in their subjects."""
        folder = self.instance / "mail"
        found = letters(folder) if folder.is_dir() else []
        return [mail for mail in found if words in str(mail["Subject"])]

    def mail_to(self, who: str, words: str) -> EmailMessage:
        """Let the jobs run, as a timer of the system does, until somebody gets such a mail."""
        for _ in range(10):
            for mail in self.mails(words):
                if mail["To"] == who:
                    return mail
            run(self.environ, "jobs", "run")
            sleep(0.5)
        raise AssertionError([str(mail) for mail in self.mails("")])


def run(environ: dict[str, str], *words: str, said: str = "") -> str:
    command = [sys.executable, "-m", "civic.cli", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, input=said, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def beginning(tmp_path: Path) -> Iterator[Beginning]:
    instance = tmp_path / "site"
    mail = {
        "CIVIC_MAIL_URL": f"file://{instance}/mail",
        "CIVIC_MAIL_FROM": "二龙路社区 <civic@example.org>",
        "CIVIC_SITE_URL": "http://localhost",
    }
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
    environ |= mail | {
        "CIVIC_INSTANCE": str(instance),
        "CIVIC_SECRET_KEY": "test" * 8,
        "PYTHONPATH": str(ROOT),
    }
    given = ["--street", "金融街街道", "--slug", "jinrongjie", "--administrator", "吴刚"]
    given += ["--contact", "138 0013 8000", "--language", "zh", "--password-file", "-"]
    said = run(environ, "init", *given, said=f"{WORD}\n")
    assert "两步验证" in said
    (instance / "clock").write_text("0")
    own = {"CIVIC_TEST_CLOCK": str(instance / "clock")} | mail
    with serving(instance, "--testing", **own) as server:
        yield Beginning(server, instance, environ)
        assert "Traceback" not in (wrong := server.said()), wrong


@dataclass
class Person:
    """Somebody at a window of their own."""

    name: str
    who: str
    page: Page
    street: Beginning

    def sends(self, heading: str = "main") -> None:
        self.page.locator(f"{heading} form[method=post] button[type=submit]:visible").first.click()

    def confirms(self) -> None:
        """Give the password again where an act of weight asks for it."""
        if self.page.locator("#confirm_password").count():
            self.page.locator("#confirm_password").fill(WORD)
            self.sends()

    def signs_in(self) -> None:
        self.page.goto("/sign-in")
        self.page.locator("#who").fill(self.who)
        self.page.locator("#password").fill(WORD)
        self.sends()
        expect(self.page.locator("footer")).to_contain_text(self.name)

    def comes_in_with(self, code: str) -> None:
        self.page.goto("/recover")
        self.page.locator("#code").fill(code)
        self.page.locator("#password").fill(WORD)
        self.page.locator("#again").fill(WORD)
        self.sends()
        expect(self.page.locator("footer")).to_contain_text(self.name)

    def sets_up_the_second_factor(self) -> None:
        page = self.page
        page.goto("/me/second-factor")
        self.sends()
        self.confirms()
        secret = (page.locator(".secret").text_content() or "").replace(" ", "").strip()
        page.locator("#code").fill(pyotp.TOTP(secret).at(clock.now()))
        self.sends()
        expect(page.locator(".codes .letter-code")).to_have_count(10)

    # The administrator

    def builds_the_tree(self, table: Path) -> None:
        page = self.page
        page.goto("/admin/")
        page.goto("/admin/import/")
        page.locator("input[name=what][value=places], select[name=what]").first.evaluate(
            "(f) => { f.tagName === 'SELECT' ? f.value = 'places' : f.checked = true; }"
        )
        page.locator("#file").set_input_files(table)
        self.sends("#send")
        expect(page.locator("#new")).to_contain_text("楼")
        page.goto(f"{HERE}/")
        expect(page.locator("h1")).to_have_text("没有这个页面")  # nothing yet, only looked at
        page.go_back()
        self.sends()
        page.goto(f"{HERE}/")
        expect(page).to_have_title("二龙路社区")

    def adds_a_post(self, title: str, kind: str) -> None:
        page = self.page
        page.goto(f"{HERE}/desk/posts/new")
        page.locator("#node").select_option(label="二龙路社区")
        page.locator("#kind").select_option(kind)
        page.locator("#title").fill(title)
        page.locator("#office").fill("二龙路社区居委会")
        self.sends()
        self.confirms()
        expect(page.locator("h1")).to_contain_text(title)

    def appoints(self, person: "Person", last: date) -> str:
        """Appoint somebody who has no account; return the code for them."""
        page = self.page
        page.locator("#name").fill(person.name)
        page.locator("#who").fill(person.who)
        page.locator("#fresh").check()
        page.locator("#last").fill(last.isoformat())
        self.sends("#appoint")
        self.confirms()
        return (page.locator(".letter-code").text_content() or "").strip()

    # The secretary and the deputy

    def prints_codes(self, building: str, number: int) -> list[str]:
        """Make codes; return what their pictures lead to, checked against the pictures."""
        page = self.page
        page.goto(f"{HERE}/codes/")
        option = page.locator("#node option", has_text=building).first
        page.locator("#node").select_option(value=option.get_attribute("value"))
        page.locator("#standing").select_option("resident_living")
        page.locator("#count").fill(str(number))
        self.sends("#make")
        self.confirms()
        letters = page.locator(".letter")
        expect(letters).to_have_count(number)
        found = []
        for letter in letters.all():
            code = (letter.locator(".letter-code").text_content() or "").strip()
            address = f"{self.street.server.url}/join?code={code}"
            drawn = segno.make(address, error="m", micro=False)
            same = drawn.svg_data_uri(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
            assert letter.locator("img").get_attribute("src") == same
            found.append(address)
        return found

    def drafts(self, building: str) -> str:
        """Write a notice for one building, and hand it on; return its page for the office."""
        page = self.page
        page.goto(f"{HERE}/notices/new")
        page.locator("#title").fill(TITLE)
        page.locator("#body").fill("周六上午九点到十二点**停水**，请提前存水。")
        page.locator("#office").fill("二龙路社区居委会")
        page.locator("#code-1").select_option("resident")
        option = page.locator("#node-1 option", has_text=building).first
        page.locator("#node-1").select_option(value=option.get_attribute("value"))
        page.locator("button[value=count]").click()
        expect(page.locator("#reach")).to_contain_text("少于5人")
        page.locator("main form").last.locator("button[type=submit]").last.click()
        self.confirms()
        work = page.url.split("?")[0]
        self.hands_on()
        return work

    def hands_on(self) -> None:
        self.page.locator("#next form button[type=submit]").first.click()
        self.confirms()

    def returns(self, work: str) -> None:
        page = self.page
        page.goto(work)
        fold = page.locator("#next details, details", has=page.locator("[name=code]")).first
        if fold.count():
            fold.locator("summary").click()
        page.locator("[name=code]").select_option("facts")
        page.locator("[name=note]").fill("请写明是周六。")
        page.locator("form[action$='/return'] button[type=submit]").click()
        self.confirms()

    def changes(self, work: str) -> None:
        page = self.page
        page.goto(work)
        expect(page.locator("main")).to_contain_text("请写明是周六。")
        page.locator("#next a[href$='/edit']").click()
        page.locator("#title").fill(CHANGED)
        page.locator("main form").last.locator("button[type=submit]").last.click()
        self.confirms()
        self.hands_on()

    def issues(self, work: str) -> None:
        page = self.page
        page.goto(work)
        page.locator("form[action$='/issue'] button[type=submit]").click()
        self.confirms()
        expect(page.locator("main")).to_contain_text(CHANGED)
        expect(page.locator("form[action$='/issue']")).to_have_count(0)

    # Residents

    def joins(self, address: str) -> None:
        page = self.page
        page.goto(address)
        page.locator(".code-form button[type=submit]").click()
        page.locator("#name").fill(self.name)
        page.locator("#who").fill(self.who)
        page.locator("#password").fill(WORD)
        page.locator("#again").fill(WORD)
        page.locator("input[name=adult][value=yes]").check()
        form = page.locator("form", has=page.locator("#again"))
        form.locator("input[name=agree]").check()
        form.locator("button[type=submit]").click()
        expect(page.locator("h1")).to_contain_text(self.name)

    def asks_for_a_code(self) -> None:
        self.page.goto("/me/contacts")
        self.page.locator("li", has_text=self.who).locator("button").first.click()
        self.confirms()
        expect(self.page.locator("#code")).to_be_visible()

    def proves_the_address(self) -> None:
        """Type the code that came by mail."""
        mail = self.street.mail_to(self.who, "验证码")
        [code] = re.findall(r"\d{4} \d{4}", mail.get_content())
        self.page.locator("#code").fill(code)
        self.sends()
        expect(self.page.locator(".flashes")).to_be_visible()

    def wants_mail_at_once(self) -> None:
        self.page.goto("/me/mail")
        for choice in self.page.locator("input[name^=notice][value=at_once]").all():
            choice.check()
        self.sends()
        expect(self.page.locator(".flashes")).to_be_visible()

    def reads(self, number: str) -> None:
        page = self.page
        page.goto(f"{HERE}/")
        expect(page.locator("main")).to_contain_text(CHANGED)
        page.goto(f"{HERE}/notices/")
        page.get_by_role("link", name=CHANGED).click()
        assert page.url.endswith(f"/notices/{number}")
        expect(page.locator("main")).to_contain_text("请提前存水")
        page.goto("/inbox")
        expect(page.locator("main")).to_contain_text(CHANGED)

    def finds_nothing(self, number: str) -> None:
        """Check that neither page nor list nor message tells that there is a notice."""
        page = self.page
        for path in (f"{HERE}/", f"{HERE}/notices/", f"{HERE}/notices/archive", "/inbox"):
            page.goto(path)
            expect(page.locator("main")).not_to_contain_text("停水")
        for tail in ("", "/print", "/poster"):
            there = self.answer(f"{HERE}/notices/{number}{tail}", number)
            assert there == self.answer(f"{HERE}/notices/{NOBODYS}{tail}", NOBODYS)
            assert there[0] == 404

    def answer(self, path: str, number: str) -> tuple[int, str]:
        """Return status and page of an address, without the number in it."""
        found = self.page.goto(path)
        assert found is not None
        return found.status, lasting(found.text()).replace(f"/{number}", "")


def test_a_street_begins(browser: Browser, beginning: Beginning, tmp_path: Path):
    table = tmp_path / "地点.csv"
    table.write_bytes(PLACES.encode("gb18030"))
    last = clock.local(clock.now()).date() + timedelta(days=1)
    with ExitStack() as stack:

        def comes(name: str, who: str, *, script: bool = True, **size: object) -> Person:
            options = {"viewport": size or DESKTOP, "java_script_enabled": script}
            found = stack.enter_context(window(browser, beginning.server.url, **options))
            return Person(name, who, found.page, beginning)

        admin = comes("吴刚", "13800138000")
        admin.signs_in()
        admin.sets_up_the_second_factor()
        admin.builds_the_tree(table)
        secretary = comes("周红", "zhou@example.com")
        deputy = comes("孙伟", "sun@example.com")
        for person, title, kind in (
            (secretary, "社区书记", "secretary"),
            (deputy, "社区副书记", "deputy_secretary"),
        ):
            admin.adds_a_post(title, kind)
            person.comes_in_with(admin.appoints(person, last))
            person.sets_up_the_second_factor()
        five = secretary.prints_codes("5号楼 1单元", 2)
        six = secretary.prints_codes("6号楼 1单元", 1)
        reader = comes("王桂兰", "wang@example.com", **PHONE)
        plain = comes("陈志强", "chen@example.com", script=False, **PHONE)
        other = comes("赵敏", "zhao@example.com", script=False, **PHONE)
        for person, address in ((reader, five[0]), (plain, five[1]), (other, six[0])):
            person.joins(address)
        for person in (reader, other):
            person.asks_for_a_code()
        for person in (reader, other):
            person.proves_the_address()
            person.wants_mail_at_once()
        work = secretary.drafts("5号楼")
        deputy.returns(work)
        secretary.changes(work)
        deputy.issues(work)
        number = work.split("/notices/")[1].split("/")[0]
        # What was read already would not be mailed any more.
        mail = beginning.mail_to(reader.who, CHANGED)
        assert f"http://localhost{HERE}/notices/{number}" in mail.get_content()
        assert [each["To"] for each in beginning.mails(CHANGED)] == [reader.who]
        for person in (reader, plain):
            person.reads(number)
        other.finds_nothing(number)
        feed = other.page.request.get(f"{HERE}/notices/feed.atom")
        assert feed.status == 200
        assert "停水" not in feed.text()
        # The term ends by itself, and with it what it gave.
        for path in ("/notices/desk", "/codes/"):
            answer = secretary.page.goto(HERE + path)
            assert answer is not None
            assert answer.status == 200
        beginning.moves_to(timedelta(days=2))
        for path in ("/notices/desk", "/notices/new", "/codes/", f"/notices/{number}/work"):
            assert secretary.page.request.get(HERE + path).status == 403, path
        secretary.page.goto(f"{HERE}/rights")
        expect(secretary.page.locator("main")).not_to_contain_text("社区书记")
