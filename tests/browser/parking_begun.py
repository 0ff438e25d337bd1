"""The parking consultation up to its deliberation: a topic, its answer, a case, a notice."""

from playwright.sync_api import expect

from tests.browser.walking import HERE, Walk, Walker

TOPIC = "小区里没地方停车，消防通道常被占"
WORDS = "下班回来经常找不到车位，有的车停在消防通道上，老人出门要绕着走。"
TITLE = "二龙路小区停车怎么办？"
BACKGROUND = "消防通道被占、车位不够。先议怎么停，再议谁来管；费用由街道协调解决。"


def begins(walk: Walk) -> int:
    """Go from the topic of a resident to the first stage that everybody sees; return the case."""
    topic = hands_in(walk)
    weighs(walk, topic)
    case = begins_the_case(walk)
    takes_up(walk, topic, case)
    announces(walk, case, "关于征集二龙路小区停车议题的公告")
    moves(walk.secretary, case, "collect")
    return case


def hands_in(walk: Walk) -> str:
    """Let a resident hand in a topic on the phone, and a worker join it instead of writing it."""
    resident, worker = walk.resident, walk.worker
    resident.goes("")
    resident.goes("topics/", shot="01-topics")
    resident.follows("提一个议题")
    resident.fills(title=TOPIC, words=WORDS, place="6号楼东侧消防通道")
    resident.shot("02-topic-new")
    resident.sends("main")
    resident.done()
    resident.sees("最迟")
    resident.shot("03-topic")
    address = resident.page.url
    worker.goes("topics/new")
    worker.fills(title="小区没地方停车", words="消防通道经常被占")
    worker.sends()
    worker.sees(TOPIC)
    worker.shot("04-topic-similar")
    worker.page.locator("#similar form button").click()
    worker.done()
    walk.visitor.goes(address)
    walk.visitor.sees(TOPIC, "王*")
    walk.visitor.sees_not("王桂兰")
    return address.rstrip("/").rsplit("/", 1)[1]


def weighs(walk: Walk, topic: str) -> None:
    """Let the secretary weigh it, for a reason that everybody reads."""
    secretary = walk.secretary
    secretary.goes("/desk/")
    secretary.shot("05-desk")
    secretary.goes(f"desk/topics/{topic}", shot="06-topic-work")
    page = secretary.page
    for name, value in (("urgency", "3"), ("reach", "2"), ("authority", "3")):
        page.locator(f"input[name=triage-{name}][value='{value}']").check()
    page.locator("input[name=triage-lane][value=consultation]").check()
    page.locator("#triage-words").fill("消防通道事关安全，涉及整个小区，社区可以组织大家商量。")
    secretary.sends("#triage")
    secretary.done()
    walk.resident.goes(f"topics/{topic}/")
    walk.resident.sees("消防通道事关安全")


def begins_the_case(walk: Walk) -> int:
    """Let the deputy begin a case in three steps; nobody else sees it yet."""
    deputy = walk.deputy
    deputy.goes("desk/cases/new", shot="07-begin-1")
    deputy.page.locator("a[href$='process=five_people']").click()
    deputy.fills(title=TITLE, background=BACKGROUND)
    for group in ("resident", "worker"):
        deputy.page.locator(f"input[name=audience][value={group}]").check()
    deputy.page.locator("input[name=procedure][value=household_poll]").check()
    deputy.shot("08-begin-2")
    deputy.sends()
    deputy.sees("表决公告", "7天", "决议公示")
    deputy.shot("09-begin-3")
    deputy.page.locator("button[name=begin]").click()
    deputy.done()
    deputy.shot("10-way")
    case = int(deputy.page.url.split("/consultations/")[1].split("/")[0])
    walk.visitor.refused(f"consultations/{case}/", status=404)
    # Nothing can be begun before its time, and the page names the rule.
    deputy.refused(f"consultations/{case}/way/open_vote", "五民工作法", "开始表决", status=409)
    return case


def takes_up(walk: Walk, topic: str, case: int) -> None:
    """Answer whoever handed the topic in: it is taken into the case."""
    secretary = walk.secretary
    secretary.goes(f"desk/topics/{topic}")
    secretary.page.locator("#accept-case").select_option(str(case))
    secretary.page.locator("#accept-words").fill("列入社区协商，先征集大家的想法，再一起定方案。")
    secretary.shot("11-topic-accept")
    secretary.sends("#accept")
    secretary.done()
    resident = walk.resident
    resident.goes("/inbox")
    resident.sees(TOPIC)
    resident.goes(f"topics/{topic}/", shot="12-topic-answered")
    resident.sees("列入社区协商")
    walk.worker.goes("/inbox")
    walk.worker.sees(TOPIC)


def announces(walk: Walk, case: int, title: str) -> None:
    """Write a notice, let another person issue it, and link it with the case."""
    secretary, deputy = walk.secretary, walk.deputy
    secretary.goes("notices/new")
    secretary.fills(
        title=title, body="请到社区公告栏或本平台了解详情并参与。", office="二龙路社区居委会"
    )
    page = secretary.page
    page.locator("main form").last.locator("button[type=submit]").last.click()
    work = page.url.split("?")[0]
    page.locator("#next form button[type=submit]").first.click()
    deputy.goes(work)
    deputy.page.locator("form[action$='/issue'] button[type=submit]").click()
    deputy.sees(title)
    secretary.goes(f"consultations/{case}/way")
    option = page.locator("#notice option", has_text=title).first
    page.locator("#notice").select_option(value=option.get_attribute("value"))
    secretary.sends("section[aria-labelledby=linked-title]")
    secretary.done()
    secretary.sees(title)


def moves(who: Walker, case: int, act: str, *, reason: str = "", shot: str = "") -> None:
    """Move a case by the pages of its way."""
    who.goes(f"consultations/{case}/way", shot=shot)
    who.page.locator(f"main a[href$='/way/{act}']").click()
    if reason:
        who.fills(reason=reason)
    who.sends()
    who.done()
    expect(who.page).to_have_url(f"{who.walk.server.url}{HERE}/consultations/{case}/way")


def waits_for(who: Walker, case: int, act: str, *words: str) -> None:
    """Check that an act is not offered yet, and that its page says what is missing."""
    who.goes(f"consultations/{case}/way")
    expect(who.page.locator(f"main a[href$='/way/{act}']")).to_have_count(0)
    who.sees(*words)
