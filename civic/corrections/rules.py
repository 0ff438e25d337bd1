"""Read the rules of correcting: kinds, effects, thresholds of petitions, periods (pure)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from civic.kernel.periods import Period
from civic.procedures import terms
from civic.procedures.schema import Text
from civic.procedures.strict import Fault, Table, Wrong
from civic.procedures.thresholds import Share

FILE = Path(__file__).parent.parent / "data" / "corrections.toml"
RESOLUTION, COUNT, NOTICE, RULE = "resolution", "count", "notice", "rule"
TARGETS = (RESOLUTION, COUNT, NOTICE, RULE)
CORRECT, RECOUNT, REVOTE, ANNUL = "correct", "recount", "revote", "annul"
AMEND, UNFOUNDED = "amend_rule", "unfounded"
EFFECTS = (CORRECT, RECOUNT, REVOTE, ANNUL, AMEND, UNFOUNDED)
TYPO, ROLL_ERROR = "typo", "roll_error"
KINDS = (TYPO, ROLL_ERROR, "procedure", "unlawful", "changed_facts", "rule_adjustment")
VOTERS, REPRESENTATIVES = "voters", "representatives"
BASES = (VOTERS, REPRESENTATIVES)


@dataclass(frozen=True)
class Kind:
    """Be a kind of error: against what it can be said, what can follow, and who has to ask.

    :ivar petition: whether signatures are needed, unless a post says it.
    """

    title: Text
    on: tuple[str, ...]
    effects: tuple[str, ...]
    petition: bool


@dataclass(frozen=True)
class Rules:
    """Hold all rules of correcting.

    :ivar petition: shares one of which is enough, by whose they are.
    :ivar direct: codes of posts or standings whose word needs no signatures.
    :ivar on: what an effect can happen to.
    """

    petition: Mapping[str, Share]
    direct: frozenset[str]
    gathering: Period
    admission: Period
    examination: Period
    targets: Mapping[str, Text]
    effects: Mapping[str, Text]
    on: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, Kind]
    refusals: Mapping[str, Text]

    def kinds_of(self, target: str) -> list[str]:
        """Return the kinds of error that can be said against something."""
        return [code for code, kind in self.kinds.items() if target in kind.on]

    def effects_of(self, kind: str, target: str) -> list[str]:
        """Return what can follow of an error of a kind in something."""
        return [one for one in self.kinds[kind].effects if target in self.on[one]]

    def supported(self, signed: Mapping[str, int], bases: Mapping[str, int]) -> bool:
        """Tell whether signatures are enough; one of the shares is."""
        return any(share.met(signed[of], bases[of]) for of, share in self.petition.items())


@cache
def rules() -> Rules:
    """Return the rules that the platform comes with."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> Rules:
    """Read rules from TOML.

    :raises Wrong: with each fault and where it stands.
    """
    faults: list[Fault] = []
    table = Table(tomllib.loads(text), (), faults)
    periods = _inner(table, "periods")
    lengths = {name: _period(periods, name) for name in ("gathering", "admission", "examination")}
    periods.end()
    direct = _inner(table, "direct")
    codes = direct.each("codes", lambda one, _key: str(one), least=1)
    direct.end()
    effects, on = {}, {}
    for code, one in _each(table, "effects", EFFECTS):
        effects[code], on[code] = one.words("title"), _codes(one, "on", TARGETS)
        one.end()
    kinds = {}
    for code, one in _each(table, "kinds", KINDS):
        kinds[code] = Kind(
            one.words("title"),
            _codes(one, "on", TARGETS),
            _codes(one, "effects", EFFECTS),
            one.flag("petition", default=True),
        )
        one.end()
    found = Rules(
        petition=_petition(table),
        direct=frozenset(codes),
        targets=_titles(table, "targets", TARGETS),
        effects=effects,
        on=on,
        kinds=kinds,
        refusals=_titles(table, "refusals"),
        **lengths,
    )
    table.end()
    for code, kind in kinds.items():
        for target in kind.on:
            if not faults and set(found.effects_of(code, target)) <= {UNFOUNDED}:
                faults.append(Fault(("kinds", code), f"nothing can follow of it in a {target}"))
    if faults:
        raise Wrong(faults)
    return found


def _petition(table: Table) -> dict[str, Share]:
    found = {}
    bar = _inner(table, "petition")
    for number, data in enumerate(bar.take("any", needed=True) or ()):
        one = Table(data, ("petition", "any", number), table.faults)
        of, operator = one.choice("of", BASES), one.choice("op", terms.OPERATORS)
        num, den = (one.number(name, 1, needed=True) or 1 for name in ("num", "den"))
        if num > den:
            one.wrong("a share is at most the whole", "num")
        one.end()
        found[of] = Share(operator, num, den)
    bar.end()
    return found


def _inner(table: Table, name: str) -> Table:
    return table.table(name, needed=True) or Table({}, (name,), table.faults)


def _period(table: Table, name: str) -> Period:
    return table.period(name, needed=True) or Period(n=1)


def _each(table: Table, name: str, known: tuple[str, ...] = ()) -> list[tuple[str, Table]]:
    inner = _inner(table, name)
    for code in inner.data:
        if known and code not in known:
            inner.wrong(f"unknown; known are: {', '.join(known)}", code)
    missing = set(known) - inner.data.keys()
    if missing:
        inner.wrong(f"missing: {', '.join(sorted(missing))}")
    return [(code, Table(data, (name, code), table.faults)) for code, data in inner.data.items()]


def _titles(table: Table, name: str, known: tuple[str, ...] = ()) -> dict[str, Text]:
    found = {}
    for code, one in _each(table, name, known):
        found[code] = one.words("title")
        one.end()
    return found


def _codes(table: Table, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    found = table.each(name, lambda one, _key: str(one), least=1)
    for code in found:
        if code not in known:
            table.wrong(f"{code} is not one of: {', '.join(known)}", name)
    return found
