"""Write the text of a case, publish versions of it, hear comments longer, and close it."""

from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from civic.communities.models import Community
from civic.consultations import moving, public, stages
from civic.consultations.models import Consultation
from civic.drafting import conditions, held, news, times
from civic.drafting.models import (
    ADOPTED,
    PARTLY,
    WHOLE,
    DraftComment,
    DraftParagraph,
    DraftVersion,
    TextDraft,
)
from civic.drafting.paragraphs import split
from civic.drafting.rules import rules
from civic.kernel import clock, holidays, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor


def writable(case: Consultation, now: datetime) -> bool:
    """Tell whether the text of a case is worked on now: it is written or commented on."""
    if case.published_at is None or stages.over(case, now):
        return False
    if case.stage is None:
        return True
    return stages.may(case, now, "draft") or stages.may(case, now, "comments")


def save(
    actor: Actor, community: Community, case_id: int, *, title: str, body: str, revision: int
) -> TextDraft:
    """Keep the text as the office has written it; nobody else sees it before it is published.

    :param revision: of the text that the form was filled from; 0 where there was none.
    :raises Refused: `not_now`, `title`, `body`, or `stale` when somebody else changed it meanwhile.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    case = _workable(community, case_id)
    title, body = _checked(title, body)
    found, now = held.text_of(case.id), clock.now()
    _fresh(found, revision)
    if found is None:
        found = TextDraft(consultation_id=case.id, revision=0)
        db.session.add(found)
    found.title, found.body, found.revision = title, body, revision + 1
    found.written_by, found.written_at = actor.person_id, now
    found.office = held.office(actor, community)
    db.session.flush()
    return found


def publish(
    actor: Actor,
    community: Community,
    case_id: int,
    *,
    revision: int,
    note: str = "",
    until: datetime | None = None,
) -> DraftVersion:
    """Publish the text as it was saved; comments are heard until a moment.

    Comments that were adopted before led to this version. A text that was closed is open again.

    :param until: when comments end; what `times.usual_end` says unless given.
    :raises Refused: `not_now`, `nothing`, `stale`, `same`, `note` or `until`.
    """
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    case = _workable(community, case_id)
    found, now = held.text_of(case.id), clock.now()
    if found is None:
        raise Refused("nothing", _l("Please write and save a text first."), HTTPStatus.CONFLICT)
    _fresh(found, revision)
    note, before = text.plain(note), held.newest(case.id)
    if len(note) > rules().note:
        message = _l("Please say in at most %(most)d characters what is different.")
        raise Refused("note", message, values={"most": rules().note})
    if before is not None and (before.title, before.body) == (found.title, found.body):
        message = _l("Nothing has changed since the newest version. Please change the text first.")
        raise Refused("same", message, HTTPStatus.CONFLICT)
    until = _within(case, until or times.usual_end(case, now))
    if until is None or until <= now:
        raise Refused("until", _l("Please choose a day in the future until which people comment."))
    made = DraftVersion(
        consultation_id=case.id,
        number=before.number + 1 if before else 1,
        title=found.title,
        body=found.body,
        note=note,
        office=held.office(actor, community),
        published_by=actor.person_id,
        published_at=now,
    )
    db.session.add(made)
    db.session.flush()
    numbers = range(WHOLE, len(split(made.body)) + 1)
    db.session.add_all(DraftParagraph(version_id=made.id, number=one) for one in numbers)
    led = update(DraftComment).where(
        DraftComment.consultation_id == case.id,
        DraftComment.state.in_((ADOPTED, PARTLY)),
        DraftComment.changed_in.is_(None),
    )
    changed = db.session.execute(led.values(changed_in=made.number))
    found.closed_at = found.closed_by = None
    _hear_until(case, found, until)
    held.figure(case, held.VERSION, made.number)
    held.figure(case, held.FINAL, 0)
    held.recorded(
        "draft.published",
        actor,
        community,
        case.id,
        version=made.number,
        note=made.note,
        until=until.isoformat(),
        led=getattr(changed, "rowcount", 0),
    )
    if before is not None:
        news.changed(community, case, made)
    return made


def prolong(actor: Actor, community: Community, case_id: int, until: datetime | None) -> TextDraft:
    """Hear comments longer than was said; never shorter.

    :param until: the new end; one has to be chosen.
    :raises Refused: `not_now`, `nothing`, `closed` or `until`.
    """
    case = _workable(community, case_id)
    found = _published(case)
    assert found.comments_until is not None  # noqa: S101 - versions are published with one
    if found.closed_at is not None:
        raise held.closed()
    until = _within(case, until)
    if until is None or until <= max(found.comments_until, clock.now()):
        raise Refused("until", _l("Please choose a later day than the one that was announced."))
    before = found.comments_until
    _hear_until(case, found, until)
    held.recorded(
        "draft.prolonged",
        actor,
        community,
        case.id,
        before=before.isoformat(),
        until=until.isoformat(),
    )
    return found


def follow(entered: moving.StageEntered) -> None:
    """Hear comments as long as a stage lasts that a case has come to, where that is longer."""
    query = select(Consultation).filter_by(id=entered.consultation_id).with_for_update()
    case = db.session.scalars(query.execution_options(populate_existing=True)).one()
    found, until = held.text_of(case.id), stages.until(case)
    if found is None or found.comments_until is None or found.closed_at is not None:
        return
    here = case.stage == entered.stage and "comments" in stages.here(case).get("can", ())
    if here and until is not None and until > found.comments_until:
        _hear_until(case, found, until)


def close(actor: Actor, community: Community, case_id: int) -> TextDraft:
    """Say that the newest version is the text; every comment must have its answer.

    :raises Refused: `nothing`, `closed`, `running`, `unchecked` or `unanswered`.
    """
    case = public.held(community, case_id)
    found = _published(case)
    if found.closed_at is not None:
        raise held.closed()
    now = clock.now()
    missing = conditions.unanswered(case, found, now)
    if missing:
        code, message, values = missing[0]
        raise Refused(code, message, HTTPStatus.CONFLICT, values)
    found.closed_at, found.closed_by = now, actor.person_id
    db.session.flush()
    held.figure(case, held.FINAL, 1)
    last = held.newest(case.id)
    held.recorded("draft.closed", actor, community, case.id, version=last.number if last else 0)
    return found


def _within(case: Consultation, until: datetime | None) -> datetime | None:
    """Return a moment that is not after the close of a case that has no stages."""
    return min(until, case.closes_at) if until is not None and case.stage is None else until


def _hear_until(case: Consultation, found: TextDraft, until: datetime) -> None:
    found.comments_until = until
    found.answers_by = holidays.end_of(until, rules().answer)
    db.session.flush()
    held.figure(case, held.UNTIL, int(until.timestamp()))


def _workable(community: Community, case_id: int) -> Consultation:
    case = public.held(community, case_id)
    if not writable(case, clock.now()):
        message = _l("At its present stage no text is worked on in this case.")
        raise Refused("not_now", message, HTTPStatus.CONFLICT)
    return case


def _published(case: Consultation) -> TextDraft:
    found = held.text_of(case.id)
    if found is None or found.comments_until is None:
        raise Refused("nothing", _l("No version is published yet."), HTTPStatus.CONFLICT)
    return found


def _fresh(found: TextDraft | None, revision: int) -> None:
    if revision == (found.revision if found else 0):
        return
    message = _l(
        "Somebody else has changed this text since you opened it. Nothing is lost: yours is still "
        "in the form, and theirs stands below it. Put both together and save again."
    )
    raise Refused("stale", message, HTTPStatus.CONFLICT)


def _checked(title: str, body: str) -> tuple[str, str]:
    title, body, most = text.plain(title), text.plain(body), rules()
    if not title or len(title) > most.title:
        message = _l("Please write a title of at most %(most)d characters.")
        raise Refused("title", message, values={"most": most.title})
    if not body:
        raise Refused("body", _l("Please write the text; a blank line begins a new paragraph."))
    if len(body) > most.body:
        message = _l("This is %(now)d characters long; %(most)d are possible. Please shorten it.")
        raise Refused("body", message, values={"now": len(body), "most": most.body})
    if len(split(body)) > most.paragraphs:
        message = _l("The text has %(now)d paragraphs; %(most)d are possible.")
        counted = len(split(body))
        values: dict[str, object] = {"now": counted, "most": most.paragraphs}
        raise Refused("body", message, values=values)
    return title, body
