"""Awards: the ranking, the list within the ceiling, objections to it, and what is paid when."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from sqlalchemy import select

from civic.api import Actor, Refused, clock, days_off, db, money, periods
from civic.api import lazy_gettext as _l
from civic_incubator import calls, panel
from civic_incubator.manifest import plugin
from civic_incubator.models import Application, Call
from civic_incubator.ranking import SIDES, Entry, Ranked, Rules, rank
from civic_incubator.review_models import (
    Award,
    AwardList,
    Declaration,
    Instalment,
    Review,
    Seat,
)


def rules(which: Call) -> Rules:
    """Return how marks become scores in a call."""
    weights = {row["code"]: row["weight"] for row in which.criteria}
    shares = dict(zip(SIDES, (which.expert_weight, which.resident_weight), strict=True))
    return Rules(weights, which.most_marks, shares)


def marks(which: Call) -> dict[int, dict[str, list[dict[str, int | None]]]]:
    """Return all marks of a call, by application and side, in the order of the seats."""
    query = (
        select(Declaration.application_id, Seat.side, Review.marks)
        .join(Review, Review.declaration_id == Declaration.id)
        .join(Seat, Seat.id == Declaration.seat_id)
        .where(Declaration.call_id == which.id)
        .order_by(Declaration.application_id, Seat.id)
    )
    found: dict[int, dict[str, list[dict[str, int | None]]]] = {}
    for application_id, side, given in db.session.execute(query):
        found.setdefault(application_id, {}).setdefault(side, []).append(given)
    return found


def ranking(which: Call) -> list[tuple[Ranked, Application]]:
    """Return the reviewed applications in their order."""
    found = marks(which)
    by_number = {one.number or 0: one for one in panel.reviewed(which)}
    entries = [Entry(number, found.get(one.id, {})) for number, one in by_number.items()]
    return [(row, by_number[row.number]) for row in rank(entries, rules(which))]


def proposal(which: Call) -> dict[int, int]:
    """Return what the ranking alone would award: what is asked for, as far as the pot reaches."""
    left, found = which.pot, {}
    for row, one in ranking(which):
        if row.total is not None and one.asked <= left:
            found[one.id] = one.asked
            left -= one.asked
    return found


def draw(
    actor: Actor, which: Call, amounts: Mapping[int, int], note: str, *, last: int
) -> AwardList:
    """Draw up a list of awards and show it for the working days of the call, an official act.

    :param amounts: fen by application; those without any are not awarded.
    :param last: number of the list that whoever draws has looked at, 0 for none.
    :raises Refused: `no_move`, `meanwhile`, `none`, `elsewhere`, `unscored`, `asked`, `pot`, and
        `note` where the list is not what the ranking alone would give.
    """
    db.session.refresh(which, with_for_update=True)
    before = calls.latest(which)
    _may_draw(which, before, last)
    rows = {one.id: (row, one) for row, one in ranking(which)}
    _check(which, amounts, rows)
    if not note and (before is not None or dict(amounts) != proposal(which)):
        message = _l(
            "This is not what the ranking alone would give. Please say why; it stands on the list."
        )
        raise Refused("note", message)
    shown_at = clock.now()
    period = periods.Period(n=which.working_days, kind=periods.Kind.WORKING)
    made = AwardList(
        call_id=which.id,
        number=last + 1,
        note=note,
        shown_at=shown_at,
        until=periods.end_of(shown_at, period, days_off()),
        drawn_by=actor.person_id,
    )
    for place, (_, one) in enumerate((row for row in rows.values() if row[1].id in amounts), 1):
        award = Award(application_id=one.id, place=place, fen=amounts[one.id])
        parts = money.parts(award.fen, which.instalments)
        for position, (percent, fen) in enumerate(zip(which.instalments, parts, strict=True), 1):
            award.instalments.append(Instalment(position=position, percent=percent, fen=fen))
        made.awards.append(award)
    db.session.add(made)
    db.session.flush()
    plugin.audit(
        "awarded",
        community=which.community,
        subject=f"incubator_call:{which.id}",
        actor=actor,
        data={
            "list": made.number,
            "awards": [
                [one.number, amounts[one.id]] for _, one in rows.values() if one.id in amounts
            ],
        },
    )
    if which.phase == calls.DECIDING:
        calls.move(actor, which, calls.PUBLICITY)
    return made


def _may_draw(which: Call, before: AwardList | None, last: int) -> None:
    if last != (before.number if before else 0):
        message = _l("Somebody has drawn up a list meanwhile. Please look at it first.")
        raise Refused("meanwhile", message, HTTPStatus.CONFLICT)
    upheld = before is not None and which.phase == calls.PUBLICITY and calls.upheld(before)
    if which.phase != calls.DECIDING and not upheld:
        message = _l(
            "A list can be drawn up once the review is over, and anew once an objection to it has "
            "been upheld."
        )
        raise Refused("no_move", message, HTTPStatus.CONFLICT)


def _check(
    which: Call, amounts: Mapping[int, int], rows: Mapping[int, tuple[Ranked, Application]]
) -> None:
    if not amounts:
        raise Refused("none", _l("Please award something to one project at least."))
    if amounts.keys() - rows.keys():
        raise Refused(
            "elsewhere", _l("Only projects that were reviewed in this call can be awarded.")
        )
    values: dict[str, object]
    for application_id, fen in amounts.items():
        row, one = rows[application_id]
        if row.total is None:
            message = _l("No. %(number)d was scored by nobody, so it cannot be awarded.")
            raise Refused("unscored", message, values={"number": one.number})
        if not 0 < fen <= one.asked:
            message = _l("No. %(number)d asked for %(asked)s yuan; it can get that at most.")
            values = {"number": one.number, "asked": money.shown(one.asked)}
            raise Refused("asked", message, values=values)
    if (total := sum(amounts.values())) > which.pot:
        message = _l(
            "All awards come to %(total)s yuan, and the call has %(pot)s. Please lower one of them."
        )
        values = {"total": money.shown(total), "pot": money.shown(which.pot)}
        raise Refused("pot", message, values=values)


def lists(which: Call) -> Sequence[AwardList]:
    """Return all lists of a call, the one that counts first."""
    query = select(AwardList).filter_by(call_id=which.id).order_by(AwardList.number.desc())
    return db.session.scalars(query).all()


def redraw(which: Call) -> bool:
    """Tell whether the list that counts has to be drawn anew: an objection was upheld."""
    last = calls.latest(which)
    return last is not None and which.phase == calls.PUBLICITY and calls.upheld(last)
