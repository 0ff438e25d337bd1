"""Tables of procedures: versions that are never changed, and their confirmations.

The database refuses to change or delete a row of either: a new version takes the place of an old
one, and what a case has copied can always be found again.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.identities.kinds import LEGAL
from civic.kernel.db import Model, one_of


class ProcedureVersion(Model):
    """Keep one version of a procedure as it holds here, overlays merged.

    :ivar code: the id of the procedure.
    :ivar number: of the version in this site; the newest that is in force holds.
    :ivar source: the bundle it came with: `civic`, a plugin, or the name of a file.
    :ivar bundled: the number that the bundle gives it.
    :ivar adopted_by: which body has adopted it, in words; empty for what comes with the platform.
    :ivar data: all it says, as `reading` reads it.
    :ivar fingerprint: SHA-256 of the canonical JSON of `data`.
    """

    __table_args__ = (
        UniqueConstraint("code", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="validity"
        ),
        CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    number: Mapped[int]
    jurisdiction: Mapped[str]
    source: Mapped[str]
    bundled: Mapped[int]
    adopted_by: Mapped[str]
    adopted_on: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    review_on: Mapped[date | None]
    data: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    loaded_at: Mapped[datetime]
    confirmation: Mapped["ProcedureConfirmation | None"] = relationship(lazy="raise", viewonly=True)


class ProcedureConfirmation(Model):
    """Say that the legal officer has confirmed a version, with the document it rests on.

    :ivar post: the office in whose name it was done, as written at the time.
    :ivar document: title or number of the document; `document_on` is its date.
    """

    __table_args__ = (
        one_of("post_kind", (LEGAL,)),
        CheckConstraint("document <> '' AND post <> ''", name="document"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("procedure_version.id"), primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post_kind: Mapped[str]
    post: Mapped[str]
    document: Mapped[str]
    document_on: Mapped[date]
    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    is_image: Mapped[bool]
