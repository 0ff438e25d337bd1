"""A conversion as it is played: from the request to homes that are listed."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from civic.api import clock, db
from civic_rental import states
from civic_rental.home_models import Commute, Listing, Workplace
from civic_rental.models import Conversion, Opinion

HERE = "/c/erlonglu/rental/"
DISTRICT = ("housing", "planning", "fire", "urban")
#: What is said of each record, where it is asked for.
NUMBER, WORDS = "京西建〔2026〕12号", "已核对，符合要求。"


@dataclass
class Story:
    """Play a conversion by its pages."""

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
    def staff(self):
        return self.browser("staff")

    @property
    def secretary(self):
        return self.browser("secretary")

    def fields(self, **changed):
        values = {
            "title": "甲9号旧楼改造公寓",
            "building": "二龙路甲9号",
            "old_use": "rental",
            "kind": "apartment",
            "operator": "安居住房租赁有限公司",
            "about": "老旧出租房改造为公寓。",
            "form_key": "one",
        }
        return values | changed

    def begin(self, **changed):
        answer = self.staff.post(f"{HERE}conversions/new", data=self.fields(**changed))
        assert answer.status_code == 303, answer.text
        return db.session.scalars(select(Conversion).order_by(Conversion.id.desc())).first()

    def at(self, row, part=""):
        return f"{HERE}conversions/{row.id}/{part}"

    def record(self, row, code, who=None, **changed):
        today = clock.local(clock.now()).date().isoformat()
        data = {"code": code, "number": NUMBER, "day": today, "words": WORDS} | changed
        return (who or self.staff).post(self.at(row, "records"), data=data)

    def move(self, row, to, words="", who=None):
        data = {"to": to, "words": words}
        return (who or self.secretary).post(self.at(row, "move"), data=data)

    def state(self, row):
        db.session.expire_all()
        return db.session.get(Conversion, row.id).state

    def fill(self, row):
        """Put on record all that the state of a conversion asks for, and answer its gates."""
        db.session.expire_all()
        state = states.way().states[db.session.get(Conversion, row.id).state]
        for code in state.records:
            assert self.record(row, code).status_code == 303, code
        if "partners" in state.gates:
            for name, homes in (("明川银行", "4"), ("启衡证券", "2")):
                data = {"name": name, "homes": homes}
                assert self.staff.post(self.at(row, "partners"), data=data).status_code == 303
        if "opinions" in state.gates:
            self.opine(row)
        if "building" in state.gates:
            data = {"facts": ["two_exits", "fire_kit", "gas_safe"]}
            assert self.staff.post(self.at(row, "facts"), data=data).status_code == 303

    def opinion(self, row, office, opinion="pass", words=""):
        who = {"street": "street_officer", "community": "secretary"}.get(office, f"rental.{office}")
        data = {"office": office, "opinion": opinion, "words": words}
        return self.browser(who).post(self.at(row, "review"), data=data)

    def opine(self, row, **other):
        """Let every office pass it, but for those named with what they say instead."""
        db.session.expire_all()
        now = db.session.get(Conversion, row.id).review_round
        said_so = select(Opinion.office).filter_by(conversion_id=row.id, round=now)
        there = set(db.session.scalars(said_so.where(Opinion.state == "counted")))
        for office in states.way().offices:
            if office in there:
                continue
            said = other.get(office, ("pass", ""))
            if said is not None:
                assert self.opinion(row, office, *said).status_code == 303, office

    def to(self, row, goal):
        """Lead a conversion to a state, with all that is asked for on the way."""
        way = list(states.way().states)
        while (state := self.state(row)) != goal:
            self.fill(row)
            if state == "inspection" and not db.session.scalar(select(Listing.id).limit(1)):
                self.home(row)
            forward = next(m.to for m in states.way().states[state].moves if m.forward)
            answer = self.move(row, forward)
            assert answer.status_code == 303, (state, answer.text)
            assert way.index(self.state(row)) > way.index(state)
        return row

    def home_fields(self, **changed):
        values = {
            "title": "一居室（朝南）",
            "kind": "apartment",
            "layout": "一室一厨一卫",
            "area": "32.5",
            "rent": "3200",
            "pay_months": "1",
            "deposit": "3200",
            "custody": "北京建房托管账户",
            "fees": "水电自理，物业费120元/月",
            "lease_months": "12",
            "furniture": ["bed", "desk"],
            "lift": "y",
            "text": "近地铁，可做饭。",
            "audience": ["worker"],
            "tiers": ["partner", "far", "other"],
            "form_key": "home",
        }
        rooms = (("bedroom", "14", "2", "y"), ("kitchen", "5", "0", ""), ("bathroom", "4", "", ""))
        for number, row in enumerate(rooms, 1):
            names = zip(("use", "area", "persons", "window"), row, strict=True)
            values |= {f"{key}_{number}": value for key, value in names if value}
        return values | changed

    def home(self, row, doors="2层201\n2层202\n3层301", who=None, **changed):
        """Write homes of a conversion down, with their doors."""
        who = who or self.staff
        answer = who.post(self.at(row, "homes/new"), data=self.home_fields(**changed))
        assert answer.status_code == 303, answer.text
        made = db.session.scalars(select(Listing).order_by(Listing.id.desc())).first()
        if doors:
            answer = who.post(f"{HERE}homes/{made.id}/doors", data={"doors": doors})
            assert answer.status_code == 303, answer.text
        return made

    def publish(self, home, who=None):
        return (who or self.secretary).post(f"{HERE}homes/{home.id}/publish")

    def public(self, **changed):
        """Return homes that are listed."""
        row = self.begin()
        home = self.home(row, **changed)
        self.to(row, "listed")
        assert self.publish(home).status_code == 303
        return home

    def ways(self, row, place="金融街", **minutes):
        """Enter how long it is to a workplace."""
        query = select(Workplace).filter_by(community_id=self.community.id, name=place)
        found = db.session.scalar(query)
        if found is None:
            found = Workplace(community_id=self.community.id, name=place)
            db.session.add(found)
            db.session.flush()
        for mode, many in minutes.items():
            made = Commute(conversion_id=row.id, workplace_id=found.id, mode=mode, minutes=many)
            db.session.add(made)
        db.session.commit()
        return found.id


@pytest.fixture
def story(login, community):
    """Play in the community of the fixtures."""
    return Story(login, community)
