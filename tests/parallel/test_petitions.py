"""Signatures that meet at one moment: one each, and the bar is crossed once."""

from sqlalchemy import select

from civic.corrections import services, targets
from civic.corrections.models import RAISED, Correction, CorrectionSignature
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from tests.notices.conftest import issued
from tests.parallel.acts import MANY, count, newcomer, release, same_person, statuses
from tests.parallel.conftest import Street


def petition(street: Street, key: str) -> Correction:
    """A petition of somebody against a notice; all residents may sign it."""
    notice = issued(street.world)
    target = targets.find(street.world.erlong, "notice", notice.id)
    made = services.raise_(
        street.world.actor("resident"),
        street.world.erlong,
        target,
        kind="procedure",
        words="没有公示。",
        form_key=key,
    )
    made.voters = 5 * MANY
    db.session.commit()
    return made


def test_signatures_of_one_person_are_one(street: Street) -> None:
    made = petition(street, "one")
    path = f"/c/erlonglu/corrections/{made.id}/"
    answers = same_person(street, newcomer(street), path, [{"to": f"{path}sign"}] * MANY)
    assert statuses(answers) == {303: 1, 409: MANY - 1}
    assert count(select(CorrectionSignature).filter_by(correction_id=made.id)) == 1


def test_a_bar_is_crossed_once(street: Street) -> None:
    made = petition(street, "many")
    made.voters = 5 * MANY // 2
    db.session.commit()
    path = f"/c/erlonglu/corrections/{made.id}/"
    visitors = [street.signed_in(newcomer(street)) for _ in range(MANY)]
    tokens = [visitor.hidden(path)["csrf_token"] for visitor in visitors]
    answers = release(
        [
            lambda wait, visitor=visitor, token=token: visitor.post(
                f"{path}sign", {"csrf_token": token}, wait
            )
            for visitor, token in zip(visitors, tokens, strict=True)
        ]
    )
    assert statuses(answers) == {303: MANY // 2, 409: MANY // 2}
    assert count(select(CorrectionSignature).filter_by(correction_id=made.id)) == MANY // 2
    db.session.refresh(made)
    assert (made.state, made.signed_voters) == (RAISED, MANY // 2)
    crossed = select(AuditEntry).filter_by(
        act="correction.supported", subject=f"correction:{made.id}"
    )
    assert count(crossed) == 1
