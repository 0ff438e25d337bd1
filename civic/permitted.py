"""Who may do what by default, over all rooms (domain.md §1)."""

from flask_babel import lazy_gettext as _l

from civic.identities.kinds import (
    ADMINISTRATOR,
    COMMUNITY_WORKER,
    DEPUTY,
    HEAD,
    LEGAL,
    MEMBER,
    OFFICER,
    PARTICIPANT,
    SECRETARY,
    STAFF,
)
from civic.kernel.permissions import Permission

COMMITTEE = (SECRETARY, DEPUTY)
PERMISSIONS = (
    Permission("identities.invite", _l("Make invitation codes"), (*COMMITTEE, ADMINISTRATOR)),
    # Whoever sees people at the counter checks their papers: the office of the community, and the
    # street above it (domain.md §1). The technical administrator does not, nor do elected members.
    Permission(
        "identities.verify",
        _l("Check, grant and end standings"),
        (*COMMITTEE, HEAD, COMMUNITY_WORKER, OFFICER),
    ),
    Permission("identities.prove", _l("Prove numbers at the desk"), COMMITTEE),
    Permission(
        "identities.recover",
        _l("Help people back into their accounts"),
        (*COMMITTEE, ADMINISTRATOR),
    ),
    Permission("identities.appoint", _l("Keep posts and appoint people to them"), ADMINISTRATOR),
    Permission("consultations.speak", _l("Take part in consultations"), PARTICIPANT),
    Permission("consultations.manage", _l("Run consultations"), (*COMMITTEE, OFFICER)),
    Permission("consultations.answer", _l("Answer in the name of an office"), STAFF),
    Permission(
        "consultations.moderate", _l("Hide texts and answer objections"), (*COMMITTEE, OFFICER)
    ),
    Permission("topics.hand_in", _l("Hand topics in and join them"), PARTICIPANT),
    Permission("topics.manage", _l("Weigh topics and answer them"), (*COMMITTEE, OFFICER)),
    Permission(
        "topics.catalogue",
        _l("Write the yearly catalogue of what is consulted on"),
        (*COMMITTEE, OFFICER),
    ),
    Permission(
        "drafting.manage",
        _l("Write texts together with others and answer the comments on them"),
        (*COMMITTEE, OFFICER),
    ),
    Permission(
        "halls.take_part",
        _l("Raise a hand in a meeting in the hall, and second motions"),
        (PARTICIPANT, STAFF),
    ),
    # Chair and minutes are named for each meeting; only they and the office get in.
    Permission("halls.keep", _l("Sit at the desk of a meeting in the hall"), STAFF),
    Permission("halls.manage", _l("Plan meetings in the hall"), (*COMMITTEE, OFFICER)),
    Permission(
        "outcomes.take_part",
        _l("Object to resolutions, follow cases and rate what was done"),
        PARTICIPANT,
    ),
    Permission(
        "outcomes.manage",
        _l("Write and publish resolutions, plan tasks, answer objections"),
        (*COMMITTEE, OFFICER),
    ),
    Permission("ballots.manage", _l("Open, close and publish ballots"), (*COMMITTEE, OFFICER)),
    Permission(
        "notices.draft",
        _l("Write notices"),
        (*COMMITTEE, OFFICER, HEAD, MEMBER, COMMUNITY_WORKER),
    ),
    Permission("notices.issue", _l("Check and issue notices"), (*COMMITTEE, OFFICER)),
    # Procedures hold for a whole street, and so do the posts that count here.
    Permission("procedures.confirm", _l("Confirm procedures"), LEGAL),
    Permission("corrections.raise", _l("Ask for corrections and sign them"), (PARTICIPANT, STAFF)),
    # Street, legal affairs and the community's office: who proposes is never who decides.
    Permission(
        "corrections.manage", _l("Examine and decide corrections"), (*COMMITTEE, OFFICER, LEGAL)
    ),
    Permission("corrections.lessons", _l("Keep lessons without names"), STAFF),
    Permission("procedures.files", _l("Read the documents of procedures"), STAFF),
    Permission("admin.manage", _l("Administer the site"), ADMINISTRATOR),
)
