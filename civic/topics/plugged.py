"""Topics from plugins: a hotline, a list of needs, feedback on events (domain.md §10b)."""

from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.communities.models import Community
from civic.identities import staying
from civic.kernel import audit, declared
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.topics import asking, services
from civic.topics.models import Topic


@dataclass(frozen=True)
class HandedIn:
    """Be a topic that a plugin has handed in, as the plugin may know it.

    :ivar id: its number.
    :ivar url: address of its page, below the site's root.
    :ivar state: where it stands, `handed_in` at first.
    :ivar answer: what was answered; empty while it is open.
    """

    id: int
    url: str
    state: str
    answer: str


def hand_in_topic(
    community: Community,
    source: str,
    reference: str,
    *,
    title: str,
    text: str = "",
    place: str = "",
    person_id: int | None = None,
) -> HandedIn:
    """Hand in a topic from elsewhere, or return the one that the same reference made before.

    It waits on the desk like any other and is owed an answer. The plugin sees to it that the text
    names nobody: topics are public. Calling it again tells what became of it.

    :param source: code in full, as `hotline.calls`: the name of the plugin, a dot, and its own.
    :param reference: what the source calls it; handed in once.
    :param person_id: who raised it, where that is known and they agreed; they are told the answer.
    :raises Refused: where the plugin is off in the community, or for a text that does not do.
    """
    owner = declared.owner(source)
    if not owner or owner not in community.plugins:
        raise Refused(
            "source", _l("No plugin that is on here has this source."), HTTPStatus.CONFLICT
        )
    fields = services.checked(community, services.Draft(title=title, text=text, place=place))
    if person_id is not None:
        staying.hold(person_id)
    query = select(Topic).filter_by(community_id=community.id, source=source, source_ref=reference)
    found = db.session.scalar(query)
    if found is None:
        found = services.keep(community, fields, source=source, source_ref=reference)
        services.add_step(found, "handed_in")
        if person_id is not None:
            asking.ask(found, person_id)
        audit.append(
            "topic.imported",
            actor=owner,
            subject=f"topic:{found.id}",
            community_id=community.id,
            data={"source": source},
        )
    return HandedIn(found.id, f"/c/{community.slug}/topics/{found.id}/", found.state, found.answer)
