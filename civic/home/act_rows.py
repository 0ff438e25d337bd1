"""Official acts of a community as rows: what was done, by which post, about what, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from civic.communities.models import Community
from civic.consultations.models import Consultation
from civic.kernel import act_words
from civic.kernel.audit import START, AuditEntry
from civic.kernel.db import db
from civic.kernel.permissions import Actor, visible
from civic.moderation import house_rules
from civic.notices.models import Notice

PER_PAGE = 50
LAST = 2**31 - 1
#: Pages that decide themselves what whoever looks may see.
NUMBERED = (
    ("topic", "topics.show", "topic_id"),
    ("ballot", "ballots.show", "ballot_id"),
    ("correction", "corrections.show", "correction_id"),
)


#: Actors of acts that nobody did.
BY_ITSELF = frozenset({"", "civic", "clock", "system"})


@dataclass(frozen=True)
class Row:
    """Be one act as everybody reads it.

    :ivar who: the post in whose name it was done; empty where somebody acted in their own name.
    :ivar itself: whether the site did it by itself.
    :ivar about: title of what it is about, and `url`, where whoever looks may see that.
    :ivar reason: the words, or the rule, that were given with it, where these are for everybody.
    """

    number: int
    at: datetime
    what: str
    who: str
    itself: bool
    about: str
    url: str
    reason: str
    hash: str


def listed(
    community: Community, *, kind: str = "", before: int | None = None
) -> tuple[Sequence[AuditEntry], bool]:
    """Return public acts of a community, the newest first, and whether there are more.

    :param kind: only acts of this kind, as `notice`.
    :param before: number from which to go on to older ones.
    """
    codes = [code for code in act_words.public() if not kind or code.split(".")[0] == kind]
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.community_id == community.id,
            AuditEntry.id < (before or LAST),
            AuditEntry.act.in_(codes),
        )
        .order_by(AuditEntry.id.desc())
        .limit(PER_PAGE + 1)
    )
    found = db.session.scalars(query).all()
    return found[:PER_PAGE], len(found) > PER_PAGE


def head() -> tuple[int, str]:
    """Return number and hash of the last act in the chain of the whole site; 0 before the first."""
    last = select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    found = db.session.execute(last).first()
    return (found[0], found[1]) if found is not None else (0, START)


def rows(entries: Sequence[AuditEntry], actor: Actor) -> list[Row]:
    """Return entries in words; titles only of what this person may see."""
    titles = _titles({entry.subject for entry in entries}, actor)
    made = []
    for entry in entries:
        about, url = titles.get(entry.subject, ("", ""))
        made.append(
            Row(
                number=entry.id,
                at=entry.at,
                what=act_words.words(entry.act),
                who=entry.post,
                itself=entry.actor in BY_ITSELF,
                about=about,
                url=url,
                reason=_reason(entry),
                hash=entry.hash,
            )
        )
    return made


def _reason(entry: AuditEntry) -> str:
    if not act_words.reasoned(entry.act):
        return ""
    given = entry.data.get("reason") or entry.data.get("note") or ""
    if not isinstance(given, str):
        return ""
    return house_rules.rule(given) or given


def _titles(subjects: Iterable[str], actor: Actor) -> dict[str, tuple[str, str]]:
    wanted: dict[str, list[int]] = {}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if key.isdecimal():
            wanted.setdefault(kind, []).append(int(key))
    found: dict[str, tuple[str, str]] = {}
    titled: tuple[tuple[str, type[Consultation | Notice], str, str], ...] = (
        ("consultation", Consultation, "consultations.show", "consultation_id"),
        ("notice", Notice, "notices.show", "notice_id"),
    )
    for kind, model, endpoint, name in titled:
        if kind in wanted:
            query = select(model.id, model.title)
            query = query.where(model.id.in_(wanted[kind]), visible(actor, model))
            for number, title in db.session.execute(query):
                found[f"{kind}:{number}"] = title, _url(endpoint, name, number)
    for kind, endpoint, name in NUMBERED:
        for number in wanted.get(kind, ()):
            words = f"{act_words.kind(kind)} {number}"
            found[f"{kind}:{number}"] = words, _url(endpoint, name, number)
    return found


def _url(endpoint: str, name: str, number: int) -> str:
    values: dict[str, Any] = {name: number}
    return url_for(endpoint, **values)
