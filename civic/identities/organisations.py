"""Units and organisations that people act for: add, change, end."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from civic.communities.known import Titles
from civic.communities.models import Community, Node
from civic.identities import choosing, known, standings, staying
from civic.identities.actors import in_force
from civic.identities.models import Organisation, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.own_data import Words
from civic.kernel.permissions import Actor

PAGE = 40
#: Organisations that a choice offers.
MOST = 200


def kinds(community: Community) -> dict[str, Words]:
    """Return the kinds of organisation at a community: those of the standings held for one."""
    return {
        code: kind.title
        for code, kind in known.offered(community).items()
        if kind.for_organisation and not kind.private
    }


def titles() -> Titles:
    """Return what kinds of organisation are called, known or not."""
    return Titles({code: kind.title for code, kind in known.standings().items()})


@dataclass(frozen=True, kw_only=True)
class Details:
    """Hold what is kept of an organisation."""

    kind: str
    name: str
    node_id: int
    credit_code: str = ""
    telephone: str = ""


def page(
    community: Community, *, ended: bool = False, after: int = 0
) -> tuple[list[tuple[Organisation, int]], int]:
    """Return a page of organisations with how many act for each, and the key of the next page."""
    now = clock.now()
    acting = (
        select(func.count(Standing.id))
        .where(
            Standing.organisation_id == Organisation.id,
            in_force(Standing.valid_from, Standing.valid_to, now),
        )
        .correlate(Organisation)
        .scalar_subquery()
    )
    query = _inside(community).add_columns(acting).order_by(Organisation.id.desc())
    state = Organisation.valid_to.is_not(None) if ended else Organisation.valid_to.is_(None)
    query = query.where(state).limit(PAGE + 1)
    if after:
        query = query.where(Organisation.id < after)
    found = [(row[0], row[1]) for row in db.session.execute(query)]
    return found[:PAGE], found[PAGE - 1][0].id if len(found) > PAGE else 0


def choices(community: Community, kind: str = "") -> Sequence[Organisation]:
    """Return the organisations in force here that a form offers, by name, at most `MOST`."""
    query = _inside(community).where(Organisation.valid_to.is_(None)).order_by(Organisation.name)
    if kind:
        query = query.where(Organisation.kind == kind)
    return db.session.scalars(query.limit(MOST)).all()


def one(community: Community, organisation_id: int, *, lock: bool = False) -> Organisation:
    """Return an organisation of a community or below.

    :raises Refused: 404 when there is none; the same for one of elsewhere.
    """
    query = _inside(community).where(Organisation.id == organisation_id)
    found = db.session.scalar(query.with_for_update(of=Organisation) if lock else query)
    if found is None:
        raise Refused(
            "no_organisation", _l("There is no such organisation here."), HTTPStatus.NOT_FOUND
        )
    return found


def add(actor: Actor, community: Community, details: Details) -> Organisation:
    """Add an organisation.

    :raises Refused: `credit_code_taken`, or for a place of elsewhere.
    """
    choosing.find(community, details.node_id)
    if details.kind not in kinds(community):
        raise Refused("kind", _l("Please choose what kind of organisation it is."))
    made = Organisation(valid_from=clock.now(), **_columns(details))
    _keep(made)
    standings.record(actor, community, "organisation.added", f"organisation:{made.id}")
    return made


def change(
    actor: Actor, community: Community, organisation_id: int, details: Details
) -> Organisation:
    """Change what is kept of an organisation; its kind stays, as standings rest on it.

    :raises Refused: `credit_code_taken`, `ended`, or for a place of elsewhere.
    """
    found = _current(community, organisation_id)
    choosing.find(community, details.node_id)
    for name, value in _columns(details).items():
        if name != "kind":
            setattr(found, name, value)
    _keep(found)
    standings.record(actor, community, "organisation.changed", f"organisation:{found.id}")
    return found


def end(actor: Actor, community: Community, organisation_id: int) -> int:
    """End an organisation, and the standings held for it; return how many those were.

    :raises Refused: `ended`.
    """
    found = _current(community, organisation_id)
    found.valid_to = clock.now()
    held = (
        Standing.organisation_id == found.id,
        in_force(Standing.valid_from, Standing.valid_to, clock.now()),
    )
    staying.open_among(select(Standing.person_id).where(*held))
    acting = db.session.scalars(select(Standing).where(*held).with_for_update()).all()
    for standing in acting:
        standings.finish(actor, community, standing, str(_l("The organisation has ended.")))
    standings.record(actor, community, "organisation.ended", f"organisation:{found.id}")
    return len(acting)


def _current(community: Community, organisation_id: int) -> Organisation:
    found = one(community, organisation_id, lock=True)
    if found.valid_to is not None:
        raise Refused("ended", _l("This organisation has ended."), HTTPStatus.CONFLICT)
    return found


def _columns(details: Details) -> dict[str, object]:
    return {
        "kind": details.kind,
        "name": details.name.strip(),
        "node_id": details.node_id,
        "credit_code": details.credit_code.strip().upper() or None,
        "telephone": details.telephone.strip(),
    }


def _keep(organisation: Organisation) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(organisation)
            db.session.flush()
    except IntegrityError as error:
        raise Refused(
            "credit_code_taken",
            _l("An organisation with this number is registered already."),
            HTTPStatus.CONFLICT,
        ) from error


def _inside(community: Community) -> Select[Any]:
    return (
        select(Organisation)
        .join(Node, Node.id == Organisation.node_id)
        .where(Node.ids.startswith(community.node.ids))
    )


def place_of(organisation: Organisation) -> Node:
    """Return where an organisation is."""
    return db.session.get_one(Node, organisation.node_id)


def here(offer: choosing.Offer, node_id: int, label: str) -> choosing.Offer:
    """Return the offer of places to an organisation that has one: that one, where lists are long.

    :param label: how its place reads.
    """
    if offer.final and node_id in offer.options:
        return offer
    return choosing.Offer(offer.top, {node_id: label}, final=True)
