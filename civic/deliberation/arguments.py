"""Arguments for and against: write one, take it back, say that one convinces; there is no reply."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from civic.communities.models import Community
from civic.consultations import figures
from civic.consultations.bylines import byline_of
from civic.consultations.models import Consultation
from civic.consultations.speaking import participate
from civic.deliberation.gate import ARGUMENTS, admit, missing, within, written
from civic.deliberation.models import FOR, SIDES, Argument, ArgumentRating
from civic.deliberation.places import Place
from civic.deliberation.rules import rules
from civic.kernel import clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.moderation import counts, reporting, waiting
from civic.moderation.models import REMOVED, WaitingText

KIND = "argument"
#: Of one side on one page.
PER_PAGE = 20
#: Figures of a case.
PROS, CONS = "arguments_for", "arguments_against"


def figure(side: str) -> str:
    """Return the figure of a case that counts the arguments of a side."""
    return PROS if side == FOR else CONS


def write(
    actor: Actor,
    community: Community,
    case: Consultation,
    *,
    side: str,
    title: str,
    words: str,
    form_key: str,
) -> Argument | WaitingText:
    """Write an argument, or keep it until the office has checked it; a form sent twice counts once.

    :raises Refused: a reason of `gate.admit`, `side`, `title`, `words` or `too_many`.
    """
    person_id = admit(actor, community, case, ARGUMENTS)
    mine = select(Argument).filter_by(author_id=person_id)
    twin = db.session.scalar(mine.filter_by(form_key=form_key))
    kept = twin or waiting.kept(person_id, form_key)
    if kept is not None:
        return kept
    if side not in SIDES:
        raise Refused("side", _l("Please choose whether it speaks for it or against it."))
    title = " ".join(text.plain(title).split())
    if not title:
        raise Refused("title", _l("Please write your argument in one sentence."))
    within(title, rules().argument_title, "title")
    words = within(text.plain(words), rules().argument_words, "words")
    _room(person_id, case.id)
    byline = byline_of(actor, case, community.path)
    if case.checked_first:
        return waiting.keep(
            person_id,
            community,
            kind=KIND,
            place=f"consultation:{case.id}",
            content={"text": f"{title}\n\n{words}".strip(), "title": title, "words": words}
            | {"side": side}
            | byline,
            form_key=form_key,
        )
    return add(
        Argument(
            consultation_id=case.id,
            side=side,
            title=title,
            words=words,
            author_id=person_id,
            form_key=form_key,
            **byline,
        )
    )


def _room(person_id: int, case_id: int) -> None:
    most = rules().arguments_each
    if written(person_id, case_id, Argument, KIND) >= most:
        message = _l("You have written %(most)d arguments here. You can take one back.")
        raise Refused("too_many", message, HTTPStatus.TOO_MANY_REQUESTS, {"most": most})


def add(made: Argument) -> Argument:
    """Publish an argument that is allowed, and count it."""
    made.at = clock.now()
    made.convinced = 0
    participate(made.consultation_id, made.author_id)
    db.session.add(made)
    db.session.flush()
    figures.add(made.consultation_id, figure(made.side))
    return made


def rate(
    actor: Actor, community: Community, case: Consultation, argument_id: int, *, wants: bool
) -> Argument:
    """Say that an argument convinces one, or no longer; twice the same changes nothing.

    :raises Refused: a reason of `gate.admit`, 404, or `own`.
    """
    person_id = admit(actor, community, case, ARGUMENTS)
    found = _held(case.id, argument_id)
    if found is None or found.hidden_by is not None or found.removed_at is not None:
        raise missing()
    if found.author_id == person_id:
        raise Refused("own", _l("This argument is yours; others say whether it convinces them."))
    kept = db.session.scalar(
        select(ArgumentRating).filter_by(argument_id=found.id, person_id=person_id)
    )
    if wants and kept is None:
        participate(case.id, person_id)
        made = ArgumentRating(
            argument_id=found.id,
            author_id=found.author_id,
            person_id=person_id,
            at=clock.now(),
        )
        db.session.add(made)
        found.convinced += 1
    elif kept is not None and not wants:
        db.session.delete(kept)
        found.convinced -= 1
    db.session.flush()
    return found


def own(actor: Actor, case: Consultation, argument_id: int, *, held: bool = False) -> Argument:
    """Return one's own argument, which can be taken back.

    :param held: whether it is the caller's alone until the transaction ends.
    :raises Refused: 404 where there is none, `hidden` where the office has hidden it.
    """
    one = select(Argument).filter_by(id=argument_id, consultation_id=case.id)
    found = _held(case.id, argument_id) if held else db.session.scalar(one)
    if found is None or found.author_id != actor.person_id or found.removed_at is not None:
        raise missing()
    if found.hidden_by is not None:
        message = _l("The office has hidden this text. You can object on the page of your texts.")
        raise Refused("hidden", message, HTTPStatus.CONFLICT)
    return found


def take_back(actor: Actor, community: Community, case: Consultation, argument_id: int) -> None:
    """Take one's own argument back: its words are erased, and it leaves the list.

    :raises Refused: as `own`.
    """
    found = own(actor, case, argument_id, held=True)
    found.title = found.words = ""
    found.removed_at = clock.now()
    db.session.flush()
    figures.add(case.id, figure(found.side), -1)
    counts.add(community.id, counts.REMOVED)
    reporting.settle(actor, community, f"{KIND}:{found.id}", REMOVED)


def _held(case_id: int, argument_id: int) -> Argument | None:
    query = select(Argument).filter_by(id=argument_id, consultation_id=case_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def listed(case_id: int, side: str, after: Place | None = None) -> Sequence[Argument]:
    """Return a page of a side: what convinces most comes first, of equals the newer."""
    query = (
        select(Argument)
        .options(joinedload(Argument.author), joinedload(Argument.decision))
        .filter_by(consultation_id=case_id, side=side, removed_at=None)
        .order_by(Argument.convinced.desc(), Argument.id.desc())
        .limit(PER_PAGE)
    )
    if after is not None:
        fewer = Argument.convinced < after.number
        older = and_(Argument.convinced == after.number, Argument.id < after.key)
        query = query.where(or_(fewer, older))
    return db.session.scalars(query).all()


def convincing(person_id: int | None, argument_ids: Collection[int]) -> set[int]:
    """Return which of some arguments convince somebody."""
    if person_id is None or not argument_ids:
        return set()
    query = select(ArgumentRating.argument_id).where(
        ArgumentRating.person_id == person_id, ArgumentRating.argument_id.in_(argument_ids)
    )
    return set(db.session.scalars(query))
