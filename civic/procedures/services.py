"""Versions of procedures in the running site: found, in force, copied into a case."""

from collections.abc import Iterable, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.procedures import snapshots
from civic.procedures.models import ProcedureVersion
from civic.procedures.reading import read
from civic.procedures.schema import Procedure

#: Versions that this process has read, by fingerprint; a site has some dozens.
_KNOWN: dict[str, Procedure] = {}
MOST_KNOWN = 500


def today() -> date:
    """Return the day on which one asks what is in force."""
    return clock.local(clock.now()).date()


def procedure_of(version: ProcedureVersion) -> Procedure:
    """Return what a version says; read once, as no version is ever changed."""
    found = _KNOWN.get(version.fingerprint)
    if found is None:
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        found = _KNOWN[version.fingerprint] = read(version.data, snapshots.ANYTHING)
    return found


def _newest(day: date) -> Select[str, int]:
    """Return the newest number of each procedure that has begun by a day.

    One that has ended counts too, so that an older one does not come back to life.
    """
    begun = or_(ProcedureVersion.valid_from.is_(None), ProcedureVersion.valid_from <= day)
    return (
        select(ProcedureVersion.code, func.max(ProcedureVersion.number).label("number"))
        .where(begun)
        .group_by(ProcedureVersion.code)
    )


def _versions() -> Select[ProcedureVersion]:
    return select(ProcedureVersion).options(joinedload(ProcedureVersion.confirmation))


def in_force(day: date | None = None) -> Sequence[ProcedureVersion]:
    """Return the version of each procedure that holds on a day, today unless given."""
    at = day or today()
    newest = _newest(at).subquery()
    query = (
        _versions()
        .join(
            newest,
            (ProcedureVersion.code == newest.c.code) & (ProcedureVersion.number == newest.c.number),
        )
        .where(or_(ProcedureVersion.valid_to.is_(None), ProcedureVersion.valid_to >= at))
        .order_by(ProcedureVersion.code)
    )
    return db.session.scalars(query).all()


def one_in_force(code: str, day: date | None = None) -> ProcedureVersion:
    """Return the version of a procedure that holds on a day.

    :raises Refused: `procedure`, where none does.
    """
    found = next((version for version in in_force(day) if version.code == code), None)
    if found is None:
        message = _l("The procedure “%(code)s” is not in force here.")
        raise Refused("procedure", message, HTTPStatus.CONFLICT, {"code": code})
    return found


def find(code: str, number: int) -> ProcedureVersion:
    """Return one version.

    :raises Refused: 404 where there is none.
    """
    query = _versions().where(ProcedureVersion.code == code, ProcedureVersion.number == number)
    found = db.session.scalar(query)
    if found is None:
        raise missing()
    return found


def missing() -> Refused:
    """Return the refusal for a version that there is not."""
    return Refused("no_procedure", _l("There is no such procedure."), HTTPStatus.NOT_FOUND)


def versions(code: str) -> Sequence[ProcedureVersion]:
    """Return all versions of a procedure, the newest first."""
    query = _versions().where(ProcedureVersion.code == code)
    return db.session.scalars(query.order_by(ProcedureVersion.number.desc())).all()


def codes() -> Sequence[str]:
    """Return the ids of all procedures that are here, ended ones among them."""
    return db.session.scalars(select(ProcedureVersion.code).distinct()).all()


def past(holding: Iterable[ProcedureVersion], limit: int) -> Sequence[ProcedureVersion]:
    """Return versions that do not hold, the newest first."""
    ids = [version.id for version in holding]
    query = _versions().where(ProcedureVersion.id.not_in(ids))
    return db.session.scalars(query.order_by(ProcedureVersion.id.desc()).limit(limit)).all()


def binding_of(version: ProcedureVersion) -> str:
    """Return what a result by a version is now."""
    confirmed = version.confirmation is not None
    return procedure_of(version).effective_binding(confirmed=confirmed)


def snapshot(version: ProcedureVersion) -> dict[str, Any]:
    """Return what a case copies of a version when it is noticed: plain JSON that stays as it is.

    `snapshots.load_snapshot` reads it; the version's confirmation must have been loaded.
    """
    given = version.confirmation
    return {
        "form": snapshots.FORM,
        "id": version.code,
        "number": version.number,
        "source": version.source,
        "adopted_by": version.adopted_by,
        "data": version.data,
        "fingerprint": version.fingerprint,
        "binding": binding_of(version),
        "confirmed": None
        if given is None
        else {
            "post": given.post,
            "at": given.at.isoformat(),
            "document": given.document,
            "document_on": given.document_on.isoformat(),
            "sha256": given.sha256,
        },
    }
