"""Cases of the core by which neighbours and owners are heard: named in a record, and followed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from civic.api import CaseAt, Community, Refused, StageEntered, clock, db, identifier, look_at_case
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_rental import states
from civic_rental.manifest import plugin
from civic_rental.models import Conversion, NamedCase, Record
from civic_rental.words import said, titles

#: A number alone, or an address that ends in it.
ADDRESS = re.compile(r"(?:\S*/(?:consultations|cases)/)?([0-9]+)(?:[/?#]\S*)?")


@dataclass(frozen=True)
class Shown:
    """Be a case as the page of a conversion shows it: `stage` in words."""

    url: str
    title: str
    stage: str
    decided: bool


def find(community: Community, typed: str) -> CaseAt:
    """Return the published case of a community that staff named by its address or number.

    :raises Refused: `no_case`.
    """
    found = ADDRESS.fullmatch(typed.strip())
    number = identifier(found[1]) if found else None
    case = look_at_case(community, number) if number else None
    if case is None:
        message = _l(
            "No published case of this community has this address or number. Open the case, and "
            "copy its address from there; a draft is published first. Leave the line empty where "
            "people were heard on paper."
        )
        raise Refused("no_case", message, HTTPStatus.UNPROCESSABLE_ENTITY)
    return case


def name(record: Record, case: CaseAt) -> None:
    """Keep with a record which case it names."""
    db.session.flush()
    kept = NamedCase(record_id=record.id, case_id=case.id, kind=case.kind, since=clock.now())
    db.session.add(kept)


def named(there: Mapping[str, Record]) -> dict[str, NamedCase]:
    """Return the cases that the records that count name, by the codes of the records."""
    codes = {row.id: code for code, row in there.items()}
    query = select(NamedCase).where(NamedCase.record_id.in_(codes)).order_by(NamedCase.record_id)
    return {codes[row.record_id]: row for row in db.session.scalars(query)}


def _kind(kept: NamedCase, case: CaseAt) -> str:
    """Return the kind of stage that counts: one that is filed keeps what was known before."""
    return kept.kind if case.kind in states.way().filed else case.kind


def shown(conversion: Conversion, there: Mapping[str, Record]) -> dict[str, Shown]:
    """Return the cases that are named, with where each stands now, by the codes of the records."""
    words = titles("conversion", "case")
    found = {}
    for code, kept in named(there).items():
        case = look_at_case(conversion.community, kept.case_id)
        if case is not None:
            decided = _kind(kept, case) in states.way().decided
            stage = words.get(case.kind, case.kind)
            found[code] = Shown(case.url, case.title, stage, decided)
    return found


def undecided(conversion: Conversion, there: Mapping[str, Record]) -> list[str]:
    """Return a sentence for each named case that has not come to its decision."""
    return [
        _(
            "%(what)s: the case “%(title)s” stands at “%(stage)s”. Wait for its decision; if none "
            "comes, put on record how people were heard on paper, without a case.",
            what=said(states.way().records[code]),
            title=each.title,
            stage=each.stage,
        )
        for code, each in shown(conversion, there).items()
        if not each.decided
    ]


def _waiting(community: Community, case_id: int | None = None) -> Sequence[NamedCase]:
    """Return what conversions that wait for cases name."""
    newer = aliased(Record)
    later = select(newer.id).where(
        newer.conversion_id == Record.conversion_id, newer.code == Record.code, newer.id > Record.id
    )
    query = (
        select(NamedCase)
        .join(Record, Record.id == NamedCase.record_id)
        .join(Conversion, Conversion.id == Record.conversion_id)
        .where(Conversion.community_id == community.id, Conversion.state.in_(GATED))
        .where(~later.exists())
    )
    if case_id is not None:
        query = query.where(NamedCase.case_id == case_id)
    return db.session.scalars(query.order_by(NamedCase.record_id)).all()


#: In these a named case keeps a conversion from its next state.
GATED = tuple(code for code, state in states.way().states.items() if "cases" in state.gates)


def follow(community: Community, case_id: int | None = None) -> None:
    """Keep with what names it where a case stands now, or each case; twice comes to the same."""
    for kept in _waiting(community, case_id):
        case = look_at_case(community, kept.case_id)
        if case is not None and (kind := _kind(kept, case)) != kept.kind:
            kept.kind, kept.since = kind, clock.now()


@plugin.on(StageEntered)
def entered(event: StageEntered) -> None:
    """Note that a case that a conversion names has come to a stage."""
    community = db.session.get(Community, event.community_id)
    if community is not None:
        follow(community, event.consultation_id)


def ready(community_ids: Sequence[int], limit: int) -> Sequence[tuple[Conversion, NamedCase]]:
    """Return conversions whose named cases are all decided, with the one decided last."""
    newest = (
        select(func.max(Record.id).label("id"))
        .join(Conversion, Conversion.id == Record.conversion_id)
        .where(Conversion.community_id.in_(community_ids), Conversion.state.in_(GATED))
        .group_by(Record.conversion_id, Record.code)
    )
    other, at = aliased(Record), aliased(NamedCase)
    open_one = (
        select(other.id)
        .join(at, at.record_id == other.id)
        .where(other.conversion_id == Conversion.id, other.id.in_(newest))
        .where(at.kind.not_in(states.way().decided))
    )
    last = (
        select(func.max(Record.id))
        .join(NamedCase, NamedCase.record_id == Record.id)
        .where(Record.id.in_(newest))
        .group_by(Record.conversion_id)
    )
    query = (
        select(Conversion, NamedCase)
        .join(Record, Record.conversion_id == Conversion.id)
        .join(NamedCase, NamedCase.record_id == Record.id)
        .where(Record.id.in_(last), ~open_one.exists())
        .order_by(NamedCase.since, Conversion.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
