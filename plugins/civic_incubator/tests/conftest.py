"""A call as it is played: organisations, applications, a panel."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from incubator_said import ANSWERS, HERE, NAMES, local
from sqlalchemy import select

from civic.api import clock, db, spoken
from civic_incubator.models import Application, Call, Member, Organisation

CODES = ("need", "design", "ability", "budget", "novelty", "lasting")


@dataclass
class Story:
    """Play a call by its pages."""

    login: object
    community: object
    browsers: dict = field(default_factory=dict)

    def browser(self, code, name=""):
        """Return the browser of a person, signed in once."""
        key = (code, name)
        if key not in self.browsers:
            self.browsers[key] = self.login(code, name=name)
        return self.browsers[key]

    @property
    def secretary(self):
        return self.browser("secretary")

    def organisation(self, name, status="filed", member=""):
        """Return an organisation that somebody speaks for."""
        made = Organisation(
            community_id=self.community.id,
            name=name,
            kind="convenience",
            status=status,
            number="" if status == "proposed" else f"金备{name[:2]}",
            since=None if status == "proposed" else date(2026, 3, 2),
            people=12,
            about="为邻居服务。",
            code=spoken(8),
            proposed_at=clock.now(),
        )
        db.session.add(made)
        db.session.flush()
        if member:
            who = self.login.id("resident", name=member)
            row = Member(organisation_id=made.id, person_id=who, joined_at=clock.now())
            db.session.add(row)
        db.session.commit()
        return made

    def fields(self, **changed):
        now = clock.now()
        values = {
            "title": "2026年老人用餐公益创投",
            "text": "为辖区老人解决吃饭难。",
            "opens_at": local(now - timedelta(hours=1)),
            "closes_at": local(now + timedelta(days=10)),
            "pot": "100000",
            "most": "50000",
            "expert_weight": "60",
            "form": "meals",
        }
        return values | changed

    def call(self, *, opened=True, **changed):
        """Draw up a call and open it."""
        answer = self.secretary.post(f"{HERE}calls/new", data=self.fields(**changed))
        assert answer.status_code == 303, answer.text
        made = db.session.scalars(select(Call).order_by(Call.id.desc())).first()
        if opened:
            assert self.move(made, "open").status_code == 303
        return made

    def move(self, call, to):
        return self.secretary.post(f"{HERE}calls/{call.id}/move", data={"to": to})

    def post(self, who, one, step, data, *, version=None, **more):
        version = db.session.get(Application, one.id).version if version is None else version
        address = f"{HERE}applications/{one.id}/{step}"
        return who.post(address, data=data | {"version": version} | more)

    def begin(self, who, call, organisation):
        data = {"organisation": organisation.id}
        answer = who.post(f"{HERE}calls/{call.id}/apply", data=data)
        query = select(Application).filter_by(call_id=call.id, organisation_id=organisation.id)
        return answer, db.session.scalar(query)

    def partners(self, **changed):
        values = {"title": "暖心午餐", "partner": str(self.community.id)}
        return values | {"worker": "何社工", "agency": "惠邻社工事务所"} | changed

    def lines(self, *amounts, kind="goods"):
        found = {}
        for number, amount in enumerate(amounts, 1):
            found |= {f"kind_{number}": kind, f"text_{number}": f"第{number}项"}
            found[f"fen_{number}"] = amount
        return found

    def write(self, who, call, organisation, *, title="暖心午餐", yuan="20000"):
        """Write an application and hand it in."""
        answer, one = self.begin(who, call, organisation)
        assert answer.status_code == 303, answer.text
        for step, data in (
            ("partners", self.partners(title=title)),
            ("answers", ANSWERS),
            ("budget", self.lines(yuan)),
            ("submit", {}),
        ):
            answer = self.post(who, one, step, data)
            assert answer.status_code == 303, answer.text
        return db.session.get(Application, one.id)

    def expert(self, name):
        """Return the browser and number of somebody with the standing of an expert."""
        browser = self.browser("incubator.expert", name)
        return browser, self.login.id("incubator.expert", name=name)

    def panel(self, call, *names):
        ids = [self.expert(name)[1] for name in names]
        answer = self.secretary.post(f"{HERE}calls/{call.id}/panel", data={"person": ids})
        assert answer.status_code == 303, answer.text
        return [self.expert(name)[0] for name in names]

    def to_review(self, call):
        """Let the last day pass, pass all forms, and begin the review."""
        clock.shift(timedelta(days=11))
        assert self.move(call, "screening").status_code == 303
        for one in db.session.scalars(select(Application).filter_by(call_id=call.id)):
            if one.number:
                address = f"{HERE}applications/{one.id}/screen"
                assert self.secretary.post(address, data={"passed": "yes"}).status_code == 303
        answer = self.move(call, "review")
        assert answer.status_code == 303, answer.text

    def declare(self, who, call, involved=()):
        """Say in which applications somebody is involved."""
        query = select(Application).filter_by(call_id=call.id, state="passed")
        data = {}
        for one in db.session.scalars(query):
            yes = one.id in involved
            data[f"involved_{one.id}"] = "yes" if yes else "no"
            data[f"reason_{one.id}"] = "我是该组织的顾问" if yes else ""
        return who.post(f"{HERE}calls/{call.id}/declare", data=data)

    def score(self, who, one, *marks, comment=""):
        data = dict(zip(CODES, map(str, marks), strict=True)) | {"comment": comment}
        return who.post(f"{HERE}applications/{one.id}/score", data=data)

    def award(self, call, amounts, note="", last=0):
        data = {f"fen_{key}": yuan for key, yuan in amounts.items()}
        address = f"{HERE}calls/{call.id}/award"
        return self.secretary.post(address, data=data | {"note": note, "last": last})


@pytest.fixture
def story(login, community):
    """Play in the community of the fixtures."""
    return Story(login, community)


@pytest.fixture
def reviewed(story):
    """Two applications before a panel of two experts."""
    call = story.call()
    ones = []
    for name, yuan in (("食堂帮帮团", "50000"), ("送餐志愿队", "30000")):
        organisation = story.organisation(name, member=NAMES[len(ones)])
        who = story.browser("resident", NAMES[len(ones)])
        ones.append(story.write(who, call, organisation, title=f"{name}项目", yuan=yuan))
    experts = story.panel(call, "钱学礼", "孙国强")
    story.to_review(call)
    return call, ones, experts
