"""The joint review: each office says pass, condition or refuse, once in a round."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.api import Actor, Community, Refused, clock, db
from civic.api import lazy_gettext as _l
from civic_rental import moving, recording, states
from civic_rental.manifest import plugin
from civic_rental.models import COUNTED, TAKEN_BACK, WAITING, Conversion, Opinion
from civic_rental.words import codes

PASS, CONDITION, REFUSE = "pass", "condition", "refuse"
DAY = timedelta(days=1)


def speaks_for(actor: Actor, community: Community) -> list[str]:
    """Return the offices for which somebody speaks at a community."""
    groups = actor.groups(community.path)
    return [code for code, office in states.way().offices.items() if office.by & groups]


def one(community: Community, opinion_id: int) -> Opinion:
    """Return an opinion on a conversion of a community.

    :raises Refused: 404 when there is none.
    """
    found = db.session.get(Opinion, opinion_id)
    if found is None or found.conversion.community_id != community.id:
        message = _l("There is no such opinion here.")
        raise Refused("no_opinion", message, HTTPStatus.NOT_FOUND)
    return found


def opinions(conversion: Conversion) -> dict[str, Opinion]:
    """Return the opinions of the present round, by office."""
    return {row.office: row for row in moving.present(conversion)}


def earlier(conversion: Conversion) -> Sequence[Opinion]:
    """Return the opinions of earlier rounds, the latest first."""
    query = select(Opinion).where(
        Opinion.conversion_id == conversion.id,
        Opinion.round < conversion.review_round,
        Opinion.state == COUNTED,
    )
    return db.session.scalars(query.order_by(Opinion.round.desc(), Opinion.id)).all()


def give(actor: Actor, conversion: Conversion, office: str, opinion: str, words: str) -> Opinion:
    """Give the opinion of an office for which somebody speaks; a refusal stops the conversion.

    :raises Refused: `not_yours`, `not_asked`, `given`, `words`.
    """
    if office not in speaks_for(actor, conversion.community):
        message = _l("You do not speak for this office. Whoever holds its post gives its opinion.")
        raise Refused("not_yours", message, HTTPStatus.FORBIDDEN)
    made = _add(actor, conversion, office, opinion, words, letter="")
    _counts(actor, made)
    return made


def record_letter(
    actor: Actor, conversion: Conversion, office: str, opinion: str, words: str, letter: str
) -> Opinion:
    """Record the opinion of an office out of its letter; another person confirms it then.

    :param letter: number of the letter.
    :raises Refused: `letter` without one, `not_asked`, `given`, `words`.
    """
    if not letter:
        raise Refused("letter", _l("Please give the number of the letter."))
    return _add(actor, conversion, office, opinion, words, letter=letter)


def _add(
    actor: Actor, conversion: Conversion, office: str, opinion: str, words: str, *, letter: str
) -> Opinion:
    recording.hold(conversion)
    if conversion.state != states.REVIEW:
        message = _l("The joint review is not open. Look at the page again.")
        raise Refused("not_asked", message, HTTPStatus.CONFLICT)
    if office not in states.way().offices or opinion not in codes("conversion", "opinion"):
        raise Refused("opinion", _l("Please choose one of the opinions."))
    if opinion != PASS and not words:
        message = _l("Please say what the condition is, or why it is refused.")
        raise Refused("words", message)
    made = Opinion(conversion_id=conversion.id, conversion=conversion, office=office)
    made.round, made.opinion, made.words = conversion.review_round, opinion, words
    made.letter, made.state = letter, WAITING if letter else COUNTED
    made.given_by, made.at = actor.person_id, clock.now()
    made.post = actor.office_at(conversion.community.path)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        message = _l("This office has given its opinion already. Look at the page again.")
        raise Refused("given", message, HTTPStatus.CONFLICT) from error
    if letter:
        _note(actor, "letter_recorded", made)
    return made


def _counts(actor: Actor, opinion: Opinion) -> None:
    _note(actor, "opinion_given", opinion)
    if opinion.opinion == REFUSE:
        moving.stop(actor, opinion.conversion, opinion.words)


def confirm(actor: Actor, opinion: Opinion) -> None:
    """Confirm what somebody else recorded out of a letter; it counts from now on.

    :raises Refused: `same`, `moved_on`, `not_asked`.
    """
    _held(opinion, WAITING)
    _other(actor, opinion)
    opinion.state, opinion.confirmed_by, opinion.confirmed_at = (
        COUNTED,
        actor.person_id,
        clock.now(),
    )
    db.session.flush()
    _counts(actor, opinion)


def take_back(actor: Actor, opinion: Opinion) -> None:
    """Take back what was recorded wrongly out of a letter, before it counts.

    :raises Refused: `moved_on`, `not_asked`.
    """
    _held(opinion, WAITING)
    opinion.state = TAKEN_BACK
    db.session.flush()
    _note(actor, "letter_taken_back", opinion)


def meet(actor: Actor, opinion: Opinion, words: str) -> None:
    """Record how a condition was met; another person than gave or recorded it does.

    :raises Refused: `words`, `same`, `moved_on`, `closed`.
    """
    recording.hold(opinion.conversion)
    db.session.refresh(opinion)
    recording.not_closed(opinion.conversion)
    _other(actor, opinion)
    now = opinion.round == opinion.conversion.review_round
    if opinion.opinion != CONDITION or opinion.state != COUNTED or opinion.met_at or not now:
        raise _moved_on()
    if not words:
        raise Refused("words", _l("Please say how the condition was met."))
    opinion.met, opinion.met_by, opinion.met_at = words, actor.person_id, clock.now()
    db.session.flush()
    _note(actor, "condition_met", opinion)


def _held(opinion: Opinion, state: str) -> None:
    recording.hold(opinion.conversion)
    db.session.refresh(opinion)
    open_now = opinion.conversion.state == states.REVIEW
    if opinion.state != state or opinion.round != opinion.conversion.review_round or not open_now:
        raise _moved_on()


def _moved_on() -> Refused:
    message = _l("This opinion has moved on meanwhile. Look at the page again.")
    return Refused("moved_on", message, HTTPStatus.CONFLICT)


def _other(actor: Actor, opinion: Opinion) -> None:
    if actor.person_id == opinion.given_by:
        message = _l("You gave or recorded this opinion yourself. Somebody else has to do this.")
        raise Refused("same", message, HTTPStatus.FORBIDDEN)


def _note(actor: Actor, act: str, opinion: Opinion) -> None:
    plugin.audit(
        act,
        community=opinion.conversion.community,
        subject=recording.subject(opinion.conversion),
        actor=actor,
        data={"office": opinion.office, "opinion": opinion.opinion, "letter": opinion.letter},
    )
