"""Say something in a consultation: comments, replies, official answers."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from civic.communities.models import Community
from civic.consultations import limits, news, stages
from civic.consultations.bylines import byline_of
from civic.consultations.models import Comment, Consultation, Participant
from civic.identities.audiences import fitting_group
from civic.identities.models import Person
from civic.kernel import audit, clock, plugins, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, Path, allowed, veto
from civic.moderation import waiting
from civic.moderation.models import WaitingText

LONGEST = 2000
SPEAK, ANSWER = "consultations.speak", "consultations.answer"


def why_not(
    actor: Actor,
    consultation: Consultation,
    path: Path,
    *,
    staff: bool = False,
    what: str = "speak",
) -> Refused | None:
    """Return why an actor may not take part here now, or None when they may.

    :param staff: whether offices may too: they write comments, but what people agree with is
        counted of those who are asked.
    :param what: what they want to do, by the word of processes for it.
    """
    now = clock.now()
    if consultation.published_at is None or not stages.may(consultation, now, what):
        over = stages.over(consultation, now)
        if consultation.stage is not None and not over:
            return Refused(
                "not_open",
                _l("At its present stage nothing can be added here. It can be read."),
                HTTPStatus.CONFLICT,
            )
        message = (
            _l("This consultation has closed; it can be read, but nothing can be added.")
            if over
            else _l("This consultation has not begun yet.")
        )
        return Refused("closed" if over else "not_open", message, HTTPStatus.CONFLICT)
    if actor.person_id is None:
        return Refused("sign_in", _l("Please sign in to take part."), HTTPStatus.UNAUTHORIZED)
    asked = allowed(actor, SPEAK, path) and fitting_group(actor, consultation.audience, path)
    if asked or (staff and allowed(actor, ANSWER, path)):
        return None
    return Refused(
        "audience",
        _l(
            "This consultation asks other people than those whose standing you have. "
            "You may read it."
        ),
        HTTPStatus.FORBIDDEN,
    )


def participate(consultation_id: int, person_id: int) -> Participant:
    """Return a person's part in a consultation, made where missing and locked for this act."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Participant).values(
        consultation_id=consultation_id, person_id=person_id, acts=1
    )
    participant = db.session.scalars(
        statement.on_conflict_do_update(
            index_elements=["consultation_id", "person_id"], set_={"acts": Participant.acts + 1}
        ).returning(Participant),
        execution_options={"populate_existing": True},
    ).one()
    if participant.acts == 1:
        db.session.execute(
            update(Consultation)
            .where(Consultation.id == consultation_id)
            .values(participant_count=Consultation.participant_count + 1)
        )
    return participant


def comment(
    actor: Actor,
    community: Community,
    consultation: Consultation,
    words: str,
    *,
    form_key: str,
    parent_id: int | None = None,
    official: bool = False,
) -> Comment | WaitingText:
    """Add a comment, a reply, or an official answer; or keep it until the office has checked it.

    :param form_key: random key of the form; the same one again returns the comment it made.
    :param parent_id: the comment replied to; a reply to a reply goes to its thread.
    :raises Refused: a reason of `why_not`, `empty`, `too_long`, `too_many` or `no_comment`.
    """
    refusal = why_not(actor, consultation, community.path, staff=True)
    if refusal is not None:
        raise refusal
    veto(actor, SPEAK, consultation)
    words = text.plain(words)
    if not words:
        raise Refused("empty", _l("Please write what you think first."))
    if len(words) > LONGEST:
        raise Refused(
            "too_long",
            _l("This is %(now)d characters long; %(most)d are possible. Please shorten it."),
            values={"now": len(words), "most": LONGEST},
        )
    person_id = actor.person_id
    assert person_id is not None  # noqa: S101 - visitors have been refused
    # The person's row is the lock under which an hour's comments are counted.
    db.session.execute(select(Person.id).filter_by(id=person_id).with_for_update(key_share=True))
    twin = db.session.scalar(select(Comment).filter_by(author_id=person_id, form_key=form_key))
    if twin is not None:
        return twin
    limits.comments(person_id)
    level, parent, authors = _place_in_thread(consultation, parent_id)
    office = None
    if official and allowed(actor, ANSWER, community.path):
        office = actor.posts_at(community.path)[0].title
    byline = byline_of(actor, consultation, community.path)
    if office is None and consultation.checked_first:
        return waiting.keep(
            person_id,
            community,
            kind="comment",
            place=f"consultation:{consultation.id}",
            content={"text": words, "level": level, "parent": parent} | byline,
            form_key=form_key,
        )
    made = add(
        Comment(
            consultation_id=consultation.id,
            level=level,
            parent_id=parent,
            parent_level=1 if parent else None,
            author_id=person_id,
            office=office,
            text=words,
            form_key=form_key,
            **byline,
        ),
        community,
    )
    if office:
        audit.append(
            "comment.answered",
            person_id=person_id,
            post=office,
            subject=f"comment:{made.id}",
            community_id=community.id,
        )
        news.answered(community, consultation, made, authors)
    return made


def add(made: Comment, community: Community) -> Comment:
    """Publish a comment that is allowed: render it, count it, and let its author take part."""
    if made.office is None:
        participate(made.consultation_id, made.author_id)
    made.html = str(plugins.registry().render_text(community.id, made.text))
    made.created_at = clock.now()
    db.session.add(made)
    db.session.execute(
        update(Consultation)
        .where(Consultation.id == made.consultation_id)
        .values(comment_count=Consultation.comment_count + 1)
    )
    db.session.flush()
    return made


def _place_in_thread(
    consultation: Consultation, parent_id: int | None
) -> tuple[int, int | None, set[int]]:
    """Return level and parent of a reply, and the authors of what it replies to."""
    if parent_id is None:
        return 1, None, set()
    query = select(Comment).filter_by(id=parent_id, consultation_id=consultation.id)
    parent = db.session.scalar(query)
    if parent is None:
        raise Refused(
            "no_comment", _l("The comment you reply to is not here."), HTTPStatus.NOT_FOUND
        )
    if parent.parent_id is None:
        return 2, parent.id, {parent.author_id}
    first = select(Comment.author_id).filter_by(id=parent.parent_id)
    return 2, parent.parent_id, {parent.author_id, db.session.scalars(first).one()}
