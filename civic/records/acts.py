"""Official acts of a person in the audit: given out, and cut off from the person."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from civic.kernel.audit import AuditActor, AuditEntry
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table


def _export(person_id: int) -> list[Table]:
    entries = db.session.execute(
        select(AuditEntry.act, AuditEntry.post, AuditEntry.subject, AuditEntry.at)
        .join(AuditActor, AuditActor.key == AuditEntry.actor)
        .where(AuditActor.person_id == person_id)
        .order_by(AuditEntry.id)
    ).all()
    return [
        Table(
            "acts",
            _l("Your official acts"),
            {
                "act": _l("Act"),
                "office": _l("Office"),
                "subject": _l("About"),
                "at": _l("When"),
            },
            [tuple(entry) for entry in entries],
        )
    ]


def _forget(person_id: int) -> None:
    db.session.execute(delete(AuditActor).filter_by(person_id=person_id))


PART = Part(
    owner="acts",
    title=_l("Official acts"),
    stored=(
        Collected(
            _l("What you do in the name of an office, if you have a post"),
            _l("So that it can be checked who decided what, and when."),
            _l("as long as the record; the link to you until you close your account"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Official acts, under a key that leads to nobody"),
            _l("The chain of official acts is never changed, or nothing could be proven by it."),
        ),
    ),
)
