"""Kinds of standing and post, and the groups of permissions they count for (domain.md §1)."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

#: Level from which a standing lets one comment and take part in advisory polls.
PARTICIPATES_FROM = 2
PARTICIPANT = "participant"
STAFF = "staff"


@dataclass(frozen=True)
class StandingKind:
    """Describe a kind of standing: its title, and the groups it counts for.

    :ivar by_code: whether an invitation code may grant it.
    """

    title: LazyString
    groups: frozenset[str] = frozenset()
    by_code: bool = False


RESIDENT = frozenset({"resident"})
WORKER = frozenset({"worker"})

STANDINGS: dict[str, StandingKind] = {
    "resident_registered": StandingKind(_l("Registered resident"), RESIDENT),
    "resident_living": StandingKind(_l("Resident"), RESIDENT, by_code=True),
    "worker": StandingKind(_l("Works here"), WORKER, by_code=True),
    "household_rep": StandingKind(_l("Household representative")),
    "grid_worker": StandingKind(_l("Grid worker")),
    "party_member": StandingKind(_l("Party member")),
    "resident_unit": StandingKind(_l("Liaison of a resident unit")),
    "owner": StandingKind(_l("Owner")),
    "social_org": StandingKind(_l("Social organisation")),
    "social_worker": StandingKind(_l("Social worker")),
    "expert": StandingKind(_l("Expert")),
}

#: Groups that can be asked to take part in a consultation, and how the page names them.
AUDIENCES: dict[str, LazyString] = {
    "resident": _l("residents"),
    "worker": _l("people who work here"),
}

SECRETARY = "secretary"
DEPUTY = "deputy_secretary"
OFFICER = "street_officer"
ADMINISTRATOR = "administrator"
POSTS: dict[str, LazyString] = {
    SECRETARY: _l("Secretary of the community party committee"),
    DEPUTY: _l("Deputy secretary of the community party committee"),
    OFFICER: _l("Street officer"),
    ADMINISTRATOR: _l("Administrator"),
}
