"""Let the plugin of a kind of standing check what a person gives as evidence."""

from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.identities.kinds import Verifier
from civic.identities.known import standings
from civic.kernel import declared
from civic.kernel.errors import Refused
from civic.kernel.text import plain

HIGHEST = 4
LONGEST = 200


def level(community: Community, code: str, person_id: int, evidence: str) -> int:
    """Return the level that follows from what was given.

    :raises Refused: with the plugin's reason, `proof` without evidence, or `plugin_failed`.
    """
    verify = standings()[code].verify
    assert verify is not None  # noqa: S101 - asked for kinds that have one
    evidence = " ".join(plain(evidence).split())[:LONGEST]
    if not evidence:
        raise Refused("proof", _l("Please enter what is to be checked."))
    return declared.attempt(code, "verify", _level, verify, community, person_id, evidence)


def _level(verify: Verifier, community: Community, person_id: int, evidence: str) -> int:
    try:
        found = verify(community=community, person_id=person_id, evidence=evidence)
    except Refused as refused:
        # Its sentence stands at the field, whatever code the plugin gave it.
        raise Refused("proof", refused.message, values=refused.values) from refused
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= HIGHEST:
        message = f"{found!r} is no level"
        raise TypeError(message)
    return found
