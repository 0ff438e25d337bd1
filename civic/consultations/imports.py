"""Bring a consultation that was held elsewhere into a community, to be read."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, insert, select

from civic.communities.models import Community
from civic.consultations import polis
from civic.consultations.models import Consultation, Participant, Statement, StatementVote
from civic.kernel import audit, clock, plugins, text
from civic.kernel.db import Model, db
from civic.kernel.errors import Refused
from civic.moderation.models import Decision
from civic.moderation.reasons import IMPORTED

#: Rows sent to the database at once.
CHUNK = 5000
_COLUMNS = {1: "agrees", -1: "disagrees", 0: "passes"}

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Imported:
    """Say what came of an import.

    :ivar new: false when these data were here already, and nothing was changed.
    """

    consultation: Consultation
    new: bool


def import_polis(
    community: Community, export: polis.Export, progress: Progress = lambda _rows: None
) -> Imported:
    """Keep an export as a closed consultation without ballot; the caller commits.

    Its voters become anonymous participants of this one consultation: they are no persons, and no
    roll or count of residents knows them. Hidden statements stay hidden, their text sealed.

    :param progress: is told of each batch of votes how many it had.
    :raises Refused: `changed` when the same source was imported here with other data.
    """
    source = export.url or f"polis:{text.key(export.topic)}"
    digest = _digest(export)
    known = db.session.scalar(
        select(Consultation).filter_by(community_id=community.id, source=source)
    )
    if known is not None:
        if _digest_of(known) != digest:
            message = f"{source} was imported here before, with other data; nothing was changed."
            raise Refused("changed", message)
        return Imported(known, new=False)
    consultation = _case(community, export, source)
    participants = _participants(consultation, export)
    statements = _statements(community, consultation, export, participants)
    votes = [
        {
            "statement_id": statements[vote.statement],
            "participant_id": participants[vote.voter],
            "choice": vote.choice,
            "at": vote.at,
        }
        for vote in export.votes
    ]
    _bulk(StatementVote, votes, progress)
    audit.append(
        "consultation.imported",
        actor="command",
        subject=f"consultation:{consultation.id}",
        community_id=community.id,
        data={"source": source, "sha256": digest, "votes": len(votes)},
    )
    db.session.flush()
    return Imported(consultation, new=True)


def _digest(export: polis.Export) -> str:
    """Return a hash of what an import keeps of an export."""
    return hashlib.sha256(repr(export).encode("utf-8", "surrogatepass")).hexdigest()


def _digest_of(consultation: Consultation) -> str | None:
    entry = db.session.scalar(
        select(audit.AuditEntry).filter_by(
            act="consultation.imported", subject=f"consultation:{consultation.id}"
        )
    )
    return str(entry.data["sha256"]) if entry else None


def _case(community: Community, export: polis.Export, source: str) -> Consultation:
    first, last = export.span
    parts = filter(None, (export.description, export.attribution))
    background = text.plain("\n\n---\n\n".join(parts))
    now = clock.now()
    consultation = Consultation(
        community_id=community.id,
        title=text.plain(export.topic),
        background=background,
        background_html=str(plugins.registry().render_text(community.id, background)),
        audience=[],
        opens_at=first,
        # A consultation is over from its close on; the last answer still counted.
        closes_at=last + timedelta(seconds=1),
        created_at=now,
        published_at=now,
        office=" · ".join(filter(None, ("Polis", source.removeprefix("https://"), export.credit))),
        source=source,
        statement_count=len(export.statements),
        participant_count=len(export.acts),
    )
    db.session.add(consultation)
    db.session.flush()
    return consultation


def _participants(consultation: Consultation, export: polis.Export) -> dict[str, int]:
    _bulk(
        Participant,
        [
            {"consultation_id": consultation.id, "external_id": name, "acts": acts}
            for name, acts in export.acts.items()
        ],
    )
    rows = select(Participant.external_id, Participant.id).filter_by(
        consultation_id=consultation.id
    )
    return {str(row[0]): row[1] for row in db.session.execute(rows)}


def _statements(
    community: Community,
    consultation: Consultation,
    export: polis.Export,
    participants: Mapping[str, int],
) -> dict[str, int]:
    tally = Counter((vote.statement, vote.choice) for vote in export.votes)
    keys = set[str]()
    rows = []
    for item in sorted(export.statements, key=lambda item: (item.at, item.id)):
        words = text.plain(item.text)
        key = text.key(words)
        if key in keys:  # elsewhere the same words could be offered twice
            key = text.key(f"{words} {item.id}")
        keys.add(key)
        rows.append(
            Statement(
                consultation_id=consultation.id,
                participant_id=participants[item.author],
                external_id=item.id,
                text=words,
                key=key,
                created_at=item.at,
                **{name: tally[item.id, choice] for choice, name in _COLUMNS.items()},
            )
        )
    db.session.add_all(rows)
    db.session.flush()
    hidden = {item.id for item in export.statements if item.hidden}
    _hide(community, [row for row in rows if row.external_id in hidden])
    return {str(row.external_id): row.id for row in rows}


def _hide(community: Community, statements: Sequence[Statement]) -> None:
    now = clock.now()
    decisions = [
        Decision(
            community_id=community.id,
            subject=f"statement:{statement.id}",
            reason=IMPORTED,
            sealed={"text": statement.text},
            decided_at=now,
        )
        for statement in statements
    ]
    db.session.add_all(decisions)
    db.session.flush()
    for statement, decision in zip(statements, decisions, strict=True):
        statement.text, statement.hidden_by = "", decision.id


def _bulk(
    model: type[Model], rows: Sequence[dict[str, Any]], progress: Progress = lambda _rows: None
) -> None:
    """Insert many rows without making an object of each."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every model here is one
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        db.session.execute(insert(table), chunk)
        progress(len(chunk))
