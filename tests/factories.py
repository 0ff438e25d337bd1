"""Invented people and places for tests."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pyotp
from sqlalchemy import Select, select

from civic.communities import kinds, services
from civic.communities.models import Community, Node, Post
from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.identities import claims, codes, factors, sessions
from civic.identities.actors import actor_for
from civic.identities.claimed import Claim
from civic.identities.credentials import SignIn
from civic.identities.dwellings import Dwelling, Household, Owner, Ownership
from civic.identities.kinds import ADMINISTRATOR, DEPUTY, OFFICER, SECRETARY
from civic.identities.models import Contact, Organisation, Person, Standing
from civic.identities.services import appoint
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.processes import bundles
from civic.voting import opening, roll_call
from civic.voting import services as voting
from civic.voting.box import UsedRight
from civic.voting.choices import Marks
from civic.voting.drawing import Rule
from civic.voting.models import Ballot, BallotOption
from civic.voting.rolls import Roll

_numbers = count(1)
#: Long enough ago that everything made "now" is in force.
LONG_AGO = timedelta(days=100)


def person(name: str = "王桂兰", *, adult: bool = True, password_hash: str = "-") -> Person:
    number = next(_numbers)
    made = Person(
        name=name,
        public_name=f"{name[:1]}*",
        password_hash=password_hash,
        adult=adult,
        agreed="test",
        agreed_at=clock.now(),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    contact = Contact(person_id=made.id, kind="email", value=f"p{number}@example.com")
    db.session.add(contact)
    db.session.flush()
    return made


def closed(who: Person) -> None:
    """Let somebody be gone, as far as their own row goes."""
    who.name, who.password_hash, who.guardian_id = "", "", None
    who.closed_at = clock.now()


def standing(who: Person, node: Node, kind: str = "resident_living", *, level: int = 2) -> Standing:
    made = Standing(
        person_id=who.id,
        kind=kind,
        node_id=node.id,
        level=level,
        source="test",
        valid_from=clock.now() - LONG_AGO,
    )
    db.session.add(made)
    db.session.flush()
    return made


def sign_ins(who: Person) -> list[str]:
    """Return what somebody signs in with."""
    query = select(Contact.value).filter_by(person_id=who.id).order_by(Contact.id)
    return list(scalars(query))


def rows(query: Select[Any]) -> list[tuple[Any, ...]]:
    """Return the rows a query finds, and let go of the database."""
    found = [tuple(row) for row in db.session.execute(query)]
    db.session.commit()
    return found


def scalars(query: Select[Any]) -> list[Any]:
    """Return what a query finds, and let go of the database."""
    found = list(db.session.scalars(query, execution_options={"populate_existing": True}))
    db.session.commit()
    return found


def fresh_code(world: "World", node: Node | None = None, standing: str = "resident_living") -> str:
    """Make one invitation code."""
    fresh = codes.make(
        world.actor("secretary"),
        node or world.gate,
        standing,
        1,
        community_id=world.erlong.id,
    )
    db.session.commit()
    return fresh[0].code


def session_key(
    who: Person, *, second_factor: bool = True, confirmed: bool = True, device: str = "test"
) -> str:
    """Begin a session, commit it, and return what its cookie holds as `_user_id`.

    It lasts and its password counts as long as a test may move the clock.

    :param second_factor: whether the second factor was given, so that the powers of posts count.
    :param confirmed: whether the password was given, so that acts of weight are done at once.
    """
    now = clock.now()
    secret = f"secret{next(_numbers)}"
    row = SignIn(
        person_id=who.id,
        digest=sessions.digest(secret),
        device=device,
        began_at=now,
        ends_at=now + 40 * LONG_AGO,
        confirmed_at=now + (40 if confirmed else -1) * LONG_AGO,
        second_factor_at=now if second_factor else None,
    )
    db.session.add(row)
    db.session.commit()
    return f"{who.id}.{secret}"


def second_factor(who: Person) -> str:
    """Give somebody a second factor; return the secret that their authenticator shares."""
    made = factors.begin(who.id)
    made.confirmed_at = clock.now()
    db.session.commit()
    return factors.shared(made)


def code_of(secret: str, steps: int = 0) -> str:
    """Return what an authenticator shows now, or so many steps later."""
    return pyotp.TOTP(secret).at(clock.now(), counter_offset=steps)


def claim(
    who: Person, community: Community, node: Node, kind: str = "resident_registered"
) -> Claim:
    """Let somebody claim a standing."""
    made = claims.make(who.id, community, kind=kind, node_id=node.id, words="我三月起租住301室。")
    db.session.commit()
    return made


def organisation(node: Node, name: str = "丰盛医院", kind: str = "resident_unit") -> Organisation:
    """A unit at a place."""
    made = Organisation(node_id=node.id, kind=kind, name=name, valid_from=clock.now() - LONG_AGO)
    db.session.add(made)
    db.session.commit()
    return made


def actor(who: Person | None) -> Actor:
    if who is None:
        return Actor()
    found = actor_for(who.id)
    assert found is not None
    return found


@dataclass
class World:
    """One street, its communities, and people of each role."""

    street: Community
    erlong: Community
    jingji: Community
    tower: Community
    building: Node
    gate: Node
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, role: str) -> Actor:
        return actor(self.people[role]) if role != "anonymous" else Actor()


ROLES = (
    "anonymous",
    "resident",
    "elsewhere",
    "worker",
    "secretary",
    "officer",
    "administrator",
)


def build_world() -> World:
    street_node = services.add_node(kinds.SUBDISTRICT, "金融街街道")
    erlong_node = services.add_node(kinds.COMMUNITY, "二龙路社区", street_node)
    jingji_node = services.add_node(kinds.COMMUNITY, "京畿道社区", street_node)
    tower_node = services.add_node(kinds.FUNCTIONAL, "金融中心大厦", street_node)
    street = services.found(street_node, "jinrongjie", telephone="010-0000-0000")
    erlong = services.found(erlong_node, "erlonglu", telephone="010-0000-0001", hours="9:00–17:00")
    jingji = services.found(jingji_node, "jingjidao")
    tower = services.found(tower_node, "tower")
    estate = services.add_node(kinds.ESTATE, "二龙路小区", erlong_node)
    building = services.add_node(kinds.BUILDING, "6号楼", estate)
    gate = services.add_node(kinds.GATE, "2单元", building)
    world = World(street, erlong, jingji, tower, building, gate)
    people = world.people
    people["resident"] = person("王桂兰")
    standing(people["resident"], gate)
    people["neighbour"] = person("陈志强")
    standing(people["neighbour"], building)
    people["elsewhere"] = person("赵敏")
    standing(people["elsewhere"], jingji_node)
    people["worker"] = person("李明")
    standing(people["worker"], tower_node, "worker")
    people["minor"] = person("小王", adult=False)
    standing(people["minor"], gate)
    posts = {
        "secretary": (erlong_node, SECRETARY, "二龙路社区党委"),
        "deputy": (erlong_node, DEPUTY, "二龙路社区党委"),
        "officer": (street_node, OFFICER, "社区建设办公室"),
        "administrator": (street_node, ADMINISTRATOR, "街道办事处"),
    }
    for role, (node, kind, office) in posts.items():
        people[role] = person({"secretary": "周红", "deputy": "孙伟"}.get(role, "吴刚"))
        appoint(people[role], services.add_post(node, kind, role, office).id)
    db.session.commit()
    return world


def consultation(
    community: Community,
    *,
    stage: str = "deliberating",
    audience: tuple[str, ...] = ("resident",),
    published: bool = True,
    options: tuple[str, ...] = ("东侧", "西侧", "不建"),
) -> Consultation:
    """A consultation that is in the given stage now."""
    day = timedelta(days=1)
    now = clock.now()
    opens, voting, closes = {
        "scheduled": (now + day, now + 3 * day, now + 5 * day),
        "deliberating": (now - day, now + day, now + 3 * day),
        "voting": (now - 3 * day, now - day, now + day),
        "closed": (now - 5 * day, now - 3 * day, now - day),
    }[stage]
    ballot = Ballot(
        community_id=community.id,
        question="停车位设在哪里？",
        audience=list(audience),
        opens_at=voting,
        closes_at=closes,
        turnout=0,
        options=[BallotOption(position=n, text=text) for n, text in enumerate(options)],
    )
    made = Consultation(
        community_id=community.id,
        title="二龙路停车怎么办？",
        background="背景",
        background_html="<p>背景</p>",
        audience=list(audience),
        opens_at=opens,
        voting_opens_at=voting,
        closes_at=closes,
        ballot=ballot,
        created_at=now - 6 * day,
        published_at=now - 6 * day if published else None,
        office="二龙路社区党委",
        comment_count=0,
        statement_count=0,
        participant_count=0,
    )
    db.session.add(made)
    if published:
        opening.fix(ballot)
    db.session.commit()
    return made


def cast(ballot: Ballot, who: Person, option_id: int | None) -> str:
    """Let somebody vote while the box is open, whatever the rule of the audience says."""
    marks = Marks(abstains=True) if option_id is None else Marks(picked=[str(option_id)])
    right = voting.Right(key=voting.key_of(who.id), person_id=who.id)
    last = ballot.closes_at - timedelta(minutes=1)
    with clock.at(max(ballot.opens_at, min(clock.now(), last))):
        code = voting.put(ballot, right, marks).code
    db.session.commit()
    return code


def choices(ballot: Ballot) -> dict[int | None, str | None]:
    """Return what the box holds, by person."""
    query = select(UsedRight.person_id, UsedRight.choice).filter_by(ballot_id=ballot.id)
    return {row[0]: row[1] for row in rows(query)}


def appointed_administrator(world: World, name: str = "马亮") -> Person:
    """Another administrator of the street, in the same post."""
    post = db.session.scalars(select(Post).filter_by(kind=ADMINISTRATOR)).one()
    made = person(name)
    appoint(made, post.id)
    db.session.commit()
    return made


def home(community: Community, place: Node, number: str = "302") -> tuple[int, int]:
    """Make a home with one owner, as a list of properties brings it; return the ids of both."""
    since = clock.now() - LONG_AGO
    key = {"community_id": community.id}
    dwelling = Dwelling(
        node_id=place.id, number=number, area_register_cm2=893_500, valid_from=since, **key
    )
    owner = Owner(name="孙丽", identity=f"{number}{next(_numbers)}", last4="123X", **key)
    db.session.add_all([dwelling, owner])
    db.session.flush()
    db.session.add(Ownership(dwelling_id=dwelling.id, owner_id=owner.id, valid_from=since))
    db.session.add(Household(dwelling_id=dwelling.id, valid_from=since, **key))
    db.session.flush()
    return dwelling.id, owner.id


def roll_of_residents(world: "World", community: Community | None = None) -> Roll:
    """Draw a roll of the adult residents of a community, as a draft of the secretary."""
    place = community or world.erlong
    rule = Rule(unit="person", node_id=place.id, standings=("resident",), level=2)
    return roll_call.by_rule(world.actor("secretary"), place, rule)


def case_by_process(
    community: Community,
    code: str = "hearing",
    *,
    stage: str = "",
    procedure: str = "",
) -> Consultation:
    """A published case that goes the way of a process, from its first stage unless told."""
    template = bundles.shipped()[code]
    made = consultation(community)
    made.process_code = code
    made.process = {"data": template.data, "procedure_code": procedure}
    made.stage = stage or template.process.stages[0].code
    made.stage_since = clock.now()
    made.present = stages.present(template.data, made.stage, until=None, back="")
    db.session.commit()
    return made
