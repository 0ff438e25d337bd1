"""Make a procedure of data, strictly: what no rule can mean is refused, each fault by itself."""

from collections.abc import Container, Mapping
from typing import Any

from civic.procedures import terms
from civic.procedures.bars import AMONG, read_bar, read_decision, read_threshold
from civic.procedures.lines import Key
from civic.procedures.schema import (
    BallotForm,
    Condition,
    Electorate,
    Procedure,
    Text,
    Times,
    Told,
)
from civic.procedures.strict import Fault, Table, Wrong

#: A name; that of a plugin's procedure begins with the plugin's, as `events.plaza`.
ID = r"([a-z][a-z0-9]*\.)?[a-z][a-z0-9_]*"
MOST_LEVEL = 4
PERIODS = (
    *("notice", "notice_most", "topics", "result", "display"),
    *("objections", "meeting", "check", "posted", "every"),
)


def read(data: Mapping[str, Any], standings: Container[str] | None = None) -> Procedure:
    """Make a procedure of data in which days are texts, and overlays are merged.

    :param standings: codes that an electorate may name; those of the core unless given.
    :raises Wrong: with all that does not do.
    """
    faults: list[Fault] = []
    table = Table(data, (), faults)
    found = _procedure(table, standings or terms.known_standings())
    _check(found, table)
    table.end()
    if faults:
        raise Wrong(faults)
    return found


def _procedure(table: Table, standings: Container[str]) -> Procedure:
    measures = table.each("measures", lambda item, key: _measure(table, item, key), least=1)
    petition = table.table("petition")
    quorum = table.table("quorum")
    if table.flag("verified"):
        table.wrong(
            "no file can say that it is verified: a version is confirmed in the running site, by "
            "the legal officer",
            "verified",
        )
    return Procedure(
        id=table.text("id", needed=True, pattern=ID),
        version=table.number("version", 1, needed=True) or 1,
        title=table.words("title"),
        about=table.words("about"),
        jurisdiction=table.text("jurisdiction", needed=True, pattern=r"[A-Z]+(-[A-Z0-9]+)*"),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        review_on=table.day("review_on"),
        basis=table.each("basis", lambda item, key: _line(table, item, key), least=1),
        doubts=table.each("doubts", table.words_of),
        binding=table.choice("binding", terms.BINDINGS),
        until_confirmed=table.choice("until_confirmed", terms.UNCONFIRMED, default=terms.ADVISORY),
        convener=table.each("convener", table.words_of, least=1),
        petition=read_bar(petition, terms.MEASURES, terms.ALL) if petition else None,
        electorate=_electorate(table.table("electorate", needed=True), standings),
        unit=table.choice("unit", terms.UNITS),
        measures=measures,
        quorum=read_bar(quorum, measures, terms.ALL) if quorum else None,
        decision=read_decision(table.table("pass", needed=True), measures),
        abstain=table.choice("abstain", terms.ABSTAINING, default="took_part"),
        ballot=_ballot(table.table("ballot", needed=True)),
        secrecy=table.choice("secrecy", terms.SECRECY),
        results_shown=table.choice("results_shown", terms.RESULTS, default="at_close"),
        times=_times(table.table("times")),
        agenda_locked=table.flag("agenda_locked"),
        silence_follows_majority=table.flag("silence_follows_majority"),
        silence_basis=table.text("silence_basis"),
        duplicates=table.choice("duplicates", terms.DUPLICATES, default="first"),
        proxy=table.choice("proxy", terms.PROXIES, default="none"),
        proxy_most=table.number("proxy_most", 1),
        scans_of_secret=table.flag("scans_of_secret"),
        external_system=table.text("external_system"),
    )


def _line(table: Table, item: object, key: Key) -> str:
    if isinstance(item, str) and item.strip():
        return item
    table.faults.append(Fault(key, "a text is needed here"))
    return ""


def _measure(table: Table, item: object, key: Key) -> str:
    if isinstance(item, str) and item in terms.MEASURES:
        return item
    known = ", ".join(sorted(terms.MEASURES))
    table.faults.append(Fault(key, f"{item!r} is not one of: {known}"))
    return terms.HEADS


def _electorate(table: Table | None, standings: Container[str]) -> Electorate:
    if table is None:
        return Electorate(standings=(), scope=terms.BODY, level=0, as_of="noticed")

    def standing(item: object, key: Key) -> str:
        if not isinstance(item, str) or item not in standings:
            known = ", ".join(sorted(terms.known_standings()))
            table.faults.append(Fault(key, f"unknown standing {item!r}; known are: {known}"))
        return str(item)

    found = Electorate(
        standings=table.each("standings", standing, least=1),
        scope=table.choice("scope", terms.SCOPES),
        min_age=table.number("min_age", 1),
        level=table.number("level", 0, needed=True) or 0,
        as_of=table.choice("as_of", terms.ROLL_AT, default="noticed"),
        apart=table.flag("apart"),
        conditions=table.each("conditions", lambda item, key: _condition(table, item, key)),
    )
    if found.level > MOST_LEVEL:
        table.wrong(f"levels of identity end at {MOST_LEVEL}", "level")
    table.end()
    return found


def _condition(table: Table, item: object, key: Key) -> Condition:
    inner = Table(item, key, table.faults)
    what = inner.words("what")
    threshold = read_threshold(inner)
    inner.end()
    return Condition(what, threshold)


def _ballot(table: Table | None) -> BallotForm:
    if table is None:
        return BallotForm(kind="items", changeable=False)
    found = BallotForm(
        kind=table.choice("kind", terms.BALLOTS),
        changeable=table.flag("changeable"),
        dots=table.number("dots", 1),
        most=table.number("most", 1),
        score_to=table.number("score_to", 1),
    )
    for name, kind in (("dots", "dots"), ("score_to", "score")):
        given = getattr(found, name) is not None
        if given != (found.kind == kind):
            table.wrong(f"`{name}` belongs to ballots of kind {kind!r}, and they need it", name)
    table.end()
    return found


def _times(table: Table | None) -> Times:
    if table is None:
        return Times()

    def told(item: object, key: Key) -> Told:
        inner = Table(item, key, table.faults)
        whom, before = inner.words("whom"), inner.period("before", needed=True)
        inner.end()
        return Told(whom=whom or Text("", ""), before=before or AMONG)

    found = Times(told=table.each("told", told), **{name: table.period(name) for name in PERIODS})
    table.end()
    return found


def _check(found: Procedure, table: Table) -> None:
    """Refuse what contradicts itself."""
    if found.valid_from and found.valid_to and found.valid_to < found.valid_from:
        table.wrong(f"it would end on {found.valid_to}, before it begins", "valid_to")
    if found.review_on is None and found.valid_to is None:
        table.wrong("`review_on` is missing: each rule that has no end is looked at again")
    if found.binding == terms.MIRROR and not found.external_system:
        table.wrong("a mirror names the system it mirrors: `external_system` is missing", "binding")
    if found.silence_follows_majority and not found.silence_basis:
        table.wrong(
            "counting those who are silent is contested: it needs `silence_basis`",
            "silence_follows_majority",
        )
    if found.secrecy == terms.DETACHED and found.ballot.changeable:
        table.wrong("a detached ballot is never linked, so it cannot be changed", "secrecy")
    if found.ballot.kind not in terms.FITTING[found.decision.kind]:
        table.wrong(
            f"a ballot of kind {found.ballot.kind!r} cannot be decided by {found.decision.kind!r}",
            "ballot",
            "kind",
        )
    if found.proxy == "none" and found.proxy_most is not None:
        table.wrong("nobody votes for others here", "proxy_most")
