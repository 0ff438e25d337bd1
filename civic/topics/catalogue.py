"""The yearly catalogue of what is consulted on (议事协商目录): drafted, published, replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities.models import Community, Node
from civic.kernel import audit, clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, check, veto
from civic.topics import scales, services
from civic.topics.models import Catalogue, CatalogueEntry

PERMISSION = "topics.catalogue"
LONGEST_TITLE, LONGEST = 80, 500
#: Of one version; a page shows them all.
MOST_ENTRIES = 200


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Hold what is said of one sort of matter.

    :ivar exclusion: why it is not consulted on, by code; for such entries alone.
    """

    title: str
    obligation: str
    exclusion: str = ""
    words: str = ""
    topic_id: int | None = None


def begin(actor: Actor, community: Community, year: int) -> Catalogue:
    """Begin a new version for a year, with the entries of the one in force; or return the draft.

    :raises Refused: `year` for one that is neither this nor the next.
    """
    check(actor, PERMISSION, community.path)
    now = clock.local(clock.now())
    if year not in {now.year, now.year + 1}:
        raise Refused("year", _l("A catalogue is written for this year or the next."))
    # The row of the place puts those who begin one at the same time into one order.
    db.session.execute(select(Node.id).filter_by(id=community.id).with_for_update())
    here = select(Catalogue).filter_by(community_id=community.id, year=year)
    draft = db.session.scalar(here.where(Catalogue.published_at.is_(None)))
    if draft is not None:
        return draft
    last = db.session.scalar(
        select(func.max(Catalogue.version)).filter_by(community_id=community.id, year=year)
    )
    assert actor.person_id is not None  # noqa: S101 - the permission implies a person
    made = Catalogue(
        community_id=community.id,
        year=year,
        version=(last or 0) + 1,
        made_at=clock.now(),
        made_by=actor.person_id,
    )
    before = in_force(community, year)
    db.session.add(made)
    db.session.flush()
    for entry in entries(before.id) if before else ():
        db.session.add(
            CatalogueEntry(
                catalogue_id=made.id,
                number=entry.number,
                title=entry.title,
                obligation=entry.obligation,
                exclusion=entry.exclusion,
                words=entry.words,
                topic_id=entry.topic_id,
            )
        )
    db.session.flush()
    return made


def add(actor: Actor, community: Community, catalogue_id: int, entry: Entry) -> CatalogueEntry:
    """Add an entry to a draft.

    :raises Refused: `published`, `full`, or for what an entry has to say and does not.
    """
    check(actor, PERMISSION, community.path)
    title = " ".join(text.plain(entry.title).split())
    words = text.plain(entry.words).strip()
    if not title or len(title) > LONGEST_TITLE or len(words) > LONGEST:
        raise Refused("title", _l("Please say in one short line what the entry is about."))
    if entry.obligation not in scales.obligations():
        raise Refused("obligation", _l("Please choose must, may or not."))
    excluded = entry.obligation == "not"
    if excluded and entry.exclusion not in scales.exclusions():
        raise Refused("exclusion", _l("Please say why it is not consulted on."))
    if entry.topic_id is not None:
        services.find(community, entry.topic_id)
    draft = _draft(community, catalogue_id)
    there = entries(draft.id)
    if len(there) >= MOST_ENTRIES:
        raise Refused("full", _l("There are too many entries; please put some together."))
    made = CatalogueEntry(
        catalogue_id=draft.id,
        number=max((row.number for row in there), default=0) + 1,
        title=title,
        obligation=entry.obligation,
        exclusion=entry.exclusion if excluded else "",
        words=words,
        topic_id=entry.topic_id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def remove(actor: Actor, community: Community, catalogue_id: int, entry_id: int) -> None:
    """Take an entry out of a draft.

    :raises Refused: 404, or `published`.
    """
    check(actor, PERMISSION, community.path)
    draft = _draft(community, catalogue_id)
    query = select(CatalogueEntry).filter_by(id=entry_id, catalogue_id=draft.id)
    found = db.session.scalar(query)
    if found is None:
        raise Refused("no_entry", _l("There is no such entry here."), HTTPStatus.NOT_FOUND)
    db.session.delete(found)
    db.session.flush()


def publish(actor: Actor, community: Community, catalogue_id: int) -> Catalogue:
    """Publish a draft, for good; it takes the place of the version before.

    :raises Refused: `published`, or `empty` without entries.
    """
    check(actor, PERMISSION, community.path)
    draft = _draft(community, catalogue_id)
    rows = entries(draft.id)
    if not rows:
        raise Refused("empty", _l("There is nothing in it yet."))
    veto(actor, PERMISSION, draft)
    office = actor.office_at(community.path)
    draft.published_at, draft.published_by = clock.now(), actor.person_id
    draft.office = office
    audit.append(
        "catalogue.published",
        person_id=actor.person_id,
        post=office,
        subject=f"catalogue:{draft.id}",
        community_id=community.id,
        data={
            "year": draft.year,
            "version": draft.version,
            "entries": [[row.title, row.obligation, row.exclusion] for row in rows],
        },
    )
    return draft


def in_force(community: Community, year: int | None = None) -> Catalogue | None:
    """Return the newest published version, of a year or of the newest year."""
    query = select(Catalogue).where(
        Catalogue.community_id == community.id, Catalogue.published_at.is_not(None)
    )
    if year is not None:
        query = query.where(Catalogue.year == year)
    ordered = query.order_by(Catalogue.year.desc(), Catalogue.version.desc())
    return db.session.scalars(ordered.limit(1)).first()


def version(community: Community, year: int, number: int) -> Catalogue | None:
    """Return one published version of a year."""
    query = select(Catalogue).filter_by(community_id=community.id, year=year, version=number)
    return db.session.scalar(query.where(Catalogue.published_at.is_not(None)))


def versions(community: Community) -> Sequence[Catalogue]:
    """Return the published versions, the newest first, at most 50."""
    query = (
        select(Catalogue)
        .where(Catalogue.community_id == community.id, Catalogue.published_at.is_not(None))
        .order_by(Catalogue.year.desc(), Catalogue.version.desc())
        .limit(50)
    )
    return db.session.scalars(query).all()


def find(community: Community, catalogue_id: int) -> Catalogue:
    """Return a version of a community, draft or not.

    :raises Refused: 404.
    """
    query = select(Catalogue).filter_by(id=catalogue_id, community_id=community.id)
    found = db.session.scalar(query)
    if found is None:
        raise missing()
    return found


def missing() -> Refused:
    """Return what is said where there is no such catalogue."""
    return Refused("no_catalogue", _l("There is no such catalogue here."), HTTPStatus.NOT_FOUND)


def entries(catalogue_id: int) -> Sequence[CatalogueEntry]:
    """Return the entries of a version in their order."""
    query = select(CatalogueEntry).filter_by(catalogue_id=catalogue_id)
    return db.session.scalars(query.order_by(CatalogueEntry.number)).all()


def choices(community: Community) -> Sequence[CatalogueEntry]:
    """Return the entries in force under which a topic can be screened: the newest of its own."""
    found = in_force(community)
    return entries(found.id) if found else []


def _draft(community: Community, catalogue_id: int) -> Catalogue:
    query = select(Catalogue).filter_by(id=catalogue_id, community_id=community.id)
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise missing()
    if found.published_at is not None:
        raise Refused(
            "published",
            _l("This version is published and stays as it is; please begin a new one."),
            HTTPStatus.CONFLICT,
        )
    return found
