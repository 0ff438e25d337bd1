"""Say whether a show of hands carries a motion, in whole numbers (pure)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Majority:
    """Be a share of those who raised their hand for or against.

    :ivar more: whether more than the share is needed; else the share itself is enough.
    """

    num: int
    den: int
    more: bool


def carried(majority: Majority, in_favour: int, against: int) -> bool:
    """Tell whether a motion is carried; where nobody is for it, it never is."""
    left, right = in_favour * majority.den, (in_favour + against) * majority.num
    if not in_favour:
        return False
    return left > right if majority.more else left >= right
