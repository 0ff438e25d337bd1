"""What a procedure asks of a meeting of seats, for plugins: quorum, majority, periods."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from civic.kernel.errors import Misconfigured
from civic.kernel.periods import Period
from civic.procedures import services
from civic.procedures.thresholds import Bar, Share

_SEATS = "heads"


@dataclass(frozen=True, kw_only=True)
class MeetingRules:
    """Say what a meeting of seats needs, by one version of a procedure.

    :ivar code: of the procedure, and `number` of its version here.
    :ivar quorum: share of all seats that have to attend.
    :ivar majority: share that carries a decision, of those `of`: `attending` or `all`.
    :ivar consensus_first: whether agreement of all is sought before there is a vote.
    :ivar topics: so long before, topics are handed in, where the procedure says so.
    """

    code: str
    number: int
    quorum: Share
    majority: Share
    of: str
    consensus_first: bool
    topics: Period | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON, to be kept with a meeting; `meeting_rules_from` reads it."""
        return {
            "code": self.code,
            "number": self.number,
            "quorum": vars(self.quorum),
            "majority": vars(self.majority),
            "of": self.of,
            "consensus_first": self.consensus_first,
            "topics": self.topics.as_dict() if self.topics else None,
        }


def meeting_rules(code: str, day: date | None = None) -> MeetingRules:
    """Return what a procedure that holds on a day, today unless given, asks of a meeting of seats.

    :raises Refused: `procedure`, where none holds.
    :raises Misconfigured: where it does not count seats by one share.
    """
    version = services.one_in_force(code, day)
    found = services.procedure_of(version)
    quorum, of = _share(code, found.quorum)
    del of  # of all seats, in any case
    majority, base = _share(code, found.decision.bar)
    return MeetingRules(
        code=code,
        number=version.number,
        quorum=quorum,
        majority=majority,
        of=base,
        consensus_first=found.decision.consensus_first,
        topics=found.times.topics,
    )


def meeting_rules_from(kept: Mapping[str, Any]) -> MeetingRules:
    """Read what `MeetingRules.as_dict` returned."""
    shares = {key: Share(**kept[key]) for key in ("quorum", "majority")}
    topics = Period.parse(kept["topics"]) if kept["topics"] else None
    return MeetingRules(**{**kept, **shares, "topics": topics})


def _share(code: str, bar: Bar | None) -> tuple[Share, str]:
    for alternative in bar.alternatives if bar else ():
        for demand in alternative.demands:
            if demand.measure == _SEATS and isinstance(demand.threshold, Share):
                return demand.threshold, alternative.of
    message = f"procedure {code} does not say by a share of seats what it needs"
    raise Misconfigured(message)
