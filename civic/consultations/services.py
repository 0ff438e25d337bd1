"""Write, publish and find consultations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, exists, or_, update

from civic.communities.models import Community, Node
from civic.consultations import news, queries
from civic.consultations.models import Attachment, Consultation
from civic.identities.kinds import AUDIENCES, STAFF
from civic.kernel import audit, clock, plugins, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, veto, visible
from civic.voting import opening
from civic.voting.box import UsedRight
from civic.voting.models import Ballot, BallotOption
from civic.voting.services import key_of

PER_PAGE = 50
#: Above every id, which PostgreSQL keeps in four bytes.
LAST = 2**31 - 1
FEWEST_OPTIONS, MOST_OPTIONS = 2, 12


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Hold what is asked, of whom, and when.

    :ivar options: texts of the ballot, in the order of the paper.
    :ivar checked_first: whether what people write is checked before it is published.
    """

    title: str
    background: str
    audience: list[str]
    opens_at: datetime
    voting_opens_at: datetime
    closes_at: datetime
    question: str
    options: list[str] = field(default_factory=list)
    checked_first: bool = False


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on consultations that an actor may see: published, or one's office's."""
    published = Consultation.published_at.is_not(None)
    offices = [post.path[-1] for post in actor.posts if STAFF in post.groups]
    if not offices:
        return published
    below = [Node.ids.contains(f"/{node_id}/") for node_id in offices]
    mine = exists().where(Node.id == Consultation.community_id, or_(*below))
    return or_(published, mine)


def find(actor: Actor, community: Community, consultation_id: int) -> Consultation:
    """Return a consultation of a community that the actor may see, with its ballot.

    :raises Refused: 404, the same for one that is missing, elsewhere or a draft.
    """
    values = {"consultation_id": consultation_id, "community_id": community.id}
    found = db.session.scalar(queries.by_id().where(visible(actor, Consultation)), values)
    if found is None:
        raise missing()
    return found


def missing() -> Refused:
    """Return the one answer for a consultation that is not here."""
    return Refused(
        "no_consultation", _l("There is no such consultation here."), HTTPStatus.NOT_FOUND
    )


@dataclass(frozen=True)
class Listed:
    """Hold a consultation in a list, and what the actor has done in it."""

    consultation: Consultation
    voted: bool
    took_part: bool


def listed(
    actor: Actor, community: Community, *, before: int | None = None, limit: int = PER_PAGE
) -> Sequence[Listed]:
    """Return the consultations of a community and of the street above it, the newest first.

    :param before: id from which to go on to older ones.
    """
    values = {
        "person_id": actor.person_id or 0,
        "right": key_of(actor.person_id),
        "path": community.path,
        "before": before or LAST,
    }
    query = queries.listed(limit).where(visible(actor, Consultation))
    rows = db.session.execute(query, values)
    return [Listed(row[0], bool(row[1]), bool(row[2])) for row in rows]


def create(actor: Actor, community: Community, draft: Draft) -> Consultation:
    """Keep a draft that only the office sees.

    :raises Refused: for dates or options that do not make sense.
    """
    _check(draft)
    post = actor.posts_at(community.path)[0]
    ballot = Ballot(community_id=community.id, options=_paper(draft), turnout=0)
    consultation = Consultation(
        community_id=community.id,
        ballot=ballot,
        created_by=actor.person_id,
        created_at=clock.now(),
        office=post.title,
    )
    _fill(community.id, consultation, ballot, draft)
    db.session.add(consultation)
    db.session.flush()
    return consultation


def change(consultation: Consultation, draft: Draft) -> None:
    """Change a draft; what has been published stays as it is.

    :raises Refused: when it is no draft any more, or the draft does not make sense.
    """
    still_draft(consultation)
    _check(draft)
    ballot = consultation.ballot
    assert ballot is not None  # noqa: S101 - every draft made here has one
    _fill(consultation.community_id, consultation, ballot, draft)
    db.session.execute(delete(BallotOption).filter_by(ballot_id=ballot.id))
    for option in _paper(draft):
        option.ballot_id = ballot.id
        db.session.add(option)
    db.session.flush()


def publish(actor: Actor, community: Community, consultation: Consultation) -> None:
    """Let everybody read a draft; from now on question, options and dates are fixed.

    One person may: the ballot written here advises, and no hand opens, closes or counts it.

    :raises Refused: when it is published already, or would be over at once, or `two_people`.
    """
    still_draft(consultation)
    now = clock.now()
    if consultation.closes_at <= now:
        raise Refused("over", _l("The close lies in the past. Please choose later dates first."))
    veto(actor, "consultations.manage", consultation)
    consultation.published_at = now
    fingerprint = opening.fixed(open_ballot(consultation))
    audit.append(
        "consultation.published",
        person_id=actor.person_id,
        post=actor.posts_at(community.path)[0].title,
        subject=f"consultation:{consultation.id}",
        community_id=community.id,
        data={
            "title": consultation.title,
            "closes_at": consultation.closes_at.isoformat(),
            "rules": fingerprint,
        },
    )
    news.published(actor, community, consultation)


def extended(ballot_id: int, closes_at: datetime) -> None:
    """Let a consultation close together with its ballot, whose close was moved."""
    moved = update(Consultation).where(Consultation.ballot_id == ballot_id)
    db.session.execute(moved.values(closes_at=closes_at))


def open_ballot(consultation: Consultation) -> Ballot:
    """Return the ballot of a published consultation.

    :raises Refused: `not_open` for a draft, or where there is no ballot.
    """
    if consultation.ballot is None or consultation.published_at is None:
        raise Refused("not_open", _l("There is no vote in this consultation."))
    return consultation.ballot


def parts(
    consultation: Consultation, person_id: int | None
) -> tuple[list[BallotOption], list[Attachment], UsedRight | None]:
    """Return the options of a consultation's ballot, its attachments, and a person's own vote."""
    values = {"consultation_id": consultation.id, "right": key_of(person_id)}
    rows = db.session.execute(queries.parts(), values).all()
    options = list(dict.fromkeys(row[0] for row in rows if row[0] is not None))
    files = list(dict.fromkeys(row[1] for row in rows if row[1] is not None))
    return options, files, rows[0][2] if rows else None


def still_draft(consultation: Consultation) -> None:
    """Refuse to change what is published.

    :raises Refused: `published`, or `by_process` for what moves along a process.
    """
    if consultation.stage is not None:
        raise Refused(
            "by_process",
            _l("This case goes the way of a process. It is moved on the page of its way."),
            HTTPStatus.CONFLICT,
        )
    if consultation.published_at is not None:
        raise Refused(
            "published",
            _l("This consultation is published; its question and dates are fixed."),
            HTTPStatus.CONFLICT,
        )


def _check(draft: Draft) -> None:
    if not draft.audience or not set(draft.audience) <= AUDIENCES.keys():
        raise Refused("audience", _l("Please choose who is asked."))
    if not draft.opens_at <= draft.voting_opens_at < draft.closes_at:
        raise Refused(
            "dates", _l("The vote has to begin after the beginning and before the close.")
        )
    if not FEWEST_OPTIONS <= len(draft.options) <= MOST_OPTIONS:
        raise Refused("options", _l("Please give 2 to 12 options, one a line."))
    if len({text.key(option) for option in draft.options}) < len(draft.options):
        raise Refused("options", _l("Two options say the same. Please make them differ."))


def _fill(community_id: int, consultation: Consultation, ballot: Ballot, draft: Draft) -> None:
    background = text.plain(draft.background)
    consultation.title = text.plain(draft.title)
    consultation.background = background
    consultation.background_html = str(plugins.registry().render_text(community_id, background))
    consultation.audience = draft.audience
    consultation.checked_first = draft.checked_first
    consultation.opens_at = draft.opens_at
    consultation.voting_opens_at = ballot.opens_at = draft.voting_opens_at
    consultation.closes_at = ballot.closes_at = draft.closes_at
    ballot.audience = draft.audience
    ballot.question = text.plain(draft.question)


def _paper(draft: Draft) -> list[BallotOption]:
    return [
        BallotOption(position=number, text=text.plain(option))
        for number, option in enumerate(draft.options)
    ]
