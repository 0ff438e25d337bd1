"""What the groups of a jury give together, once all of them are counted and published."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import canonical, juries, panels
from civic.voting.box import Paper
from civic.voting.models import Ballot
from civic.voting.panels import Panel, PanelPart


def all_sealed(ballot: Ballot) -> None:
    """Refuse to publish what one group scored while another one can still be swayed by it.

    :raises Refused: `jury_running`.
    """
    if any(other.sealed_at is None for other in panels.others(ballot)):
        raise Refused(
            "jury_running",
            _l("Another group has not been counted yet. The results of all are published then."),
            HTTPStatus.CONFLICT,
        )


def combine(ballot: Ballot) -> None:
    """Write what all groups gave together, once the last of them is published."""
    mine = db.session.get(PanelPart, ballot.id)
    if mine is None or mine.panel_id is None:
        return
    panel = db.session.scalars(
        select(Panel).filter_by(id=mine.panel_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
    ballots = [ballot, *panels.others(ballot)]
    if panel.combined_at is not None or any(one.published_at is None for one in ballots):
        return
    panel.record = juries.combine([_counted(one) for one in ballots])
    panel.record_hash = canonical.fingerprint(panel.record)
    panel.combined_at = clock.now()
    audit.append(
        "ballot.combined",
        actor="clock",
        subject=f"panel:{panel.id}",
        community_id=panel.community_id,
        data={"ballots": [one.id for one in ballots], "record": panel.record_hash},
    )
    db.session.flush()


def _counted(ballot: Ballot) -> juries.Part:
    query = select(Paper.choice, func.sum(Paper.heads)).where(Paper.ballot_id == ballot.id)
    heads = {row[0]: int(row[1]) for row in db.session.execute(query.group_by(Paper.choice))}
    return juries.Part(ballot.rules, heads, ballot.closing, ballot.closing_hash or "")


def combined(ballot: Ballot) -> Panel | None:
    """Return the jury of a ballot with what it gave together, once that is there."""
    if not ballot.rules.get("part"):
        return None
    query = (
        select(Panel)
        .join(PanelPart, PanelPart.panel_id == Panel.id)
        .where(PanelPart.ballot_id == ballot.id, Panel.combined_at.is_not(None))
    )
    return db.session.scalar(query)
