"""Read what has to be met: shares, numbers, alternatives, and ways of deciding (pure)."""

from collections.abc import Container
from fractions import Fraction
from typing import Any

from civic.kernel.periods import Period
from civic.procedures import terms
from civic.procedures.lines import Key
from civic.procedures.strict import Table
from civic.procedures.thresholds import (
    Alternative,
    Bar,
    Decision,
    Demand,
    Least,
    Share,
    Weight,
)

#: What stands where a period could not be read; the fault is kept, so nothing rests on it.
AMONG = Period(n=1)
_NOTHING = Share(terms.AT_LEAST, 1, 1)


def read_threshold(table: Table) -> Share | Least:
    """Read {op, num, den} or {least, odd} out of a table; its end is the caller's."""
    if table.has("least"):
        count, odd = table.number("least", 1), table.flag("odd")
        return Least(count or 1, odd)
    op = table.choice("op", terms.OPERATORS)
    num, den = table.number("num", 0, needed=True), table.number("den", 1, needed=True)
    if num is None or den is None:
        return _NOTHING
    found = Share(op, num, den)
    if num > den:
        table.wrong(f"{num}/{den} is more than all", "num")
    elif num == den and op == terms.MORE_THAN:
        table.wrong("more than all can never be met", "num")
    elif num == 0 and op == terms.AT_LEAST:
        table.wrong("at least nothing is always met", "num")
    return found


def read_bar(table: Table, measures: Container[str], base: str = "") -> Bar:
    """Read one alternative, or several under `any`.

    :param measures: what may be counted here.
    :param base: what shares are of where nothing is said; empty where it must be said.
    """
    if table.has("any"):

        def alternative(item: object, key: Key) -> Alternative:
            inner = Table(item, key, table.faults)
            found = _alternative(inner, measures, base)
            inner.end()
            return found

        found = Bar(table.each("any", alternative, least=1))
    else:
        found = Bar((_alternative(table, measures, base),))
    table.end()
    return found


def _alternative(table: Table, measures: Container[str], base: str) -> Alternative:
    of = table.choice("of", terms.BASES, default=base or None)
    demands = []
    for name in terms.MEASURES:
        inner = table.table(name)
        if inner is None:
            continue
        if name not in measures:
            table.wrong(f"`{name}` is counted here, but `measures` does not name it", name)
        demands.append(Demand(name, read_threshold(inner)))
        inner.end()
    if not demands:
        table.wrong("nothing is asked: name a measure with {op, num, den}")
    return Alternative(of, tuple(demands))


def read_decision(table: Table | None, measures: Container[str]) -> Decision:
    """Read how the result is made."""
    if table is None:
        return Decision(terms.NONE)
    kind = table.choice("kind", terms.DECISIONS, default=terms.THRESHOLD)
    first = table.flag("consensus_first")
    weights = table.each("weights", lambda item, key: _weight(table, item, key, measures))
    if bool(weights) != (kind == terms.WEIGHTED):
        table.wrong("`weights` belong to the kind 'weighted', and it needs them")
    elif weights and sum(Fraction(each.num, each.den) for each in weights) != 1:
        table.wrong("the weights do not add up to one", "weights")
    if kind == terms.THRESHOLD:
        return Decision(kind, read_bar(table, measures), first)
    table.end()
    return Decision(kind, None, first, weights)


def _weight(table: Table, item: Any, key: Key, measures: Container[str]) -> Weight:  # noqa: ANN401 - data
    inner = Table(item, key, table.faults)
    measure = inner.choice("measure", terms.MEASURES)
    num, den = inner.number("num", 1, needed=True), inner.number("den", 1, needed=True)
    if measure not in measures:
        inner.wrong(f"`measures` does not name {measure!r}", "measure")
    if num and den and num > den:
        inner.wrong(f"{num}/{den} is more than all", "num")
    inner.end()
    return Weight(measure, num or 1, den or 1)
