"""Kinds and states of numbered places, and the states of a defect."""

from civic.api import lazy_gettext as _l

BAY, SIGN = "bay", "sign"
KINDS = {BAY: _l("Bicycle bay"), SIGN: _l("Sign")}

IN_USE, CLOSED, REMOVED = "in_use", "closed", "removed"
STATES = {IN_USE: _l("In use"), CLOSED: _l("Closed for now"), REMOVED: _l("Removed")}

#: A defect is reported, handled by staff, and answered by whoever reported it: solved, or not.
#: The first “not solved” reports it anew; the second one ends it as unsolved.
REPORTED, HANDLED, SOLVED, UNSOLVED = "reported", "handled", "solved", "unsolved"
DEFECTS = {
    REPORTED: _l("Waits to be handled"),
    HANDLED: _l("Handled, waits for the reporter"),
    SOLVED: _l("Solved"),
    UNSOLVED: _l("Handled twice, not solved"),
}
#: As spreadsheets name them, besides the code and the titles above.
WORDS = {
    BAY: ("停放区块", "非机动车停放区块", "非机动车停车位", "自行车位"),
    SIGN: ("导引牌", "指示牌", "导向牌"),
    IN_USE: ("在用", "正常"),
    CLOSED: ("停用", "维修中"),
    REMOVED: ("拆除", "已拆除"),
}


def answered(*, solved: bool, reopened: bool) -> str:
    """Return the state of a handled defect after its reporter's answer.

    :param reopened: whether it was reported anew before.
    """
    if solved:
        return SOLVED
    return UNSOLVED if reopened else REPORTED
