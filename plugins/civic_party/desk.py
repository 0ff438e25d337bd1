"""What waits: for the office of a body on the desk, and for those who act for units."""

from collections.abc import Sequence
from datetime import date, datetime, time

from flask import url_for

from civic.api import Actor, Community, Due, allowed, clock
from civic.api import gettext as _
from civic_party import flow, listing, waiting


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), clock.ZONE)


def work(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return what the office of the bodies has to do, over all communities of an actor."""
    homes = {one.id: one for one in communities if allowed(actor, "party.office", one.path)}
    if not homes:
        return []
    found = []
    for meeting, remarks in listing.to_move(homes, limit):
        action = {
            flow.COORDINATING: _("Settle the topics, and publish the agenda"),
            flow.AGENDA: _("Send the notice out"),
            flow.NOTICED: _("See who has not acknowledged"),
            flow.OPEN: _("Note attendance and decisions"),
            flow.DRAFTING: _("Write the minutes"),
            flow.COMMENTING: _("Answer comments") if remarks else "",
            flow.SIGNED: _("Issue the minutes"),
        }[meeting.state]
        if not action:
            continue
        by = {
            flow.COORDINATING: _end_of(meeting.agenda_by),
            flow.AGENDA: _end_of(meeting.notice_by),
            flow.NOTICED: meeting.starts_at,
        }.get(meeting.state)
        home = homes[meeting.community_id]
        url = url_for("party.meeting", community=home.slug, meeting_id=meeting.id)
        words = (_("Joint meeting"), meeting.body.title, action)
        found.append(_due(words, url, home, meeting.made_at, by))
    for task in listing.to_check(homes, limit):
        home = homes[task.community_id]
        url = url_for("party.task", community=home.slug, action_id=task.id)
        words = (_("Task reported done"), task.title, _("Check it"))
        found.append(_due(words, url, home, task.reported_at or task.made_at, _end_of(task.due_on)))
    return found


def own(communities: Sequence[Community], actor: Actor, limit: int) -> list[Due]:
    """Return what waits for whoever acts for units."""
    homes = {one.id: one for one in communities}
    words = {
        waiting.TOPICS: (_("Joint meeting"), _("Propose a topic")),
        waiting.NOTICE: (_("Joint meeting"), _("Acknowledge the notice")),
        waiting.COMMENT: (_("Minutes of a joint meeting"), _("Comment, or agree")),
        waiting.SIGN: (_("Minutes of a joint meeting"), _("Sign them")),
        waiting.TASK: (_("Task of my unit"), _("Report progress")),
    }
    found = []
    for one in waiting.waiting(actor, *communities, limit=limit):
        home = homes[one.community_id]
        kind, action = words[one.what]
        at = one.at or (_end_of(one.day) if one.day else None)
        found.append(_due((kind, one.title, action), address(home, one), home, None, at))
    return found


def address(home: Community, one: waiting.Waiting) -> str:
    """Return where something that waits is done."""
    if one.what == waiting.TASK:
        return url_for("party.task", community=home.slug, action_id=one.id)
    if one.what in {waiting.COMMENT, waiting.SIGN}:
        return url_for("party.minutes", community=home.slug, meeting_id=one.id)
    return url_for("party.meeting", community=home.slug, meeting_id=one.id)


def _due(
    words: tuple[str, str, str],
    url: str,
    home: Community,
    since: datetime | None,
    at: datetime | None,
) -> Due:
    kind, title, action = words
    return Due(
        kind=kind, title=title, action=action, url=url, at=at, since=since, community_id=home.id
    )
