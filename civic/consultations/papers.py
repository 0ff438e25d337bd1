"""The ballot as it lies before a person, and the result, put into words."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.consultations import stages
from civic.consultations.models import Consultation
from civic.kernel.permissions import Actor
from civic.voting import choices, codes, kinds, outcomes, voters
from civic.voting.box import UsedRight
from civic.voting.models import BallotOption
from civic.voting.services import key_of


@dataclass(frozen=True)
class Row:
    """Be one bar of a result."""

    label: str
    count: int
    kind: str = ""


def ballot(
    consultation: Consultation, options: list[BallotOption], vote: UsedRight | None, actor: Actor
) -> dict[str, Any]:
    """Return the paper as it lies before this person, or why it does not."""
    found = consultation.ballot
    assert found is not None  # noqa: S101 - asked for a consultation with a ballot
    voter = voters.entitled(actor, found, g.community.path)
    chosen: object = ""
    if vote is not None and vote.choice is not None:
        chosen = "abstain" if vote.choice == choices.NOTHING else vote.choice
    key = key_of(actor.person_id)
    return {
        "action": url_for("consultations.vote", consultation_id=consultation.id),
        "title": found.question,
        "options": [{"id": item.id, "label": item.text, "detail": ""} for item in options],
        "until": found.closes_at,
        "abstain": True,
        "chosen": chosen,
        "voted_at": (vote.changed_at or vote.cast_at) if vote else None,
        "error": "",
        "token": codes.signed(found.id, key) if voter.may else "",
        "code": vote.code if vote else "",
        "board": url_for("ballots.board", ballot_id=found.id),
        "voter": voter,
        "secrecy": kinds.SECRECY[found.secrecy],
        "turnout": found.turnout,
    }


def my_vote(vote: UsedRight | None) -> str:
    """Say to somebody that they voted; what they chose nobody can say after the close."""
    if vote is None or not vote.code:
        return ""
    return _("You voted. Your receipt: %(code)s", code=vote.code)


def asked(
    consultation: Consultation, current: str, shown: dict[str, Any] | None, actor: Actor
) -> dict[str, Any] | None:
    """Say what a page asks of this person now; nothing when they have done it or may not."""
    if current in {stages.SCHEDULED, stages.CLOSED}:
        return None
    if consultation.stage is not None and not stages.here(consultation).get("can"):
        return None
    if actor.person_id is None:
        address = url_for("consultations.show", consultation_id=consultation.id)
        return {
            "title": _("Do you want to take part?"),
            "text": _("Sign in, or join with the code from your community's letter."),
            "url": url_for("identities.sign_in", next=address),
            "action": _("Sign in"),
            "icon": "sign-in",
        }
    if shown is not None and shown["voter"].may and not shown["voted_at"]:
        return {
            "title": _("Your vote is asked for"),
            "text": shown["voter"].sentence,
            "url": "#vote",
            "action": _("Go to the ballot"),
            "icon": "ballot",
        }
    return None


def receipt(shown: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the line that stays at the head of the page once somebody has voted."""
    if shown is None or not shown["voted_at"]:
        return None
    return {
        "title": _("You have voted"),
        "at": shown["voted_at"],
        "until": shown["until"],
        "text": "",
    }


def result(consultation: Consultation, options: list[BallotOption]) -> dict[str, Any]:
    """Return the counted ballot, each percentage with its base."""
    assert consultation.ballot is not None  # noqa: S101 - asked for a consultation with a ballot
    counted = outcomes.result(consultation.ballot, {item.id: item.text for item in options})
    rows = [Row(line.text, line.count) for line in counted.lines]
    if not counted.leaders:
        sentence = _("Nobody chose an option.")
    elif len(counted.leaders) == 1:
        sentence = _("Most votes: %(option)s.", option=counted.leaders[0])
    else:
        sentence = _("A tie between %(options)s.", options=_(" and ").join(counted.leaders))
    note = ngettext("%(num)d person voted", "%(num)d people voted", counted.took_part)
    note += _(", of whom %(count)s abstained", count=counted.abstained) if counted.abstained else ""
    return {
        "title": consultation.ballot.question,
        "sentence": sentence,
        "rows": rows,
        "base": counted.base,
        "base_name": _("votes for an option, abstentions not counted in"),
        "note": note,
        "took_part": counted.took_part,
        "check_url": url_for("ballots.result", ballot_id=consultation.ballot.id),
        "advisory": _("This vote advises the office; it does not bind."),
    }
