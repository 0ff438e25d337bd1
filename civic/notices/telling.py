"""What people are told about notices: the kinds of message, and who may still read them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from civic.kernel.db import db
from civic.kernel.permissions import Actor, visible
from civic.kernel.tell import Kind, Values
from civic.notices.models import Notice


def _still(actor: Actor, values: Values) -> bool:
    condition = exists().where(Notice.id == values["notice"], visible(actor, Notice))
    return bool(db.session.scalar(select(condition)))


def _address(values: Values) -> str:
    return f"/c/{values['community']}/notices/{values['notice']}"


def _issued(values: Values) -> str:
    return _("%(place)s: %(title)s", place=values["place"], title=values["title"])


def _changed(values: Values) -> str:
    if values.get("withdrawn"):
        return _("Withdrawn: %(title)s", title=values["title"])
    return _("Corrected: %(title)s", title=values["title"])


def _returned(values: Values) -> str:
    return _("Your draft was returned to be changed: %(title)s", title=values["title"])


def _ended(values: Values) -> str:
    return _("The display period has ended: %(title)s", title=values["title"])


KINDS = (
    Kind(
        code="notice",
        title=_l("New notices for me"),
        sentence=_issued,
        address=_address,
        rhythm="daily",
        still=_still,
    ),
    Kind(
        code="notice_changed",
        title=_l("Notices that were corrected or withdrawn"),
        sentence=_changed,
        address=_address,
        rhythm="none",
        still=_still,
    ),
    Kind(
        code="notice_ended",
        title=_l("Displays that have ended"),
        sentence=_ended,
        address=_address,
        rhythm="none",
        still=_still,
    ),
    Kind(
        code="notice_ended_staff",
        title=_l("Displays of my office that have ended"),
        sentence=_ended,
        address=_address,
        still=_still,
    ),
    Kind(
        code="notice_returned",
        title=_l("Drafts that come back to me"),
        sentence=_returned,
        address=lambda values: f"{_address(values)}/work",
        still=_still,
    ),
)
