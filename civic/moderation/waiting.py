"""Texts that are checked before they are published (先审后发), where a case says so."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities.models import Community
from civic.identities import staying
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.moderation import counts, house_rules, news
from civic.moderation.models import PUBLISHED, REFUSED, WaitingText
from civic.moderation.reasons import REASONS
from civic.moderation.services import kind_of

MOST = 50
#: Texts of one person that may wait at a time, so that nobody fills the office's desk.
AT_ONCE = 10


def keep(
    person_id: int,
    community: Community,
    *,
    kind: str,
    place: str,
    content: dict[str, Any],
    form_key: str,
) -> WaitingText:
    """Keep a text until the office has checked it.

    The caller has checked who speaks and what; the person's row is locked by it.

    :param content: what the kind's `publish` needs, with the words under `text`.
    :raises Refused: `too_many` where more of this person would wait than `AT_ONCE`.
    """
    twin = kept(person_id, form_key)
    if twin is not None:
        return twin
    wait = select(func.count()).select_from(WaitingText)
    if (db.session.scalar(wait.filter_by(author_id=person_id, outcome=None)) or 0) >= AT_ONCE:
        raise Refused(
            "too_many",
            _l(
                "%(most)d texts of yours wait to be checked. "
                "Please come back when some have been published."
            ),
            HTTPStatus.TOO_MANY_REQUESTS,
            {"most": AT_ONCE},
        )
    made = WaitingText(
        community_id=community.id,
        kind=kind,
        place=place,
        author_id=person_id,
        content=content,
        form_key=form_key,
        at=clock.now(),
        due_at=house_rules.until(house_rules.REVIEW),
    )
    db.session.add(made)
    db.session.flush()
    return made


def kept(person_id: int, form_key: str) -> WaitingText | None:
    """Return the text that a form has made already."""
    return db.session.scalar(select(WaitingText).filter_by(author_id=person_id, form_key=form_key))


def unchecked(kind: str, case_id: int, *, author_id: int | None = None) -> int:
    """Count the texts of a kind that wait in a case to be checked.

    :param author_id: those of one person alone.
    """
    query = select(func.count()).select_from(WaitingText)
    query = query.filter_by(kind=kind, place=f"consultation:{case_id}", outcome=None)
    if author_id is not None:
        query = query.filter_by(author_id=author_id)
    return db.session.scalar(query) or 0


def listed(community: Community) -> Sequence[WaitingText]:
    """Return the texts that wait in a community, the longest waiting first, at most `MOST`."""
    query = select(WaitingText).filter_by(community_id=community.id, outcome=None)
    return db.session.scalars(query.order_by(WaitingText.id).limit(MOST)).all()


def find(community: Community, waiting_id: int) -> WaitingText:
    """Return a text that waits in a community.

    :raises Refused: `no_text` or `decided`.
    """
    query = select(WaitingText).filter_by(id=waiting_id, community_id=community.id)
    return _undecided(db.session.scalar(query))


def of_author(person_id: int) -> Sequence[WaitingText]:
    """Return a person's texts that wait or were not published, the newest first, at most `MOST`."""
    query = select(WaitingText).where(
        WaitingText.author_id == person_id,
        WaitingText.outcome.is_distinct_from(PUBLISHED),
    )
    return db.session.scalars(query.order_by(WaitingText.id.desc()).limit(MOST)).all()


def publish(actor: Actor, community: Community, waiting_id: int) -> str:
    """Publish a text that waits, in its author's name; return where it stands now.

    :raises Refused: `no_text` or `decided`, or what the domain says.
    """
    held = _take(community, waiting_id)
    publisher = kind_of(held.kind).publish
    assert publisher is not None  # noqa: S101 - only kinds with one keep texts
    assert held.author_id is not None  # noqa: S101 - closing an account takes these texts along
    subject, url = publisher(community, held)
    held.subject, held.content = subject, {}
    _decide(actor, community, held, PUBLISHED)
    news.checked(community, held, url)
    return url


def refuse(
    actor: Actor, community: Community, waiting_id: int, *, reason: str, note: str
) -> WaitingText:
    """Leave a text that waits unpublished, for a coded reason that its author reads.

    :raises Refused: `reason`, `no_text` or `decided`.
    """
    if reason not in REASONS:
        raise Refused("reason", _l("Please choose a reason from the list."))
    held = _take(community, waiting_id)
    held.reason, held.note = reason, note
    _decide(actor, community, held, REFUSED, reason=reason)
    counts.add(community.id, counts.REFUSED, f"{counts.REFUSED}.{reason}")
    news.checked(community, held, "")
    return held


def _take(community: Community, waiting_id: int) -> WaitingText:
    here = WaitingText.id == waiting_id, WaitingText.community_id == community.id
    staying.open_among(select(WaitingText.author_id).where(*here))
    held = select(WaitingText).where(*here).with_for_update()
    return _undecided(db.session.scalar(held.execution_options(populate_existing=True)))


def _undecided(held: WaitingText | None) -> WaitingText:
    if held is None or held.author_id is None:
        raise Refused("no_text", _l("There is no such text here."), HTTPStatus.NOT_FOUND)
    if held.decided_at is not None:
        raise Refused(
            "decided", _l("Somebody else has checked this text already."), HTTPStatus.CONFLICT
        )
    return held


def _decide(
    actor: Actor, community: Community, held: WaitingText, outcome: str, **data: str
) -> None:
    held.outcome, held.decided_by, held.decided_at = outcome, actor.person_id, clock.now()
    counts.add(community.id, counts.CHECKED)
    audit.append(
        f"waiting_text.{outcome}",
        person_id=actor.person_id,
        post=actor.posts_at(community.path)[0].title,
        subject=held.subject or held.place,
        community_id=community.id,
        data=data,
    )
    db.session.flush()
