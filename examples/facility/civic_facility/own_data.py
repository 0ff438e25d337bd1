"""What is kept about people: given out to them, and forgotten with their account."""

from sqlalchemy import or_, select, update

from civic.api import Table, db
from civic.api import lazy_gettext as _l
from civic_facility.kinds import DEFECTS, KINDS
from civic_facility.models import Defect


def export(person_id: int) -> list[Table]:
    """Return what somebody reported, and what they handled for their office."""
    mine = or_(Defect.person_id == person_id, Defect.handled_by == person_id)
    found = db.session.scalars(select(Defect).where(mine).order_by(Defect.id)).all()
    reported = Table(
        name="facility_reports",
        title=_l("Reports of defects"),
        columns={
            "kind": _l("Kind"),
            "number": _l("Number"),
            "text": _l("What is wrong"),
            "reported_at": _l("Reported"),
            "state": _l("State"),
            "note": _l("What was done"),
        },
        rows=[
            (
                KINDS[row.place.kind],
                row.place.number,
                row.text,
                row.reported_at,
                DEFECTS[row.state],
                row.note,
            )
            for row in found
            if row.person_id == person_id
        ],
    )
    handled = Table(
        name="facility_handled",
        title=_l("Reports you handled"),
        columns={
            "kind": _l("Kind"),
            "number": _l("Number"),
            "note": _l("What was done"),
            "handled_at": _l("Handled"),
        },
        rows=[
            (KINDS[row.place.kind], row.place.number, row.note, row.handled_at)
            for row in found
            if row.handled_by == person_id
        ],
    )
    return [reported, handled]


def forget(person_id: int) -> None:
    """Take the person and their words out of reports; that there was one stays."""
    own = Defect.person_id == person_id
    db.session.execute(update(Defect).where(own).values(person_id=None, text=""))
    staff = Defect.handled_by == person_id
    db.session.execute(update(Defect).where(staff).values(handled_by=None))
