"""Compute a map of opinions for an office that does not want to wait for it."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.consultations import opinion_rounds
from civic.consultations.models import Consultation
from civic.consultations.opinion_rows import OpinionRound
from civic.kernel import audit
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor


def redraw(actor: Actor, community: Community, consultation: Consultation) -> OpinionRound:
    """Compute the next round now; it stands in the audit.

    :raises Refused: `no_answers`, `unchanged` where it would be the map there is, or `too_many`
        where it would take too long to wait for.
    """
    count = opinion_rounds.answers(consultation.id)
    if count > opinion_rounds.numbers()["rounds"]["waiting"]:
        raise Refused(
            "too_many",
            _l("There are too many answers to wait for the map; the site computes it by itself."),
        )
    before = opinion_rounds.latest(consultation.id)
    if not count:
        raise Refused(
            "no_answers",
            _l("Nobody has answered a statement yet. Please come back when people have."),
        )
    drawn = None
    if before is None or opinion_rounds.changed(consultation.id, before):
        drawn = opinion_rounds.draw(consultation.id)
    if drawn is None:
        raise Refused(
            "unchanged",
            _l("Nobody has answered since the last map; it stays as it is."),
            HTTPStatus.CONFLICT,
        )
    audit.append(
        "consultation.opinions_drawn",
        person_id=actor.person_id,
        post=actor.posts_at(community.path)[0].title,
        subject=f"consultation:{consultation.id}",
        community_id=community.id,
        data={"number": drawn.number, "seed": drawn.seed, "answers": drawn.answers},
    )
    return drawn
