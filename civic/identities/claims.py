"""Claim a standing: the acts of the claimant, each under a lock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community, Node
from civic.identities import choosing, holding, known, staying
from civic.identities.claim_states import ACTS, RULES, WAITING
from civic.identities.claimed import Claim, ClaimStep
from civic.identities.models import Organisation
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.text import plain

LONGEST = 500


def make(
    person_id: int,
    community: Community,
    *,
    kind: str,
    node_id: int,
    words: str,
    organisation_id: int | None = None,
) -> Claim:
    """Claim a standing at a place of a community.

    :raises Refused: for a kind nobody may claim, one held or claimed already, or too many waiting.
    """
    if not known.standings()[kind].claimed:
        raise Refused("kind", _l("Please choose what you claim."))
    node = choosing.find(community, node_id)
    holding.check_on(kind, node.id)
    holding.free(person_id, kind, node.id)
    waits = select(func.count(Claim.id)).where(
        Claim.person_id == person_id, Claim.state.in_(WAITING)
    )
    most = RULES["waiting_at_most"].value
    if (db.session.scalar(waits) or 0) >= most:
        raise Refused(
            "too_many",
            _l("%(most)d of your claims are waiting. Please wait for an answer, or withdraw one."),
            HTTPStatus.CONFLICT,
            {"most": most},
        )
    claim = Claim(
        person_id=person_id,
        community_id=_home_of(node),
        node_id=node.id,
        kind=kind,
        organisation_id=_organisation(community, kind, organisation_id),
        text=plain(words)[:LONGEST],
        state="open",
        made_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(claim)
    except IntegrityError as error:
        raise Refused(
            "claimed", _l("You have claimed this already; it waits."), HTTPStatus.CONFLICT
        ) from error
    return claim


def _home_of(node: Node) -> int:
    """Return the nearest community of a place, whose office answers."""
    homes = db.session.scalars(select(Community.id).where(Community.id.in_(node.path))).all()
    return max(homes, key=node.path.index)


def _organisation(community: Community, kind: str, organisation_id: int | None) -> int | None:
    if not organisation_id or not known.standings()[kind].for_organisation:
        return None
    query = (
        select(Organisation.id)
        .join(Node, Node.id == Organisation.node_id)
        .where(Organisation.id == organisation_id, Organisation.kind == kind)
        .where(Node.ids.startswith(community.node.ids), Organisation.valid_to.is_(None))
    )
    found = db.session.scalar(query)
    if found is None:
        raise Refused(
            "organisation",
            _l("This organisation is of another kind. Leave it open and write its name below."),
        )
    return found


def of_person(person_id: int, claim_id: int, *, lock: bool = False) -> Claim:
    """Return a person's own claim.

    :raises Refused: 404 when there is none of theirs.
    """
    return _one(Claim.person_id == person_id, claim_id, lock=lock)


def of_community(community: Community, claim_id: int, *, lock: bool = False) -> Claim:
    """Return a claim at a community or below.

    :raises Refused: 404 when there is none; the same for one of elsewhere.
    """
    inside = select(Node.id).where(Node.ids.startswith(community.node.ids))
    return _one(Claim.node_id.in_(inside), claim_id, lock=lock)


def _one(condition: ColumnElement[bool], claim_id: int, *, lock: bool) -> Claim:
    query = select(Claim).where(Claim.id == claim_id, condition)
    if lock:
        staying.open_among(select(Claim.person_id).where(Claim.id == claim_id, condition))
        query = query.with_for_update().execution_options(populate_existing=True)
    claim = db.session.scalar(query)
    if claim is None:
        raise Refused("no_claim", _l("There is no such claim here."), HTTPStatus.NOT_FOUND)
    return claim


def answer(person_id: int, claim_id: int, words: str) -> Claim:
    """Answer what the office asked.

    :raises Refused: when nothing was asked, or nothing is said.
    """
    claim = of_person(person_id, claim_id, lock=True)
    step(claim, "answered", person_id, text=_words(words))
    return claim


def withdraw(person_id: int, claim_id: int) -> Claim:
    """Take a claim back.

    :raises Refused: when it was decided.
    """
    claim = of_person(person_id, claim_id, lock=True)
    step(claim, "withdrawn", person_id)
    return claim


def appeal(person_id: int, claim_id: int, words: str) -> Claim:
    """Object to a refusal, once and in time; somebody else then decides.

    :raises Refused: `appealed`, `late`, or when the claim was not refused.
    """
    claim = of_person(person_id, claim_id, lock=True)
    steps = acts_on(claim)
    if any(step.act == "appealed" for step in steps):
        raise Refused(
            "appealed",
            _l("You have objected once; this answer is final. You may claim anew with new papers."),
            HTTPStatus.CONFLICT,
        )
    if too_late(claim, steps):
        raise Refused(
            "late", _l("The time to object is over. You may claim anew."), HTTPStatus.CONFLICT
        )
    try:
        with db.session.begin_nested():
            step(claim, "appealed", person_id, text=_words(words))
    except IntegrityError as error:
        raise Refused(
            "claimed", _l("You have claimed this already; it waits."), HTTPStatus.CONFLICT
        ) from error
    return claim


def appeal_until(steps: Sequence[ClaimStep]) -> datetime:
    """Return until when the last refusal may be objected to."""
    refused = [step.at for step in steps if step.act == "refused"]
    return max(refused) + timedelta(days=RULES["appeal_days"].value)


def too_late(claim: Claim, steps: Sequence[ClaimStep]) -> bool:
    """Tell whether the time to object to a refusal is over."""
    return claim.state == "refused" and clock.now() > appeal_until(steps)


def place_of(claim: Claim) -> Node:
    """Return where a claim's standing would be held."""
    return db.session.get_one(Node, claim.node_id)


def organisation_name(claim: Claim) -> str:
    """Return the name of the organisation that a claim names, or nothing."""
    query = select(Organisation.name).filter_by(id=claim.organisation_id)
    return db.session.scalar(query) or ""


def acts_on(claim: Claim) -> Sequence[ClaimStep]:
    """Return what was done about a claim, the oldest first."""
    return db.session.scalars(
        select(ClaimStep).filter_by(claim_id=claim.id).order_by(ClaimStep.id)
    ).all()


def step(claim: Claim, act: str, by_id: int, **details: str) -> ClaimStep:
    """Take an act on a locked claim where its state allows it.

    :raises Refused: `state`.
    """
    if claim.state not in ACTS[act].before:
        raise Refused(
            "state",
            _l("This claim has gone on meanwhile. Please look at it again."),
            HTTPStatus.CONFLICT,
        )
    claim.state = ACTS[act].after
    made = ClaimStep(claim_id=claim.id, act=act, by_id=by_id, at=clock.now(), **details)
    db.session.add(made)
    db.session.flush()
    return made


def _words(words: str) -> str:
    words = plain(words).strip()[:LONGEST]
    if not words:
        raise Refused("empty", _l("Please write a sentence."))
    return words
