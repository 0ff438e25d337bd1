"""Hide a text, object, answer; domains register what can be hidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.communities.models import Community
from civic.identities import staying
from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.moderation import counts, house_rules, news
from civic.moderation.models import Decision, WaitingText
from civic.moderation.reasons import REASONS

MISSING = _l("There is no such text here.")


@dataclass(frozen=True)
class Text:
    """Hold what a domain gives to be hidden: whose text, what it says, and where it stands."""

    author_id: int | None
    content: dict[str, str]
    url: str


@dataclass(frozen=True)
class Kind:
    """Tell how texts of one kind are found, blanked and put back.

    :ivar load: takes a community id and a text's id; None when there is none there.
    :ivar hide: blanks the text and marks it with the decision's id.
    :ivar restore: puts the sealed content back.
    :ivar title: what a text of this kind is called.
    :ivar publish: makes the text that was kept until it was checked, in its author's name, and
        returns kind and id of what it became and its address; none where nothing is kept.
    """

    load: Callable[[int, int], Text | None]
    hide: Callable[[int, int], None]
    restore: Callable[[int, dict[str, Any]], None]
    title: LazyString | str = ""
    publish: Callable[[Community, WaitingText], tuple[str, str]] | None = None


def register(name: str, kind: Kind) -> None:
    """Let texts of a kind be hidden, in the current app."""
    current_app.extensions.setdefault("civic_moderation", {})[name] = kind


def title_of(subject: str) -> str:
    """Return what a text is called, from its kind and id."""
    kinds: dict[str, Kind] = current_app.extensions.get("civic_moderation", {})
    name = subject.partition(":")[0]
    return str(kinds[name].title) if name in kinds else name


def kind_of(name: str) -> Kind:
    """Return a kind of text that can be hidden.

    :raises Refused: 404 for one that nobody has registered.
    """
    found: Kind | None = current_app.extensions.get("civic_moderation", {}).get(name)
    if found is None:
        raise Refused("no_text", MISSING, HTTPStatus.NOT_FOUND)
    return found


def load(community: Community, kind: str, text_id: int, *, held: bool = False) -> Text:
    """Return a text of a community that can be hidden.

    What was written by who has left since is nobody's: there is nobody to tell, or to object.

    :param held: whether the author's account is to stay open until the transaction ends.
    :raises Refused: 404 when there is none.
    """
    text = kind_of(kind).load(community.id, text_id)
    if text is None:
        raise Refused("no_text", MISSING, HTTPStatus.NOT_FOUND)
    if text.author_id is not None and not staying.open_among([text.author_id], held=held):
        return replace(text, author_id=None)
    return text


def hide(
    actor: Actor, community: Community, kind: str, text_id: int, *, reason: str, note: str = ""
) -> Decision:
    """Hide a text: seal what it says, and keep reason and office in the audit.

    :param note: a word to the author; not kept where there is none to read it.

    :raises Refused: for a reason that is not on the list, or a text that is hidden already.
    """
    if reason not in REASONS:
        raise Refused("reason", _l("Please choose a reason from the list."))
    text = load(community, kind, text_id, held=True)
    assert actor.person_id is not None  # noqa: S101 - the permission implies a person
    decision = Decision(
        community_id=community.id,
        subject=f"{kind}:{text_id}",
        reason=reason,
        note="" if text.author_id is None else note,
        sealed=text.content,
        author_id=text.author_id,
        decided_by=actor.person_id,
        decided_at=clock.now(),
        object_until=house_rules.until(house_rules.OBJECTION),
    )
    try:
        with db.session.begin_nested():
            db.session.add(decision)
    except IntegrityError as error:
        raise Refused("hidden", _l("This text is hidden already."), HTTPStatus.CONFLICT) from error
    kind_of(kind).hide(text_id, decision.id)
    counts.add(community.id, counts.HIDDEN, f"{counts.HIDDEN}.{reason}")
    _record("text.hidden", actor, community, decision, reason=reason)
    news.hidden(community, decision)
    return decision


def object_to(person_id: int, decision_id: int, objection: str) -> Decision:
    """Keep an author's objection against the hiding of their text, once.

    :raises Refused: when it is not theirs, has been objected to, is too late, or the objection
        says nothing.
    """
    decision = db.session.scalar(
        select(Decision).filter_by(id=decision_id, author_id=person_id).with_for_update()
    )
    if decision is None:
        raise Refused("no_text", MISSING, HTTPStatus.NOT_FOUND)
    if decision.objected_at is not None:
        raise Refused("objected", _l("You have already objected."), HTTPStatus.CONFLICT)
    if decision.object_until is not None and clock.now() >= decision.object_until:
        raise Refused(
            "too_late",
            _l(
                "The time for objections against this is over. "
                "You can still speak to the office; its telephone is on every page."
            ),
            HTTPStatus.CONFLICT,
        )
    if not objection.strip():
        raise Refused("empty", _l("Please say why the text should be shown again."))
    decision.objection = objection.strip()
    decision.objected_at = clock.now()
    decision.answer_by = house_rules.until(house_rules.ANSWER)
    counts.add(decision.community_id, counts.OBJECTED)
    return decision


def answer(
    actor: Actor, community: Community, decision_id: int, *, restore: bool, words: str
) -> Decision:
    """Answer an objection: show the text again or keep it hidden, with a reason.

    :raises Refused: when whoever hid it would answer, or nothing waits for an answer.
    """
    here = Decision.id == decision_id, Decision.community_id == community.id
    staying.open_among(select(Decision.author_id).where(*here))
    decision = db.session.scalar(select(Decision).where(*here).with_for_update())
    if decision is None or decision.objected_at is None:
        raise Refused("no_objection", _l("No objection waits here."), HTTPStatus.NOT_FOUND)
    if decision.answered_at is not None:
        raise Refused("answered", _l("This objection has been answered."), HTTPStatus.CONFLICT)
    if decision.decided_by == actor.person_id:
        raise Refused(
            "second_person",
            _l("You hid this text yourself; somebody else has to answer the objection."),
            HTTPStatus.FORBIDDEN,
        )
    if not words.strip():
        raise Refused("empty", _l("Please give the author your reason."))
    decision.outcome = "restored" if restore else "kept"
    decision.answer = words.strip()
    decision.answered_by = actor.person_id
    decision.answered_at = clock.now()
    if restore:
        decision.lifted_at = clock.now()
        kind, _, text_id = decision.subject.partition(":")
        kind_of(kind).restore(int(text_id), decision.sealed)
        decision.sealed = {}
    counts.add(community.id, counts.RESTORED if restore else counts.KEPT)
    _record("objection.answered", actor, community, decision, outcome=decision.outcome)
    news.answered(community, decision)
    return decision


def waiting(community: Community) -> Sequence[Decision]:
    """Return decisions whose objections wait for an answer, the oldest first, at most 100."""
    query = (
        select(Decision)
        .filter_by(community_id=community.id, answered_at=None)
        .where(Decision.objected_at.is_not(None))
        .order_by(Decision.objected_at)
        .limit(100)
    )
    return db.session.scalars(query).all()


def decisions(community: Community) -> Sequence[Decision]:
    """Return the newest decisions of a community, at most 100."""
    query = select(Decision).filter_by(community_id=community.id).order_by(Decision.id.desc())
    return db.session.scalars(query.limit(100)).all()


def of_author(person_id: int) -> Sequence[Decision]:
    """Return the decisions on a person's own texts, the newest first, at most 100."""
    query = select(Decision).filter_by(author_id=person_id).order_by(Decision.id.desc())
    return db.session.scalars(query.limit(100)).all()


def _record(act: str, actor: Actor, community: Community, decision: Decision, **data: str) -> None:
    audit.done(act, actor, community, decision.subject, data)
