"""What each person chose to have mailed: which kinds, how often, in which language."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.tell import telling
from civic.notifications.models import RHYTHMS, InboxItem, MailChoice, Message
from civic.notifications.services import address


def choices(person_id: int) -> dict[str, str]:
    """Return how somebody wants mail of each declared kind."""
    query = select(MailChoice.kind, MailChoice.rhythm).filter_by(person_id=person_id)
    chosen = {row.kind: row.rhythm for row in db.session.execute(query)}
    return {code: chosen.get(code, kind.rhythm) for code, kind in telling().kinds.items()}


def choose(person_id: int, wanted: Mapping[str, str]) -> None:
    """Keep how somebody wants mail of some kinds; what waits of the stopped ones is not sent.

    :raises Refused: for a kind or rhythm that does not exist.
    """
    if not wanted.keys() <= telling().kinds.keys() or not set(wanted.values()) <= set(RHYTHMS):
        raise Refused("choice", _l("Please choose one line of each group."))
    if not wanted:
        return
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [
        {"person_id": person_id, "kind": kind, "rhythm": rhythm}
        for kind, rhythm in sorted(wanted.items())
    ]
    statement = dialect.insert(MailChoice).values(rows)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "kind"], set_={"rhythm": statement.excluded.rhythm}
        )
    )
    _withdraw(person_id, [kind for kind, rhythm in wanted.items() if rhythm == "none"])


def _withdraw(person_id: int, kinds: list[str]) -> None:
    messages = select(Message.id).where(Message.kind.in_(kinds))
    db.session.execute(
        update(InboxItem)
        .where(
            InboxItem.person_id == person_id,
            InboxItem.mail != "none",
            InboxItem.mailed_at.is_(None),
            InboxItem.message_id.in_(messages),
        )
        .values(mailed_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def speak(person_id: int, language: str) -> None:
    """Keep in which language somebody's mail is written."""
    db.session.execute(update(Person).where(Person.id == person_id).values(language=language))


def proven_address(person_id: int) -> str | None:
    """Return where somebody's mail goes, or None where they have proven no address."""
    found: str | None = db.session.scalar(select(address()).where(Person.id == person_id))
    return found
