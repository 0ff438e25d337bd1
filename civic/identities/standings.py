"""Grant, renew, raise and end standings: the acts of staff on what people rest their rights on."""

from dataclasses import dataclass
from datetime import date, datetime, time
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community, Node
from civic.identities import choosing, holding, known, staying, verifying
from civic.identities.evidence import EVIDENCE, LONGEST_REASON, VERIFIED
from civic.identities.models import Standing
from civic.kernel import audit, clock, declared, tell
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor

#: Code of the messages to a holder.
NEWS = "standing"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Hold what staff grant.

    :ivar rests_on: code of `EVIDENCE`, from which the level follows.
    :ivar last_day: the last day on which it counts; None without an end.
    :ivar proof: what the plugin of the kind checks, where it does; the level then follows from it.
    """

    kind: str
    node_id: int
    rests_on: str
    last_day: date | None = None
    organisation_id: int | None = None
    proof: str = ""


def end_of(last_day: date) -> datetime:
    """Return the last second of a day, as people here read it.

    :raises Refused: `past` when it is over.
    """
    end = datetime.combine(last_day, time(23, 59, 59), clock.ZONE)
    if end <= clock.now():
        raise Refused("past", _l("Please choose a day that is still to come."))
    return end


def grant(actor: Actor, community: Community, person_id: int, wanted: Grant) -> Standing:
    """Grant a standing to somebody of this community.

    :raises Refused: to oneself, for a kind that is not granted here, or one held already.
    """
    others_only(actor, person_id)
    known.check_granter(actor, wanted.kind, community.path)
    kind = known.standings()[wanted.kind]
    if kind.private:
        raise Refused("kind", _l("This standing is not granted here."))
    holding.check_on(kind.code, choosing.find(community, wanted.node_id).id)
    if kind.verify:
        rests_on = VERIFIED
        level = verifying.level(community, wanted.kind, person_id, wanted.proof)
    else:
        rests_on = wanted.rests_on
        level, _words = EVIDENCE[rests_on]
    made = holding.add(
        community,
        Standing(
            person_id=person_id,
            kind=wanted.kind,
            node_id=wanted.node_id,
            level=level,
            source=rests_on,
            verified_by=actor.person_id,
            organisation_id=wanted.organisation_id,
            valid_from=clock.now(),
            valid_to=end_of(wanted.last_day) if wanted.last_day else None,
        ),
    )
    told(actor, community, made, "granted", rests_on=rests_on)
    return made


def renew(actor: Actor, community: Community, standing_id: int, last_day: date) -> Standing:
    """Let a standing in force count until another day.

    :raises Refused: when it has ended, has no end, or is one's own.
    """
    standing = _held(actor, community, standing_id)
    if standing.valid_to is None:
        raise Refused("endless", _l("This standing has no end; nothing has to be renewed."))
    standing.valid_to = end_of(last_day)
    told(actor, community, standing, "renewed")
    return standing


def raise_level(actor: Actor, community: Community, standing_id: int, rests_on: str) -> Standing:
    """Raise the level of a standing by what was shown since.

    :raises Refused: when that would not raise it, when it has ended, or is one's own.
    """
    standing = _held(actor, community, standing_id)
    if known.standings()[standing.kind].verify:
        raise Refused(
            "level", _l("This standing is checked by its plugin. End it, and grant it anew.")
        )
    level, _words = EVIDENCE[rests_on]
    if level <= standing.level:
        raise Refused("level", _l("This does not raise the level."))
    standing.level, standing.source = level, rests_on
    standing.verified_by = actor.person_id
    told(actor, community, standing, "raised", rests_on=rests_on)
    return standing


def end(actor: Actor, community: Community, standing_id: int, reason: str) -> Standing:
    """End a standing with a reason that its holder reads.

    :raises Refused: without a reason, when it has ended already, or is one's own.
    """
    standing = _held(actor, community, standing_id)
    finish(actor, community, standing, reason)
    return standing


def finish(actor: Actor, community: Community, standing: Standing, reason: str) -> None:
    """End a standing that was found and locked.

    :raises Refused: without a reason.
    """
    if not reason.strip():
        raise Refused("reason", _l("Please say why; the person reads it."))
    standing.valid_to = clock.now()
    standing.ended_by = actor.person_id
    standing.end_reason = reason.strip()[:LONGEST_REASON]
    told(actor, community, standing, "ended")


def others_only(actor: Actor, person_id: int) -> None:
    """Refuse an act on oneself.

    :raises Refused: `own`.
    """
    if actor.person_id == person_id:
        raise Refused(
            "own",
            _l("Nobody decides on their own standing. Please ask a colleague."),
            HTTPStatus.FORBIDDEN,
        )


def _held(actor: Actor, community: Community, standing_id: int) -> Standing:
    """Lock and return a standing in force at a community or below."""
    staying.open_among(select(Standing.person_id).where(Standing.id == standing_id))
    query = (
        select(Standing)
        .join(Standing.node)
        .options(joinedload(Standing.node))
        .where(Standing.id == standing_id, Node.ids.startswith(community.node.ids))
        .where(Standing.kind.in_(known.open_kinds()))
        .with_for_update(of=Standing)
        .execution_options(populate_existing=True)
    )
    standing = db.session.scalar(query)
    if standing is None:
        raise Refused("no_standing", _l("There is no such standing here."), HTTPStatus.NOT_FOUND)
    others_only(actor, standing.person_id)
    known.check_granter(actor, standing.kind, community.path)
    if standing.valid_to is not None and standing.valid_to <= clock.now():
        raise Refused("ended", _l("This standing has ended."), HTTPStatus.CONFLICT)
    return standing


def told(actor: Actor, community: Community, standing: Standing, what: str, **data: str) -> None:
    """Write an act on a standing into the audit, and tell its holder."""
    record(
        actor, community, f"standing.{what}", f"standing:{standing.id}", kind=standing.kind, **data
    )
    values = {
        "what": what,
        "kind": standing.kind,
        "community": community.slug,
        "reason": standing.end_reason if what == "ended" else "",
    }
    tell.tell(
        tell.News(
            kind=NEWS,
            subject=f"standing:{standing.id}",
            people=[standing.person_id],
            community_id=community.id,
            values=values,
        )
    )


def record(actor: Actor, community: Community, act: str, subject: str, **data: Any) -> None:  # noqa: ANN401 - JSON values
    """Write an act of staff into the audit, in the name of their nearest post here.

    What nobody did, its plugin did.
    """
    audit.append(
        act,
        person_id=actor.person_id,
        actor="" if actor.person_id else declared.owner(data.get("kind", "")),
        post=actor.office_at(community.path),
        subject=subject,
        community_id=community.id,
        data=data,
    )
