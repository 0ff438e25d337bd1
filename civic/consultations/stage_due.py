"""What is due in cases by stage: stages whose time is over, and moves that wait for another one."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, exists, select

from civic.communities.models import Community, Node, path_of
from civic.communities.services import within
from civic.consultations import queries, stage_pages
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import StageEntry, StageProposal
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, narrowed
from civic.processes import terms

#: So many rows are read for each that is shown: those of other posts are left out afterwards.
SPARE = 4


def proposed(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the moves that somebody else has proposed and the actor may confirm."""
    query = (
        _cases(actor, StageProposal)
        .join(StageProposal, StageProposal.consultation_id == Consultation.id)
        .where(StageProposal.stage == Consultation.stage, StageProposal.by != actor.person_id)
        .order_by(StageProposal.at)
    )
    found: list[Due] = []
    for case, slug, ids, proposal in _read(actor, query, limit):
        moves = [one for one in _moves(actor, case, ids) if one["act"] == proposal.act]
        for move in moves[:1]:
            action = _("Confirm: %(act)s", act=stage_pages.words(move["title"]))
            url = url_for("ways.confirm", community=slug, consultation_id=case.id, act=proposal.act)
            found.append(_due(case, action, url, since=proposal.at))
    return found[:limit]


def over(actor: Actor, limit: int) -> Iterable[Due]:
    """Return the cases whose stage has lasted its time and that the actor can lead on."""
    waits = exists().where(
        StageProposal.consultation_id == Consultation.id,
        StageProposal.stage == Consultation.stage,
    )
    query = (
        _cases(actor, StageEntry)
        .join(StageEntry, StageEntry.consultation_id == Consultation.id)
        .where(
            # The entry by which the case came where it stands.
            StageEntry.stage == Consultation.stage,
            StageEntry.at == Consultation.stage_since,
            StageEntry.due_at <= clock.now(),
            ~waits,
        )
        .order_by(StageEntry.due_at)
    )
    found: list[Due] = []
    for case, slug, ids, entry in _read(actor, query, limit):
        ways = [one for one in _moves(actor, case, ids) if not _beside(case, one["to"])]
        if ways:
            action = _("“%(stage)s” is over: go on", stage=stage_pages.here(case))
            url = url_for("ways.show", community=slug, consultation_id=case.id)
            found.append(_due(case, action, url, since=case.stage_since, at=entry.due_at))
    return found[:limit]


def _cases(actor: Actor, other: type[Any]) -> Select[Any]:
    return (
        select(Consultation, Community.slug, Node.ids, other)
        .join(Community, Community.id == Consultation.community_id)
        .join(Node, Node.id == Community.id)
        .where(Consultation.process_code.is_not(None), narrowed(actor, Consultation))
        .options(*queries.short(way=True))
    )


def _read(actor: Actor, query: Select[Any], limit: int) -> Iterator[Any]:
    paths = {post.path for post in actor.posts}
    if not paths or actor.person_id is None:
        return iter(())
    return iter(db.session.execute(query.where(within(paths)).limit(limit * SPARE)).all())


def _moves(actor: Actor, case: Consultation, ids: str) -> list[dict[str, Any]]:
    """Return the moves out of the stage of a case that are the actor's, as the case has copied."""
    groups = actor.groups(path_of(ids))
    every = case.process.get("data", {}).get("moves", ())
    return [
        move
        for move in every
        if {case.stage, terms.EVERYWHERE} & {*move["from"]} and not groups.isdisjoint(move["who"])
    ]


def _beside(case: Consultation, code: str) -> bool:
    kinds = {one["code"]: one["kind"] for one in case.process["data"]["stages"]}
    return code == terms.BACK or kinds.get(code) in terms.BESIDE


def _due(
    case: Consultation, action: str, url: str, *, since: datetime | None, at: datetime | None = None
) -> Due:
    return Due(
        kind=_("Case by stage"),
        title=case.title,
        action=action,
        url=url,
        at=at,
        since=since,
        community_id=case.community_id,
    )
