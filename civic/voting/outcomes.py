"""The result of a ballot of one of several, as soon as it has closed."""

from collections.abc import Mapping
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.voting import choices, figures, results, standings
from civic.voting.box import UsedRight
from civic.voting.models import Ballot


def result(ballot: Ballot, options: Mapping[int, str]) -> results.Result:
    """Count a ballot of one of several that has closed.

    :raises Refused: `running` before the close, to everybody.
    """
    if clock.now() < ballot.closes_at:
        raise Refused("running", _l("There is no result before the close."), HTTPStatus.CONFLICT)
    return results.count(dict(options), _counts(ballot))


def _counts(ballot: Ballot) -> dict[int | None, int]:
    if ballot.sealed_at is not None:
        shown: dict[str, int] = ballot.closing["result"]["figures"]
        counts: dict[int | None, int] = {int(key): number for key, number in shown.items()}
        abstained: int = ballot.closing["result"]["abstained"]
        return counts | ({None: abstained} if abstained else {})
    query = select(UsedRight.choice, func.count()).filter_by(ballot_id=ballot.id)
    if standings.promised(ballot) == standings.AT_CLOSE:
        # As the count will have it, which comes within the minute.
        asked = UsedRight.person_id.in_(figures.asked(ballot, at=ballot.closes_at))
        query = query.where(or_(UsedRight.person_id.is_(None), asked))
    rows = db.session.execute(query.group_by(UsedRight.choice))
    found = {str(row[0]): row[1] for row in rows}
    return {None if key == choices.NOTHING else int(key): count for key, count in found.items()}
