"""Invented people and places for tests of plugins."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flask.testing import FlaskClient

from civic.communities import kinds, services, switching
from civic.communities.models import Community, Node
from civic.identities import sessions
from civic.identities.credentials import SignIn
from civic.identities.kinds import ADMINISTRATOR, OFFICER, POSTS, SECRETARY
from civic.identities.known import standings
from civic.identities.models import Person, Standing
from civic.identities.services import appoint
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.holidays import HolidayYear

#: Long enough ago that everything made "now" is in force.
LONG_AGO = timedelta(days=100)
LEVEL = 2
#: What people are called for short, and the standing or post they hold then.
SHORT = {"resident": "resident_living", "staff": "community_worker"}
#: Posts that are held at the street rather than in the community.
OF_THE_STREET = frozenset({OFFICER, ADMINISTRATOR})
NAMES = {
    "resident_living": "王桂兰",
    "worker": "李明",
    SECRETARY: "周红",
    OFFICER: "吴刚",
    ADMINISTRATOR: "马亮",
}


def settle(plugins: Sequence[str]) -> Community:
    """Make an invented street with two communities; the plugins are on in the first one."""
    street = services.add_node(kinds.SUBDISTRICT, "金融街街道")
    services.found(street, "jinrongjie", telephone="010-0000-0000")
    here = services.add_node(kinds.COMMUNITY, "二龙路社区", street)
    home = services.found(here, "erlonglu", telephone="010-0000-0001", hours="9:00–17:00")
    services.found(services.add_node(kinds.COMMUNITY, "京畿道社区", street), "jingjidao")
    building = services.add_node(kinds.BUILDING, "6号楼", here)
    services.add_node(kinds.GATE, "2单元", building)
    now = clock.now()
    for year in range(now.year - 1, now.year + 3):
        days: dict[str, list[str]] = {"off": [], "work": []}
        db.session.add(HolidayYear(year=year, source="test", uploaded_at=now, **days))
    for name in plugins:
        switching.switch(home, name, on=True)
    db.session.commit()
    found = services.find("erlonglu")
    db.session.commit()
    return found


def person(name: str, *, adult: bool = True) -> Person:
    """Make somebody who holds nothing yet."""
    now = clock.now()
    made = Person(
        name=name,
        public_name=f"{name[:1]}*",
        password_hash="-",  # noqa: S106 - nobody can sign in with it
        adult=adult,
        agreed="test",
        agreed_at=now,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def hold(who: Person, code: str, node: Node) -> None:
    """Let somebody hold a standing or a post at a place.

    :raises ValueError: for a code that is neither.
    """
    if code in POSTS:
        street = services.ancestors(node.path[:1])[0]
        at = street if code in OF_THE_STREET else node
        post = services.add_post(at, code, f"{code} {who.id}", at.name)
        appoint(who, post.id)
    elif code in standings():
        since = clock.now() - LONG_AGO
        db.session.add(
            Standing(
                person_id=who.id,
                kind=code,
                node_id=node.id,
                level=LEVEL,
                source="test",
                valid_from=since,
            )
        )
    else:
        known = ", ".join([*SHORT, *standings(), *POSTS])
        message = f"{code!r} is neither a standing nor a post; known are {known}"
        raise ValueError(message)


@dataclass
class Login:
    """Sign people of a community in.

    `login("resident")` signs the fixture `client` in and returns a browser of that person's own;
    the same words name the same person each time. A standing code, a post code, `resident`,
    `staff` or `member` (who has an account and nothing else) says what the person holds.
    """

    client: FlaskClient
    community: Community
    people: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def __call__(self, code: str, *, name: str = "", at: str = "erlonglu") -> FlaskClient:
        """Sign somebody in; return a browser of their own.

        :param name: another person with the same standing or post.
        :param at: the community in which they hold it, by its name in addresses.
        """
        who = self.id(code, name=name, at=at)
        own = self.client.application.test_client()
        for browser in (self.client, own):
            key = session_key(who)
            with browser.session_transaction() as session:
                session.clear()
                session["_user_id"] = key
        return own

    def id(self, code: str, *, name: str = "", at: str = "erlonglu") -> int:
        """Return the number of a person, who is made when first asked for."""
        code = SHORT.get(code, code)
        key = (code, name, at)
        if key not in self.people:
            made = person(name or NAMES.get(code, "陈志强"))
            if code != "member":
                hold(made, code, services.find(at).node)
            db.session.commit()
            self.people[key] = made.id
        return self.people[key]

    def out(self) -> FlaskClient:
        """Sign the fixture `client` out and return it."""
        with self.client.session_transaction() as session:
            session.clear()
        return self.client


def session_key(person_id: int) -> str:
    """Begin a session in which the powers of posts count; return what its cookie holds."""
    now = clock.now()
    secret = f"test-{person_id}"
    digest = sessions.digest(secret)
    if not db.session.query(SignIn).filter_by(person_id=person_id, digest=digest).first():
        db.session.add(
            SignIn(
                person_id=person_id,
                digest=digest,
                device="test",
                began_at=now,
                ends_at=now + 40 * LONG_AGO,
                confirmed_at=now + 40 * LONG_AGO,
                second_factor_at=now,
            )
        )
        db.session.commit()
    return f"{person_id}.{secret}"
