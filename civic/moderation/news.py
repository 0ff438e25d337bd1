"""What authors are told of decisions on their texts; never what the text said."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.kernel.tell import Kind, News, tell
from civic.moderation.models import HIDDEN as STRUCK
from civic.moderation.models import PUBLISHED, REMOVED, STAYS, Decision, WaitingText


def _mine(values: Mapping[str, Any]) -> str:
    return f"/me/texts#decision-{values['decision']}"


HIDDEN = Kind(
    code="moderation.hidden",
    title=_l("A text of yours was hidden"),
    sentence=lambda _values: _("A text of yours was hidden. You can read why, and object."),
    address=_mine,
)
ANSWERED = Kind(
    code="moderation.answered",
    title=_l("Your objection was answered"),
    sentence=lambda values: (
        _("Your objection was answered: your text is shown again.")
        if values["outcome"] == "restored"
        else _("Your objection was answered: your text stays hidden. You can read why.")
    ),
    address=_mine,
)
CHECKED = Kind(
    code="moderation.checked",
    title=_l("A text of yours was checked"),
    sentence=lambda values: (
        _("Your text was checked and is published now.")
        if values["outcome"] == PUBLISHED
        else _("Your text was checked and is not published. You can read why.")
    ),
    address=lambda values: values["url"],
)
OUTCOMES = {
    STAYS: _l("The office has looked at the text you reported: it stays."),
    STRUCK: _l("The office has looked at the text you reported: it is hidden now."),
    REMOVED: _l("The text you reported was taken back by its author."),
}
SETTLED = Kind(
    code="moderation.settled",
    title=_l("The office has looked at a text that you reported"),
    sentence=lambda values: str(OUTCOMES[values["outcome"]]),
    address=lambda values: f"/c/{values['community']}/moderation/months",
)
KINDS = (HIDDEN, ANSWERED, CHECKED, SETTLED)


def hidden(community: Community, decision: Decision) -> None:
    """Tell an author that a text of theirs was hidden."""
    _tell(HIDDEN, community, decision, {})


def answered(community: Community, decision: Decision) -> None:
    """Tell an author what came of their objection."""
    _tell(ANSWERED, community, decision, {"outcome": decision.outcome})


def _tell(kind: Kind, community: Community, decision: Decision, values: dict[str, Any]) -> None:
    if decision.author_id is None:
        return
    tell(
        News(
            kind=kind.code,
            subject=f"decision:{decision.id}",
            people=[decision.author_id],
            community_id=community.id,
            values={"community": community.slug, "decision": decision.id} | values,
        )
    )


def checked(community: Community, held: WaitingText, url: str) -> None:
    """Tell an author what came of a text of theirs that waited.

    :param url: where it stands, or nothing where it is not published.
    """
    if held.author_id is None:
        return
    tell(
        News(
            kind=CHECKED.code,
            subject=f"waiting_text:{held.id}",
            people=[held.author_id],
            community_id=community.id,
            values={
                "community": community.slug,
                "outcome": held.outcome,
                "url": url or f"/me/texts#waiting-{held.id}",
            },
        )
    )


def settled(community: Community, subject: str, outcome: str, people: list[int]) -> None:
    """Tell those who reported a text what came of it; never who else did."""
    if not people:
        return
    tell(
        News(
            kind=SETTLED.code,
            subject=subject,
            people=people,
            community_id=community.id,
            values={"community": community.slug, "outcome": outcome},
        )
    )
