"""Ballots of every kind, people who vote in them, and bundles to check."""

from datetime import timedelta
from typing import Any

from civic.communities.models import Community, Node
from civic.kernel import clock
from civic.kernel.db import db
from civic.voting import bundles, closing, opening, services
from civic.voting.choices import Marks
from civic.voting.models import Ballot, BallotOption
from civic.voting.verifying import program as verifier
from tests.factories import person, standing

DAY = timedelta(days=1)


def ballot(community: Community, *texts: str, costs: tuple[int, ...] = (), **values: Any) -> Ballot:
    """A ballot that is open now, its rules fixed."""
    now = clock.now()
    dates = {"opens_at": now - DAY, "closes_at": now + DAY}
    made = Ballot(
        community_id=community.id,
        question="停车位设在哪里？",
        audience=["resident"],
        options=[
            BallotOption(position=n, text=text, cost=costs[n] if costs else 0)
            for n, text in enumerate(texts or ("东侧", "西侧", "不建"))
        ],
        **(dates | values),
    )
    db.session.add(made)
    db.session.flush()
    opening.fix(made)
    db.session.commit()
    return made


def marks(kind: str, ids: list[int], choice: Any) -> Marks:
    """Fill in a paper: places of options, or values by place."""
    if choice is None:
        return Marks(abstains=True)
    if kind == "one":
        return Marks(picked=[str(ids[choice])])
    if kind in {"approval", "budget"}:
        return Marks(picked=[str(ids[one]) for one in choice])
    return Marks(values={str(ids[one]): str(value) for one, value in choice.items()})


def vote(made: Ballot, choice: Any, who: Any = None) -> str:
    """Let somebody vote; somebody new unless said otherwise."""
    if who is None:
        who = person("邻居")
        standing(who, db.session.get_one(Node, made.community_id))
    right = services.Right(key=services.key_of(who.id), person_id=who.id)
    ids = [option["id"] for option in made.rules["options"]]
    code = services.put(made, right, marks(made.kind, ids, choice)).code
    db.session.commit()
    return code


def close(made: Ballot) -> Ballot:
    """Close a ballot at its time."""
    with clock.at(made.closes_at):
        closing.close(made.id)
    db.session.commit()
    db.session.refresh(made)
    return made


def bundle(made: Ballot) -> bytes:
    """Return the bytes of a ballot's bundle."""
    content = "".join(bundles.lines(made)).encode()
    db.session.commit()
    return content


def check(content: bytes, closing_hash: str = "") -> dict[str, Any]:
    """Check a bundle as a stranger does."""
    return verifier().verify(content.splitlines(keepends=True), closing_hash)
