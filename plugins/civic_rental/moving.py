"""Move a conversion from state to state, once all that its state asks for is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from civic.api import Actor, Refused, allowed, clock, days_off, db, periods
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_rental import cases, findings, recording, states
from civic_rental.checking import building_findings, home_findings
from civic_rental.checks import Finding
from civic_rental.home_models import CLOSED, DRAFT, LISTED, SUSPENDED, Listing
from civic_rental.manifest import plugin
from civic_rental.models import COUNTED, TAKEN_BACK, Conversion, Opinion, Partner, Record, Step
from civic_rental.words import said


@dataclass(frozen=True)
class Lack:
    """Be one thing that keeps a conversion where it is.

    :ivar cure: what to do, and `source` where the rule stands, for findings of the checks.
    """

    code: str
    text: str
    cure: str = ""
    source: str = ""


def lacking(conversion: Conversion, there: Mapping[str, Record]) -> list[Lack]:
    """Return what keeps a conversion from moving on, in the order of its state.

    :param there: the records that count, by their codes.
    """
    state = states.way().states[conversion.state]
    found = []
    for code in state.records:
        row = there.get(code)
        stale = row is not None and code in state.fresh and row.at < conversion.entered_at
        if row is None or stale:
            what = said(states.way().records[code])
            found.append(Lack(code, _("Not on record yet: %(what)s", what=what)))
    for gate in state.gates:
        found += GATES[gate](conversion, there)
    return found


def _partners(conversion: Conversion, _there: Mapping[str, Record]) -> list[Lack]:
    if db.session.scalar(select(Partner.id).filter_by(conversion_id=conversion.id).limit(1)):
        return []
    return [Lack("partners", _("No unit is named for whose staff the homes are."))]


def present(conversion: Conversion) -> Sequence[Opinion]:
    """Return the opinions of the present round; what was taken back is left out."""
    query = select(Opinion).where(
        Opinion.conversion_id == conversion.id,
        Opinion.round == conversion.review_round,
        Opinion.state != TAKEN_BACK,
    )
    return db.session.scalars(query.order_by(Opinion.id)).all()


def _opinions(conversion: Conversion, _there: Mapping[str, Record]) -> list[Lack]:
    counted = {row.office for row in present(conversion) if row.state == COUNTED}
    return [
        Lack("opinions", _("Has not given its opinion yet: %(office)s", office=said(office.words)))
        for code, office in states.way().offices.items()
        if code not in counted
    ]


def _conditions(conversion: Conversion, _there: Mapping[str, Record]) -> list[Lack]:
    offices = states.way().offices
    return [
        Lack(
            "conditions",
            _(
                "Condition of %(office)s not met yet: %(words)s",
                office=said(offices[row.office].words),
                words=row.words,
            ),
        )
        for row in present(conversion)
        if row.opinion == "condition" and row.met_at is None
    ]


def _told(found: Sequence[Finding], title: str = "") -> list[Lack]:
    stops = findings.told([each for each in found if each.stops])
    before = f"{title} — " if title else ""
    return [Lack(each.code, f"{before}{each.text}", each.cure, each.source) for each in stops]


def _building(conversion: Conversion, there: Mapping[str, Record]) -> list[Lack]:
    return _told(building_findings(conversion, there))


def _homes(conversion: Conversion, _there: Mapping[str, Record]) -> list[Lack]:
    query = select(Listing).where(
        Listing.conversion_id == conversion.id, Listing.state.in_((DRAFT, LISTED, SUSPENDED))
    )
    query = query.options(selectinload(Listing.rooms))
    rows = db.session.scalars(query.order_by(Listing.id)).all()
    if not rows:
        return [Lack("homes", _("No homes are written down yet."))]
    return [lack for row in rows for lack in _told(home_findings(row), row.title)]


def _cases(conversion: Conversion, there: Mapping[str, Record]) -> list[Lack]:
    return [Lack("cases", sentence) for sentence in cases.undecided(conversion, there)]


GATES = {
    "partners": _partners,
    "opinions": _opinions,
    "conditions": _conditions,
    "building": _building,
    "homes": _homes,
    "cases": _cases,
}


def move(actor: Actor, conversion: Conversion, to: str, words: str) -> None:
    """Move a conversion to another state.

    :raises Refused: `moved_on`, `not_yours`, `reason`, or `lacking` with the first thing that is
        not there.
    """
    recording.hold(conversion)
    way = states.way().states[conversion.state].move(to)
    if way is None:
        message = _l("The conversion has moved on meanwhile. Look at the page again.")
        raise Refused("moved_on", message, HTTPStatus.CONFLICT)
    if not allowed(actor, f"rental.{way.by}", conversion.community.path):
        message = _l("Your post does not lead to this state. Ask whoever leads conversions.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    if way.reason and not words:
        raise Refused("reason", _l("Please give the reason."))
    if way.forward:
        lacks = lacking(conversion, recording.latest(conversion))
        if lacks:
            message = _l("It cannot move on yet. %(text)s")
            raise Refused("lacking", message, HTTPStatus.CONFLICT, {"text": lacks[0].text})
    _go(actor, conversion, to, words)


def stop(actor: Actor, conversion: Conversion, words: str) -> None:
    """Stop a conversion that an office refuses."""
    _go(actor, conversion, states.STOPPED, words)


def _go(actor: Actor, conversion: Conversion, to: str, words: str) -> None:
    now, before = clock.now(), conversion.state
    if to == states.REVIEW:
        conversion.review_until = periods.last_day(now, states.way().review, days_off())
        conversion.review_round += 1
    conversion.state, conversion.entered_at, conversion.reason = to, now, words
    step = Step(conversion_id=conversion.id, before=before, after=to, words=words)
    step.by_id, step.at = actor.person_id, now
    step.office = actor.office_at(conversion.community.path)
    db.session.add(step)
    if before == states.LISTED:
        _take_down(conversion, SUSPENDED if to == states.SUSPENDED else CLOSED, words)
    elif to == states.CLOSED:
        _take_down(conversion, CLOSED, words)
    db.session.flush()
    plugin.audit(
        "moved",
        community=conversion.community,
        subject=recording.subject(conversion),
        actor=actor,
        data={"before": before, "after": to},
    )


def _take_down(conversion: Conversion, state: str, words: str) -> None:
    """Let no homes of a conversion be found any more."""
    up = Listing.state.in_((LISTED, SUSPENDED))
    query = update(Listing).where(Listing.conversion_id == conversion.id, up)
    db.session.execute(query.values(state=state, reason=words))


def steps(conversion: Conversion) -> Sequence[Step]:
    """Return the moves of a conversion, in their order."""
    query = select(Step).filter_by(conversion_id=conversion.id)
    return db.session.scalars(query.order_by(Step.id)).all()
