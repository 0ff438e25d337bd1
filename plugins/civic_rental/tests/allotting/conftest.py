"""An allotment as it is played: homes, applicants, staff of several posts."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.api import clock, db
from civic_rental.allocation_models import Allocation
from civic_rental.application_models import Applicant
from civic_rental.home_models import Home, Listing, Workplace
from civic_rental.models import Conversion

HERE = "/c/erlonglu/rental/"
NAMES = ("张建国", "李秀英", "王芳", "刘洋", "陈杰", "杨敏", "赵磊", "黄丽", "周涛", "吴静")
NUMBER = "03,11,17,22,29,33+08"
DAY = timedelta(days=1)


def local(moment):
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M")


def homes(community_id, doors=2, **changed):
    """Return homes that are on the list."""
    now = clock.now()
    conversion = Conversion(
        community_id=community_id,
        title="旧招待所改公寓",
        building="二龙路8号楼",
        old_use="hotel",
        kind="apartment",
        operator="惠居运营",
        about="",
        facts=[],
        state="listed",
        entered_at=now,
        form_key=f"c{now.timestamp()}",
        made_at=now,
    )
    db.session.add(conversion)
    db.session.flush()
    values = {
        "title": "二龙路青年公寓",
        "kind": "apartment",
        "layout": "一室一卫",
        "area": 2200,
        "rent": 220000,
        "pay_months": 1,
        "deposit": 220000,
        "custody": "监管账户",
        "fees": "",
        "lease_months": 12,
        "furniture": [],
        "lift": True,
        "step_free": True,
        "text": "",
        "audience": [],
        "tiers": ["partner", "far", "other"],
        "homes": doors,
        "persons": 2,
        "state": "listed",
        "form_key": f"l{now.timestamp()}",
        "made_at": now,
        "published_at": now,
    }
    listing = Listing(community_id=community_id, conversion_id=conversion.id, **(values | changed))
    db.session.add(listing)
    db.session.flush()
    for number in range(1, doors + 1):
        db.session.add(Home(listing_id=listing.id, door=f"{number}0{number}室"))
    db.session.commit()
    return listing


@dataclass
class Allot:
    """Play an allotment by its pages."""

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

    @property
    def officer(self):
        return self.browser("street_officer")

    @property
    def head(self):
        return self.browser("committee_head", "郑主任")

    @property
    def staff(self):
        return self.browser("community_worker", "何社工")

    def applicant(self, number):
        return self.browser("worker", NAMES[number])

    def fields(self, listing, **changed):
        now = clock.now()
        values = {
            "title": "青年公寓首批配租",
            "listing_id": listing.id,
            "ordering": "lottery",
            "quota": "",
            "opens_at": local(now + DAY),
            "closes_at": local(now + 8 * DAY),
            "source": "lottery",
            "issue": "第2026135期",
            "public_at": local(now + 14 * DAY),
            "form_key": f"key{listing.id}",
        }
        return values | changed

    def homes(self, **changed):
        return homes(self.community.id, **changed)

    def drafted(self, listing=None, **changed):
        listing = listing or self.homes()
        answer = self.secretary.post(f"{HERE}allocations/new", data=self.fields(listing, **changed))
        assert answer.status_code == 303, answer.text
        return db.session.scalars(select(Allocation).order_by(Allocation.id.desc())).first()

    def act(self, who, one, act, **data):
        return who.post(f"{HERE}allocations/{one.id}/{act}", data=data)

    def done(self, who, one, act, **data):
        answer = self.act(who, one, act, **data)
        assert answer.status_code == 303, answer.text
        return answer

    def fixed(self, **changed):
        one = self.drafted(**changed)
        self.done(self.secretary, one, "fix", version=one.version)
        return one

    def opened(self, **changed):
        """Draw an allotment up, fix it, and let the day of applications come."""
        one = self.fixed(**changed)
        self.later(DAY + timedelta(minutes=2))
        return one

    def later(self, much):
        self.gone = getattr(self, "gone", timedelta()) + much
        clock.shift(self.gone)

    def begin(self, who, one):
        answer = self.act(who, one, "apply")
        query = select(Applicant).filter_by(allocation_id=one.id).order_by(Applicant.id.desc())
        return answer, db.session.scalars(query).first()

    def post(self, who, mine, step, data, *, version=None):
        if version is None:
            db.session.expire_all()
            version = db.session.get(Applicant, mine.id).version
        return who.post(f"{HERE}applications/{mine.id}/{step}", data=data | {"version": version})

    def household(self, **changed):
        values = {"household": "1", "phone": "13800001234", "address": "丰台区某街1号楼101"}
        return values | changed

    def apply(self, number, one, claims=(), **changed):
        """Write an application and hand it in."""
        who = self.applicant(number)
        answer, mine = self.begin(who, one)
        assert answer.status_code == 303, answer.text
        said = {f"claim_{code}": "yes" for code in claims}
        said |= {f"evidence_{code}": f"{code}证明" for code in claims}
        own = {"phone": f"1380000{number:04d}", "address": f"丰台区某街{number}号"}
        for step, data in (
            ("household", self.household(**(own | changed))),
            ("work", {"unit": "金融街某银行", "workplace": ""}),
            ("wishes", {"wishes": ""}),
            ("grounds", said),
            ("submit", {}),
        ):
            answer = self.post(who, mine, step, data)
            assert answer.status_code == 303, answer.text
        return db.session.get(Applicant, mine.id)

    def decide(self, mine, kind, verified="yes", reason="", who=None):
        data = {"kind": kind, f"{kind}-verified": verified, f"{kind}-reason": reason}
        return (who or self.staff).post(f"{HERE}applications/{mine.id}/check", data=data)

    def frozen(self, count=5, **changed):
        """Let some apply, verify all, and freeze the list."""
        one = self.opened(**changed)
        for number in range(count):
            claims = {0: ("unit",), 1: ("no_home", "far")}.get(number, ())
            mine = self.apply(number, one, claims)
            for kind in claims:
                assert self.decide(mine, kind).status_code == 303
        self.later(7 * DAY)
        self.done(self.secretary, one, "freeze")
        return one

    def drawn(self, count=5, **changed):
        one = self.frozen(count, **changed)
        self.later(7 * DAY)
        self.done(self.officer, one, "draw", number=NUMBER)
        return one

    def published(self, count=5, **changed):
        one = self.drawn(count, **changed)
        self.done(self.secretary, one, "publish", number=NUMBER)
        return one

    def offered(self, count=5, **changed):
        one = self.published(count, **changed)
        self.later(4 * DAY)
        self.done(self.secretary, one, "offer")
        return one


@pytest.fixture
def allot(login, community):
    """Play in the community of the fixtures."""
    yield Allot(login, community)
    clock.shift(timedelta())


@pytest.fixture
def stranger(client):
    """Return the browser of somebody who is not signed in."""
    return client.application.test_client()


@pytest.fixture
def workplace(community):
    row = Workplace(community_id=community.id, name="金融街")
    db.session.add(row)
    db.session.commit()
    return row
