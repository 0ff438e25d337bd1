"""Correct a real name at the desk: with a reason, and told to the person."""

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.identities import services as identities
from civic.identities.looks import looked
from civic.identities.models import Person
from civic.identities.names import masked
from civic.kernel import audit
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.phones import Identifier
from civic.kernel.tell import News, tell

REASONS = {
    "typing_error": _l("The name was mistyped"),
    "official_change": _l("The name was changed officially"),
    "not_real": _l("It was not the name on the identity card"),
}


def look_up(actor: Actor, community: Community, identifier: Identifier) -> Person:
    """Return the person whose name is to be corrected; they read that somebody looked.

    :raises Refused: `nobody`.
    """
    person = identities.here(community, identifier)
    looked(actor, person.id, "profile", community)
    return person


def correct(
    actor: Actor, community: Community, identifier: Identifier, name: str, reason: str
) -> None:
    """Enter the name that stands on the card; a masked public name follows it.

    :param reason: a code of `REASONS`.
    :raises Refused: `nobody`, `own` for one's own name, or `reason`.
    """
    if reason not in REASONS:
        raise Refused("reason", _l("Please choose a reason from the list."))
    person = identities.here(community, identifier)
    if person.id == actor.person_id:
        raise Refused("own", _l("Somebody else has to correct your own name."))
    if person.public_name == masked(person.name):
        person.public_name = masked(name)
    person.name = " ".join(name.split())
    audit.done("name.corrected", actor, community, f"person:{person.id}", {"reason": reason})
    tell(
        News(
            kind="records.name_corrected",
            subject=f"person:{person.id}",
            people=[person.id],
            community_id=community.id,
            values={"community": community.slug, "reason": reason},
        )
    )
