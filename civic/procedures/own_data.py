"""What is stored about a person's work on procedures: given out; it stays the office's record."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.kernel.db import db
from civic.kernel.own_data import Kept, Part, Table
from civic.procedures.models import ProcedureConfirmation, ProcedureVersion


def _export(person_id: int) -> list[Table]:
    rows = db.session.execute(
        select(
            ProcedureVersion.code,
            ProcedureVersion.number,
            ProcedureConfirmation.post,
            ProcedureConfirmation.at,
        )
        .join(ProcedureVersion, ProcedureVersion.id == ProcedureConfirmation.version_id)
        .where(ProcedureConfirmation.person_id == person_id)
        .order_by(ProcedureConfirmation.at)
    )
    return [
        Table(
            "procedures_confirmed",
            _l("Procedures that you confirmed for your office"),
            {
                "procedure": _l("Procedure"),
                "number": _l("Version"),
                "post": _l("Office"),
                "at": _l("When"),
            },
            [tuple(row) for row in rows],
        )
    ]


def _forget(person_id: int) -> None:
    """Erase nothing: the record is the office's, and what is left of the person has no name."""
    del person_id


PART = Part(
    owner="procedures",
    title=_l("Work on procedures"),
    stored=(),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Which procedures were confirmed, and on which document"),
            _l("It is the record of the office; your name is no longer in it."),
        ),
    ),
)
