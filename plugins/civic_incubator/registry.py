"""The registry of organisations of residents: proposed, filed, joined, looked up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db, plain, spoken
from civic.api import lazy_gettext as _l
from civic_incubator.manifest import plugin
from civic_incubator.models import CODE, Member, Organisation
from civic_incubator.words import data

PAGE = 50
PROPOSED, ENDED = "proposed", "ended"
APPLIES = frozenset(row["code"] for row in data("registry")["status"] if row["applies"])
#: How many organisations one person may have proposed that nobody has filed yet.
MOST_PROPOSED = 3


@dataclass(frozen=True)
class Filter:
    """Say which organisations are looked for; what is empty does not count."""

    kind: str = ""
    status: str = ""
    words: str = ""

    def narrow(self, query: Select[Any]) -> Select[Any]:
        """Return the query for those organisations alone."""
        if self.kind:
            query = query.where(Organisation.kind == self.kind)
        if self.status:
            query = query.where(Organisation.status == self.status)
        if self.words:
            query = query.where(Organisation.name.icontains(self.words, autoescape=True))
        return query


@dataclass(frozen=True)
class Page:
    """Hold one page of organisations; `older` is where the next begins."""

    rows: Sequence[Organisation]
    total: int
    older: int | None


def page(community: Community, which: Filter, after: int | None = None) -> Page:
    """Return the organisations of a page, by their names."""
    query = which.narrow(select(Organisation).filter_by(community_id=community.id))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    last = db.session.get(Organisation, after) if after else None
    if last is not None:
        key = (Organisation.name > last.name) | (
            (Organisation.name == last.name) & (Organisation.id > last.id)
        )
        query = query.where(key)
    query = query.order_by(Organisation.name, Organisation.id).limit(PAGE + 1)
    found = db.session.scalars(query).all()
    return Page(found[:PAGE], total, found[PAGE - 1].id if len(found) > PAGE else None)


def organisation(community: Community, organisation_id: int) -> Organisation:
    """Return an organisation of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Organisation, organisation_id)
    if found is None or found.community_id != community.id:
        message = _l("There is no such organisation here.")
        raise Refused("no_organisation", message, HTTPStatus.NOT_FOUND)
    return found


def propose(actor: Actor, community: Community, values: dict[str, Any]) -> Organisation:
    """Bring an organisation before the community; whoever does speaks for it.

    :param values: `name`, `kind`, `people` and `about`.
    :raises Refused: `name_taken`, `too_many`.
    """
    mine = (
        select(func.count())
        .select_from(Member)
        .join(Organisation)
        .where(Member.person_id == actor.person_id, Organisation.status == PROPOSED)
    )
    if (db.session.scalar(mine) or 0) >= MOST_PROPOSED:
        message = _l(
            "%(count)d organisations of yours wait to be filed. Please wait for one of them, or "
            "call the community office."
        )
        raise Refused("too_many", message, HTTPStatus.CONFLICT, {"count": MOST_PROPOSED})
    made = Organisation(
        community_id=community.id,
        status=PROPOSED,
        code=spoken(CODE),
        proposed_at=clock.now(),
        **values,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        message = _l(
            "An organisation of this name stands in the list already. Ask it for its code."
        )
        raise Refused("name_taken", message, HTTPStatus.CONFLICT) from error
    _let_in(made, actor)
    db.session.flush()
    return made


def file(actor: Actor, which: Organisation, status: str, number: str, since: date | None) -> None:
    """Note where an organisation stands, an official act.

    :raises Refused: `number` where a filing has no number or no date, `future` for a day to come.
    """
    if status in APPLIES and not (number and since):
        message = _l("A filing needs its number and its date. Please fill in both.")
        raise Refused("number", message)
    if since is not None and since > clock.local(clock.now()).date():
        raise Refused("future", _l("This date lies ahead. Please look at it again."))
    before = which.status
    which.status, which.number, which.since = status, number, since
    plugin.audit(
        "filed",
        community=which.community,
        subject=f"incubator_organisation:{which.id}",
        actor=actor,
        data={"name": which.name, "before": before, "after": status, "number": number},
    )


def join(actor: Actor, community: Community, code: str) -> Organisation:
    """Let somebody speak for an organisation whose code they have been given.

    :raises Refused: `code` where no organisation here has it.
    """
    typed = plain(code).upper().replace(" ", "").replace("-", "")
    query = select(Organisation).filter_by(community_id=community.id, code=typed)
    found = db.session.scalar(query)
    if found is None or found.status == ENDED:
        message = _l("No organisation here has this code. Ask whoever gave it to you.")
        raise Refused("code", message, HTTPStatus.NOT_FOUND)
    if not speaks_for(actor, found.id):
        _let_in(found, actor)
    return found


def _let_in(which: Organisation, actor: Actor) -> None:
    assert actor.person_id is not None  # noqa: S101 - a visitor has no permission
    member = Member(person_id=actor.person_id, joined_at=clock.now(), organisation=which)
    try:
        with db.session.begin_nested():
            db.session.add(member)
    except IntegrityError:
        return  # by a second press of the same button


def renew_code(actor: Actor, which: Organisation) -> None:
    """Give an organisation another code; the old one lets nobody in any more."""
    values = {"code": spoken(CODE)}
    db.session.execute(update(Organisation).where(Organisation.id == which.id).values(values))
    db.session.refresh(which)
    plugin.audit(
        "code_renewed",
        community=which.community,
        subject=f"incubator_organisation:{which.id}",
        actor=actor,
    )


def speaks_for(actor: Actor, organisation_id: int) -> bool:
    """Tell whether somebody speaks for an organisation."""
    return has(actor.person_id, organisation_id)


def has(person_id: int | None, organisation_id: int) -> bool:
    """Tell whether an organisation has somebody who speaks for it."""
    if person_id is None:
        return False
    query = select(Member.id).filter_by(organisation_id=organisation_id, person_id=person_id)
    return db.session.scalar(query) is not None


def mine(actor: Actor, community_ids: Collection[int]) -> Sequence[Organisation]:
    """Return the organisations that somebody speaks for."""
    if actor.person_id is None:
        return ()
    query = (
        select(Organisation)
        .join(Member)
        .where(Member.person_id == actor.person_id)
        .where(Organisation.community_id.in_(community_ids))
    )
    return db.session.scalars(query.order_by(Organisation.name, Organisation.id)).all()
