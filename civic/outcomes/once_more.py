"""Begin the tasks of a case once more, where too many say that it is not solved."""

from datetime import datetime

from flask_babel import gettext as _

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.kernel import holidays, periods
from civic.kernel.db import db
from civic.outcomes import carrying_out, news, resolutions
from civic.outcomes.models import TaskStep
from civic.outcomes.rules import rules


def reopen(community: Community, case: Consultation, now: datetime) -> None:
    """Let the tasks of what stands begin anew, each with a new date."""
    due = periods.end_of(now, rules().redo, holidays.load())
    for task in carrying_out.in_force(case):
        task.progress, task.done_at, task.due_at = 0, None, due
        task.again, task.told_overdue = True, False
        step = TaskStep(
            task_id=task.id,
            at=now,
            progress=0,
            words=_("Those who took part say that it is not solved. The work begins once more."),
            form_key=f"again:{task.id}",
        )
        db.session.add(step)
    db.session.flush()
    carrying_out.count(case)
    resolutions.recorded("task.reopened", None, community, case.id, due=due.isoformat())
    news.happened(community, case, news.REOPENED)
