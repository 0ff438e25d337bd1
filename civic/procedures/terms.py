"""The words a procedure is written with: units, measures, bases, kinds (domain.md §3.4; pure)."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.communities import kinds as nodes
from civic.identities.kinds import STANDINGS

Words = dict[str, LazyString]

#: What has one vote.
UNITS: Words = {
    "person": _l("Each person has one vote."),
    "household": _l("Each household has one vote."),
    "group": _l("Each representative of a residents' group has one vote."),
    "owner": _l("Each owner has one vote; co-owners of one dwelling cast it together."),
    "seat": _l("Each seat has one vote, whoever fills it."),
    "member": _l("Each member has one vote."),
}
HEADS = "heads"
AREA = "area_cm2"
#: What is counted of those who have a vote, in the plural; `heads` is named after the unit.
MEASURES: Words = {
    HEADS: _l("votes"),
    AREA: _l("area"),
    "adults": _l("adults"),
    "households": _l("households"),
    "household_reps": _l("household representatives"),
    "groups": _l("residents' groups"),
    "owner_members": _l("members who are owners"),
    "experts": _l("experts"),
    "residents": _l("residents"),
}
#: How heads are called, by unit.
HEADS_OF: Words = {
    "person": _l("people"),
    "household": _l("households"),
    "group": _l("group representatives"),
    "owner": _l("owners"),
    "seat": _l("seats"),
    "member": _l("members"),
}
ALL = "all"
PARTICIPATING = "participating"
ATTENDING = "attending"
#: What a share is taken of.
BASES: Words = {
    ALL: _l("of all who have a vote"),
    PARTICIPATING: _l("of those who take part"),
    ATTENDING: _l("of those present"),
}
AT_LEAST, MORE_THAN = "ge", "gt"
OPERATORS = frozenset({AT_LEAST, MORE_THAN})

STATUTORY = "statutory"
SELF_GOVERNANCE = "self_governance"
ADVISORY = "advisory"
MIRROR = "mirror"
BINDINGS: Words = {
    STATUTORY: _l("A binding decision under the law."),
    SELF_GOVERNANCE: _l("Self-governance: it holds as what we agreed among ourselves, not by law."),
    ADVISORY: _l("Advice: it binds nobody."),
    MIRROR: _l("A copy of a result that another system holds officially."),
}
#: What a procedure comes down to until the legal officer has confirmed it.
UNCONFIRMED = frozenset({SELF_GOVERNANCE, ADVISORY})

NAMED, SEALED, DETACHED = "named", "sealed", "detached"
SECRECY: Words = {
    NAMED: _l("Open: it is kept who chose what."),
    SEALED: _l(
        "Sealed: when the ballot has closed, the link between person and ballot is destroyed."
    ),
    DETACHED: _l(
        "Detached: the choice is never linked to a person, and cannot be changed once it is cast."
    ),
}
RESULTS: Words = {
    "at_close": _l("when the ballot has closed"),
    "published": _l("when the result is published"),
}

THRESHOLD, RANKING, TOP, WEIGHTED, NONE = "threshold", "ranking", "top", "weighted", "none"
DECISIONS: Words = {
    THRESHOLD: _l("It passes when enough agree."),
    RANKING: _l("Nothing passes or fails: the order is the result."),
    TOP: _l("The options with the most marks come first; how many is said before it begins."),
    WEIGHTED: _l("The mean of the scores, weighted by who gave them, makes the order."),
    NONE: _l("There is no vote of its own."),
}
BALLOTS: Words = {
    "one": _l("choose one of several"),
    "items": _l("agree, oppose or abstain, item by item"),
    "approval": _l("tick all that one can agree to"),
    "score": _l("give each option a score"),
    "ranking": _l("put the options in order"),
    "dots": _l("spread dots over the options"),
    "budget": _l("tick what the money shall be spent on"),
}
#: Kinds of ballot that a way of deciding can count.
FITTING = {
    THRESHOLD: frozenset({"one", "items"}),
    RANKING: frozenset(BALLOTS),
    TOP: frozenset({"dots", "approval"}),
    WEIGHTED: frozenset({"score"}),
    NONE: frozenset(BALLOTS),
}
ABSTAINING: Words = {
    "took_part": _l("Whoever abstains has taken part, but has not agreed."),
    "not_offered": _l("Abstaining is not offered."),
}
DUPLICATES: Words = {
    "first": _l("Where one vote comes in twice, the first counts."),
    "last": _l("Where one vote comes in twice, the last counts."),
    "paper": _l("Where one vote comes in twice, the signed paper counts."),
}
PROXIES: Words = {
    "none": _l("Nobody can vote for somebody else."),
    "written": _l("Somebody else can be given a written mandate to vote."),
    "not_owners": _l("Members who are owners come themselves; others may send somebody."),
}
ROLL_AT: Words = {
    "noticed": _l("The roll is closed on the day of the notice."),
    "called": _l("The roll is closed on the day of the meeting."),
}
BODY, MEETING = "body", "meeting"
#: Where those live, work or sit who have a vote.
SCOPES: Words = {
    **{kind: title for kind, title in nodes.TITLES.items() if kind != nodes.COLLECTION},
    BODY: _l("the body"),
    MEETING: _l("the meeting"),
}

#: Groups of standings that an electorate may name, as people read them.
GROUPS: Words = {
    "resident": _l("residents"),
    "worker": _l("people who work here"),
    "owner": _l("owners"),
    "unit": _l("units and organisations"),
    "representative": _l("elected representatives"),
}


def standings() -> Words:
    """Return the standings, and groups of them, that an electorate may name."""
    return {code: kind.title for code, kind in STANDINGS.items()} | GROUPS


def known_standings() -> frozenset[str]:
    """Return the codes that an electorate may name."""
    return frozenset(standings())
