"""Notices from plugins: drafted for whoever acts, and handed on to be checked like any other."""

from collections.abc import Sequence

from civic.communities.models import Community
from civic.kernel import clock
from civic.kernel.permissions import Actor
from civic.notices import drafts, kinds
from civic.notices.services import record
from civic.notices.terms import Term


def hand_in_notice(
    actor: Actor,
    community: Community,
    *,
    kind: str,
    title: str,
    body: str,
    readers: Sequence[str] = (),
    office: str = "",
) -> int:
    """Draft a notice and send it to be checked; return its number, by which its page is found.

    A second person of the office reads it on the desk and issues it, or returns it to the actor.
    The plugin has asked whether the actor may do what this comes from.

    :param kind: `notice`, `announcement` or `bulletin`.
    :param readers: codes of standings, groups or posts in the community; everybody without one.
    :param office: the issuing body as the sheet names it; the community without one.
    :raises Refused: with the name of the field as its code, for what does not make sense.
    """
    terms = [
        Term(role=kinds.ANY, code=code, node_id=community.id, min_level=kinds.least_level(code))
        for code in readers
    ]
    draft = drafts.Draft(
        kind=kind, level=kinds.ORDINARY, title=title, body=body, office=office, terms=terms
    )
    made = drafts.create(actor, community, draft)
    made.submitted_at = clock.now()
    record(actor, community, made, kinds.SUBMITTED)
    return made.id
