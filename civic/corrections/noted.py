"""What stands on a count, a notice, a rule or a resolution for everybody to read."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    desc,
    func,
    literal,
    or_,
    select,
    union_all,
)

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.corrections.models import ADOPTED, DECIDED, SHOWN, Correction, RuleChange
from civic.corrections.phrases import CHANGES_OF_RULES, NOTES, STATES
from civic.corrections.rules import COUNT, RESOLUTION, RULE
from civic.kernel.db import db
from civic.kernel.public_notes import Note, Standing
from civic.outcomes.models import Resolution

#: Says of a row that it is of a change of a rule.
CHANGE = "change"
#: Of a thing that is corrected more often, the older ones stand in the list.
MOST = 10


def standing(kind: str, key: int, community: str) -> Standing:
    """Return the notes on one thing, in one statement."""
    query = _corrections(kind, key)
    if kind == RULE:
        # Together, as a page of a rule asks once.
        query = union_all(query, _changes(key))  # type: ignore[assignment]
    rows = db.session.execute(query.order_by(desc("at"), desc("id")).limit(MOST))
    notes = [_change(row, key) if row.code == CHANGE else _correction(row) for row in rows]
    url = ""
    if community:
        url = url_for("corrections.new", community=community, target=kind, subject_id=key)
    return Standing(notes, url)


def _corrections(kind: str, key: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Correction.id.label("id"),
            Community.slug.label("slug"),
            Correction.state.label("state"),
            func.coalesce(Correction.effect, "").label("code"),
            Correction.note.label("note"),
            literal(0).label("made_id"),
            func.coalesce(Correction.decided_at, Correction.admitted_at).label("at"),
        )
        .join(Community, Community.id == Correction.community_id)
        .where(_on(kind, key), Correction.state.in_(SHOWN))
    )


def _on(kind: str, key: int) -> ColumnElement[bool]:
    """Select what is against a thing; a resolution rests on the count of its case, too."""
    itself = and_(Correction.target == kind, Correction.subject_id == key)
    if kind != RESOLUTION:
        return itself
    case = select(Resolution.consultation_id).where(Resolution.id == key).scalar_subquery()
    return or_(itself, and_(Correction.target == COUNT, Correction.consultation_id == case))


def _changes(version_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            RuleChange.id,
            Community.slug,
            RuleChange.state,
            literal(CHANGE),
            literal(""),
            RuleChange.made_id,
            func.coalesce(RuleChange.concluded_at, RuleChange.proposed_at),
        )
        .join(Community, Community.id == RuleChange.community_id)
        .join(Consultation, Consultation.id == RuleChange.consultation_id)
        .where(
            or_(RuleChange.version_id == version_id, RuleChange.made_id == version_id),
            Consultation.published_at.is_not(None),
        )
    )


def _correction(row: Row[Any]) -> Note:
    url = url_for("corrections.show", community=row.slug, correction_id=row.id)
    if row.state == DECIDED:
        kind, title = NOTES[row.code]
        return Note(kind=kind, title=str(title), text=row.note, url=url, at=row.at)
    return Note(kind="warn", title=str(STATES[row.state]), text="", url=url, at=row.at)


def _change(row: Row[Any], version_id: int) -> Note:
    if row.made_id == version_id:
        title = _("This version was made by a consultation")
    elif row.state == ADOPTED:
        title = _("Replaced after a consultation")
    else:
        title = str(CHANGES_OF_RULES[row.state])
    url = url_for("corrections.change", community=row.slug, rule_change_id=row.id)
    return Note(kind="info", title=title, text="", url=url, at=row.at)
