"""Grants, claims, decisions and codes taken back, all at one moment."""

from sqlalchemy import select

from civic.communities.services import add_post
from civic.identities import batches, claim_desk, codes
from civic.identities import claims as claiming
from civic.identities.claim_states import RULES
from civic.identities.claimed import Claim, ClaimStep
from civic.identities.kinds import COMMUNITY_WORKER, STANDINGS
from civic.identities.models import InviteCode, Standing
from civic.identities.services import appoint
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from tests import factories
from tests.parallel.acts import MANY, count, newcomer, release, same_person, statuses
from tests.parallel.conftest import Street
from tests.visitors import Answer

HERE = "/c/erlonglu/desk"


def staff(street: Street, number: int) -> list:
    """Community workers, who may all decide."""
    made = [factories.person("何静") for _ in range(number)]
    for row, who in enumerate(made):
        title = f"社工{who.id}-{row}"
        appoint(who, add_post(street.world.erlong.node, COMMUNITY_WORKER, title, "社区").id)
    db.session.commit()
    return made


def decided(street: Street, people: list, path: str, sent: list[dict[str, str]]) -> list[Answer]:
    """Let several staff send their decision on one claim at once."""
    visitors = [street.signed_in(who) for who in people]
    tokens = [{"csrf_token": one.hidden(path)["csrf_token"]} for one in visitors]
    return release(
        [
            lambda wait, one=one, token=token, fields=fields: one.post(
                fields["to"], token | {k: v for k, v in fields.items() if k != "to"}, wait
            )
            for one, token, fields in zip(visitors, tokens, sent, strict=True)
        ]
    )


def test_one_standing_is_granted_once(street: Street):
    who = newcomer(street)
    form = {
        "to": f"{HERE}/people/{who.id}/grant",
        "kind": "owner",
        "node": str(street.world.gate.id),
        "rests_on": "desk",
        "organisation": "0",
    }
    answers = same_person(street, street.world.secretary, form["to"], [form] * MANY)
    assert statuses(answers) == {303: 1, 409: MANY - 1}
    assert count(select(Standing.id).filter_by(person_id=who.id, kind="owner")) == 1


def test_one_claim_waits_once_and_only_so_many_in_all(street: Street):
    who = newcomer(street)
    kinds = [code for code, kind in STANDINGS.items() if kind.claimed]
    sent = [
        {
            "to": "/c/erlonglu/claims/new",
            "kind": kinds[n % len(kinds)],
            "node": street.world.building.id,
            "words": "我住在这里。",
            "organisation": "0",
        }
        for n in range(MANY)
    ]
    found = statuses(same_person(street, who, "/c/erlonglu/claims/new", sent))
    most = RULES["waiting_at_most"].value
    assert found == {303: most, 409: MANY - most}
    assert count(select(Claim.id).filter_by(person_id=who.id)) == most


def test_one_claim_is_decided_once(street: Street):
    who = newcomer(street)
    made = factories.claim(who, street.world.erlong, street.world.building)
    deciders = staff(street, 12)
    address = f"{HERE}/claims/{made.id}"
    sent = [
        {"to": f"{address}/accept", "checked": "desk", "organisation": "0"}
        if n % 2
        else {"to": f"{address}/refuse", "reason": "not_shown"}
        for n in range(12)
    ]
    assert statuses(decided(street, deciders, address, sent)) == {303: 1, 409: 11}
    ends = select(ClaimStep.id).where(ClaimStep.claim_id == made.id)
    assert count(ends) == 1
    accepted = count(select(Claim.id).filter_by(id=made.id, state="accepted"))
    assert count(select(Standing.id).filter_by(claim_id=made.id)) == accepted


def test_an_objection_is_decided_once_and_by_somebody_else(street: Street):
    who = newcomer(street)
    made = factories.claim(who, street.world.erlong, street.world.building)
    first, second, third = staff(street, 3)
    refuse = factories.actor(first)
    claim_desk.refuse(refuse, street.world.erlong, made.id, reason="not_shown")
    claiming.appeal(who.id, made.id, "请再看。")
    db.session.commit()
    address = f"{HERE}/claims/{made.id}"
    form = {"to": f"{address}/accept", "checked": "desk", "organisation": "0"}
    # The first's page has no form to decide; the token stands on it all the same.
    answers = decided(street, [first] * 4 + [second, third], f"{HERE}/people/{who.id}", [form] * 6)
    assert [answer.status for answer in answers[:4]] == [403] * 4
    assert sorted(answer.status for answer in answers[4:]) == [303, 409]
    assert count(select(Standing.id).filter_by(claim_id=made.id)) == 1


def test_a_code_is_redeemed_or_taken_back(street: Street):
    rounds = 8
    made = codes.make(
        Actor(), street.world.gate, "worker", rounds, community_id=street.world.erlong.id
    )
    db.session.commit()
    batch_id = made[0].row.batch_id
    desk = street.signed_in(street.world.secretary)
    token = {"csrf_token": desk.hidden(f"/c/erlonglu/codes/{batch_id}")["csrf_token"]}
    for fresh in made:
        joiner = street.signed_in(newcomer(street))
        mine = {"csrf_token": joiner.hidden("/join")["csrf_token"], "code": fresh.code}
        address = f"/c/erlonglu/codes/{batch_id}/{fresh.row.id}/revoke"
        answers = release(
            [
                lambda wait, joiner=joiner, mine=mine: joiner.post("/join", mine, wait),
                lambda wait, address=address: desk.copy().post(address, token, wait),
            ]
        )
        assert sum(answer.ok for answer in answers) == 1, [a.status for a in answers]
        row = db.session.get(InviteCode, fresh.row.id, populate_existing=True)
        assert (row.used_at is None) != (row.revoked_at is None)
        assert answers[0].ok == (row.used_at is not None)
        db.session.commit()
    counts = batches.one(street.world.erlong, batch_id).counts
    assert counts.used + counts.revoked == rounds
    db.session.commit()
