"""Fix the rule of an allocation with the hash of a secret, before anybody can apply."""

from datetime import datetime
from http import HTTPStatus

from civic.api import Actor, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import drawing
from civic_rental.allocating import check, homes, iso, last_round, locked, subject
from civic_rental.allocation_models import DRAFT, FIXED, Allocation, DrawRound
from civic_rental.manifest import plugin
from civic_rental.words import data

_DATES = ("opens_at", "closes_at", "public_at")


def fix(actor: Actor, which: Allocation, version: int) -> DrawRound:
    """Fix the rule and the hash of a secret, before anybody can apply: an official act.

    :raises Refused: `fixed`, `version`, `too_late` once applications would be open, `no_homes`,
        and as `draw_up`.
    """
    locked(which)
    if which.state != DRAFT:
        raise Refused("fixed", _l("The rule is fixed already."), HTTPStatus.CONFLICT)
    if which.version != version:
        message = _l("Somebody has saved this meanwhile. Please look at what stands there now.")
        raise Refused("version", message, HTTPStatus.CONFLICT)
    if clock.now() >= which.opens_at:
        message = _l(
            "The rule has to be fixed before applications open. Please set a later opening first."
        )
        raise Refused("too_late", message, HTTPStatus.CONFLICT)
    check(which.community, {key: getattr(which, key) for key in ("listing_id", *_DATES)})
    if homes(which) == 0:
        message = _l("These homes have no doors on record, so none could be given to anybody.")
        raise Refused("no_homes", message, HTTPStatus.CONFLICT)
    made = begin_round(actor, which, which.source, which.issue, which.public_at, "")
    which.state = FIXED
    plugin.audit(
        "rule_fixed",
        community=which.community,
        subject=subject(which),
        actor=actor,
        data={"rule": made.hash, "commitment": made.commitment, "public_at": iso(made.public_at)},
    )
    return made


def begin_round(
    actor: Actor, which: Allocation, source: str, issue: str, public_at: datetime, reason: str
) -> DrawRound:
    """Add the next round: a fresh secret, of which only the hash is shown, and its rule.

    The secret is made here and shown to nobody before the draw is published: who does not know it
    cannot try out numbers, and nobody has to keep it, or could lose it when a rank does not please.
    """
    before = last_round(which)
    lottery = which.ordering == drawing.LOTTERY
    secret = drawing.new_secret() if lottery else ""
    committed = drawing.commitment(secret) if lottery else ""
    kind = next(row for row in data("allocation")["source"] if row["code"] == source)
    now = clock.now()
    number = before.number + 1 if before else 1
    rule = {
        "allocation": which.id,
        "community": which.community.slug,
        "title": which.title,
        "homes": which.listing.title,
        "round": number,
        "reason": reason,
        "order": which.ordering,
        "tiers": which.tiers,
        "opens_at": iso(which.opens_at),
        "closes_at": iso(which.closes_at),
        "fixed_at": iso(now),
        "commitment": committed,
        "source": f"{kind['zh']} · {issue}" if lottery else "",
        "public_at": iso(public_at) if lottery else "",
    }
    made = DrawRound(
        allocation_id=which.id,
        number=number,
        rule=rule,
        hash=drawing.digest(drawing.canonical(rule)),
        secret=secret,
        commitment=committed,
        source=source,
        public_at=public_at,
        reason=reason,
        at=now,
        by_id=actor.person_id,
        office=actor.office_at(which.community.path),
    )
    db.session.add(made)
    db.session.flush()
    return made
