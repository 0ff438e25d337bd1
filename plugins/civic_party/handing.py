"""Hand needs that nothing on the lists fits in as topics for consultation."""

import re
from collections.abc import Iterable
from http import HTTPStatus

from sqlalchemy import or_, select

from civic.api import (
    Actor,
    Community,
    HandedIn,
    Person,
    Refused,
    clock,
    db,
    hand_in_topic,
    places_at,
)
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_party import list_queries, sides
from civic_party.fit_words import hours
from civic_party.joint_models import PROPOSED, Match
from civic_party.list_models import OPEN, PUBLIC, SHOWN, Entry, Need
from civic_party.list_rules import amount, title
from civic_party.manifest import plugin
from civic_party.posting import entry, subject

SOURCE = "party.needs"
COVER = "***"
#: What a topic keeps of the name of a place.
LONGEST_PLACE = 80
SHORTEST_NAME = 2
#: Numbers by which somebody could be called: mobile ones, and those with an area code.
NUMBERS = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8})(?!\d)")


def possible(actor: Actor, community: Community, row: Entry, matches: Iterable[Match]) -> bool:
    """Tell whether an actor can hand a need in now.

    :param matches: the proposals of the need.
    """
    return (
        isinstance(row, Need)
        and row.handed_in_at is None
        and row.state == PUBLIC
        and not _hopes(matches)
        and sides.may(actor, "check", community)
    )


def hand_in(actor: Actor, community: Community, row: Need) -> HandedIn:
    """Hand a public need that found no match in as a topic; twice is once.

    The topic says what the list says, with the names and telephone numbers of people covered.

    :raises Refused: `not_public`, `matched`, or `waits` while a proposal is not answered.
    """
    need: Need = entry(community, Need, row.id, lock=True)
    if need.handed_in_at is not None:
        return _topic(community, need, need.title)
    if need.state != PUBLIC:
        raise _not_now(need)
    if _hopes(list_queries.matches_of(need)):
        message = _l("A proposal for this need waits for its answers. Please wait for them first.")
        raise Refused("waits", message, HTTPStatus.CONFLICT)
    names = _names(need)
    made = _topic(
        community,
        need,
        covered(need.title, names),
        covered(_words(need), names),
        places_at(community).get(need.place_id, "")[:LONGEST_PLACE],
    )
    need.handed_in_at = clock.now()
    db.session.flush()
    plugin.audit(
        "handed_in",
        community=community,
        subject=subject(need),
        actor=actor,
        data={"topic": made.id},
    )
    return made


def handed(community: Community, row: Entry) -> HandedIn | None:
    """Return what became of a need that was handed in; None where it was not."""
    if not isinstance(row, Need) or row.handed_in_at is None:
        return None
    return _topic(community, row, row.title)


def covered(words: str, names: Iterable[str]) -> str:
    """Return a text without telephone numbers, and without some names."""
    words = NUMBERS.sub(COVER, words)
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(name, COVER)
    return words


def _topic(
    community: Community, need: Need, called: str, words: str = "", place: str = ""
) -> HandedIn:
    """Hand it in; once it is, the reference alone finds it."""
    reference = str(need.id)
    return hand_in_topic(community, SOURCE, reference, title=called, text=words, place=place)


def _hopes(matches: Iterable[Match]) -> bool:
    return any(one.state == PROPOSED for one in matches)


def _not_now(need: Need) -> Refused:
    if need.state in OPEN:
        message = _l("This need is not on the list yet. Check it first; then it can be handed in.")
        return Refused("not_public", message, HTTPStatus.CONFLICT)
    if need.state in SHOWN:
        message = _l("This need has found its match. There is nothing to hand in.")
        return Refused("matched", message, HTTPStatus.CONFLICT)
    message = _l("This need is not on the list any more. Whoever still needs it posts it anew.")
    return Refused("not_public", message, HTTPStatus.CONFLICT)


def _names(need: Need) -> set[str]:
    """Return the names of those who posted a need, or act for its unit."""
    theirs = Person.id.in_(sides.people(need))
    query = select(Person.name).where(or_(Person.id == (need.posted_by or 0), theirs))
    return {name for name in db.session.scalars(query) if len(name) >= SHORTEST_NAME}


def _words(need: Need) -> str:
    lines = [
        need.text,
        _("Side in need: %(side)s", side=need.side),
        _("Kind: %(kind)s", kind=title("kind", need.kind)),
        _("Hours: %(hours)s", hours=hours(need.times)) if need.slots else "",
        _("For: %(amount)s", amount=amount(need.heads, need.kind)) if need.heads else "",
        _("Needed until: %(day)s", day=need.by_day.isoformat()),
        _("It stands on the list of needs, and nothing offered has fitted it so far."),
    ]
    return "\n\n".join(line for line in lines if line)
