"""Files of a notice; whoever may see the notice may open them."""

from pathlib import Path
from typing import IO

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.communities.models import Community
from civic.kernel import uploads
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.notices import services
from civic.notices.models import Notice, NoticeFile

MOST = 10
headers = uploads.headers


def listed(notice_id: int) -> list[NoticeFile]:
    """Return the files of a notice in the order in which they were attached."""
    query = select(NoticeFile).filter_by(notice_id=notice_id).order_by(NoticeFile.id)
    return list(db.session.scalars(query))


def attach(
    actor: Actor, community: Community, notice_id: int, stream: IO[bytes], name: str, folder: Path
) -> NoticeFile:
    """Check a file, keep it in a folder, and attach it to a draft.

    :raises Refused: when it is no draft, has enough files, or the file is not accepted.
    """
    notice = services.find(actor, community, notice_id, lock=True)
    services.in_hand(notice)
    count = select(func.count()).where(NoticeFile.notice_id == notice.id)
    if (db.session.scalar(count) or 0) >= MOST:
        raise Refused("too_many", _l("A notice has at most %(most)d files."), values={"most": MOST})
    stored = uploads.store(stream, name, folder)
    made = NoticeFile(
        notice_id=notice.id,
        name=stored.name,
        stored=stored.stored_name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        is_image=stored.is_image,
    )
    try:
        db.session.add(made)
        notice.revision += 1
        notice.drafted_by = actor.person_id or notice.drafted_by
        db.session.flush()
    except Exception:
        (folder / stored.stored_name).unlink(missing_ok=True)
        raise
    return made


def detach(actor: Actor, community: Community, notice_id: int, file_id: int) -> str:
    """Take a file off a draft and return the name under which it is stored.

    :raises Refused: when it is no draft, or there is no such file.
    """
    notice = services.find(actor, community, notice_id, lock=True)
    services.in_hand(notice)
    found = _row(notice, file_id)
    db.session.delete(found)
    notice.revision += 1
    return found.stored


def find(notice: Notice, file_id: int, name: str) -> uploads.Stored:
    """Return a file of a notice by its id and name.

    :raises Refused: 404 when there is none.
    """
    row = _row(notice, file_id)
    if row.name != name:
        raise _missing()
    return uploads.Stored(
        name=row.name,
        stored_name=row.stored,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        is_image=row.is_image,
    )


def _row(notice: Notice, file_id: int) -> NoticeFile:
    query = select(NoticeFile).filter_by(id=file_id, notice_id=notice.id)
    found = db.session.scalar(query)
    if found is None:
        raise _missing()
    return found


def _missing() -> Refused:
    return services.missing()
