"""Needs, resources and projects as they are played by their pages."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.api import Organisation, clock, db, places_at
from civic_party.joint_models import Match, Project
from civic_party.list_models import Need, Resource

HERE = "/c/erlonglu/party/"


@dataclass
class Lists:
    """Play the three lists by their pages."""

    login: object
    community: object
    browsers: dict = field(default_factory=dict)
    units: dict = field(default_factory=dict)

    def browser(self, code, name=""):
        """Return the browser of a person, signed in once."""
        key = (code, name)
        if key not in self.browsers:
            self.browsers[key] = self.login(code, name=name)
        return self.browsers[key]

    def unit(self, name):
        """Return a unit of the community."""
        if name not in self.units:
            made = Organisation(
                kind="resident_unit",
                name=name,
                node_id=self.places()["6号楼"],
                valid_from=clock.now() - timedelta(days=90),
            )
            db.session.add(made)
            db.session.commit()
            self.units[name] = made.id
        return self.units[name]

    def liaison(self, unit, name):
        """Return the browser of a liaison of a unit."""
        unit_id, who = self.unit(unit), self.login.id("resident_unit", name=name)
        standing = db.metadata.tables["standing"]
        held = standing.update().where(standing.c.person_id == who)
        db.session.execute(held.values(organisation_id=unit_id))
        db.session.commit()
        return self.browser("resident_unit", name)

    @property
    def bank(self):
        return self.liaison("金融银行", "钱联络")

    @property
    def secretary(self):
        return self.browser("secretary")

    @property
    def staff(self):
        return self.browser("staff")

    @property
    def club(self):
        return self.browser("resident")

    def places(self):
        return {name: place_id for place_id, name in places_at(self.community).items()}

    def need(self, **changed):
        """Return the fields of a need of a club for a room on Thursdays."""
        values = {
            "side": "group",
            "group_name": "夕阳红合唱队",
            "kind": "venue",
            "title": "周四排练场地",
            "text": "每周四下午排练。",
            "place_id": self.places()["6号楼"],
            "days_1": [3],
            "begins_1": "14:00",
            "ends_1": "16:00",
            "heads": "20",
            "urgency": "ordinary",
            "by_day": day_in(120),
            "form_key": f"n{len(list(self.all(Need)))}",
        }
        return {key: value for key, value in (values | changed).items() if value is not None}

    def resource(self, **changed):
        """Return the fields of the canteen of a bank, 14:00 to 17:00 on working days."""
        values = {
            "side": str(self.unit("金融银行")),
            "kind": "canteen",
            "title": "职工食堂下午开放",
            "text": "桌椅可移动。",
            "place_id": self.places()["6号楼"],
            "room": "2层",
            "days_1": [0, 1, 2, 3, 4],
            "begins_1": "14:00",
            "ends_1": "17:00",
            "capacity": "60",
            "conditions": "保持清洁",
            "form_key": f"r{len(list(self.all(Resource)))}",
        }
        return {key: value for key, value in (values | changed).items() if value is not None}

    def all(self, model):
        return db.session.scalars(select(model).order_by(model.id)).all()

    def last(self, model):
        return db.session.scalars(select(model).order_by(model.id.desc())).first()

    def post(self, who, list_name, data):
        return who.post(f"{HERE}{list_name}/new", data=data)

    def check(self, list_name, row, act="publish", reason="", who=None):
        address = f"{HERE}{list_name}/{row.id}/check"
        return (who or self.secretary).post(address, data={"act": act, "reason": reason})

    def posted(self, list_name, who=None, **changed):
        """Return a need or a resource that waits to be checked."""
        data = self.need(**changed) if list_name == "needs" else self.resource(**changed)
        who = who or (self.club if list_name == "needs" else self.bank)
        answer = self.post(who, list_name, data)
        assert answer.status_code == 303, answer.text
        return self.last(Need if list_name == "needs" else Resource)

    def public(self, list_name, who=None, **changed):
        """Return a need or a resource that stands on the list."""
        row = self.posted(list_name, who, **changed)
        answer = self.check(list_name, row)
        assert answer.status_code == 303, answer.text
        return row

    def answer(self, who, match, side, *, yes=True, words=""):
        act = "accept" if yes else "decline"
        return who.post(f"{HERE}matches/{match.id}/{act}", data={"side": side, "words": words})

    def project(self):
        """Return the project of the club in the canteen."""
        self.public("resources")
        self.public("needs")
        match = self.last(Match)
        assert self.answer(self.bank, match, "resource").status_code == 303
        assert self.answer(self.club, match, "need").status_code == 303
        return self.last(Project)

    def move(self, who, project, act, words=""):
        return who.post(f"{HERE}projects/{project.id}/move", data={"act": act, "words": words})


def day_in(days):
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


@pytest.fixture
def lists(login, community):
    return Lists(login, community)
