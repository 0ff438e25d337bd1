"""What is stored about messages to a person: given out, and erased."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, exists, or_, select

from civic.identities.claimed import Claim
from civic.identities.models import Contact, Standing
from civic.kernel import tell
from civic.kernel.db import db
from civic.kernel.mail import Mail
from civic.kernel.own_data import Collected, Part, Table
from civic.notifications.models import InboxItem, MailChoice, Message

RHYTHM = {"none": _l("no mail"), "at_once": _l("at once"), "daily": _l("once a day")}


def _export(person_id: int) -> list[Table]:
    kinds = tell.telling().kinds
    inbox = db.session.execute(
        select(Message, InboxItem.read_at)
        .join(InboxItem, InboxItem.message_id == Message.id)
        .where(InboxItem.person_id == person_id)
        .order_by(InboxItem.id)
    ).all()
    choices = db.session.scalars(select(MailChoice).filter_by(person_id=person_id)).all()
    mails = db.session.scalars(select(Mail).filter_by(person_id=person_id).order_by(Mail.id)).all()
    return [
        Table(
            "inbox",
            _l("Messages to you"),
            {"text": _l("Message"), "at": _l("When"), "read_at": _l("Read")},
            [
                (
                    kinds[item.kind].sentence(item.values) if item.kind in kinds else item.kind,
                    item.at,
                    read_at,
                )
                for item, read_at in inbox
            ],
        ),
        Table(
            "mail_choices",
            _l("How you want mail"),
            {"kind": _l("Kind"), "rhythm": _l("How often")},
            [
                (
                    kinds[item.kind].title if item.kind in kinds else item.kind,
                    RHYTHM[item.rhythm],
                )
                for item in choices
            ],
        ),
        Table(
            "mail",
            _l("Mail to you"),
            {
                "address": _l("Address"),
                "subject": _l("Subject"),
                "made_at": _l("Written"),
                "sent_at": _l("Sent"),
            },
            [(item.address, item.subject, item.made_at, item.sent_at) for item in mails],
        ),
    ]


def _forget(person_id: int) -> None:
    mine = select(InboxItem.message_id).filter_by(person_id=person_id)
    messages = list(db.session.scalars(mine))
    db.session.execute(delete(InboxItem).filter_by(person_id=person_id))
    # What was told to them alone may speak of them, and what is about them does.
    about = select(Message.id).where(Message.subject.in_(_subjects(person_id)))
    db.session.execute(delete(InboxItem).where(InboxItem.message_id.in_(about)))
    db.session.execute(delete(Message).where(Message.subject.in_(_subjects(person_id))))
    others = exists().where(InboxItem.message_id == Message.id)
    db.session.execute(delete(Message).where(Message.id.in_(messages), ~others))
    db.session.execute(delete(MailChoice).filter_by(person_id=person_id))
    addresses = select(Contact.value).filter_by(person_id=person_id)
    db.session.execute(
        delete(Mail).where(or_(Mail.person_id == person_id, Mail.address.in_(addresses)))
    )


def _subjects(person_id: int) -> list[str]:
    """Return what messages name as their subject when they are about a person."""
    claims = db.session.scalars(select(Claim.id).filter_by(person_id=person_id))
    standings = db.session.scalars(select(Standing.id).filter_by(person_id=person_id))
    return [
        f"person:{person_id}",
        *(f"claim:{number}" for number in claims),
        *(f"standing:{number}" for number in standings),
    ]


PART = Part(
    owner="messages",
    title=_l("Messages"),
    stored=(
        Collected(
            _l("Messages to you, and how you want mail"),
            _l("So that you hear of what concerns you. A mail is erased here once it is sent."),
            _l("until you close your account"),
        ),
    ),
    export=_export,
    forget=_forget,
)
