"""What authors are told of decisions on their texts; never what the text said."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.kernel.tell import Kind, News, tell
from civic.moderation.models import Decision


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
KINDS = (HIDDEN, ANSWERED)


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
