"""A process in plain words, made from its data, in the language of the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.consultations import checks
from civic.identities.kinds import POSTS, STAFF
from civic.procedures.phrases import either, length, say
from civic.processes import terms
from civic.processes.schema import Length, Move, Process, Stage

CAN = {
    "topics": _l("hand in topics"),
    "speak": _l("write what they think"),
    "statements": _l("answer statements of others and add their own"),
    "arguments": _l("give reasons for and against"),
    "questions": _l("ask questions, which are answered"),
    "draft": _l("help to write the draft"),
    "comments": _l("comment on the draft, paragraph by paragraph"),
    "wall": _l("put dots on what matters to them"),
    "meeting": _l("come to the meeting in the hall"),
    "vote": _l("vote"),
    "objections": _l("object to the resolution"),
    "tasks": _l("see what is done, and what is late"),
    "rate": _l("rate the result"),
}
#: What a stage takes its length from, where the procedure of the vote has such a period.
PERIODS = {
    "notice": _l("the notice before the vote"),
    "notice_most": _l("the longest notice"),
    "topics": _l("handing in topics"),
    "result": _l("showing the result"),
    "display": _l("the public display"),
    "objections": _l("answering objections"),
    "meeting": _l("holding the meeting"),
    "check": _l("checking what is asked for"),
    "posted": _l("posting the names"),
}
VERDICTS = {
    terms.PASSED: _l("Only if the vote has passed; nobody decides against it."),
    terms.FAILED: _l("Only if the vote has failed; nobody decides against it."),
    terms.TOO_FEW: _l("Only if too few took part; the bar is not lowered."),
}

Links: TypeAlias = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Act:
    """Be one way on from a stage, in words."""

    title: str
    to: str
    who: str
    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Told:
    """Be one stage in words.

    :ivar kind: as tags of states name it.
    :ivar procedures: of its vote, pairs of title and address; no address where it is not loaded.
    """

    code: str
    title: str
    kind: str
    can: str
    lasts: str
    basis: str
    procedures: tuple[tuple[str, str], ...]
    acts: tuple[Act, ...]


def on_line(process: Process, links: Links) -> list[Told]:
    """Return the stages to which a case comes one after the other, in their order.

    :param links: title and address of each procedure that is loaded, by its code.
    """
    return [_told(process, stage, links) for stage in process.stages if not stage.beside]


def beside(process: Process) -> list[Told]:
    """Return the stages to which a case can come at any time, or after its end."""
    return [_told(process, stage, {}) for stage in process.stages if stage.beside]


def at_any_time(process: Process) -> list[Act]:
    """Return the ways that lead out of every stage on the line."""
    return [_act(process, move) for move in _everywhere(process)]


def always_title() -> str:
    """Return the title of what is in order at every stage."""
    return _("At every stage")


def _everywhere(process: Process) -> list[Move]:
    line = {stage.code for stage in process.stages if not stage.beside and not stage.final}
    return [move for move in process.moves if line <= set(move.origins)]


def _told(process: Process, stage: Stage, links: Links) -> Told:
    apart = _everywhere(process)
    acts = [
        _act(process, move)
        for move in process.out_of(stage.code)
        if move not in apart or stage.beside
    ]
    can = [str(words) for code, words in CAN.items() if code in stage.can]
    lasts, basis = _lasts(stage.length)
    return Told(
        code=stage.code,
        title=say(stage.title),
        kind=stage.kind,
        can=_("People can: %(what)s.", what=_("; ").join(can)) if can else "",
        lasts=lasts,
        basis=basis,
        procedures=tuple(links.get(one, (one, "")) for one in stage.procedures),
        acts=tuple(acts),
    )


def _lasts(found: Length | None) -> tuple[str, str]:
    """Say how long a stage lasts, and where its own period is from."""
    if found is None:
        return "", ""
    own = length(found.period) if found.period else ""
    if not found.key:
        return _("It lasts at least %(length)s.", length=own), found.basis
    of = str(PERIODS[found.key])
    if own:
        return _(
            "It lasts as long as the procedure says for %(what)s, else at least %(length)s.",
            what=of,
            length=own,
        ), found.basis
    return _("It lasts as long as the procedure says for %(what)s.", what=of), ""


def _act(process: Process, move: Move) -> Act:
    to = _("back to where it stood") if move.to == terms.BACK else _stage(process, move.to)
    return Act(title=say(move.title), to=to, who=who(move), rules=tuple(_rules(move)))


def _stage(process: Process, code: str) -> str:
    return _("to “%(stage)s”", stage=say(process.by_code[code].title))


def who(move: Move) -> str:
    """Say whose act it is, in the order of the posts."""
    titles = [str(title) for code, title in POSTS.items() if code in move.who]
    if STAFF in move.who:
        titles.append(_("anybody who works for the community"))
    return either(titles)


def need(code: str) -> str:
    """Say what must hold, as the room says it that looks after it."""
    known = checks.known().get(code)
    return str(known.title if known else code)


def _rules(move: Move) -> Iterator[str]:
    for code in move.needs:
        yield _("Needed: %(what)s.", what=need(code))
    if move.verdict:
        yield str(VERDICTS[move.verdict])
    if move.second:
        yield _("It takes two people: one proposes, another one confirms.")
    if move.reason:
        yield _("A reason is given and published.")
    if move.clock:
        yield _("Time does it by itself, once nothing is missing.")
    if move.early:
        yield _("It can be done before the stage has lasted its time.")
    if move.once:
        yield _("Once only.")
