"""An error of the roll is found while a resolution hangs: it rests, is counted again, and noted."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.correction_world import WRONG, hanging
from tests.browser.parking_begun import moves, waits_for
from tests.browser.walking import Walk, Walker, walking
from tests.databases import Sqlite
from tests.server import ROOT

WORDS = "名册第7号早已搬走，不应列入，却有一票。"
REASON = "名册可能有误，先核实再落实。"
FINDINGS = "经核对，第7号去年已迁出，确属误列。"
NOTE = "名册误列1人，已更正并重新计票，结果不变。"
LESSON = ("按上季度名册抄录", "有人迁出没有删去", "锁定名册前逐户核对一遍")


def test_an_error_of_the_roll_is_corrected(
    browser: Browser, sqlite: Sqlite, tmp_path: Path
) -> None:
    with walking(browser, sqlite, tmp_path, hanging) as walk:
        case, ballot = walk.made["case"], walk.made["ballot"]
        correction = asks(walk, case, ballot)
        rests(walk, case, correction)
        counts_again(walk, correction)
        decides(walk, correction)
        goes_on(walk, case, ballot)
        learns(walk, correction)
        verifies(tmp_path)


def asks(walk: Walk, case: int, ballot: int) -> str:
    """Let a resident say what is wrong with the count; enough sign, and the office is asked."""
    resident = walk.resident
    resident.goes(f"consultations/{case}/")
    resident.follows("决议")
    resident.shot("70-resolution")
    resident.goes(f"ballots/{ballot}/result")
    resident.follows("这里有错误")
    resident.page.locator("input[name=kind][value=roll_error]").check()
    resident.fills(words=WORDS)
    resident.shot("71-ask")
    resident.sends()
    resident.sees(WORDS, "需要2")
    resident.shot("72-petition")
    correction = resident.page.url.rstrip("/").rsplit("/", 1)[1]
    resident.sends("#signatures")
    resident.sees("您已签名")
    # Who has no right in that vote reads it, and cannot sign.
    walk.worker.goes(f"corrections/{correction}/")
    expect(walk.worker.page.locator("#signatures form")).to_have_count(0)
    walk.officer.goes(f"corrections/{correction}/work")
    walk.officer.sees("正在征集签名，暂时不用处理")
    walk.neighbour.goes(f"corrections/{correction}/")
    walk.neighbour.sends("#signatures")
    walk.neighbour.shot("73-signed")
    return correction


def rests(walk: Walk, case: int, correction: str) -> None:
    """Take it up, and let nothing go on that rests on the count."""
    officer, visitor = walk.officer, walk.visitor
    officer.goes("/desk/", shot="74-desk")
    officer.goes(f"corrections/{correction}/work", shot="75-work")
    officer.page.locator("input[name=how][value=suspend]").check()
    officer.fills(reason=REASON)
    officer.sends("#admit")
    officer.done()
    visitor.goes(f"consultations/{case}/", shot="76-case-suspended")
    visitor.sees("中止", "1件正在核查")
    visitor.goes(f"consultations/{case}/outcome/resolution", shot="77-resolution-noted")
    visitor.sees("正在核查")
    visitor.goes(f"corrections/{correction}/", shot="78-correction")
    visitor.sees("事项暂停", REASON)
    # Neither goes it on by hand, nor is it executed.
    walk.secretary.refused(f"consultations/{case}/way/execute", "五民工作法", "中止", status=409)
    waits_for(walk.secretary, case, "resume", "正在核查")


def counts_again(walk: Walk, correction: str) -> None:
    """Examine the roll, count again by two people: what was decided stands in any case."""
    officer, secretary = walk.officer, walk.secretary
    officer.goes(f"corrections/{correction}/work")
    officer.fills(findings=FINDINGS, admitted=str(WRONG))
    officer.sends("#examine")
    officer.done()
    officer.page.locator("form[action$='/count'] button").click()
    officer.done()
    officer.sees("须由另一人确认")
    officer.shot("79-counted")
    proposes(officer, correction, "recount", status="两人")
    secretary.goes(f"corrections/{correction}/work")
    secretary.page.locator("form[action$='/confirm'] button").click()
    secretary.done()


def proposes(who: Walker, correction: str, effect: str, status: str = "") -> None:
    """Propose what follows of it."""
    who.goes(f"corrections/{correction}/work")
    who.page.locator(f"#propose input[name=effect][value={effect}]").check()
    who.page.locator("#propose #reason").fill("误列的票不影响结果。")
    who.page.locator("#propose #note").fill(NOTE)
    who.sends("#propose")
    who.sees(status) if status else who.done()


def decides(walk: Walk, correction: str) -> None:
    """Propose; whoever is answerable for the count may not decide while others can."""
    officer, deputy, secretary = walk.officer, walk.deputy, walk.secretary
    proposes(officer, correction, "recount")
    officer.goes(f"corrections/{correction}/work")
    expect(officer.page.locator("form[action$='/decide']")).to_have_count(0)
    deputy.goes(f"corrections/{correction}/work", shot="80-decide")
    deputy.refused(deputy.page.locator("form[action$='/decide'] button"), "须由别人决定")
    secretary.goes(f"corrections/{correction}/work")
    secretary.page.locator("form[action$='/decide'] button").click()
    secretary.done()
    walk.resident.goes("/inbox")
    walk.resident.sees("纠错")


def goes_on(walk: Walk, case: int, ballot: int) -> None:
    """Read the note on count and resolution; the original stays, and the case goes on."""
    visitor = walk.visitor
    visitor.goes(f"ballots/{ballot}/result", shot="81-result-noted")
    visitor.sees("已重新计票", NOTE, "东侧")
    visitor.goes(f"consultations/{case}/outcome/resolution", shot="82-resolution-noted")
    visitor.sees("已重新计票", NOTE, "东侧划12个车位")
    visitor.goes(f"consultations/{case}/", shot="83-case-goes-on")
    visitor.sees("决议公示")
    waits_for(walk.secretary, case, "execute", "尚未期满")
    walk.lasts(case, timedelta(days=6))
    walk.waits(days=3)
    moves(walk.secretary, case, "execute")
    visitor.goes(f"consultations/{case}/way")
    visitor.sees("恢复", REASON)
    visitor.goes("acts/", shot="85-acts")
    visitor.sees("纠错")


def learns(walk: Walk, correction: str) -> None:
    """Keep what is learnt of it; nobody is named."""
    secretary = walk.secretary
    secretary.goes(f"corrections/{correction}/work")
    secretary.page.locator("a[href*='/corrections/lessons/']").first.click()
    for name, words in zip(("attempt", "wrong", "lesson"), LESSON, strict=True):
        secretary.page.locator(f"#{name}").fill(words)
    secretary.fills(attempt="周红按上季度名册抄录")
    secretary.page.locator("#public").check()
    secretary.sends()
    secretary.sees("请不要写姓名")
    secretary.fills(attempt=LESSON[0])
    secretary.sends()
    secretary.done()
    walk.visitor.goes("corrections/lessons", shot="84-lessons")
    walk.visitor.sees(*LESSON)
    walk.visitor.sees_not("周红")


def verifies(instance: Path) -> None:
    """Check the chain of official acts with the command of the site."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")}
    environ |= {"CIVIC_INSTANCE": str(instance), "CIVIC_SECRET_KEY": "test" * 8}
    command = [sys.executable, "-m", "civic.cli", "audit", "verify"]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
