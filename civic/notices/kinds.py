"""Kinds and levels of notices, the steps they take, and who may be named as their readers (pure).

Rules of domain.md §4 (通知公告). Who is private, as members of the party, can be named by nobody.
"""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.identities import known
from civic.identities.kinds import PARTICIPATES_FROM, POSTS, STAFF, STANDINGS

NOTICE, ANNOUNCEMENT, DISPLAY, BULLETIN = "notice", "announcement", "public_display", "bulletin"
KINDS: dict[str, LazyString] = {
    NOTICE: _l("Notice"),
    ANNOUNCEMENT: _l("Announcement"),
    DISPLAY: _l("Public display"),
    BULLETIN: _l("Bulletin"),
}
#: What each is for, in one sentence, for whoever writes one.
MEANINGS: dict[str, LazyString] = {
    NOTICE: _l("something people should know or do"),
    ANNOUNCEMENT: _l("something everybody is told for the record"),
    DISPLAY: _l("something to which people may object until a day"),
    BULLETIN: _l("how something went, told to those concerned"),
}
#: Words in the number of a notice; a number is a name and is not translated.
NUMBER_WORDS = {NOTICE: "通知", ANNOUNCEMENT: "公告", DISPLAY: "公示", BULLETIN: "通报"}

ORDINARY, IMPORTANT, URGENT = "ordinary", "important", "urgent"
LEVELS: dict[str, LazyString] = {
    ORDINARY: _l("Ordinary"),
    IMPORTANT: _l("Important"),
    URGENT: _l("Urgent"),
}

CALENDAR, WORKING = "calendar", "working"
DAYS: dict[str, LazyString] = {
    CALENDAR: _l("calendar days (a last day off moves to the next working day)"),
    WORKING: _l("working days"),
}

DRAFTED, SUBMITTED, RETURNED, ISSUED = "drafted", "submitted", "returned", "issued"
CORRECTION, CORRECTED = "correction_drafted", "corrected"
CORRECTION_RETURNED = "correction_returned"
WITHDRAWN, EXPIRED, DISPLAY_ENDED = "withdrawn", "expired", "display_ended"
STEPS: dict[str, LazyString] = {
    DRAFTED: _l("drafted"),
    SUBMITTED: _l("sent to be checked"),
    RETURNED: _l("returned to whoever wrote it"),
    ISSUED: _l("checked and issued"),
    CORRECTION: _l("correction drafted"),
    CORRECTION_RETURNED: _l("correction returned"),
    CORRECTED: _l("correction checked and issued"),
    WITHDRAWN: _l("withdrawn"),
    EXPIRED: _l("validity ended"),
    DISPLAY_ENDED: _l("display period ended"),
}
#: Steps that everybody reads on the sheet; the others are work inside the office.
PUBLIC_STEPS = frozenset({ISSUED, CORRECTED, WITHDRAWN, EXPIRED, DISPLAY_ENDED})
#: Steps that a notice takes once.
ONCE = (ISSUED, WITHDRAWN, EXPIRED, DISPLAY_ENDED)

#: Why a draft goes back to whoever wrote it.
RETURN_REASONS: dict[str, LazyString] = {
    "facts": _l("Facts, dates or figures have to be checked"),
    "audience": _l("It goes to the wrong readers"),
    "wording": _l("The wording has to be clearer"),
    "basis": _l("The basis is missing or wrong"),
    "privacy": _l("It says more about people than it needs"),
    "other": _l("Another reason"),
}

ANY, ALL, NONE = "any", "all", "none"
ROLES: dict[str, LazyString] = {
    ANY: _l("is meant"),
    ALL: _l("has to hold as well"),
    NONE: _l("is left out"),
}
GROUPS: dict[str, LazyString] = {
    "resident": _l("Residents"),
    "worker": _l("People who work here"),
    "owner": _l("Owners"),
    "representative": _l("Representatives of residents"),
    "unit": _l("Liaisons of units"),
    STAFF: _l("Holders of any post"),
}


def _codes() -> dict[str, LazyString]:
    single = {
        code: kind.title
        for code, kind in STANDINGS.items()
        if not kind.private and code not in GROUPS
    }
    return GROUPS | single | POSTS


#: All that an audience may name of the core: groups, standings that are not private, posts.
CODES: dict[str, LazyString] = _codes()


def standings_of(code: str) -> frozenset[str]:
    """Return the kinds of standing that a code of an audience means; never a private one."""
    return frozenset(
        name
        for name, kind in known.standings().items()
        if not kind.private and (code == name or code in kind.groups)
    )


def posts_of(code: str) -> frozenset[str]:
    """Return the kinds of post that a code of an audience means."""
    if code == STAFF:
        return frozenset(POSTS)
    return frozenset({code} & POSTS.keys())


def least_level(code: str) -> int:
    """Return the level from which a standing counts where an audience names its code.

    That of taking part: whoever may only read has proven nothing. Posts have no level.
    """
    return PARTICIPATES_FROM if standings_of(code) else 0
