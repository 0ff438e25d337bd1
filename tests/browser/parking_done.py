"""What comes of the parking consultation: resolution, objection, tasks, rating, archive."""

from datetime import timedelta

from playwright.sync_api import expect

from civic.kernel import clock
from tests.browser.parking_begun import TOPIC, moves, waits_for
from tests.browser.parking_voted import ITEMS
from tests.browser.walking import Walk, Walker

BODY = "在小区东侧划出消防通道和12个车位；晚上向单位借用车位，由社区签约。"
OBJECTION = "东侧离小学太近，接送时间请不要停车。"
ANSWER = "接送时段设为临时禁停，已写进管理办法。"
EVIDENCE = "车位线和消防通道已划好，照片贴在公告栏。"
RATINGS = {
    "resident": "solved",
    "neighbour": "solved",
    "worker": "solved",
    "lodger": "partly",
    "owner": "solved",
}


def resolves(walk: Walk, case: int) -> None:
    """Write the resolution, publish it as a second person, and let it hang."""
    secretary, deputy = walk.secretary, walk.deputy
    waits_for(secretary, case, "publicise", "决议还没有公布")
    secretary.goes(f"consultations/{case}/")
    secretary.page.locator("main a[href$='/outcome/work']").first.click()
    secretary.sees("75 % 同意")
    secretary.fills(body=BODY, invited="物业公司\n- 交管大队")
    secretary.shot("50-resolution-write")
    secretary.sends("#write")
    secretary.done()
    deputy.goes(f"consultations/{case}/outcome/work")
    deputy.sends("#publish")
    deputy.done()
    moves(secretary, case, "publicise")
    visitor = walk.visitor
    visitor.goes(f"consultations/{case}/")
    visitor.follows("决议")
    visitor.sees(BODY, "75 % 同意", "交管大队")
    visitor.shot("51-resolution")
    walk.resident.goes("/inbox")
    walk.resident.sees("决议")


def objects(walk: Walk, case: int) -> None:
    """Object while it hangs; somebody else than its writer answers, and then it has hung."""
    owner = walk.owner
    owner.goes(f"consultations/{case}/outcome/resolution")
    owner.fills(words=OBJECTION)
    owner.page.locator("form:has(#words) button[type=submit]").click()
    owner.done()
    owner.shot("52-objection")
    secretary, deputy = walk.secretary, walk.deputy
    waits_for(secretary, case, "execute", "还有1条异议没有答复", "尚未期满")
    deputy.goes("/desk/", shot="53-desk-objection")
    deputy.goes(f"consultations/{case}/outcome/work")
    deputy.page.locator("#answer textarea").first.fill(ANSWER)
    deputy.sends("#answer")
    deputy.done()
    owner.goes("/inbox")
    owner.sees("异议")
    walk.visitor.goes(f"consultations/{case}/outcome/resolution")
    walk.visitor.sees(OBJECTION, ANSWER, "孙*")
    walk.lasts(case)


def carries_out(walk: Walk, case: int) -> None:
    """Plan a task, report how far it is with what shows it, and let everybody see it late."""
    secretary = walk.secretary
    secretary.goes(f"consultations/{case}/outcome/work")
    day = clock.local(walk.now() + timedelta(days=20)).date().isoformat()
    task = {"title": ITEMS[0], "body": "街道城市管理办公室", "helpers": "物业公司", "due": day}
    secretary.fills(**{f"PlanForm-{name}": value for name, value in task.items()})
    secretary.shot("54-plan")
    secretary.sends("#plan")
    secretary.done()
    moves(secretary, case, "execute")
    reports(secretary, case, 40, "已经测量放线。")
    waits_for(secretary, case, "finish", "40%")
    walk.waits(days=25)
    visitor = walk.visitor
    visitor.goes("owed/", shot="55-owed")
    visitor.sees(ITEMS[0])
    visitor.goes(f"consultations/{case}/outcome/tasks", shot="56-tasks-late")
    visitor.sees("40%", "已逾期", "已经测量放线")
    reports(secretary, case, 100, EVIDENCE)
    moves(secretary, case, "finish")
    visitor.goes(f"consultations/{case}/outcome/tasks")
    visitor.sees("100%", EVIDENCE)


def reports(who: Walker, case: int, progress: int, words: str) -> None:
    """Report how far the one task is."""
    who.goes(f"consultations/{case}/outcome/work")
    fold = who.page.locator("#plan article details").first
    fold.locator("summary").click()
    fold.locator("input[name$=progress]").fill(str(progress))
    fold.locator("textarea").fill(words)
    fold.locator("button[type=submit]").click()
    who.done()


def rates(walk: Walk, case: int) -> None:
    """Ask those who took part whether it is solved, and show what they say."""
    secretary = walk.secretary
    waits_for(secretary, case, "rate", "还没有请参与过的人评价")
    secretary.goes(f"consultations/{case}/outcome/work")
    secretary.sends("#ask")
    secretary.done()
    for role, verdict in RATINGS.items():
        who = getattr(walk, role)
        who.goes(f"consultations/{case}/")
        who.follows("解决了吗")
        who.page.locator(f"input[name=verdict][value={verdict}]").check()
        who.fills(words="晚上好停多了。")
        who.shot("57-rate")
        who.page.locator("form:has(input[name=verdict]) button[type=submit]").click()
        who.done()
    walk.visitor.goes(f"consultations/{case}/outcome/rating")
    walk.visitor.sees_not("4人")
    walk.lasts(case)
    walk.waits(days=15)
    secretary.goes(f"consultations/{case}/outcome/work")
    secretary.sends("#ask")
    secretary.done()
    moves(secretary, case, "rate")


def archives(walk: Walk, case: int) -> None:
    """File the case: its page shows the way, the result and the rating; nothing can be added."""
    moves(walk.secretary, case, "archive")
    visitor = walk.visitor
    visitor.goes(f"consultations/{case}/", shot="58-case-archived")
    visitor.sees("归档", "5人评价，其中4人认为已解决")
    visitor.goes(f"consultations/{case}/outcome/rating", shot="59-rating")
    visitor.sees("晚上好停多了")
    visitor.goes(f"consultations/{case}/way", shot="60-way-archived")
    visitor.sees("结束评价", "由第二人确认")
    walk.resident.goes(f"consultations/{case}/")
    expect(walk.resident.page.locator("#discussion form")).to_have_count(0)
    walk.resident.goes("/me/topics")
    walk.resident.sees(TOPIC)
    walk.resident.follows(TOPIC)
    walk.resident.sees("列入社区协商")


STEPS = [resolves, objects, carries_out, rates, archives]
