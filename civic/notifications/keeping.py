"""Delete what inboxes keep no longer."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select

from civic.kernel import clock
from civic.kernel.db import db
from civic.notifications.models import InboxItem, Message

#: Rows that one transaction deletes.
BATCH = 1000


def forget() -> None:
    """Delete messages that are older than the site keeps them, in batches."""
    until = clock.now() - timedelta(days=current_app.config["SETTINGS"].inbox_days)
    while _batch(until):
        db.session.commit()


def _batch(until: datetime) -> int:
    old = select(Message.id).where(Message.at < until)
    batch = select(InboxItem.id).where(InboxItem.message_id.in_(old)).limit(BATCH)
    gone = db.session.scalars(
        delete(InboxItem).where(InboxItem.id.in_(batch)).returning(InboxItem.id),
        execution_options={"synchronize_session": False},
    ).all()
    if len(gone) < BATCH:  # the messages that lie in no inbox any more, with the last
        held = select(InboxItem.id).where(InboxItem.message_id == Message.id).exists()
        db.session.execute(
            delete(Message).where(Message.at < until, ~held),
            execution_options={"synchronize_session": False},
        )
    return len(gone)
