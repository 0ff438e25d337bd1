"""Rooms of their own on the way of the parking consultation: arguments, questions, the text."""

from datetime import timedelta

from playwright.sync_api import expect

from civic.kernel import clock
from tests.browser.parking_begun import waits_for
from tests.browser.walking import Walk

QUESTION = "画线的钱由谁出？"
SAID = "由街道协调解决，不向居民收。"
ARGUMENT = "通道通了，救护车才进得来。"
TEXT = "东侧划出消防通道和12个车位。\n\n晚上向对面单位借用车位。"
COMMENT = "接送孩子的时间请留出临时停靠。"
REASON = "写进管理办法，早晚各留一小时。"


def asks(walk: Walk, case: int) -> None:
    """Argue, and ask the office something that it answers before the case goes on."""
    owner, secretary = walk.owner, walk.secretary
    owner.goes(f"consultations/{case}/arguments")
    owner.page.locator("#write summary").click()
    owner.page.locator("#write input[name=side]").first.check()
    owner.page.locator("#write [name=title]").fill(ARGUMENT)
    owner.sends("#write")
    owner.sees(ARGUMENT)
    owner.goes(f"consultations/{case}/questions")
    owner.page.locator("main textarea[name=words]").fill(QUESTION)
    owner.sends()
    owner.sees(QUESTION)
    owner.shot("33-questions")
    waits_for(secretary, case, "draft", "没有答复")
    secretary.goes(f"consultations/{case}/questions")
    secretary.page.locator("main a[href*='/questions/']").first.click()
    secretary.page.locator("main textarea[name=words]").fill(SAID)
    secretary.sends()
    walk.visitor.goes(f"consultations/{case}/questions")
    walk.visitor.sees(QUESTION, SAID)


def writes(walk: Walk, case: int) -> None:
    """Write the text paragraph by paragraph, and publish it."""
    deputy = walk.deputy
    waits_for(deputy, case, "publish_draft", "还没有")
    deputy.goes(f"consultations/{case}/draft/work")
    deputy.page.locator("#write [name=title]").fill("停车方案")
    deputy.page.locator("#write [name=body]").fill(TEXT)
    deputy.sends("#write")
    deputy.done()
    day = clock.local(walk.now() + timedelta(days=7)).date().isoformat()
    deputy.page.locator("#publish input[type=date]").fill(day)
    deputy.shot("34-text-work")
    deputy.sends("#publish")
    deputy.done()


def comments(walk: Walk, case: int) -> None:
    """Comment on a paragraph; the office answers whether it is adopted, and why."""
    resident, secretary = walk.resident, walk.secretary
    resident.goes(f"consultations/{case}/")
    resident.page.locator("main a[href$='/draft']").first.click()
    resident.page.locator("#p2 a[href*='paragraph=2']").click()
    resident.page.locator("#p2 [name=words]").fill(COMMENT)
    resident.page.locator("#p2 form button[type=submit]").click()
    expect(resident.page.locator("#p2")).to_contain_text(COMMENT)
    resident.shot("35-text")
    waits_for(secretary, case, "notice", "没有答复")
    secretary.goes(f"consultations/{case}/draft/work/answers", shot="36-answers")
    secretary.page.locator("main a[href*='/answers/comment/']").first.click()
    secretary.page.locator("#answer input[name=verdict][value=adopted]").check()
    secretary.page.locator("#answer [name=reason]").fill(REASON)
    secretary.sends("#answer")
    walk.visitor.goes(f"consultations/{case}/draft")
    walk.visitor.sees(COMMENT, REASON)
