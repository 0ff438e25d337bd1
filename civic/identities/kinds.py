"""Kinds of standing and post, and the groups of permissions they count for (domain.md §1)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

if TYPE_CHECKING:
    from civic.communities.models import Community

#: Level from which a standing lets one comment and take part in advisory polls.
PARTICIPATES_FROM = 2
PARTICIPANT = "participant"
STAFF = "staff"


@dataclass(frozen=True)
class StandingKind:
    """Describe a kind of standing: its title, the groups it counts for, and who may vouch for it.

    A plugin declares its own in the same way. Such a one counts where the plugin is on in the
    nearest community of the place where it is held; where it is off or gone the row stays and gives
    nothing.

    :ivar code: its name; that of a plugin's is kept as `plugin.code`.
    :ivar groups: what it counts for: of the core those in `JOINABLE`, or groups of the plugin.
    :ivar by_code: whether an invitation code may grant it.
    :ivar claimed: whether a person may claim it and staff decide.
    :ivar for_organisation: whether it is held for an organisation, which is then named.
    :ivar private: whether it is shown to nobody but its holder and who verified it, and stands in
        no list, search or export about others.
    :ivar evidence: what staff ask to see, in words.
    :ivar permission: what whoever grants, changes or ends it must be permitted as well.
    :ivar verify: what checks a word given as evidence, a number on a list for example, instead of
        staff; from it the level follows. Only for kinds of a plugin.
    """

    code: str
    title: LazyString | str
    groups: frozenset[str] = frozenset()
    by_code: bool = False
    claimed: bool = False
    for_organisation: bool = False
    private: bool = False
    evidence: LazyString | str = ""
    permission: str = ""
    verify: "Verifier | None" = None


class Verifier(Protocol):
    """Check what a person gives as evidence for a standing."""

    def __call__(self, *, community: "Community", person_id: int, evidence: str) -> int:
        """Return the level that follows, 0 to 4.

        :raises Refused: with a sentence for staff, where it does not hold.
        """


RESIDENT = frozenset({"resident"})
WORKER = frozenset({"worker"})
REPRESENTATIVE = frozenset({"representative"})

#: Groups of the core for which a standing of a plugin may count; a post gives power, and it cannot.
JOINABLE = RESIDENT | WORKER | REPRESENTATIVE | {"unit", "owner"}

_STANDINGS = (
    StandingKind(
        "resident_registered",
        _l("Registered resident"),
        RESIDENT,
        claimed=True,
        evidence=_l("the household register or an identity card, seen at the desk"),
    ),
    StandingKind(
        "resident_living",
        _l("Resident"),
        RESIDENT,
        by_code=True,
        claimed=True,
        evidence=_l("a residence permit or a lease, or the word of the gate head"),
    ),
    StandingKind(
        "worker",
        _l("Works here"),
        WORKER,
        by_code=True,
        claimed=True,
        evidence=_l("a confirmation of the employer or an e-mail address there"),
    ),
    StandingKind(
        "household_rep",
        _l("Household representative"),
        REPRESENTATIVE,
        claimed=True,
        evidence=_l("the word of the household, noted by the committee"),
    ),
    StandingKind("resident_rep", _l("Resident representative"), REPRESENTATIVE),
    StandingKind("group_head", _l("Head of a residents' group"), REPRESENTATIVE),
    StandingKind("gate_head", _l("Gate head"), REPRESENTATIVE),
    StandingKind("grid_worker", _l("Grid worker")),
    StandingKind("party_member", _l("Party member"), private=True),
    StandingKind(
        "resident_unit",
        _l("Liaison of a resident unit"),
        frozenset({"unit"}),
        claimed=True,
        for_organisation=True,
        evidence=_l("a stamped letter of the unit"),
    ),
    StandingKind(
        "owner",
        _l("Owner"),
        frozenset({"owner"}),
        claimed=True,
        evidence=_l("the deed, or the list of the property register"),
    ),
    StandingKind(
        "property_manager", _l("Property manager"), frozenset({"unit"}), for_organisation=True
    ),
    StandingKind(
        "owners_committee",
        _l("Member of an owners' committee"),
        frozenset({"unit"}),
        for_organisation=True,
    ),
    StandingKind(
        "property_mgmt_committee",
        _l("Member of a property management committee"),
        frozenset({"unit"}),
        for_organisation=True,
    ),
    StandingKind(
        "social_org",
        _l("Social organisation"),
        frozenset({"unit"}),
        claimed=True,
        for_organisation=True,
        evidence=_l("the number of its registration or filing"),
    ),
    StandingKind(
        "social_worker",
        _l("Social worker"),
        claimed=True,
        evidence=_l("the number of the professional certificate, and the agency"),
    ),
    StandingKind("expert", _l("Expert")),
    StandingKind("auditor", _l("Auditor")),
    StandingKind("scrutineer", _l("Scrutineer")),
)
#: The kinds of the core, by code; what plugins add to them, `known` says.
STANDINGS: dict[str, StandingKind] = {kind.code: kind for kind in _STANDINGS}

#: Groups that can be asked to take part in a consultation, and how the page names them.
AUDIENCES: dict[str, LazyString] = {
    "resident": _l("residents"),
    "worker": _l("people who work here"),
}

SECRETARY = "secretary"
DEPUTY = "deputy_secretary"
OFFICER = "street_officer"
ADMINISTRATOR = "administrator"
GRID_HEAD = "grid_head"
COMMUNITY_WORKER = "community_worker"
HEAD = "committee_head"
MEMBER = "committee_member"
LEGAL = "legal_officer"
POSTS: dict[str, LazyString] = {
    SECRETARY: _l("Secretary of the community party committee"),
    DEPUTY: _l("Deputy secretary of the community party committee"),
    HEAD: _l("Head of the residents' committee"),
    MEMBER: _l("Member of the residents' committee"),
    COMMUNITY_WORKER: _l("Community worker"),
    GRID_HEAD: _l("Grid worker of the street"),
    OFFICER: _l("Street officer"),
    LEGAL: _l("Legal officer"),
    ADMINISTRATOR: _l("Administrator"),
}
#: Posts that several people hold at one time; any other is one position.
MANY_HOLDERS = frozenset({MEMBER, COMMUNITY_WORKER, GRID_HEAD, OFFICER, ADMINISTRATOR})
#: Posts whose holders can act for others: their powers wait for a second factor at sign-in.
POWERFUL = frozenset(POSTS)
