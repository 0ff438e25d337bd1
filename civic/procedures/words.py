"""A procedure in plain words, made from its data, in the language of the page."""

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.procedures import terms
from civic.procedures.phrases import day, either, length, listed, say
from civic.procedures.schema import Procedure
from civic.procedures.sentences import demanded, fraction, who
from civic.procedures.thresholds import Alternative, Bar, Demand, Least


class Line(NamedTuple):
    """Be one thing that a procedure says: what about, and in which words.

    :ivar code: stable name of what it is about.
    """

    code: str
    title: str
    texts: list[str]


def describe(procedure: Procedure, *, confirmed: bool) -> list[Line]:
    """Return what a procedure says, in the order in which one would ask."""
    lines = [
        Line("voters", _("Who may vote"), list(_voters(procedure))),
        Line("unit", _("What counts as one"), list(_unit(procedure))),
        Line("quorum", _("When it is valid"), list(_quorum(procedure))),
        Line("pass", _("When it passes"), list(_passing(procedure))),
        Line("ballot", _("How one votes"), list(_ballot(procedure))),
        Line("secrecy", _("Who learns what"), list(_secrecy(procedure))),
        Line("calls", _("Who may call it"), list(_calls(procedure))),
        Line("times", _("Periods"), list(_times(procedure))),
        Line("binding", _("What the result is"), list(binding(procedure, confirmed=confirmed))),
        Line("basis", _("What it rests on"), list(procedure.basis)),
        Line("validity", _("From when and until when"), list(_validity(procedure))),
    ]
    return [line for line in lines if line.texts]


def _voters(procedure: Procedure) -> Iterator[str]:
    electorate = procedure.electorate
    known = terms.standings()
    titles = [str(known.get(code, code)) for code in electorate.standings]
    if electorate.scope == terms.MEETING:
        yield _("%(who)s, as far as they are at the meeting.", who=either(titles))
    elif electorate.scope == terms.BODY:
        yield _("Members of the body: %(who)s.", who=either(titles))
    else:
        scope = str(terms.SCOPES[electorate.scope])
        yield _("%(who)s. Of: %(scope)s.", who=either(titles), scope=scope)
    if electorate.min_age is not None:
        yield _("From the age of %(age)s.", age=electorate.min_age)
    yield _("Identity of level %(level)s is needed.", level=electorate.level)
    yield str(terms.ROLL_AT[electorate.as_of])
    if electorate.apart:
        yield _("The groups are counted apart from each other.")
    for condition in electorate.conditions:
        yield _(
            "Besides: %(what)s, %(share)s.",
            what=say(condition.what),
            share=demanded(condition.threshold),
        )


def _unit(procedure: Procedure) -> Iterator[str]:
    yield str(terms.UNITS[procedure.unit])
    if terms.AREA in procedure.measures:
        yield _("Both are counted: the number of owners, and the area they own.")
    yield str(terms.PROXIES[procedure.proxy])
    if procedure.proxy_most is not None:
        yield _("One person votes for %(most)s others at most.", most=procedure.proxy_most)
    yield str(terms.DUPLICATES[procedure.duplicates])
    if procedure.scans_of_secret:
        yield _("Papers are scanned, those of a secret vote, too.")


def _quorum(procedure: Procedure) -> Iterator[str]:
    if procedure.quorum is None:
        if procedure.decision.kind != terms.NONE:
            yield _("However many take part.")
        return
    ways = [_took_part(one, procedure.unit) for one in procedure.quorum.alternatives]
    yield _("Must take part: %(ways)s.", ways=either(ways))
    if procedure.abstain == "took_part":
        yield str(terms.ABSTAINING[procedure.abstain])


def _took_part(alternative: Alternative, unit: str) -> str:
    return listed([_share_of(one, unit) for one in alternative.demands], _(" and also "))


def _share_of(demand: Demand, unit: str) -> str:
    measure, threshold = demand.measure, demand.threshold
    whom = _("of the area") if measure == terms.AREA else who(measure, unit)
    if isinstance(threshold, Least):
        return _("%(who)s (%(least)s)", least=demanded(threshold), who=whom)
    if measure == terms.AREA:
        return _("%(share)s of the area", share=demanded(threshold))
    return _("%(share)s of the %(who)s", share=demanded(threshold), who=whom)


def _passing(procedure: Procedure) -> Iterator[str]:
    decision = procedure.decision
    if decision.consensus_first:
        yield _("Agreement of all is sought first; only without it there is a vote.")
    if decision.bar is None:
        yield str(terms.DECISIONS[decision.kind])
        for weight in decision.weights:
            yield _(
                "%(who)s: %(share)s of the weight.",
                who=who(weight.measure, procedure.unit),
                share=fraction(weight.num, weight.den),
            )
        return
    ways = [
        _("%(base)s, %(shares)s", shares=_took_part(one, procedure.unit), base=terms.BASES[one.of])
        for one in decision.bar.alternatives
    ]
    yield _("Must agree: %(ways)s.", ways=either(ways))
    if procedure.silence_follows_majority:
        yield _(
            "Those who were reached and keep silent are counted with the majority. This is "
            "contested; it rests on: %(basis)s",
            basis=procedure.silence_basis,
        )
    else:
        yield _("Keeping silent is not agreeing.")


def _ballot(procedure: Procedure) -> Iterator[str]:
    ballot = procedure.ballot
    if procedure.decision.kind == terms.NONE:
        return
    yield _("One can: %(how)s.", how=terms.BALLOTS[ballot.kind])
    if ballot.dots is not None:
        yield ngettext("Each has %(num)d dot.", "Each has %(num)d dots.", ballot.dots)
    if ballot.score_to is not None:
        yield _("Scores go up to %(most)s.", most=ballot.score_to)
    if ballot.most is not None:
        yield _("At most %(most)s options can be chosen.", most=ballot.most)
    if procedure.secrecy != terms.DETACHED:
        yield (
            _("Until the close one can change it; the last one counts.")
            if ballot.changeable
            else _("Once cast, it cannot be changed.")
        )
    if procedure.agenda_locked:
        yield _("Only what stands on the published agenda can be voted on.")


def _secrecy(procedure: Procedure) -> Iterator[str]:
    if procedure.decision.kind == terms.NONE:
        return
    yield str(terms.SECRECY[procedure.secrecy])
    yield _("Results show %(when)s.", when=terms.RESULTS[procedure.results_shown])


def _calls(procedure: Procedure) -> Iterator[str]:
    callers = either([say(text) for text in procedure.convener])
    yield _("It is called by: %(who)s.", who=callers)
    if procedure.petition is not None:
        yield _(
            "It must also be called when this many ask for it: %(ways)s.",
            ways=_asking(procedure.petition, procedure.unit),
        )


def _asking(bar: Bar, unit: str) -> str:
    return either([_took_part(one, unit) for one in bar.alternatives])


def _times(procedure: Procedure) -> Iterator[str]:
    times = procedure.times
    for period, text in (
        (times.check, _("What is asked for is checked within %(length)s.")),
        (times.posted, _("The names of those who prepare it are posted within %(length)s.")),
        (times.meeting, _("The meeting is held within %(length)s.")),
        (times.topics, _("Topics are handed in at least %(length)s before.")),
        (times.notice, _("The notice hangs at least %(length)s before.")),
        (times.notice_most, _("It hangs %(length)s at most.")),
        (times.result, _("The result is shown within %(length)s.")),
        (times.display, _("It is shown for at least %(length)s.")),
        (times.objections, _("Objections are answered within %(length)s.")),
        (times.every, _("It meets at least once in %(length)s.")),
    ):
        if period is not None:
            yield text % {"length": length(period)}
    for told in times.told:
        yield _(
            "%(whom)s is told %(length)s before.", whom=say(told.whom), length=length(told.before)
        )


def binding(procedure: Procedure, *, confirmed: bool) -> Iterator[str]:
    """Yield what a result is, and why it may not bind yet."""
    now = procedure.effective_binding(confirmed=confirmed)
    yield str(terms.BINDINGS[now])
    if procedure.external_system:
        yield _("The official result is held by: %(system)s.", system=procedure.external_system)
    if now != procedure.binding:
        yield _(
            "By its text it would be more: %(binding)s It is not that yet, because the legal "
            "officer has not confirmed this version.",
            binding=str(terms.BINDINGS[procedure.binding]),
        )
    elif not confirmed:
        yield _("The legal officer has not confirmed this version.")
    if not confirmed:
        for doubt in procedure.doubts:
            yield _("To be settled: %(what)s", what=say(doubt))


def _validity(procedure: Procedure) -> Iterator[str]:
    first, last = procedure.valid_from, procedure.valid_to
    if first is not None:
        yield _("From %(day)s.", day=day(first))
    if last is not None:
        yield _("Until %(day)s.", day=day(last))
    if procedure.review_on is not None:
        yield _("It is looked at again by %(day)s.", day=day(procedure.review_on))
