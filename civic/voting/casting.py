"""Vote in a ballot of one of several by the rule of its audience, as a consultation has one."""

from civic.kernel import clock
from civic.kernel.permissions import Actor, Path
from civic.voting import services, voters
from civic.voting.choices import Marks
from civic.voting.models import Ballot
from civic.voting.services import Accepted


def cast(
    actor: Actor, ballot: Ballot, path: Path, option_id: int | None, *, token: str | None = None
) -> Accepted:
    """Cast an actor's vote by the right that is theirs.

    :param option_id: None to abstain.
    :param token: the code of the receipt, signed with the paper; none to have one made.
    :raises Refused: as `services.vote`, or the reason why they may not; nothing is stored then.
    """
    if token is None or clock.now() < ballot.closes_at:
        services.while_open(ballot)
    chosen = voters.entitled(actor, ballot, path).find("")
    marks = Marks(abstains=True) if option_id is None else Marks(picked=[str(option_id)])
    return services.vote(actor, ballot, chosen.right, marks, token=token)
