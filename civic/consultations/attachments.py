"""Files that explain a consultation."""

from http import HTTPStatus
from pathlib import Path
from typing import IO

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.consultations.models import Attachment, Consultation
from civic.consultations.services import still_draft
from civic.kernel import uploads
from civic.kernel.db import db
from civic.kernel.errors import Refused

MOST = 10


def attach(consultation: Consultation, stream: IO[bytes], name: str, folder: Path) -> Attachment:
    """Check a file, keep it in a folder, and attach it to a draft.

    :raises Refused: when it is no draft, has enough files, or the file is not accepted.
    """
    still_draft(consultation)
    db.session.execute(select(Consultation.id).filter_by(id=consultation.id).with_for_update())
    count = select(func.count()).where(Attachment.consultation_id == consultation.id)
    if (db.session.scalar(count) or 0) >= MOST:
        raise Refused(
            "too_many", _l("A consultation has at most %(most)d files."), values={"most": MOST}
        )
    stored = uploads.store(stream, name, folder)
    made = Attachment(
        consultation_id=consultation.id,
        name=stored.name,
        stored=stored.stored_name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        is_image=stored.is_image,
    )
    try:
        db.session.add(made)
        db.session.flush()
    except Exception:
        (folder / stored.stored_name).unlink(missing_ok=True)
        raise
    return made


def detach(consultation: Consultation, attachment_id: int) -> str:
    """Take a file off a draft and return the name under which it is stored.

    :raises Refused: when it is no draft, or there is no such file.
    """
    still_draft(consultation)
    found = _row(consultation, attachment_id)
    db.session.delete(found)
    return found.stored


def find(consultation: Consultation, attachment_id: int, name: str) -> uploads.Stored:
    """Return a file of a consultation by its id and name.

    :raises Refused: 404 when there is none.
    """
    row = _row(consultation, attachment_id)
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


headers = uploads.headers


def _row(consultation: Consultation, attachment_id: int) -> Attachment:
    query = select(Attachment).filter_by(id=attachment_id, consultation_id=consultation.id)
    found = db.session.scalar(query)
    if found is None:
        raise _missing()
    return found


def _missing() -> Refused:
    return Refused("no_file", _l("There is no such file here."), HTTPStatus.NOT_FOUND)
