"""Tables that go out: the events of a community, and who signed up for one."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from civic.api import Community, Person, clock, db, holds, sheets
from civic.api import gettext as _
from civic_events.kinds import AUDIENCES, STATES
from civic_events.models import Activity, Arrival, SignUp

HEADER = ("名称", "地点", "开始", "结束", "对象", "名额", "预计人数", "状态", "许可文号", "主办")
STATES_OF_CLAIMS = {"held": "已报名", "offered": "等待确认", "waiting": "排队"}


def _when(moment: object) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"  # type: ignore[arg-type]


def events(community: Community) -> Iterable[Sequence[sheets.Cell]]:
    """Return all events of a community, the earliest first."""
    query = select(Activity).filter_by(community_id=community.id)
    for row in db.session.scalars(query.order_by(Activity.starts_at, Activity.id)):
        yield (
            row.title,
            row.place,
            _when(row.starts_at),
            _when(row.ends_at),
            str(AUDIENCES[row.audience]),
            row.capacity,
            row.expected,
            str(STATES[row.state]),
            row.permit_number,
            row.organiser,
        )


def people(activity: Activity) -> bytes:
    """Return who signed up for an event, as a spreadsheet, in the order of the line."""
    claims = {each.id: each for each in holds.claims(activity.subject, limit=100_000)}
    query = (
        select(SignUp, Person.name, Arrival.at)
        .join(Person, Person.id == SignUp.person_id)
        .outerjoin(Arrival, Arrival.sign_up_id == SignUp.id)
        .where(SignUp.activity_id == activity.id, SignUp.claim_id.in_(claims))
        .order_by(SignUp.claim_id)
    )
    rows: list[Sequence[sheets.Cell]] = []
    for row, name, came in db.session.execute(query):
        claim = claims[row.claim_id]
        state = STATES_OF_CLAIMS[claim.state]
        rows.append(
            (name, claim.places, state, row.code, _when(came) if came else "", *row.answers)
        )
    header = ("姓名", "人数", "状态", "入场码", "入场时间", *activity.questions)
    return sheets.write_xlsx(rows, header, _("Sign-ups"))


def listed(activity: Activity) -> Sequence[int]:
    """Return the ids of the people on that list."""
    claims = holds.claims(activity.subject, limit=100_000)
    return [claim.person_id for claim in claims if claim.person_id is not None]
