"""What topics say at a case: whence it came, and whether everybody who asked has an answer."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, or_, select

from civic.consultations import checks, panels, stages
from civic.consultations.models import Consultation
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.topics.deciding import FIGURE
from civic.topics.models import Topic

#: Before what is said at the case: whence it came.
ORDER = 5


def _missing(case: Consultation) -> list[str]:
    """Say how many topics of a case, or merged into one of them, have no answer yet."""
    own = select(Topic.id).where(Topic.consultation_id == case.id)
    query = select(func.count()).where(
        or_(Topic.consultation_id == case.id, Topic.merged_into.in_(own)),
        Topic.answered_at.is_(None),
    )
    number = db.session.scalar(query) or 0
    if not number:
        return []
    return [
        ngettext(
            "%(num)d topic that led here has no answer yet; please answer it first.",
            "%(num)d topics that led here have no answer yet; please answer them first.",
            number,
        )
    ]


def _panel(case: Consultation, _actor: Actor, _now: datetime) -> panels.Panel | None:
    number = case.figures.get(FIGURE, 0)
    if not number:
        return None
    return panels.Panel(
        title=_("Whence it came"),
        text=ngettext(
            "%(num)d topic that somebody handed in led to this case.",
            "%(num)d topics that people handed in led to this case.",
            number,
        ),
        url=url_for("topics.index", case=case.id),
    )


def _collecting(case: Consultation, _actor: Actor, now: datetime) -> panels.Panel | None:
    """Ask for topics while a case collects them."""
    if case.stage is None or not stages.may(case, now, "topics"):
        return None
    return panels.Panel(
        title=_("Topics are being collected"),
        text=_("What should be dealt with here? Whoever lives or works here can say it."),
        url=url_for("topics.new"),
        action=_("Hand in a topic"),
    )


def init() -> None:
    """Register the condition and the panel, in the current app."""
    checks.register(
        checks.Check(
            code="topic_answered",
            title=_l("Everybody whose topic led here has an answer"),
            missing=_missing,
        )
    )
    panels.register(ORDER, _panel)
    panels.register(ORDER, _collecting)
