"""What is stored of who raised or signed corrections: given out, and freed of the person."""

import secrets

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.corrections.models import Correction, CorrectionSignature
from civic.corrections.phrases import BASES, STATES
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table
from civic.moderation.models import Decision


def _export(person_id: int) -> list[Table]:
    raised = db.session.execute(
        select(Correction, Decision.sealed)
        .outerjoin(Decision, Decision.id == Correction.hidden_by)
        .where(Correction.raised_by == person_id)
        .order_by(Correction.id)
    ).all()
    signed = db.session.execute(
        select(Correction.title, CorrectionSignature.base, CorrectionSignature.at)
        .join(Correction, Correction.id == CorrectionSignature.correction_id)
        .where(CorrectionSignature.person_id == person_id)
        .order_by(CorrectionSignature.id)
    ).all()
    against = _l("Against")
    return [
        Table(
            "corrections",
            _l("Corrections that you raised"),
            {"against": against, "text": _l("Text"), "state": _l("State"), "at": _l("When")},
            [
                (
                    item.title,
                    sealed.get("text", "") if sealed else item.words,
                    STATES[item.state],
                    item.raised_at,
                )
                for item, sealed in raised
            ],
        ),
        Table(
            "correction_signatures",
            _l("Corrections that you signed"),
            {"against": against, "as": _l("As"), "at": _l("When")},
            [(title, BASES[base], at) for title, base, at in signed],
        ),
    ]


def _forget(person_id: int) -> None:
    """Keep what was said and how many signed; cut signatures off from the person."""
    mine = select(CorrectionSignature).filter_by(person_id=person_id)
    for signature in db.session.scalars(mine.order_by(CorrectionSignature.id)).all():
        signature.person_id, signature.key = None, f"left:{secrets.token_hex(8)}"
    answerable = update(Correction).where(Correction.answerable_id == person_id)
    db.session.execute(answerable.values(answerable_id=None))
    db.session.flush()


PART = Part(
    owner="corrections",
    title=_l("Corrections that you asked for"),
    stored=(
        Collected(
            _l("What you say is wrong, and which petitions you sign"),
            _l(
                "What you write is public under your masked name. Of signatures the number is "
                "public, and nobody reads whose they are."
            ),
            _l("as long as the record of what was corrected"),
        ),
    ),
    export=_export,
    forget=_forget,
    keeps=(
        Kept(
            _l("Corrections that you raised, under “已注销的用户”"),
            _l("Offices have decided on them, and others rely on that."),
        ),
        Kept(
            _l("The number of signatures"),
            _l("It decides whether an office has to look. Nothing leads from it to you."),
        ),
    ),
)
