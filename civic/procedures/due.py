"""What of procedures is due for the legal officer: confirming them, and looking at them again."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from flask import url_for
from flask_babel import gettext as _

from civic.kernel import clock
from civic.kernel.due import Due
from civic.kernel.permissions import Actor, scopes
from civic.procedures import pages, services
from civic.procedures.confirming import CONFIRM
from civic.procedures.phrases import say

#: So long before its day a review stands on the desk.
AHEAD = timedelta(days=60)


def procedures(actor: Actor, limit: int) -> Iterable[Due]:
    """Return what waits in procedures for the legal officer of a street, in one statement."""
    streets = [path for path in scopes(actor, CONFIRM) if len(path) == 1]
    if not streets:
        return []
    found = []
    for version in services.in_force():
        procedure = services.procedure_of(version)
        waits = pages.state(version, procedure) == pages.UNCONFIRMED
        review = version.review_on
        if not waits and (review is None or review - AHEAD > services.today()):
            continue
        at = datetime.combine(review, time(), clock.ZONE) if review and not waits else None
        found.append(
            Due(
                kind=_("Procedure"),
                title=say(procedure.title),
                action=_("Confirm the procedure") if waits else _("Look at the procedure again"),
                url=url_for("procedures.show", code=version.code, number=version.number),
                at=at,
                since=version.loaded_at,
                community_id=streets[0][0],
            )
        )
    return sorted(found, key=lambda due: due.at or clock.now())[:limit]
