"""Kinds of ballots, their limits, and how secret each may be (pure)."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

ONE, ITEMS, APPROVAL, SCORE = "one", "items", "approval", "score"
RANKING, DOTS, BUDGET = "ranking", "dots", "budget"


@dataclass(frozen=True)
class Kind:
    """Describe a kind of ballot.

    :ivar how: what a voter does, in one sentence.
    :ivar methods: ways to count it; the first is the usual one.
    :ivar limits: names of its numbers, with what they are unless said otherwise.
    """

    title: LazyString
    how: LazyString
    methods: tuple[str, ...]
    limits: dict[str, int]


KINDS: dict[str, Kind] = {
    ONE: Kind(
        _l("One of several"),
        _l("Choose one. Tap the line, then press the button below."),
        ("plurality",),
        {},
    ),
    ITEMS: Kind(
        _l("For or against each item"),
        _l("Say for each item whether you agree. What you leave open is an abstention."),
        ("items",),
        {},
    ),
    APPROVAL: Kind(
        _l("As many as one likes"),
        _l("Mark every option that you could live with."),
        ("approval",),
        {"min": 1, "max": 0},
    ),
    SCORE: Kind(
        _l("Points for each option"),
        _l("Give each option points; the more, the better you like it."),
        ("score",),
        {"low": 0, "high": 5},
    ),
    RANKING: Kind(
        _l("An order of preference"),
        _l("Number the options: 1 is the one you like best. The same number twice is a tie."),
        ("schulze", "ranked-pairs", "borda", "irv", "stv"),
        {"min": 1, "max": 0, "ties": 1},
    ),
    DOTS: Kind(
        _l("Dots to share out"),
        _l("Share out your dots; several may go to one option."),
        ("dots",),
        {"dots": 5, "each": 0},
    ),
    BUDGET: Kind(
        _l("Projects within a budget"),
        _l("Mark the projects that should be paid for."),
        ("equal-shares", "greedy"),
        {"min": 1, "max": 0, "total": 0, "voter_total": 0},
    ),
}
METHODS = tuple(dict.fromkeys(method for kind in KINDS.values() for method in kind.methods))

NAMED, SEALED, DETACHED = "named", "sealed", "detached"
#: Who can know what, in one line at the ballot.
SECRECY: dict[str, LazyString] = {
    NAMED: _l(
        "This is a named vote: what you choose stays recorded under your name, and the office that "
        "counts it can read it."
    ),
    SEALED: _l(
        "Until the close the database keeps your choice with your account, so that you can change "
        "it; whoever runs the server could read it there. At the close the link is destroyed, and "
        "nobody can find out any more what you chose."
    ),
    DETACHED: _l(
        "Your choice goes into the box without your name and cannot be changed afterwards. That "
        "you voted is recorded, what you chose is not."
    ),
}
#: When a result is shown: at the close, or once two people have published it.
AT_CLOSE, PUBLISHED = "at_close", "published"
SHOWN: dict[str, LazyString] = {
    AT_CLOSE: _l("as soon as the vote has closed"),
    PUBLISHED: _l("once two people have published it"),
}

SHOW_ALL, PAPER_ORDER, LOT = "show-all", "paper-order", "lot"
TIES: dict[str, LazyString] = {
    SHOW_ALL: _l("All tied outcomes are shown, and nothing decides between them."),
    PAPER_ORDER: _l("Of those tied, the one higher on the paper is preferred."),
    LOT: _l("A lot decides that anybody can draw again from the last hash of the board."),
}

ONLINE, PAPER, TELEPHONE, ASSISTED = "online", "paper", "telephone", "assisted"
CHANNELS: dict[str, LazyString] = {
    ONLINE: _l("online"),
    PAPER: _l("on paper"),
    TELEPHONE: _l("by telephone"),
    ASSISTED: _l("with help at the counter"),
}

PERSON, HOUSEHOLD, OWNER, SEAT = "person", "household", "owner", "seat"
UNITS: dict[str, LazyString] = {
    PERSON: _l("one vote a person"),
    HOUSEHOLD: _l("one vote a household"),
    OWNER: _l("one vote an owner, counted by heads and area"),
    SEAT: _l("one vote a seat"),
}
#: How many test voters a rehearsal has.
TEST_VOTERS = 20
#: What each of them owns where area counts, in cm²: invented flats of 50 to 100 m², and one of 240.
TEST_AREAS = (*(500_000 + 26_300 * number for number in range(TEST_VOTERS - 1)), 2_400_000)
#: In which capacity somebody uses a right.
CAPACITIES: dict[str, LazyString] = {
    "self": _l("for yourself"),
    "representative": _l("as the representative of your household"),
    "co_owner": _l("as one of the owners"),
    "guardian": _l("as the guardian"),
    "proxy": _l("by written mandate"),
    "seat": _l("in your seat"),
}
