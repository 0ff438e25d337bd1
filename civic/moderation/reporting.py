"""Report a text to the office, once per person, and settle what was reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.kernel import audit, clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.moderation import counts, house_rules, news
from civic.moderation.models import HIDDEN, STAYS, Decision, Report
from civic.moderation.reasons import REASONS
from civic.moderation.services import hide, load

LONGEST = 300
#: Texts on one page of those that wait; the longest waiting come first.
MOST = 50


@dataclass(frozen=True)
class Reported:
    """Hold a text that was reported: how often, why, since when, and until when it is looked at."""

    subject: str
    reports: int
    reasons: list[str]
    words: list[str]
    since: datetime
    due_at: datetime | None


def report(
    actor: Actor, community: Community, kind: str, text_id: int, *, reason: str, words: str
) -> Report:
    """Ask the office to look at a text.

    :raises Refused: `sign_in`, `reason`, `too_long`, `own` for one's own text, `reported` for a
        second time, or 404 when there is no such text.
    """
    if actor.person_id is None:
        raise Refused("sign_in", _l("Please sign in to report a text."), HTTPStatus.UNAUTHORIZED)
    if reason not in REASONS:
        raise Refused("reason", _l("Please choose a reason from the list."))
    words = text.plain(words)
    if len(words) > LONGEST:
        raise Refused(
            "too_long",
            _l("This is %(now)d characters long; %(most)d are possible. Please shorten it."),
            values={"now": len(words), "most": LONGEST},
        )
    found = load(community, kind, text_id)
    if found.author_id == actor.person_id:
        raise Refused("own", _l("This is your own text; you can take it back on its page."))
    made = Report(
        community_id=community.id,
        subject=f"{kind}:{text_id}",
        person_id=actor.person_id,
        reason=reason,
        words=words,
        at=clock.now(),
        due_at=house_rules.until(house_rules.REPORT),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Refused(
            "reported",
            _l("You have reported this text already. The office looks at it."),
            HTTPStatus.CONFLICT,
        ) from error
    counts.add(community.id, counts.REPORTED)
    return made


def waiting(community: Community) -> Sequence[Reported]:
    """Return the texts whose reports nobody has settled, the longest waiting first."""
    oldest = (
        select(Report.subject, func.min(Report.id).label("first"))
        .where(Report.community_id == community.id, Report.settled_at.is_(None))
        .group_by(Report.subject)
        .order_by(func.min(Report.id))
        .limit(MOST)
        .subquery()
    )
    rows = db.session.scalars(
        select(Report)
        .join(oldest, oldest.c.subject == Report.subject)
        .where(Report.settled_at.is_(None))
        .order_by(oldest.c.first, Report.id)
        .limit(MOST * 4)
    )
    found: dict[str, list[Report]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(row)
    return [
        Reported(
            subject,
            len(reports),
            list(dict.fromkeys(item.reason for item in reports)),
            [item.words for item in reports if item.words],
            reports[0].at,
            reports[0].due_at,
        )
        for subject, reports in found.items()
    ]


def leave(actor: Actor, community: Community, kind: str, text_id: int) -> int:
    """Settle the reports of a text: it stays as it is. Return how many there were.

    :raises Refused: `no_report` when none waits, or 404 when there is no such text.
    """
    load(community, kind, text_id)
    settled = settle(actor, community, f"{kind}:{text_id}", STAYS)
    if not settled:
        raise Refused("no_report", _l("No report of this text waits."), HTTPStatus.CONFLICT)
    audit.append(
        "report.text_left",
        person_id=actor.person_id,
        post=actor.posts_at(community.path)[0].title,
        subject=f"{kind}:{text_id}",
        community_id=community.id,
        data={"reports": settled},
    )
    return settled


def hide_reported(
    actor: Actor, community: Community, kind: str, text_id: int, *, reason: str, note: str
) -> Decision:
    """Hide a text and settle what reports of it there are.

    :raises Refused: as `services.hide`.
    """
    decision = hide(actor, community, kind, text_id, reason=reason, note=note)
    settle(actor, community, f"{kind}:{text_id}", HIDDEN)
    return decision


def settle(actor: Actor, community: Community, subject: str, outcome: str) -> int:
    """Settle all reports of a text that wait, tell who reported, and return how many there were."""
    people = list(
        db.session.scalars(
            update(Report)
            .where(
                Report.community_id == community.id,
                Report.subject == subject,
                Report.settled_at.is_(None),
            )
            .values(outcome=outcome, settled_by=actor.person_id, settled_at=clock.now())
            .returning(Report.person_id)
        )
    )
    news.settled(community, subject, outcome, [one for one in people if one is not None])
    return len(people)
