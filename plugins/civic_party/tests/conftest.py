"""Bodies and meetings as they are played by their pages."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from party_said import HEADS, HERE, UNITS, local
from sqlalchemy import select, text

from civic.api import Organisation, clock, db
from civic_party.meeting_models import Meeting, Topic
from civic_party.models import Body, Seat
from civic_party.record_models import Action


@dataclass
class Story:
    """Play a body by its pages: four units, each with a person who fills the seat."""

    login: object
    community: object
    browsers: dict = field(default_factory=dict)
    keys: int = 0
    days: int = 0

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
    def clerk(self):
        """Return the browser of a second person of the office."""
        return self.browser("staff", "何文")

    def later(self, days):
        """Let days pass."""
        self.days += days
        clock.shift(timedelta(days=self.days))

    def key(self):
        self.keys += 1
        return f"key-{self.keys}"

    def unit(self, name):
        """Return a unit of the community."""
        found = db.session.scalar(select(Organisation).filter_by(name=name))
        if found is None:
            found = Organisation(
                node_id=self.community.id, kind="resident_unit", name=name, valid_from=clock.now()
            )
            db.session.add(found)
            db.session.commit()
        return found

    def liaison(self, unit, name):
        """Return the browser of somebody who acts for a unit, and their number."""
        browser = self.browser("resident_unit", name)
        who = self.login.id("resident_unit", name=name)
        acts = text("UPDATE standing SET organisation_id = :unit WHERE person_id = :who")
        db.session.execute(acts, {"unit": self.unit(unit).id, "who": who})
        db.session.commit()
        return browser, who

    def body(self, *, filled=True, **changed):
        """Found a body, give the units seats, and set a rota that begins with the first."""
        values = {
            "kind": "grand_working_committee",
            "title": "金融街大工委",
            "parent": "0",
            "begins_on": "2020-01-01",
            "ends_on": "",
            "about": "",
        }
        answer = self.secretary.post(f"{HERE}bodies/new", data=values | changed)
        assert answer.status_code == 303, answer.text
        made = db.session.scalars(select(Body).order_by(Body.id.desc())).first()
        at = f"{HERE}bodies/{made.id}/"
        for unit, head in zip(UNITS, HEADS, strict=True):
            _browser, who = self.liaison(unit, head)
            data = {"unit": self.unit(unit).id, "office": ""}
            assert self.secretary.post(f"{at}seats", data=data).status_code == 303
            seat = self.seat(unit, made)
            if filled:
                data = {"person": who, "name": "", "title": "负责人"}
                answer = self.secretary.post(f"{at}seats/{seat.id}", data=data)
                assert answer.status_code == 303, answer.text
        turns = {f"turn_{self.seat(unit, made).id}": n for n, unit in enumerate(UNITS, 1)}
        answer = self.secretary.post(f"{at}rota", data={"starts": self.quarter()} | turns)
        assert answer.status_code == 303, answer.text
        return made

    def quarter(self):
        from civic_party import bodies, quarters

        return quarters.quarter_of(bodies.today())

    def seat(self, unit, body=None):
        query = select(Seat).filter_by(organisation_id=self.unit(unit).id)
        if body is not None:
            query = query.filter_by(body_id=body.id)
        return db.session.scalars(query.order_by(Seat.id.desc())).first()

    def call(self, body, *, days=20, **changed):
        """Call a meeting in some days."""
        data = {
            "starts_at": local(clock.now() + timedelta(days=days)),
            "place": "街道会议室",
            "form_key": self.key(),
        }
        answer = self.secretary.post(f"{HERE}bodies/{body.id}/meetings/new", data=data | changed)
        assert answer.status_code == 303, answer.text
        return db.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()

    def propose(self, meeting, unit, title):
        browser, _who = self.liaison(unit, HEADS[UNITS.index(unit)])
        data = {"seat": self.seat(unit).id, "title": title, "text": "", "form_key": self.key()}
        answer = browser.post(f"{HERE}meetings/{meeting.id}/topics/new", data=data)
        assert answer.status_code == 303, answer.text
        return db.session.scalars(select(Topic).order_by(Topic.id.desc())).first()

    def settle(self, meeting, topic, act="accept", reason=""):
        address = f"{HERE}meetings/{meeting.id}/topics/{topic.id}/settle"
        return self.clerk.post(address, data={"act": act, "reason": reason})

    def state(self, meeting):
        db.session.expire_all()
        return db.session.get(Meeting, meeting.id).state

    def move(self, meeting, to, who=None, **more):
        data = {"to": to, "seen": self.state(meeting)} | more
        return (who or self.secretary).post(f"{HERE}meetings/{meeting.id}/move", data=data)

    def moved(self, meeting, to, who=None, **more):
        answer = self.move(meeting, to, who, **more)
        assert answer.status_code == 303, answer.text
        return answer

    def noticed(self, body, *, days=20, title="共享停车"):
        """Bring a meeting to its notice, with one topic."""
        meeting = self.call(body, days=days)
        topic = self.propose(meeting, UNITS[0], title)
        assert self.settle(meeting, topic).status_code == 303
        self.later(days - 14)
        self.moved(meeting, "agenda")
        self.moved(meeting, "noticed")
        return meeting, topic

    def attend(self, meeting, *ways):
        """Note attendance in the order of the units."""
        data = {}
        for unit, way in zip(UNITS, ways, strict=False):
            data[f"how_{self.seat(unit).id}"] = way
            data[f"who_{self.seat(unit).id}"] = "来人" if way == "represented" else ""
        return self.clerk.post(f"{HERE}meetings/{meeting.id}/attendance", data=data)

    def held(self, body, *ways, **more):
        """Bring a meeting to the hall, with attendance noted."""
        meeting, topic = self.noticed(body, **more)
        self.later(14)
        self.moved(meeting, "open")
        answer = self.attend(meeting, *(ways or ("present",) * 4))
        assert answer.status_code == 303, answer.text
        return meeting, topic

    def decide(self, meeting, topic, **changed):
        data = {"words": "同意错时共享。", "way": "consensus"} | changed
        address = f"{HERE}meetings/{meeting.id}/topics/{topic.id}/decision"
        return self.clerk.post(address, data=data)

    def task(self, meeting, topic, unit=UNITS[1], *, days=30, **changed):
        data = {
            "title": "开放50个车位",
            "owner": self.seat(unit).id,
            "helpers": [],
            "due_on": (clock.local(clock.now()).date() + timedelta(days=days)).isoformat(),
            "form_key": self.key(),
        }
        address = f"{HERE}meetings/{meeting.id}/topics/{topic.id}/tasks"
        return self.clerk.post(address, data=data | changed)

    def only_task(self):
        db.session.expire_all()
        return db.session.scalars(select(Action)).one()

    def write(self, meeting, words="大家都说好。", seen="0"):
        data = {"opinions": words, "seen": seen}
        return self.clerk.post(f"{HERE}meetings/{meeting.id}/minutes/write", data=data)

    def remark(self, meeting, unit, words=""):
        browser = self.browser("resident_unit", HEADS[UNITS.index(unit)])
        data = {"seat": self.seat(unit).id, "words": words}
        return browser.post(f"{HERE}meetings/{meeting.id}/minutes/remark", data=data)

    def commenting(self, body, **more):
        """Bring a meeting to its draft of minutes, with one decision and one task."""
        meeting, topic = self.held(body, **more)
        assert self.decide(meeting, topic).status_code == 303
        answer = self.task(meeting, topic)
        assert answer.status_code == 303, answer.text
        assert self.write(meeting).status_code == 303
        self.moved(meeting, "drafting", self.clerk)
        self.moved(meeting, "commenting", self.clerk)
        return meeting, topic


@pytest.fixture
def story(login, community):
    """Play in the community of the fixtures."""
    return Story(login, community)
