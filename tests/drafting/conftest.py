"""Cases with a text on which people comment."""

from typing import Any

from civic.consultations.models import Consultation
from civic.drafting import answering, commenting, writing
from civic.drafting.answering import Answer
from civic.drafting.commenting import Said
from civic.drafting.models import DraftAnswer, DraftComment, DraftVersion
from civic.kernel.db import db
from tests.factories import World, consultation
from tests.outcomes.conftest import days_off

TITLE = "二龙路停车规则（草案）"
BODY = "第一段：一户一位。\n\n第二段：抽签每年一次。\n\n第三段：晚上八点后可临停。"


def written(world: World, case: Consultation, body: str = BODY, revision: int = 0) -> None:
    """What the office saves."""
    writing.save(
        world.actor("secretary"),
        world.erlong,
        case.id,
        title=TITLE,
        body=body,
        revision=revision,
    )
    db.session.commit()


def published(
    world: World, case: Consultation | None = None, body: str = BODY, revision: int = 0
) -> tuple[Consultation, DraftVersion]:
    """A version on which people comment."""
    if case is None:
        days_off(world)
        case = consultation(world.erlong)
    written(world, case, body, revision)
    made = writing.publish(world.actor("secretary"), world.erlong, case.id, revision=revision + 1)
    db.session.commit()
    return case, made


def said(
    world: World,
    case: Consultation,
    role: str = "resident",
    words: str = "一户两辆车的怎么办？",
    key: str = "",
    **more: Any,
) -> DraftComment:
    """A comment on the first paragraph of the first version, unless told."""
    what = Said(**({"version": 1, "paragraph": 1, "words": words} | more))
    made = commenting.comment(
        world.actor(role), world.erlong, case, what, form_key=key or f"{role}-{words}"
    )
    db.session.commit()
    assert isinstance(made, DraftComment)
    return made


def answered(
    world: World,
    case: Consultation,
    comment: DraftComment,
    verdict: str = "adopted",
    reason: str = "改为抽签轮换。",
    **more: Any,
) -> DraftAnswer:
    """The office's answer to one comment."""
    made = answering.answer_comment(
        world.actor("secretary"),
        world.erlong,
        case.id,
        comment.id,
        Answer(verdict=verdict, reason=reason, **more),
    )
    db.session.commit()
    return made
