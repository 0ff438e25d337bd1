"""What has to be so before the rules of a ballot are fixed: roll, procedure, dates, plugins."""

from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.kernel import clock, i18n, plugins
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.procedures import terms
from civic.procedures.phrases import say
from civic.procedures.schema import Procedure
from civic.voting import by_procedure, kinds, legal_dates, panels, settled
from civic.voting.models import Ballot, BallotOption
from civic.voting.rolls import FROZEN, Roll

Options = Sequence[BallotOption]


def problems(ballot: Ballot, options: Options, roll: Roll | None) -> Iterator[Refused]:
    """Yield what stands in the way of fixing the rules, each with what to do about it."""
    for check in _CHECKS:
        try:
            check(ballot, options, roll)
        except Refused as refused:
            yield refused


def check(ballot: Ballot, options: Options, roll: Roll | None) -> None:
    """Refuse to fix the rules of a ballot that is not ready.

    :raises Refused: the first of its problems.
    """
    for refused in problems(ballot, options, roll):
        raise refused


def _options(ballot: Ballot, options: Options, _roll: Roll | None) -> None:
    if len(options) < (1 if ballot.kind == kinds.ITEMS else 2):
        raise Refused("options", _l("A ballot needs something to choose from."))


def _frozen(ballot: Ballot, _options: Options, roll: Roll | None) -> None:
    if roll is None or ballot.rehearsal:
        return
    if roll.state != FROZEN:
        raise Refused("roll", _l("The roll has to be frozen first."), HTTPStatus.CONFLICT)
    if "area_cm2" in roll.measures and ballot.secret:
        raise Refused(
            "area",
            _l("Counted by area a ballot cannot be secret: an area tells whose flat it is."),
        )


def _objections(ballot: Ballot, _options: Options, roll: Roll | None) -> None:
    """Refuse while the roll is not settled, or would not be when the vote begins."""
    if roll is None or ballot.rehearsal:
        return
    if roll.objections_until is not None and roll.objections_until > ballot.opens_at:
        raise Refused(
            "roll_window",
            _l(
                "People may object to the roll until %(moment)s, so the vote cannot begin before. "
                "Please choose a later beginning."
            ),
            HTTPStatus.CONFLICT,
            {"moment": i18n.moment(roll.objections_until)},
        )
    settled.refuse_open(ballot)


def _fits(ballot: Ballot, _options: Options, roll: Roll | None) -> None:
    snapshot = by_procedure.of(ballot)
    if snapshot is not None:
        fits(snapshot.procedure, ballot, roll)


def fits(procedure: Procedure, ballot: Ballot, roll: Roll | None, *, secrecy: str = "") -> None:
    """Refuse a ballot that its procedure does not allow.

    :param secrecy: that of the ballot, unless another is meant.

    :raises Refused: `paper`, `needs_roll`, `unit`, `measures`, `apart`, `secrecy` or `silence`.
    """
    values: dict[str, object] = {"rule": say(procedure.title)}
    if not by_procedure.held(procedure) or ballot.kind not in by_procedure.papers(procedure):
        message = _l("“%(rule)s” does not count such a paper. Please choose another one.")
        raise Refused("paper", message, values=values)
    if procedure.silence_follows_majority:
        message = _l(
            "“%(rule)s” counts silent votes with the majority. Whom a ballot has reached is not "
            "proved here, so it is not held here."
        )
        raise Refused("silence", message, values=values)
    order = [kinds.NAMED, kinds.SEALED, kinds.DETACHED]
    if order.index(secrecy or ballot.secrecy) < order.index(procedure.secrecy):
        message = _l("“%(rule)s” promises more secrecy than this ballot. Please choose it.")
        raise Refused("secrecy", message, values=values)
    if not ballot.rehearsal:
        _electorate(procedure, ballot, roll, values)


def _electorate(
    procedure: Procedure, ballot: Ballot, roll: Roll | None, values: dict[str, object]
) -> None:
    if procedure.decision.weights:
        _judges(roll, values)
        return
    unit = by_procedure.UNITS[procedure.unit]
    values["unit"] = kinds.UNITS[unit]
    if roll is None and unit != kinds.PERSON:
        message = _l(
            "“%(rule)s” needs a roll of the kind “%(unit)s”. Draw one under “Rolls of voters”, let "
            "a second person freeze it, and choose it here."
        )
        raise Refused("needs_roll", message, values=values)
    if roll is not None and roll.unit != unit:
        message = _l(
            "“%(rule)s” is for “%(unit)s”, and the roll is of another kind. Please choose or draw "
            "one that fits."
        )
        raise Refused("unit", message, values=values)
    measures = roll.measures if roll is not None else [terms.HEADS]
    if terms.AREA in procedure.measures and terms.AREA not in measures:
        message = _l("“%(rule)s” counts area, and the roll has none. Draw a roll of owners.")
        raise Refused("measures", message, values=values)
    if roll is None and not ballot.audience:
        raise Refused("audience", _l("Please choose who votes."))
    if procedure.electorate.apart and roll is None and len(ballot.audience) > 1:
        message = _l(
            "“%(rule)s” counts groups apart from each other. Hold one ballot for each group."
        )
        raise Refused("apart", message, values=values)


def _judges(roll: Roll | None, values: dict[str, object]) -> None:
    """Refuse judges without a list: how many of a group took part is part of the rule."""
    if roll is None:
        message = _l(
            "“%(rule)s” needs a roll for each group of judges. Draw one under “Rolls of voters”, "
            "let a second person freeze it, and choose it here."
        )
        raise Refused("needs_roll", message, values=values)
    if roll.unit not in panels.UNITS:
        message = _l("“%(rule)s” is for judges: please choose a roll of seats or of persons.")
        raise Refused("unit", message, values=values)


def _jury(ballot: Ballot, _options: Options, _roll: Roll | None) -> None:
    panels.check(ballot)


def _dates(ballot: Ballot, _options: Options, _roll: Roll | None) -> None:
    snapshot = by_procedure.of(ballot)
    if snapshot is None or ballot.rehearsal:
        return
    if ballot.closes_at <= clock.now():
        raise Refused("over", _l("The close lies in the past. Please choose later dates first."))
    legal_dates.check_notice(snapshot.procedure, ballot.opens_at)


def _plugins(ballot: Ballot, _options: Options, _roll: Roll | None) -> None:
    community = db.session.get_one(Community, ballot.community_id)
    plugins.registry().check_ballot(community, ballot)


_CHECKS: tuple[Callable[[Ballot, Options, Roll | None], None], ...] = (
    _options,
    _frozen,
    _objections,
    _fits,
    _jury,
    _dates,
    _plugins,
)
