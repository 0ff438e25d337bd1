"""States, audiences and facts of events (pure)."""

from civic.api import lazy_gettext as _l
from civic.api import lazy_pgettext

#: An event is a draft, filed (准入报备), sent back or refused, accepted, and then published.
DRAFT, FILED, RETURNED, REFUSED = "draft", "filed", "returned", "refused"
ACCEPTED, PUBLISHED, CANCELLED = "accepted", "published", "cancelled"
STATES = {
    DRAFT: lazy_pgettext("event", "Draft"),
    FILED: _l("Filed, waits for a decision"),
    RETURNED: _l("Sent back, to be changed"),
    REFUSED: lazy_pgettext("event", "Refused"),
    ACCEPTED: lazy_pgettext("event", "Accepted, not published yet"),
    PUBLISHED: lazy_pgettext("event", "Published"),
    CANCELLED: _l("Called off"),
}
#: In these its text can be changed.
OPEN = (DRAFT, RETURNED)
#: These are to take place, as far as anybody knows, and can stand in the way of others.
COMING = (FILED, ACCEPTED, PUBLISHED)

ANYONE, PARTICIPANT, RESIDENT, WORKER = "anyone", "participant", "resident", "worker"
AUDIENCES = {
    ANYONE: lazy_pgettext("event", "Everybody"),
    PARTICIPANT: _l("Who lives or works here"),
    RESIDENT: _l("Who lives here"),
    WORKER: _l("Who works here"),
}

#: What a filing says of the event, besides its numbers (domain.md §7).
FACTS = {
    "consent": _l("Whoever owns the place agrees"),
    "insured": _l("There is insurance for everybody"),
    "stage": _l("A stage or something else is built"),
    "sound": _l("Loudspeakers or music"),
    "traffic": _l("A road or an exit is closed, or many cars come"),
    "food": _l("Food is given out or sold"),
    "minors": _l("Children come without their parents"),
}
#: What a safety plan of a mass event has to hold: nine parts.
PLAN = {
    "content": _l("Time, place, content and how it is organised"),
    "staff": _l("Number of safety staff, their tasks and marks"),
    "fire": _l("Fire safety"),
    "heads": _l("How many people the place holds"),
    "buffer": _l("Buffer zones and their signs"),
    "tickets": _l("How tickets are checked, and people at the entrance"),
    "parking": _l("Parking, and how traffic is led"),
    "order": _l("How order is kept and crowds are led"),
    "emergency": _l("What is done in an emergency"),
}

FILE, ACCEPT, RETURN, REFUSE = "file", "accept", "return", "refuse"
PERMIT, PUBLISH, CANCEL = "permit", "publish", "cancel"
ACTS = {
    FILE: lazy_pgettext("event", "Filed"),
    ACCEPT: lazy_pgettext("event", "Accepted"),
    RETURN: _l("Sent back"),
    REFUSE: lazy_pgettext("event", "Refused"),
    PERMIT: _l("Permit noted"),
    PUBLISH: lazy_pgettext("event", "Published"),
    CANCEL: _l("Called off"),
}
