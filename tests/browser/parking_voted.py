"""The vote on the parking consultation: a roll, a ballot, votes on line and on paper, the count."""

from playwright.sync_api import expect

from tests.browser.parking_begun import moves, waits_for
from tests.browser.walking import Walk, Walker

QUESTION = "同意停车方案吗？"
ITEMS = ("划出消防通道和12个车位", "晚上向单位借用车位")
AGREE, OPPOSE = "同意", "反对"
#: What the papers say, by serial number: number on the roll, and an answer to each item.
PAPERS = {1: (3, (AGREE, AGREE)), 2: (4, (OPPOSE, OPPOSE))}
WITNESSES = ("周红，社区书记", "王桂兰，楼门长")
CLOSE = "form[action$='/steps/close'] button"


def opens(walk: Walk, case: int) -> None:
    """Draw and freeze a roll, write a ballot, open it by two, and link it with the case."""
    secretary, deputy = walk.secretary, walk.deputy
    waits_for(secretary, case, "open_vote", "还没有关联")
    freezes(deputy, draws(secretary), walk.field(days=3))
    ballot = writes(secretary)
    deputy.goes(ballot)
    deputy.page.locator("#open button[type=submit]").click()
    deputy.done()
    number = ballot.rstrip("/").rsplit("/", 1)[1]
    secretary.goes(f"consultations/{case}/way")
    secretary.page.locator("#ballot").select_option(number)
    secretary.sends("section[aria-labelledby=linked-title]")
    secretary.done()
    secretary.sees(QUESTION)
    walk.lasts(case)
    walk.waits(days=2)
    moves(walk.officer, case, "open_vote", shot="40-way-vote")


def draws(who: Walker) -> str:
    """Draw a roll of the homes; return its address."""
    who.goes("desk/rolls/new")
    who.page.locator("input[name=whose][value=households]").check()
    who.page.locator("#node").select_option(label="二龙路社区")
    who.sends()
    who.sees("4")
    return who.page.url


def freezes(who: Walker, roll: str, until: str) -> None:
    """Freeze a roll as the second person."""
    who.goes(roll)
    form = who.page.locator("form[action$='/freeze']")
    form.locator("input[type=datetime-local]").fill(until)
    form.locator("button[type=submit]").click()
    who.sees("已冻结")


def writes(who: Walker) -> str:
    """Write a ballot by the procedure of the case, and propose to open it; return its address."""
    who.goes("desk/ballots/new?procedure=household_poll&kind=items")
    who.fills(question=QUESTION, options="\n".join(ITEMS))
    who.page.locator("#roll").select_option(index=1)
    who.sends()
    who.sees("可以开启")
    who.shot("41-ballot-draft")
    address = who.page.url
    who.page.locator("#open button[type=submit]").click()
    who.done()
    return address


def votes(walk: Walk, case: int) -> None:
    """Let two homes vote on line, two on paper; nobody sees a result before the close."""
    ballot = address_of(walk.visitor, case)
    for role in ("resident", "neighbour"):
        votes_on_line(getattr(walk, role), case)
    walk.worker.goes(ballot, shot="43-ballot-worker")
    walk.worker.sees("这次投票您不能参加", "您不在这次表决的名册中")
    expect(walk.worker.page.locator("form.ballot")).to_have_count(0)
    waits_for(walk.officer, case, "close_vote", "表决还没有截止计票")
    on_paper(walk, ballot)
    walk.visitor.goes(ballot)
    walk.visitor.sees_not("同意2", "已通过")


def address_of(who: Walker, case: int) -> str:
    """Return where a case sends those who vote."""
    who.goes(f"consultations/{case}/")
    who.page.locator("main a[href*='/ballots/']").first.click()
    expect(who.page.locator("h1")).to_contain_text(QUESTION)
    return who.page.url


def votes_on_line(who: Walker, case: int) -> None:
    """Vote by what waits on the home page."""
    who.goes("", shot="42-home-voting")
    who.page.locator("section[aria-labelledby=waiting] a.btn[href*='/ballots/']").first.click()
    agrees = who.page.locator(".ballot fieldset input[value=agree]")
    expect(agrees).to_have_count(len(ITEMS))
    for box in agrees.all():
        box.check()
    who.shot("42-ballot")
    who.page.locator("#vote button[type=submit]").first.click()
    who.sees(*ITEMS)
    who.page.locator(".ballot-foot button[type=submit]").click()
    expect(who.page.locator(".stat code")).to_be_visible()
    who.shot("42-receipt")


def on_paper(walk: Walk, ballot: str) -> None:
    """Give out papers, and type each twice by different people before two witnesses."""
    secretary, deputy = walk.secretary, walk.deputy
    secretary.goes(f"{ballot}paper/", shot="44-papers")
    secretary.fills(count="2")
    secretary.page.get_by_role("button", name="编号并打印").click()
    expect(secretary.page.locator("article.sheet")).to_have_count(2)
    secretary.goes(f"{ballot}paper/")
    secretary.fills(who="周红，社区书记\n孙伟，社区副书记\n吴刚，街道干部")
    secretary.sends("#counters")
    secretary.done()
    handed_in = walk.field(hours=-1)
    for who in (secretary, deputy):
        for serial in PAPERS:
            types(who, ballot, serial, handed_in)
    deputy.goes(f"{ballot}paper/", shot="45-papers-counted")
    deputy.sees("000001", "000002")


def types(who: Walker, ballot: str, serial: int, handed_in: str) -> None:
    """Type one paper as it was handed in."""
    number, answers = PAPERS[serial]
    who.goes(f"{ballot}paper/enter")
    who.fills(serial=f"{serial:06d}", number=str(number), handed_in_at=handed_in)
    for place, words in enumerate(answers):
        group = who.page.locator(".sheet-marks fieldset").nth(place)
        group.get_by_label(words, exact=True).check()
    who.fills(witness_one=WITNESSES[0], witness_two=WITNESSES[1])
    who.page.locator("main form button[type=submit]").click()
    expect(who.page.locator(".box-done").first).to_be_visible()


def counts(walk: Walk, case: int) -> None:
    """Close by two people once the time is over, publish by two, and let the result decide."""
    secretary, deputy, officer = walk.secretary, walk.deputy, walk.officer
    ballot = address_of(walk.visitor, case)
    walk.waits(days=9)
    for who in (secretary, deputy):
        who.goes(f"{ballot}paper/")
        who.sends("#done")
        who.done()
    for who in (secretary, deputy):
        who.goes(f"{ballot}work", shot="46-work")
        who.page.locator(CLOSE).click()
        who.done()
    moves(officer, case, "close_vote")
    visitor = walk.visitor
    visitor.goes(f"{ballot}result", shot="47-result")
    visitor.sees(
        "应参加 4，实际参加 4，须达到 3",
        "网上: 2",
        "纸质: 2",
        "共发出2张，计入2张",
        "周红，社区书记",
    )
    # The result alone decides.
    waits_for(officer, case, "failed", "与表决结果不符")
    moves(officer, case, "passed")
    visitor.goes(f"consultations/{case}/", shot="48-case-resolved")
    visitor.sees("形成决议")


STEPS = [opens, votes, counts]
