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
    """Describe a kind of standing: its title, the groups it counts for, and who may vouch for it.

    :ivar by_code: whether an invitation code may grant it.
    :ivar claimed: whether a person may claim it and staff decide.
    :ivar for_organisation: whether it is held for an organisation, which is then named.
    :ivar private: whether it is shown to nobody but its holder and who verified it, and stands in
        no list, search or export about others.
    :ivar evidence: what staff ask to see, in words.
    """

    title: LazyString
    groups: frozenset[str] = frozenset()
    by_code: bool = False
    claimed: bool = False
    for_organisation: bool = False
    private: bool = False
    evidence: LazyString | str = ""


RESIDENT = frozenset({"resident"})
WORKER = frozenset({"worker"})
REPRESENTATIVE = frozenset({"representative"})

STANDINGS: dict[str, StandingKind] = {
    "resident_registered": StandingKind(
        _l("Registered resident"),
        RESIDENT,
        claimed=True,
        evidence=_l("the household register or an identity card, seen at the desk"),
    ),
    "resident_living": StandingKind(
        _l("Resident"),
        RESIDENT,
        by_code=True,
        claimed=True,
        evidence=_l("a residence permit or a lease, or the word of the gate head"),
    ),
    "worker": StandingKind(
        _l("Works here"),
        WORKER,
        by_code=True,
        claimed=True,
        evidence=_l("a confirmation of the employer or an e-mail address there"),
    ),
    "household_rep": StandingKind(
        _l("Household representative"),
        REPRESENTATIVE,
        claimed=True,
        evidence=_l("the word of the household, noted by the committee"),
    ),
    "resident_rep": StandingKind(_l("Resident representative"), REPRESENTATIVE),
    "group_head": StandingKind(_l("Head of a residents' group"), REPRESENTATIVE),
    "gate_head": StandingKind(_l("Gate head"), REPRESENTATIVE),
    "grid_worker": StandingKind(_l("Grid worker")),
    "party_member": StandingKind(_l("Party member"), private=True),
    "resident_unit": StandingKind(
        _l("Liaison of a resident unit"),
        frozenset({"unit"}),
        claimed=True,
        for_organisation=True,
        evidence=_l("a stamped letter of the unit"),
    ),
    "owner": StandingKind(
        _l("Owner"),
        frozenset({"owner"}),
        claimed=True,
        evidence=_l("the deed, or the list of the property register"),
    ),
    "property_manager": StandingKind(
        _l("Property manager"), frozenset({"unit"}), for_organisation=True
    ),
    "owners_committee": StandingKind(
        _l("Member of an owners' committee"), frozenset({"unit"}), for_organisation=True
    ),
    "property_mgmt_committee": StandingKind(
        _l("Member of a property management committee"), frozenset({"unit"}), for_organisation=True
    ),
    "social_org": StandingKind(
        _l("Social organisation"),
        frozenset({"unit"}),
        claimed=True,
        for_organisation=True,
        evidence=_l("the number of its registration or filing"),
    ),
    "social_worker": StandingKind(
        _l("Social worker"),
        claimed=True,
        evidence=_l("the number of the professional certificate, and the agency"),
    ),
    "expert": StandingKind(_l("Expert")),
    "auditor": StandingKind(_l("Auditor")),
    "scrutineer": StandingKind(_l("Scrutineer")),
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
