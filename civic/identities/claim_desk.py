"""Decide on claims: the acts of staff, each told to the claimant."""

from collections.abc import Iterable
from datetime import date
from http import HTTPStatus

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.identities import claims, holding, known, standings, staying, verifying
from civic.identities.claim_states import CHECKED, OTHER, REASONS
from civic.identities.claimed import Claim, ClaimStep
from civic.identities.evidence import VERIFIED
from civic.identities.models import Standing
from civic.kernel import clock, tell
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.text import plain

#: Code of the messages to a claimant.
NEWS = "claim"


def ask(actor: Actor, community: Community, claim_id: int, words: str) -> Claim:
    """Ask the claimant for something.

    :raises Refused: when nothing is asked, or the claim does not wait for the office.
    """
    claim = _locked(actor, community, claim_id)
    _take(actor, community, claim, "asked", text=_asked(words))
    return claim


def accept(
    actor: Actor,
    community: Community,
    claim_id: int,
    *,
    checked: str,
    last_day: date | None = None,
    organisation_id: int | None = None,
    proof: str = "",
) -> Standing:
    """Accept a claim: it becomes a standing.

    :param checked: code of `claim_states.CHECKED`, from which the level follows.
    :param proof: what the plugin of the kind checks, where it does; the level then follows from it.
    :raises Refused: for one's own claim or refusal, a decided one, or a standing held already.
    """
    claim = _locked(actor, community, claim_id)
    if known.standings()[claim.kind].verify:
        checked, level = VERIFIED, verifying.level(community, claim.kind, claim.person_id, proof)
    else:
        level, _words = CHECKED[checked]
    staying.take_turns(claim.person_id)
    _take(actor, community, claim, "accepted", reason=checked)
    return holding.add(
        community,
        Standing(
            person_id=claim.person_id,
            kind=claim.kind,
            node_id=claim.node_id,
            level=level,
            source="claim",
            verified_by=actor.person_id,
            claim_id=claim.id,
            organisation_id=organisation_id or claim.organisation_id,
            valid_from=clock.now(),
            valid_to=standings.end_of(last_day) if last_day else None,
        ),
    )


def refuse(
    actor: Actor, community: Community, claim_id: int, *, reason: str, words: str = ""
) -> Claim:
    """Refuse a claim, with a reason of the list.

    :raises Refused: for one's own claim or refusal, a decided one, or another reason unsaid.
    """
    if reason not in REASONS:
        raise Refused("reason", _l("Please choose a reason from the list."))
    words = plain(words).strip()[: claims.LONGEST]
    if reason == OTHER and not words:
        raise Refused("words", _l("Please say the other reason; the person reads it."))
    claim = _locked(actor, community, claim_id)
    _take(actor, community, claim, "refused", reason=reason, text=words)
    return claim


def refusers(steps: Iterable[ClaimStep]) -> frozenset[int]:
    """Return who has refused a claim, and so does not decide on the objection."""
    return frozenset(step.by_id for step in steps if step.act == "refused")


def _locked(actor: Actor, community: Community, claim_id: int) -> Claim:
    """Lock a claim that the actor may decide.

    :raises Refused: `own`, or `second_person` where the actor refused it before.
    """
    claim = claims.of_community(community, claim_id, lock=True)
    standings.others_only(actor, claim.person_id)
    known.check_granter(actor, claim.kind, community.path)
    if actor.person_id in refusers(claims.acts_on(claim)):
        raise Refused(
            "second_person",
            _l("You refused this claim yourself; somebody else has to answer the objection."),
            HTTPStatus.FORBIDDEN,
        )
    return claim


def _take(actor: Actor, community: Community, claim: Claim, act: str, **details: str) -> None:
    assert actor.person_id is not None  # noqa: S101 - the permission implies a person
    claims.step(claim, act, actor.person_id, post=actor.office_at(community.path), **details)
    data = {"kind": claim.kind}
    if details.get("reason"):
        data["reason"] = details["reason"]
    standings.record(actor, community, f"claim.{act}", f"claim:{claim.id}", **data)
    tell.tell(
        tell.News(
            kind=NEWS,
            subject=f"claim:{claim.id}",
            people=[claim.person_id],
            community_id=community.id,
            values={
                "what": act,
                "kind": claim.kind,
                "claim": claim.id,
                "community": community.slug,
            },
        )
    )


def _asked(words: str) -> str:
    words = plain(words).strip()[: claims.LONGEST]
    if not words:
        raise Refused("words", _l("Please write what the person should show or say."))
    return words
