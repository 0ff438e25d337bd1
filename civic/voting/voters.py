"""Which rights somebody may use in a ballot: by its rule, by its roll, or in a rehearsal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TypeAlias

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from civic.identities.kinds import AUDIENCES, PARTICIPATES_FROM
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.i18n import square_metres
from civic.kernel.permissions import Actor, Path, allowed
from civic.voting import mandates, services
from civic.voting.box import UsedRight
from civic.voting.entitled import entitlement
from civic.voting.kinds import TEST_VOTERS
from civic.voting.models import Ballot
from civic.voting.rolls import Roll
from civic.voting.services import Right

MANAGE = "ballots.manage"


Words: TypeAlias = str | LazyString


@dataclass(frozen=True)
class Usable:
    """Be a right that somebody may use, named for them."""

    right: Right
    name: str = ""


@dataclass(frozen=True)
class Voter:
    """Say whether somebody may vote, why or why not, and by which rights.

    :ivar used: what has been used of them, by key.
    """

    may: bool
    code: str
    sentence: Words
    rights: Sequence[Usable]
    used: dict[str, UsedRight]

    def find(self, key: str) -> Usable:
        """Return one of the rights; the first that is free, or the first, where none is named.

        :raises Refused: the reason where there is none, `right` for one of somebody else.
        """
        if not self.rights:
            missing = HTTPStatus.UNAUTHORIZED if self.code == "sign_in" else HTTPStatus.FORBIDDEN
            raise Refused(self.code, self.sentence, missing)
        if not key:
            free = [one for one in self.rights if one.right.key not in self.used]
            return (free or list(self.rights))[0]
        for one in self.rights:
            if one.right.key == key:
                return one
        raise Refused("right", _l("This right is not yours to use."), HTTPStatus.FORBIDDEN)


def entitled(actor: Actor, ballot: Ballot, path: Path) -> Voter:
    """Say whether somebody may vote in a ballot, and why; what they used is not looked up.

    Every ballot says it by this: of an office or of a consultation, at the paper and at the cast.
    Once it has closed, nobody votes any more.
    """
    may, code, sentence, rights = _rights(actor, ballot, path)
    if may and (ballot.sealed_at is not None or clock.now() >= ballot.closes_at):
        may, code, sentence = False, "closed", _("Voting has closed: nobody can vote any more.")
    return Voter(may, code, sentence, rights, {})


def voter(actor: Actor, ballot: Ballot, path: Path) -> Voter:
    """Look up what somebody may do in a ballot, and what they have done."""
    found = entitled(actor, ballot, path)
    rights = found.rights
    keys = [one.right.key for one in rights]
    query = select(UsedRight).where(UsedRight.ballot_id == ballot.id, UsedRight.key.in_(keys))
    used = {row.key: row for row in db.session.scalars(query)} if keys else {}
    return replace(found, used=used)


def _rights(actor: Actor, ballot: Ballot, path: Path) -> tuple[bool, str, Words, Sequence[Usable]]:
    if ballot.rehearsal:
        return _test_voters(actor, ballot, path)
    if ballot.roll_id is not None:
        roll = db.session.get_one(Roll, ballot.roll_id)
        found = entitlement(roll, actor, mandates.held(ballot, actor.person_id))
        asked = roll.rule.get("standings") or ()
        level = roll.rule.get("level", 0)
        if found.code == "not_listed" and _too_low(actor, asked, path, level):
            return False, "level", _level(level), ()
        usable = [
            Usable(
                Right(key=held.right.key, person_id=actor.person_id, id=held.right.id),
                held.for_name or held.right.label,
            )
            for held in found.rights
        ]
        return found.may, found.code, found.sentence, usable
    right = services.eligibility(actor, ballot.audience, path)
    if not right.may:
        if right.code == "audience" and _too_low(actor, ballot.audience, path):
            return False, "level", _level(PARTICIPATES_FROM), ()
        return False, right.code, services.REASONS[right.code], ()
    # In words only when it is shown: whoever votes is sent on.
    sentence = _l("You may vote because you belong to the %(group)s.", group=AUDIENCES[right.group])
    own = Right(key=services.key_of(actor.person_id), person_id=actor.person_id)
    return True, right.code, sentence, (Usable(own),)


def _too_low(
    actor: Actor, asked: Collection[str], path: Path, level: int = PARTICIPATES_FROM
) -> bool:
    """Tell whether somebody has a standing that is asked for, at too low a level."""
    wanted = set(asked)
    return any(
        standing.level < level
        and wanted & (standing.groups | {standing.code})
        and standing.path[: len(path)] == path
        for standing in actor.standings
    )


def _level(level: int) -> str:
    return _(
        "You belong here, but this vote asks for identity of level %(level)d. Show your papers at "
        "the office; that counts for the next vote, and for this one where objections to its roll "
        "are still open.",
        level=level,
    )


def _test_voters(
    actor: Actor, ballot: Ballot, path: Path
) -> tuple[bool, str, Words, Sequence[Usable]]:
    if not allowed(actor, MANAGE, path):
        sentence = _("This is a rehearsal with test voters. Nothing is decided by it.")
        return False, "rehearsal", sentence, ()
    areas = ballot.rules.get("roll", {}).get("areas_cm2")
    rights = [
        Usable(
            Right(key=f"test:{number}", person_id=None),
            _("Test voter %(n)d", n=number)
            if areas is None
            else _(
                "Test voter %(n)d, %(area)s m²", n=number, area=square_metres(areas[number - 1])
            ),
        )
        for number in range(1, TEST_VOTERS + 1)
    ]
    return True, "rehearsal", _("You act for test voters; none of them is real."), rights
