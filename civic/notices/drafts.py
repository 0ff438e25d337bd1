"""Write notices and hand them on to be checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from civic.communities import known as place_kinds
from civic.communities.kinds import SUBDISTRICT
from civic.communities.models import Body, Community, Node
from civic.identities import known
from civic.identities.actors import in_force
from civic.kernel import clock, declared, plugins, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.kernel.tell import News, tell
from civic.notices import kinds, plugged, readers
from civic.notices.models import Notice, NoticeAudience
from civic.notices.services import (
    LONGEST_BODY,
    LONGEST_LINE,
    LONGEST_TITLE,
    find,
    in_hand,
    reason,
    record,
    waits,
)
from civic.notices.terms import Term, sound

MOST_TERMS, MOST_DAYS = 8, 365
#: Places that an audience of a community can name, at most.
MOST_PLACES = 500


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Hold what a notice says, how long, and to whom; the meanings are those of `Notice`."""

    kind: str
    level: str
    title: str
    body: str
    office: str
    matter: str = ""
    basis: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    display_n: int | None = None
    display_kind: str = kinds.CALENDAR
    objection_office: str = ""
    objection_telephone: str = ""
    objection_place: str = ""
    receipt_by: datetime | None = None
    terms: Sequence[Term] = ()


def places(community: Community) -> Sequence[Node]:
    """Return the places that an audience of a community can name, itself first."""
    query = select(Node).where(
        Node.ids.startswith(community.node.ids),
        Node.kind.in_(sorted(place_kinds.places().places | {SUBDISTRICT})),
        Node.valid_to.is_(None),
    )
    return db.session.scalars(query.order_by(Node.ids).limit(MOST_PLACES)).all()


def create(actor: Actor, community: Community, draft: Draft) -> Notice:
    """Keep a draft that only the office sees.

    :raises Refused: for what does not make sense.
    """
    check(community, draft)
    notice = Notice(community_id=community.id)
    _fill(actor, community, notice, draft)
    db.session.add(notice)
    db.session.flush()
    _address(notice, draft.terms)
    record(actor, community, notice, kinds.DRAFTED)
    return notice


def change(
    actor: Actor, community: Community, notice_id: int, draft: Draft, revision: int
) -> Notice:
    """Change a draft; whoever changes it is from now on who wrote it.

    :param revision: of the draft that the form was filled from.
    :raises Refused: `stale` when somebody else changed it meanwhile, `submitted` or `issued` when
        it is out of hand, or for what does not make sense.
    """
    notice = find(actor, community, notice_id, lock=True)
    in_hand(notice)
    if notice.revision != revision:
        raise Refused(
            "stale",
            _l(
                "Somebody else has changed this draft since you opened it. What you typed is still "
                "here. Please open the draft in a second window, compare, and keep yours again."
            ),
            HTTPStatus.CONFLICT,
        )
    check(community, draft)
    _fill(actor, community, notice, draft)
    notice.revision += 1
    db.session.execute(delete(NoticeAudience).filter_by(notice_id=notice.id))
    _address(notice, draft.terms)
    return notice


def submit(actor: Actor, community: Community, notice_id: int) -> Notice:
    """Hand a draft on to be checked by another person.

    :raises Refused: when it is checked already or issued.
    """
    notice = find(actor, community, notice_id, lock=True)
    in_hand(notice)
    notice.submitted_at, notice.returned_at = clock.now(), None
    record(actor, community, notice, kinds.SUBMITTED)
    return notice


def send_back(
    actor: Actor, community: Community, notice_id: int, *, code: str, note: str
) -> Notice:
    """Return a draft to whoever wrote it, with a reason that they read.

    :raises Refused: when it does not wait to be checked, or the reason is missing.
    """
    notice = find(actor, community, notice_id, lock=True)
    waits(notice)
    note = reason(code, note)
    notice.submitted_at, notice.returned_at = None, clock.now()
    record(actor, community, notice, kinds.RETURNED, code=code, note=note)
    values = {"community": community.slug, "notice": notice.id, "title": notice.title}
    tell(
        News(
            kind="notice_returned",
            subject=f"notice:{notice.id}",
            people=[notice.drafted_by],
            community_id=community.id,
            values=values,
        )
    )
    return notice


def check(community: Community, draft: Draft) -> None:
    """Refuse a draft that does not make sense.

    :raises Refused: with the name of the field as its code.
    """
    if not text.plain(draft.title) or len(draft.title) > LONGEST_TITLE:
        raise Refused("title", _l("Please write a title of at most 80 characters."))
    if not text.plain(draft.body) or len(draft.body) > LONGEST_BODY:
        raise Refused("body", _l("Please write what the notice says."))
    if draft.kind not in kinds.KINDS or draft.level not in kinds.LEVELS:
        raise Refused("kind", _l("Please choose a kind and a level."))
    if draft.valid_to and draft.valid_to <= (draft.valid_from or clock.now()):
        raise Refused("valid_to", _l("The notice has to be valid for some time from now on."))
    if draft.kind == kinds.DISPLAY:
        _check_display(draft)
    check_terms(community, draft.terms)
    if draft.receipt_by is not None:
        asked = (term for term in draft.terms if term.role != kinds.NONE)
        liaisons = {code for code, kind in known.standings().items() if kind.for_organisation}
        if not any(kinds.standings_of(term.code) & liaisons for term in asked):
            message = _l(
                "Only organisations acknowledge. Please name liaisons of units as readers."
            )
            raise Refused("receipt_by", message)
        if draft.receipt_by <= clock.now():
            raise Refused("receipt_by", _l("The receipts have to be due later than now."))


def _check_display(draft: Draft) -> None:
    if draft.display_n is None or not 1 <= draft.display_n <= MOST_DAYS:
        raise Refused("display_n", _l("Please say for how many days it is displayed (1 to 365)."))
    if draft.display_kind not in kinds.DAYS:
        raise Refused("display_n", _l("Please choose how the days are counted."))
    if not draft.objection_telephone.strip():
        message = _l("A public display names the telephone at which objections are taken.")
        raise Refused("objection_telephone", message)


def check_terms(community: Community, terms: Sequence[Term]) -> None:
    """Refuse readers who are not described soundly.

    :raises Refused: `audience`.
    """
    if not sound(terms):
        message = _l("Please say first who is meant, and only then who is left out.")
        raise Refused("audience", message)
    here = {place.id for place in places(community)} if terms else set()
    codes = readers.codes_at(community)
    for term in terms:
        listed = term.code in codes and term.role in kinds.ROLES
        if not listed or term.node_id not in here:
            raise Refused("audience", _l("Please choose the readers and places from the lists."))
        if declared.owner(term.code) and not plugged.works(term.code, term.node_id):
            message = _l("“%(who)s” belongs to a plugin that is off at this place.")
            raise Refused("audience", message, values={"who": codes[term.code]})
    if len(terms) > MOST_TERMS:
        raise Refused("audience", _l("Readers are described in at most 8 lines."))


def _fill(actor: Actor, community: Community, notice: Notice, draft: Draft) -> None:
    assert actor.person_id is not None  # noqa: S101 - the view asked for a permission
    display = draft.kind == kinds.DISPLAY
    notice.kind, notice.level = draft.kind, draft.level
    notice.title = text.plain(draft.title)
    notice.matter = text.plain(draft.matter)[:LONGEST_LINE]
    notice.basis = text.plain(draft.basis)[:LONGEST_LINE]
    notice.body = text.plain(draft.body)
    notice.html = str(plugins.registry().render_text(community.id, notice.body))
    notice.office = text.plain(draft.office)[:LONGEST_LINE] or community.name
    notice.body_id = _body(community, notice.office)
    notice.valid_from, notice.valid_to = draft.valid_from, draft.valid_to
    notice.display_n = draft.display_n if display else None
    notice.display_kind = draft.display_kind if display else kinds.CALENDAR
    notice.objection_office = text.plain(draft.objection_office)[:LONGEST_LINE]
    notice.objection_telephone = text.plain(draft.objection_telephone)[:LONGEST_LINE]
    notice.objection_place = text.plain(draft.objection_place)[:LONGEST_LINE]
    notice.receipt_by = draft.receipt_by
    notice.drafted_by, notice.drafted_at = actor.person_id, clock.now()


def _body(community: Community, office: str) -> int | None:
    query = select(Body.id).where(
        Body.node_id == community.id,
        Body.title == office,
        in_force(Body.valid_from, Body.valid_to, clock.now()),
    )
    return db.session.scalar(query.limit(1))


def _address(notice: Notice, terms: Sequence[Term]) -> None:
    unique = dict.fromkeys((term.role, term.code, term.node_id) for term in terms)
    for role, code, node_id in unique:
        level = kinds.least_level(code)
        db.session.add(
            NoticeAudience(
                notice_id=notice.id, role=role, code=code, node_id=node_id, min_level=level
            )
        )
    db.session.flush()
