"""Maps of opinions that are computed at one moment: one of them is kept."""

from sqlalchemy import select

from civic.consultations.models import Consultation
from civic.consultations.opinion_rows import OpinionRound
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from tests.consultations.opinion_cases import answered
from tests.parallel.acts import case, count, same_person, statuses
from tests.parallel.conftest import Street

FEW = 6


def test_a_map_computed_many_times_at_once_is_one_round(street: Street):
    consultation, path = case(street, "deliberating")
    answered(consultation, 12, 10)
    sent = [{"to": f"{path}opinions/"}] * FEW
    answers = same_person(street, street.world.secretary, f"{path}opinions/", sent)
    assert statuses(answers) == {303: FEW}
    assert count(select(OpinionRound).filter_by(consultation_id=consultation.id)) == 1
    acts = select(AuditEntry).filter_by(
        act="consultation.opinions_drawn", subject=f"consultation:{consultation.id}"
    )
    assert count(acts) == 1
    figures = db.session.scalar(select(Consultation.figures).filter_by(id=consultation.id))
    assert figures == {"opinion_people": 22, "opinion_groups": 2}
