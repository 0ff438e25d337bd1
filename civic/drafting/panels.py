"""What a case shows of its text, from its own row alone."""

from datetime import UTC, datetime

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.consultations.panels import Panel, register
from civic.drafting import held
from civic.drafting.writing import writable
from civic.kernel import i18n
from civic.kernel.permissions import Actor, allowed

ORDER = 55


def _panel(case: Consultation, actor: Actor, now: datetime) -> Panel | None:
    number = case.figures.get(held.VERSION, 0)
    if not number:
        # Of cases without a process few have a text; the office finds the way below its case.
        if case.stage is None or not writable(case, now) or not _office(case, actor):
            return None
        return Panel(
            title=_("The text"),
            text=_("No version is published yet."),
            url=url_for("draft_desk.work", consultation_id=case.id),
            action=_("Write it"),
        )
    until = datetime.fromtimestamp(case.figures.get(held.UNTIL, 0), UTC)
    comments = case.figures.get(held.COMMENTS, 0)
    waiting = case.figures.get(held.WAITING, 0)
    heard = not case.figures.get(held.FINAL) and now < until and stages.may(case, now, "comments")
    said = [_("Version %(number)d", number=number)]
    if case.figures.get(held.FINAL):
        said.append(_("final"))
    elif heard:
        said.append(_("comments until %(moment)s", moment=i18n.last_day(until)))
    if comments:
        said.append(ngettext("%(num)d comment", "%(num)d comments", comments))
    if waiting:
        said.append(ngettext("%(num)d without an answer", "%(num)d without an answer", waiting))
    return Panel(
        title=_("The text, paragraph by paragraph"),
        text=" · ".join(said),
        url=url_for("drafts.show", consultation_id=case.id),
        action=_("Read and comment") if heard else "",
    )


def _office(case: Consultation, actor: Actor) -> bool:
    here = g.community.id == case.community_id
    return here and allowed(actor, held.MANAGE, g.community.path)


def init() -> None:
    """Register the panel, in the current app."""
    register(ORDER, _panel)
