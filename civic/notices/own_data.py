"""What is stored about a person's work on notices: given out; it stays as the office's record."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.kernel.db import db
from civic.kernel.own_data import Kept, Part, Table
from civic.notices.models import Acknowledgement, Notice, NoticeStep, NoticeVersion


def _export(person_id: int) -> list[Table]:
    steps = db.session.execute(
        select(Notice.title, NoticeStep.act, NoticeStep.post, NoticeStep.at)
        .join(Notice, Notice.id == NoticeStep.notice_id)
        .where(NoticeStep.person_id == person_id)
        .order_by(NoticeStep.id)
    )
    versions = db.session.execute(
        select(NoticeVersion.title, NoticeVersion.number, NoticeVersion.made_at)
        .where(NoticeVersion.made_by == person_id)
        .order_by(NoticeVersion.id)
    )
    receipts = db.session.execute(
        select(Notice.title, Acknowledgement.at)
        .join(Notice, Notice.id == Acknowledgement.notice_id)
        .where(Acknowledgement.person_id == person_id)
        .order_by(Acknowledgement.id)
    )
    title, at = _l("Notice"), _l("When")
    return [
        Table(
            "notice_steps",
            _l("What you did with notices for your office"),
            {"notice": title, "act": _l("Act"), "post": _l("Office"), "at": at},
            [tuple(row) for row in steps],
        ),
        Table(
            "notice_versions",
            _l("Texts of notices that you wrote for your office"),
            {"notice": title, "number": _l("Version"), "at": at},
            [tuple(row) for row in versions],
        ),
        Table(
            "notice_receipts",
            _l("Notices that you acknowledged for your organisation"),
            {"notice": title, "at": at},
            [tuple(row) for row in receipts],
        ),
    ]


def _forget(person_id: int) -> None:
    """Erase nothing: the record is the office's, and what is left of the person has no name."""
    del person_id


PART = Part(
    owner="notices",
    title=_l("Work on notices"),
    stored=(),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("What was done with notices, and receipts of organisations"),
            _l("It is the record of the office or organisation; your name is no longer in it."),
        ),
    ),
)
