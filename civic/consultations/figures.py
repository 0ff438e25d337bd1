"""Numbers that other rooms show at a case, kept in its row so that a page asks nothing more."""

from sqlalchemy import select

from civic.consultations.models import Consultation
from civic.kernel.db import db


def add(consultation_id: int, code: str, by: int = 1) -> int:
    """Change a number of a case, in the transaction of what it counts, and return it.

    The row of the case is held until the transaction ends, so that two at once add up.

    :param code: as the panel of the room reads it; a number that comes to 0 is left out.
    """
    held = (
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    case = db.session.scalars(held).one()
    number = case.figures.get(code, 0) + by
    rest = {key: value for key, value in case.figures.items() if key != code}
    case.figures = rest | {code: number} if number else rest
    return number
