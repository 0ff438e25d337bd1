"""Meetings in the words of their pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.consultations import linked, stages
from civic.consultations.conditions import SHOWN
from civic.consultations.models import Consultation
from civic.halls import hands, meetings, words
from civic.halls.minute_rows import CARRIED, LOST, TURN, HallEntry, HallMotion, HallOldWords
from civic.halls.models import HallHand, HallItem, HallMeeting
from civic.halls.rules import rules
from civic.identities.models import Person
from civic.identities.names import GONE
from civic.kernel import clock, i18n
from civic.kernel.permissions import Actor


def ballot(case: Consultation, now: datetime) -> tuple[str, bool]:
    """Return the address of the secret vote of a case, and whether people vote now; "" without one.

    Drafts of it are none: a case with stages leads there from its vote on.
    """
    votes = stages.stage(case, now) == stages.VOTING
    if case.stage is None:
        if case.ballot_id is None:
            return "", False
        page = url_for("consultations.show", consultation_id=case.id)
        return f"{page}#vote" if votes else page, votes
    number = case.figures.get(linked.FIGURE, 0)
    if not number or stages.kind(case) not in SHOWN:
        return "", False
    return url_for("ballots.show", ballot_id=number), votes


def name_of(person: Person | None, label: str) -> str:
    """Return how somebody is called before others."""
    if person is None:
        return label
    return str(GONE) if person.closed_at is not None else person.public_name


def majority(found: HallMeeting) -> str:
    """Say what carries a motion in a meeting."""
    for known, title in rules().majorities.values():
        if known == found.majority:
            return title.words(i18n.language())
    return f"{'>' if found.majority_more else '≥'} {found.majority_num}/{found.majority_den}"


def attendance(found: HallMeeting) -> str:
    """Say how many people are or were there; never who."""
    said = []
    if found.present is not None:
        said.append(
            ngettext(
                "%(num)d person counted in the hall",
                "%(num)d people counted in the hall",
                found.present,
            )
        )
    if found.checked_in:
        said.append(
            ngettext(
                "%(num)d said so on the telephone",
                "%(num)d said so on the telephone",
                found.checked_in,
            )
        )
    return " · ".join(said)


def meeting(found: HallMeeting) -> dict[str, Any]:
    """Return a meeting as its pages show it."""
    state = meetings.state(found)
    title, badge = words.STATES[state]
    return {
        "id": found.id,
        "title": found.title,
        "place": found.place,
        "starts_at": found.starts_at,
        "opened_at": found.opened_at,
        "closed_at": found.closed_at,
        "signed_at": found.signed_at,
        "state": title,
        "badge": badge,
        "planned": state == meetings.PLANNED,
        "open": state == meetings.OPEN,
        "closed": state == meetings.CLOSED,
        "signed": state == meetings.SIGNED,
        "called_off": found.called_off,
        "chair": found.chair_name,
        "chair_post": found.chair_post,
        "secretary": found.secretary_name,
        "turn": length(found.turn_seconds),
        "turns_each": found.turns_each,
        "majority": majority(found),
        "attendance": attendance(found),
        "item": found.item,
        "entries": found.entries,
        "revision": found.revision,
    }


def length(seconds: int) -> str:
    """Say how long a turn is."""
    whole, rest = divmod(seconds, 60)
    if not rest:
        return ngettext("%(num)d minute", "%(num)d minutes", whole)
    if not whole:
        return ngettext("%(num)d second", "%(num)d seconds", rest)
    return _("%(minutes)d min %(seconds)d s", minutes=whole, seconds=rest)


def agenda(items: Sequence[HallItem], current: int) -> list[dict[str, Any]]:
    """Return the items as a list shows them."""
    return [
        {"number": one.number, "title": one.title, "now": one.number == current} for one in items
    ]


def floor(found: hands.Floor, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return who speaks, until when, who waits, and what of it is one's own."""
    waiting = [
        {
            "id": hand.id,
            "place": place,
            "name": name_of(hand.person, hand.label),
            "mine": _mine(hand, actor),
            "spoken": found.spoken[hands.who_of(hand)],
        }
        for place, hand in enumerate(found.waiting, 1)
    ]
    return {
        "speaking": _turn(found.speaking, actor, now) if found.speaking else None,
        "waiting": waiting,
        "next": waiting[0]["name"] if waiting else "",
        "mine": next((one for one in waiting if one["mine"]), None),
        "spoken": found.spoken[actor.person_id] if actor.person_id is not None else 0,
    }


def _mine(hand: HallHand, actor: Actor) -> bool:
    return hand.person_id is not None and hand.person_id == actor.person_id


def _turn(hand: HallHand, actor: Actor, now: datetime) -> dict[str, Any]:
    assert hand.called_at is not None  # noqa: S101 - whoever speaks was called
    ends = hand.called_at + timedelta(seconds=hand.seconds)
    left = max(0, int((ends - now).total_seconds()))
    return {
        "id": hand.id,
        "name": name_of(hand.person, hand.label),
        "mine": _mine(hand, actor),
        "ends": f"{clock.local(ends):%H:%M:%S}",
        "left": left,
        "clock": f"{left // 60}:{left % 60:02}",
        "over": left == 0,
    }


def motion(one: HallMotion) -> dict[str, Any]:
    """Return a motion as a list shows it; its people must have been loaded."""
    title, badge = words.MOTIONS[one.state]
    return {
        "id": one.id,
        "number": one.number,
        "words": one.words,
        "before": one.before,
        "amends": one.parent_id is not None,
        "part": one.part_of is not None,
        "code": one.state,
        "state": title,
        "badge": badge,
        "mover_id": one.mover_id,
        "mover": name_of(one.mover_person, one.mover),
        "seconder": name_of(one.seconder_person, one.seconder),
        "cut_short": one.cut_short,
        "outcome": outcome(one),
    }


def outcome(one: HallMotion) -> str:
    """Say in one sentence what a show of hands came to; nothing where there was none."""
    if one.state not in {CARRIED, LOST}:
        return ""
    figures = {
        "in_favour": one.in_favour,
        "against": one.against,
        "abstained": one.abstained,
        "one": one.counter,
        "other": one.other_counter,
    }
    if one.state == CARRIED:
        return _(
            "Carried: %(in_favour)d for, %(against)d against, %(abstained)d abstained. "
            "Counted by %(one)s and %(other)s.",
            **figures,
        )
    return _(
        "Not carried: %(in_favour)d for, %(against)d against, %(abstained)d abstained. "
        "Counted by %(one)s and %(other)s.",
        **figures,
    )


def entries(
    found: Sequence[HallEntry], old: Mapping[int, Sequence[HallOldWords]]
) -> list[dict[str, Any]]:
    """Return the entries of minutes with what they said before."""
    return [
        {
            "id": one.id,
            "number": one.number,
            "item": one.item,
            "kind": one.kind,
            "title": words.ENTRIES[one.kind],
            "words": _said(one),
            "who": one.who,
            "due": one.due,
            "at": f"{clock.local(one.at):%H:%M}",
            "edition": one.edition,
            "motion": motion(one.motion) if one.motion is not None else None,
            "old": [{"words": past.words, "at": past.at} for past in old.get(one.id, ())],
        }
        for one in found
    ]


def _said(one: HallEntry) -> str:
    if one.kind != TURN or one.hand is None:
        return one.words
    hand = one.hand
    assert hand.called_at is not None  # noqa: S101 - whoever spoke was called
    assert hand.ended_at is not None  # noqa: S101 - and the turn has ended
    took = round((hand.ended_at - hand.called_at).total_seconds())
    return _(
        "%(name)s spoke, %(length)s.", name=name_of(hand.person, hand.label), length=length(took)
    )
