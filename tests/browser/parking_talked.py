"""The parking consultation from the collection of topics to the notice of its vote."""

from playwright.sync_api import expect

from tests.browser import parking_rooms
from tests.browser.parking_begun import TITLE, announces, moves, waits_for
from tests.browser.walking import Walk, Walker

#: What each of them says: people who live here by different standings, and one who works here.
SAID = {
    "resident": "先把消防通道划出来，谁也不能停。",
    "neighbour": "晚上可以向对面单位借车位。",
    "worker": "白天单位门口的车位可以错开用。",
    "lodger": "租房的人也有车，请一起考虑。",
    "owner": "老人接送需要一个临时停靠点。",
}
STATEMENT = "消防通道上的车应当先挪走。"


def talks(walk: Walk, case: int) -> None:
    """Go from the first stage that everybody sees to the notice of the vote."""
    collects(walk, case)
    deliberates(walk, case)
    drafts(walk, case)
    hears_comments(walk, case)
    announces(walk, case, "关于停车方案表决的公告")
    moves(walk.secretary, case, "notice")


def collects(walk: Walk, case: int) -> None:
    """Let everybody see the case; it cannot be screened before its week is over."""
    visitor = walk.visitor
    visitor.goes("", shot="20-home")
    visitor.follows(TITLE)
    visitor.sees("民事民提：征集议题", "第2步", "登录")
    visitor.shot("21-case-collecting")
    waits_for(walk.secretary, case, "screen", "尚未期满")
    walk.lasts(case)
    moves(walk.secretary, case, "screen")
    # Two people take it up; the first cannot be the second as well.
    walk.secretary.goes(f"consultations/{case}/way/accept")
    walk.secretary.sends()
    walk.secretary.done("须由另一人确认")
    waits_for(walk.secretary, case, "accept", "须由另一人确认")
    walk.deputy.goes(f"consultations/{case}/way", shot="22-way-second")
    moves(walk.deputy, case, "accept")


def deliberates(walk: Walk, case: int) -> None:
    """Let people talk: comments, a statement that others answer, and an answer of the office."""
    for role, words in SAID.items():
        says(getattr(walk, role), case, words)
    resident, neighbour = walk.resident, walk.neighbour
    resident.goes(f"consultations/{case}/statements/offer")
    resident.fills(words=STATEMENT)
    resident.sends("main")
    resident.done()
    neighbour.goes(f"consultations/{case}/")
    neighbour.sees(STATEMENT)
    neighbour.page.locator("form.statement button[value=agree]").click()
    expect(neighbour.page.locator("form.statement")).to_have_count(0)
    answers_as_the_office(walk, case)
    walk.resident.goes(f"consultations/{case}/", shot="30-case-deliberating")
    walk.visitor.goes(f"consultations/{case}/")
    walk.visitor.sees("民事民议：协商讨论", SAID["worker"], "李*", "官方答复")
    walk.visitor.sees_not("李明", "陈志强")
    waits_for(walk.deputy, case, "draft", "尚未期满")
    parking_rooms.asks(walk, case)


def says(who: Walker, case: int, words: str) -> None:
    """Write an opinion on the page of the case."""
    who.goes(f"consultations/{case}/")
    who.page.locator("#discussion textarea").fill(words)
    who.page.locator("#discussion form button[type=submit]").click()
    expect(who.page.locator("#discussion .comments")).to_contain_text(words)


def answers_as_the_office(walk: Walk, case: int) -> None:
    """Reply to an opinion in the name of the office."""
    secretary = walk.secretary
    secretary.goes(f"consultations/{case}/")
    first = secretary.page.locator("article.comment", has_text=SAID["lodger"]).first
    first.get_by_role("link", name="回复").first.click()
    secretary.fills(words="住在这里的都算，租户的意见同样记入方案。")
    secretary.page.locator("#reply input[name=official]").check()
    secretary.sends("#reply")
    secretary.sees("住在这里的都算")


def drafts(walk: Walk, case: int) -> None:
    """Write the draft of what is to be decided."""
    walk.lasts(case)
    moves(walk.deputy, case, "draft", shot="31-way-draft")
    walk.visitor.goes(f"consultations/{case}/")
    walk.visitor.sees("形成方案")
    parking_rooms.writes(walk, case)
    moves(walk.deputy, case, "publish_draft")


def hears_comments(walk: Walk, case: int) -> None:
    """Let the draft be commented on for its week, and answer what is said."""
    walk.visitor.goes(f"consultations/{case}/", shot="32-case-commenting")
    walk.visitor.sees("方案公示、征求意见")
    waits_for(walk.secretary, case, "notice", "尚未期满", "还没有相应的公告")
    parking_rooms.comments(walk, case)
    walk.lasts(case)
