"""Raise a correction, sign its petition, find and list them."""

from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.corrections import entitled
from civic.corrections.models import (
    GATHERING,
    LAPSED,
    RAISED,
    Correction,
    CorrectionSignature,
)
from civic.corrections.rules import VOTERS, rules
from civic.corrections.targets import Target
from civic.identities import staying
from civic.kernel import audit, clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.periods import Period, TableMissing, end_of
from civic.kernel.permissions import Actor

LONGEST = 4000
MANAGE = "corrections.manage"
RAISE = "corrections.raise"


def direct(actor: Actor, community: Community) -> str:
    """Return the office by which somebody raises a correction without signatures, or nothing."""
    codes = rules().direct
    post = next((one for one in actor.posts_at(community.path) if one.code in codes), None)
    if post is not None:
        return post.title
    held = [one for one in actor.standings if one.code in codes]
    here = any(one.path[: len(community.path)] == community.path for one in held)
    return str(_l("Supervision")) if here else ""


def raise_(
    actor: Actor,
    community: Community,
    target: Target,
    *,
    kind: str,
    words: str,
    form_key: str,
    as_post: bool = False,
) -> Correction:
    """Say that something is wrong; a form sent twice is kept once.

    :param as_post: whether it is raised in the name of an office whose word needs no signatures.
    :raises Refused: `kind`, `words` or `not_direct`.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    words = text.plain(words)
    if kind not in rules().kinds_of(target.kind):
        raise Refused("kind", _l("Please choose what is wrong."))
    if not words or len(words) > LONGEST:
        raise Refused("words", _l("Please write what is wrong, in at most 4,000 characters."))
    post = direct(actor, community) if as_post else ""
    if as_post and not post:
        raise Refused("not_direct", _l("Your posts do not raise corrections without signatures."))
    staying.hold(actor.person_id)
    before = db.session.scalar(
        select(Correction).filter_by(raised_by=actor.person_id, form_key=form_key)
    )
    if before is not None:
        return before
    gathers = rules().kinds[kind].petition and not post
    made = Correction(
        community_id=community.id,
        target=target.kind,
        subject_id=target.id,
        version=target.version,
        fingerprint=target.fingerprint,
        title=target.title,
        consultation_id=target.consultation_id,
        answerable_id=target.answerable_id,
        kind=kind,
        words=words,
        raised_by=actor.person_id,
        raised_at=clock.now(),
        post=post,
        form_key=form_key,
        state=GATHERING if gathers else RAISED,
        signed_voters=0,
        signed_representatives=0,
    )
    if gathers:
        bases = entitled.bases(community, entitled.ballot_of(target.kind, target.id))
        made.voters, made.representatives = bases.values()
        made.gather_until = _gathering()
    else:
        made.due_at = until(rules().admission)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        again = select(Correction).filter_by(raised_by=actor.person_id, form_key=form_key)
        return db.session.scalars(again).one()
    recorded("correction.raised", actor, made, kind=kind, target=f"{target.kind}:{target.id}")
    return made


def until(period: Period) -> datetime | None:
    """Return when a period that begins now is over; None where the days off are not known."""
    try:
        return end_of(clock.now(), period, holidays.load())
    except TableMissing:
        return None


def _gathering() -> datetime:
    """Return until when signatures are taken; nobody loses a right since a table is missing."""
    period = rules().gathering
    return until(period) or clock.now() + timedelta(days=period.n + 1)


def sign(actor: Actor, community: Community, correction_id: int) -> Correction:
    """Support a petition once; the signature that makes it enough hands it on.

    :raises Refused: `not_gathering`, `over`, `not_entitled` or `signed`.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    staying.hold(actor.person_id)
    found = locked(community, correction_id)
    if found.state != GATHERING:
        raise Refused(
            "not_gathering", _l("Signatures are not gathered any more."), HTTPStatus.CONFLICT
        )
    assert found.gather_until is not None  # noqa: S101 - the database says so
    if clock.now() >= found.gather_until:
        raise Refused("over", _l("The time for signatures is over."), HTTPStatus.CONFLICT)
    ballot = entitled.ballot_of(found.target, found.subject_id)
    right = entitled.signer(actor, community, ballot)
    if right is None:
        raise Refused(
            "not_entitled",
            _l("Voters and representatives may sign; you are not known as one of them here."),
            HTTPStatus.FORBIDDEN,
        )
    signature = CorrectionSignature(
        correction_id=found.id,
        key=right.key,
        person_id=actor.person_id,
        base=right.base,
        at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(signature)
    except IntegrityError as error:
        raise Refused(
            "signed", _l("It is signed with this right already."), HTTPStatus.CONFLICT
        ) from error
    if right.base == VOTERS:
        found.signed_voters += 1
    else:
        found.signed_representatives += 1
    if rules().supported(found.signed, found.bases):
        found.state, found.supported_at = RAISED, clock.now()
        found.due_at = until(rules().admission)
        recorded("correction.supported", None, found, **found.signed)
    db.session.flush()
    return found


def lapse() -> int:
    """Let petitions end whose time is over without enough signatures; return how many."""
    query = select(Correction).where(
        Correction.state == GATHERING,
        Correction.gather_until <= clock.now(),
    )
    found = db.session.scalars(query.with_for_update()).all()
    for one in found:
        one.state = LAPSED
        recorded("correction.lapsed", None, one, **one.signed)
    return len(found)


def find(community: Community, correction_id: int) -> Correction:
    """Return a correction of a community with whoever raised it.

    :raises Refused: 404.
    """
    query = select(Correction).options(joinedload(Correction.raiser))
    found = db.session.scalar(query.filter_by(id=correction_id, community_id=community.id))
    if found is None:
        raise missing()
    return found


def locked(community: Community, correction_id: int) -> Correction:
    """Return a correction, held until the transaction ends.

    :raises Refused: 404.
    """
    found = db.session.scalar(
        select(Correction)
        .filter_by(id=correction_id, community_id=community.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise missing()
    return found


def missing() -> Refused:
    """Return the one answer for what does not exist here."""
    return Refused("no_correction", _l("There is no such correction here."), HTTPStatus.NOT_FOUND)


def recorded(act: str, actor: Actor | None, found: Correction, **data: object) -> None:
    """Keep an act in the audit, with the post in whose name it was done."""
    post = ""
    if actor is not None:
        community = db.session.get_one(Community, found.community_id)
        post = actor.office_at(community.path)
    audit.append(
        act,
        person_id=actor.person_id if actor else None,
        actor="" if actor else "clock",
        post=post,
        subject=f"correction:{found.id}",
        community_id=found.community_id,
        data=data,
    )
