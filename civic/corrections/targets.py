"""What can be corrected: each kind of thing says which version it is, and who is answerable.

Rooms above the voting and notices register theirs; a page of corrections asks by kind and key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.consultations import linked
from civic.corrections.rules import COUNT, NOTICE, RULE
from civic.kernel import i18n
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import VISITOR
from civic.notices import services as notices
from civic.procedures import services as procedures
from civic.procedures.models import ProcedureVersion
from civic.voting import finding
from civic.voting.canonical import fingerprint
from civic.voting.models import CLOSED, BallotStep


@dataclass(frozen=True, kw_only=True)
class Target:
    """Be one thing that may be wrong, as it is now.

    :ivar kind: one of `rules.TARGETS`.
    :ivar ballot_id: the vote that decided it; those who may vote in it may sign.
    :ivar consultation_id: the case it belongs to.
    """

    kind: str
    id: int
    title: str
    version: str
    fingerprint: str
    answerable_id: int | None = None
    ballot_id: int | None = None
    consultation_id: int | None = None


@dataclass(frozen=True)
class Finder:
    """Find things of one kind.

    :ivar find: takes a community and a key.
    :ivar url: takes the name of the community in addresses, and the target's key.
    """

    find: Callable[[Community, int], Target | None]
    url: Callable[[str, int], str]


def register(kind: str, finder: Finder) -> None:
    """Let things of a kind be corrected, in the current app."""
    known()[kind] = finder


def known() -> dict[str, Finder]:
    """Return the finders of the current app, by kind."""
    found: dict[str, Finder] = current_app.extensions.setdefault("civic_correctable", {})
    return found


def find(community: Community, kind: str, subject_id: int) -> Target:
    """Return a thing of a community that everybody may see.

    :raises Refused: 404, the same for one that is missing, elsewhere, or not public.
    """
    finder = known().get(kind)
    found = finder.find(community, subject_id) if finder else None
    if found is None:
        raise missing()
    return found


def missing() -> Refused:
    """Return the one answer for what does not exist and for what cannot be corrected."""
    return Refused(
        "no_target", _l("There is nothing here that could be corrected."), HTTPStatus.NOT_FOUND
    )


def url(slug: str, kind: str, subject_id: int) -> str:
    """Return the address of a thing, or of the list where nobody knows its kind any more."""
    finder = known().get(kind)
    if finder is None:
        return url_for("corrections.index", community=slug)
    return finder.url(slug, subject_id)


def _count(community: Community, ballot_id: int) -> Target | None:
    try:
        ballot = finding.find(VISITOR, community, ballot_id)
    except Refused:
        return None
    if ballot.closing_hash is None or ballot.published_at is None:
        return None
    closed = select(BallotStep.confirmed_by).filter_by(ballot_id=ballot.id, act=CLOSED)
    return Target(
        kind=COUNT,
        id=ballot.id,
        title=ballot.question,
        version="1",
        fingerprint=ballot.closing_hash,
        answerable_id=db.session.scalar(closed),
        ballot_id=ballot.id,
        consultation_id=linked.case_of(ballot.id),
    )


def _notice(community: Community, notice_id: int) -> Target | None:
    try:
        notice = notices.find(VISITOR, community, notice_id)
    except Refused:
        return None
    if notice.issued_at is None or notice.withdrawn_at is not None:
        return None
    return Target(
        kind=NOTICE,
        id=notice.id,
        title=notice.title,
        version=str(notice.version),
        fingerprint=fingerprint([notice.title, notice.body]),
        answerable_id=notice.issued_by,
    )


def _rule(_community: Community, version_id: int) -> Target | None:
    query = select(ProcedureVersion).options(joinedload(ProcedureVersion.confirmation))
    version = db.session.scalar(query.where(ProcedureVersion.id == version_id))
    if version is None:
        return None
    title = procedures.procedure_of(version).title
    given = version.confirmation
    return Target(
        kind=RULE,
        id=version.id,
        title=title.words(i18n.language()),
        version=str(version.number),
        fingerprint=version.fingerprint,
        answerable_id=given.person_id if given else None,
    )


def _rule_url(_slug: str, version_id: int) -> str:
    version = db.session.get_one(ProcedureVersion, version_id)
    return url_for("procedures.show", code=version.code, number=version.number)


def init() -> None:
    """Register what the rooms below have, in the current app."""
    register(
        COUNT,
        Finder(_count, lambda slug, key: url_for("ballots.result", community=slug, ballot_id=key)),
    )
    register(
        NOTICE,
        Finder(_notice, lambda slug, key: url_for("notices.show", community=slug, notice_id=key)),
    )
    register(RULE, Finder(_rule, _rule_url))
