"""What is stored of who claims places: given out, and given back when the account is closed."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.holds import services
from civic.holds.models import HoldClaim, HoldPool
from civic.holds.values import ACTIVE, DECLINED, ENDED, EXPIRED, HELD, LEFT, OFFERED, WAITING
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Part, Table

TITLES = {
    WAITING: _l("Waits in line"),
    OFFERED: _l("Offered, waits for an answer"),
    HELD: _l("Places are yours"),
    DECLINED: _l("Not taken"),
    EXPIRED: _l("Offer ended unanswered"),
    LEFT: _l("Given back"),
    ENDED: _l("Ended"),
}


def _export(person_id: int) -> list[Table]:
    query = (
        select(HoldPool.title, HoldClaim.places, HoldClaim.state, HoldClaim.at, HoldClaim.moved_at)
        .join(HoldPool, HoldPool.id == HoldClaim.pool_id)
        .where(HoldClaim.person_id == person_id)
        .order_by(HoldClaim.id)
    )
    return [
        Table(
            "holds",
            _l("Places you claimed"),
            {
                "what": _l("What for"),
                "places": _l("Places"),
                "state": _l("Where it stands"),
                "at": _l("When"),
                "moved_at": _l("Last change"),
            },
            [
                (title, number, TITLES[state], at, moved)
                for title, number, state, at, moved in db.session.execute(query)
            ],
        )
    ]


def _forget(person_id: int) -> None:
    """Give back what is claimed, so that others move up, and cut the rest off from the person."""
    mine = select(HoldClaim.id).where(HoldClaim.person_id == person_id)
    active = mine.where(HoldClaim.state.in_(ACTIVE)).order_by(HoldClaim.pool_id)
    for claim_id in db.session.scalars(active).all():
        services.leave(claim_id, person_id)
    cut = update(HoldClaim).where(HoldClaim.person_id == person_id)
    db.session.execute(cut.values(person_id=None))


PART = Part(
    owner="holds",
    title=_l("Places that you claim and wait for"),
    stored=(
        Collected(
            _l("What you have claimed places for, how many, and your place in line"),
            _l("So that every place goes to one, and to the next in line when it is given back."),
            _l("as long as the record of what it was for"),
        ),
    ),
    export=_export,
    forget=_forget,
)
