"""Say in one plain sentence what came of a ballot, with what each percentage is of."""

from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.procedures import terms
from civic.procedures.rules import AGREE, NEITHER, OPPOSE, Check, Code, Outcome, Test
from civic.procedures.thresholds import Least, Share

#: Square centimetres of a square metre, and of what a deed can say of one.
_METRE, _SMALLEST = 10_000, 100
#: Beyond so many decimals nobody looks.
_MOST_DECIMALS = 6
HEADS = {
    Code.PASSED: _l("Passed"),
    Code.FAILED: _l("Not passed"),
    Code.INQUORATE: _l("Not valid, because too few took part"),
    Code.COUNTED: _l("Counted"),
}
SILENT = {
    AGREE: _l("those who were reached and kept silent were counted with those who agreed"),
    OPPOSE: _l("those who were reached and kept silent were counted with those who opposed"),
    NEITHER: _l("those who were reached and kept silent were counted as taking part"),
}
OF = {
    terms.ALL: _l("of all who have a vote"),
    terms.PARTICIPATING: _l("of those voting"),
    terms.ATTENDING: _l("of those present"),
}
AREA_OF = {
    terms.ALL: _l("of the area of all who have a vote"),
    terms.PARTICIPATING: _l("of the area of those voting"),
    terms.ATTENDING: _l("of the area of those present"),
}


def sentence(outcome: Outcome) -> str:
    """Return what came of a ballot as one sentence in the language of the page."""
    parts = [_took_part(check, outcome.unit) for check in _said(outcome.quorum)]
    if outcome.code in {Code.PASSED, Code.FAILED}:
        parts += [_agreed(check, outcome.unit) for check in _said(outcome.passing)]
    if outcome.followed:
        parts.append(str(SILENT[outcome.followed]))
    head = str(HEADS[outcome.code])
    if not parts:
        return _("%(head)s.", head=head)
    return _("%(head)s: %(why)s.", head=head, why=_("; ").join(parts))


def _said(tests: tuple[Test, ...]) -> tuple[Check, ...]:
    """Return the checks that decided: of an alternative that is met, else of the first."""
    met = [test for test in tests if test.met]
    return (met or list(tests) or [Test(())])[0].checks


def _took_part(check: Check, unit: str) -> str:
    count, base, needed = amounts(check)
    if isinstance(check.threshold, Least):
        text = _("%(count)s %(who)s took part, %(needed)s were needed")
        if check.threshold.odd:
            text = _("%(count)s %(who)s took part, %(needed)s and an odd number were needed")
    elif check.measure == terms.AREA:
        text = _("they hold %(count)s of %(base)s, %(needed)s were needed")
    else:
        text = _("%(count)s of %(base)s %(who)s took part, %(needed)s were needed")
    return text % {"count": count, "base": base, "needed": needed, "who": who(check.measure, unit)}


def _agreed(check: Check, unit: str) -> str:
    values = {
        "share": percent(check),
        "need": asked(check),
        "of": (AREA_OF if check.measure == terms.AREA else OF)[check.of],
        "who": who(check.measure, unit),
    }
    if check.measure == terms.AREA:
        return _("they hold %(share)s %(of)s, %(need)s were needed") % values
    if check.measure == terms.HEADS:
        return _("%(share)s %(of)s agreed, %(need)s were needed") % values
    return _("%(share)s %(of)s agreed (%(who)s), %(need)s were needed") % values


def who(measure: str, unit: str) -> str:
    """Return whom a measure counts, in words."""
    return str(terms.HEADS_OF[unit] if measure == terms.HEADS else terms.MEASURES[measure])


def amounts(check: Check) -> tuple[str, str, str]:
    """Return count, base and what was needed as people write them.

    What there is is rounded down, what is needed up: the figures never say more than is true.
    """
    if check.measure != terms.AREA:
        return f"{check.count:,}", f"{check.base:,}", f"{check.needed:,}"
    return area(check.count), area(check.base), area(check.needed, up=True)


def area(square_cm: int, *, up: bool = False) -> str:
    """Write an area in square metres with the two decimals of a deed."""
    hundredths = -(-square_cm // _SMALLEST) if up else square_cm // _SMALLEST
    whole, rest = divmod(hundredths, _METRE // _SMALLEST)
    return f"{whole:,}.{rest:02} m²" if rest else f"{whole:,} m²"


def percent(check: Check) -> str:
    """Write the share with as many decimals as it takes not to contradict the verdict."""
    if check.base <= 0:
        return "0 %"
    exact = Fraction(100 * check.count, check.base)
    for decimals in range(_MOST_DECIMALS + 1):
        units = _rounded(exact, decimals)
        if _honest(Fraction(units, 10**decimals), check):
            break
        # Exactly the share that was asked, as two thirds: no decimals could write it.
        if exact == _goal(check):
            units = int(exact * 10**decimals)
            break
    return f"{_written(units, decimals)} %"


def _rounded(exact: Fraction, decimals: int) -> int:
    """Return the share in units of the last decimal, rounded as people do."""
    return int(exact * 10**decimals + Fraction(1, 2))


def _goal(check: Check) -> Fraction | None:
    """Return what was asked, in hundredths; nothing where a number was."""
    return None if isinstance(check.threshold, Least) else 100 * check.threshold.fraction


def _honest(shown: Fraction, check: Check) -> bool:
    """Tell whether what would stand there leads to the same verdict."""
    goal = _goal(check)
    if goal is None or isinstance(check.threshold, Least):
        return True
    enough = shown >= goal if check.threshold.op == terms.AT_LEAST else shown > goal
    return enough is check.met


def _written(units: int, decimals: int) -> str:
    if not decimals:
        return str(units)
    return f"{units // 10**decimals}.{units % 10**decimals:0{decimals}}"


def asked(check: Check) -> str:
    """Write what was asked: at least 75 %, more than half."""
    return demanded(check.threshold)


FRACTIONS = {
    (1, 1): _l("all"),
    (1, 2): _l("half"),
    (1, 3): _l("one third"),
    (2, 3): _l("two thirds"),
    (1, 4): _l("a quarter"),
    (3, 4): _l("three quarters"),
    (1, 5): _l("one fifth"),
    (2, 5): _l("two fifths"),
    (3, 5): _l("three fifths"),
    (4, 5): _l("four fifths"),
    (1, 10): _l("one tenth"),
    (1, 20): _l("one twentieth"),
}


def fraction(num: int, den: int) -> str:
    """Write a fraction in words where there are some for it."""
    exact = Fraction(num, den)
    words = FRACTIONS.get((exact.numerator, exact.denominator))
    return str(words) if words else f"{exact.numerator}/{exact.denominator}"


def demanded(threshold: Share | Least) -> str:
    """Write a threshold in words: more than half, at least two thirds, all."""
    if isinstance(threshold, Least):
        text = _("at least %(num)s, an odd number") if threshold.odd else _("at least %(num)s")
        return text % {"num": threshold.count}
    share = fraction(threshold.num, threshold.den)
    if threshold.num == threshold.den:
        return share
    if threshold.op == terms.MORE_THAN:
        return _("more than %(share)s", share=share)
    return _("at least %(share)s", share=share)
