"""Issued minutes as a bulletin (通报): drafted for the board, where a second person issues it."""

from civic.api import Actor, Community, db, hand_in_notice
from civic.api import gettext as _
from civic_party.meeting_models import Meeting
from civic_party.record_models import Minutes
from civic_party.words import quarter_words

#: Who reads it on the board: those who act for units.
READERS = ("unit",)


def draft(actor: Actor, which: Meeting, found: Minutes) -> int:
    """Draft the bulletin of signed minutes, and hand it on; return the number of the notice."""
    community = db.session.get_one(Community, which.community_id)
    quarter = quarter_words(which.quarter)
    title = _("%(title)s: minutes of %(quarter)s", title=which.body.title, quarter=quarter)
    return hand_in_notice(
        actor,
        community,
        kind="bulletin",
        title=title,
        body=text(found),
        readers=READERS,
        office=which.body.title,
    )


def text(found: Minutes) -> str:
    """Return what the bulletin says: the decisions and the tasks, and no names of people."""
    said = found.content or {}
    lines = [_("In the chair: %(unit)s", unit=said["chair"]), ""]
    for number, topic in enumerate(said["topics"], 1):
        decision = topic["decision"]
        words = decision["words"] if decision and decision["passed"] else _("Nothing was decided.")
        lines.append(f"{number}. {topic['title']}: {words}")
        lines += [
            "   "
            + _(
                "Task: %(title)s, %(owner)s, due on %(day)s",
                title=task["title"],
                owner=task["owner"],
                day=task["due_on"],
            )
            for task in topic["tasks"]
        ]
    return "\n".join(lines)[:20_000]
