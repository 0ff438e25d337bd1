"""What stands on a count, a notice, a rule or a resolution for everybody to read."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import load_only

from civic.communities.models import Community
from civic.corrections.models import ADOPTED, DECIDED, SHOWN, Correction, RuleChange
from civic.corrections.phrases import NOTES, STATES
from civic.corrections.rules import RULE
from civic.kernel.db import db
from civic.kernel.public_notes import Note, Standing

#: Of a thing that is corrected more often, the older ones stand in the list.
MOST = 10
COLUMNS = (
    Correction.id,
    Correction.state,
    Correction.effect,
    Correction.note,
    Correction.suspends,
    Correction.admitted_at,
    Correction.decided_at,
)


def standing(kind: str, key: int, community: str) -> Standing:
    """Return the notes on one thing, in one statement; of a rule in two."""
    query = (
        select(Correction, Community.slug)
        .join(Community, Community.id == Correction.community_id)
        .options(load_only(*COLUMNS))
        .where(Correction.target == kind, Correction.subject_id == key, Correction.state.in_(SHOWN))
        .order_by(Correction.id.desc())
        .limit(MOST)
    )
    notes = [_note(found, slug) for found, slug in db.session.execute(query)]
    if kind == RULE:
        notes += _changes(key)
    url = ""
    if community:
        url = url_for("corrections.new", community=community, target=kind, subject_id=key)
    return Standing(notes, url)


def _note(found: Correction, slug: str) -> Note:
    url = url_for("corrections.show", community=slug, correction_id=found.id)
    if found.state == DECIDED and found.effect and found.decided_at:
        kind, title = NOTES[found.effect]
        return Note(kind=kind, title=str(title), text=found.note, url=url, at=found.decided_at)
    assert found.admitted_at is not None  # noqa: S101 - the database says so
    return Note(kind="warn", title=str(STATES[found.state]), text="", url=url, at=found.admitted_at)


def _changes(version_id: int) -> list[Note]:
    query = (
        select(RuleChange, Community.slug)
        .join(Community, Community.id == RuleChange.community_id)
        .where(or_(RuleChange.version_id == version_id, RuleChange.made_id == version_id))
        .order_by(RuleChange.id.desc())
        .limit(MOST)
    )
    notes = []
    for found, slug in db.session.execute(query):
        made = found.made_id == version_id
        title = _("This version was made by a consultation") if made else ""
        if not made:
            adopted = found.state == ADOPTED
            title = _("Replaced after a consultation") if adopted else _("A change is asked for")
        notes.append(
            Note(
                kind="info",
                title=title,
                text="",
                url=url_for("corrections.change", community=slug, rule_change_id=found.id),
                at=found.concluded_at or found.proposed_at,
            )
        )
    return notes
