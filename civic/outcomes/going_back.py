"""What a case shows of its resolution, its tasks and ratings when it has gone back to the vote."""

from civic.communities.models import Community
from civic.consultations import figures, public
from civic.consultations.moving import StageEntered
from civic.kernel.db import db
from civic.outcomes import carrying_out, rating, resolutions
from civic.processes import terms


def follow(entered: StageEntered) -> None:
    """End ratings, and let the row of a case say nothing of what is voted on again."""
    if entered.kind != terms.VOTING:
        return
    community = db.session.get_one(Community, entered.community_id)
    # The round before the case, as where a round ends.
    rating.overtaken(community, entered.consultation_id)
    case = public.held(community, entered.consultation_id)
    if resolutions.standing(case) is None and case.figures.get(resolutions.FIGURE):
        figures.add(case.id, resolutions.UNTIL, -case.figures.get(resolutions.UNTIL, 0))
        carrying_out.count(case)
