"""Write notices, hand them on to be checked, and find them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from civic.communities.kinds import PLACES, SUBDISTRICT
from civic.communities.models import Body, Community, Node
from civic.identities.actors import in_force
from civic.identities.kinds import STANDINGS
from civic.kernel import audit, clock, text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor, visible
from civic.kernel.tell import News, tell
from civic.notices import kinds
from civic.notices.models import Notice, NoticeAudience, NoticeStep
from civic.notices.terms import Term, sound

LONGEST_TITLE, LONGEST_LINE, LONGEST_BODY = 80, 200, 20_000
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


def missing() -> Refused:
    """Return the one answer for what does not exist and for what one may not see."""
    return Refused("no_notice", _l("There is no such notice here."), HTTPStatus.NOT_FOUND)


def find(actor: Actor, community: Community, notice_id: int, *, lock: bool = False) -> Notice:
    """Return a notice of a community that the actor may see.

    :param lock: hold it until the transaction ends, and read it anew.
    :raises Refused: 404, the same for one that is missing, elsewhere or not for the actor.
    """
    query = select(Notice).where(
        Notice.id == notice_id, Notice.community_id == community.id, visible(actor, Notice)
    )
    if lock:
        query = query.with_for_update(of=Notice).execution_options(populate_existing=True)
    else:
        query = query.options(joinedload(Notice.community))
    found = db.session.scalar(query)
    if found is None:
        raise missing()
    return found


def terms_of(notice_id: int) -> list[Term]:
    """Return whom a notice is for, in the order in which it was entered."""
    rows = db.session.scalars(
        select(NoticeAudience).filter_by(notice_id=notice_id).order_by(NoticeAudience.id)
    )
    return [
        Term(role=row.role, code=row.code, node_id=row.node_id, min_level=row.min_level)
        for row in rows
    ]


def places(community: Community) -> Sequence[Node]:
    """Return the places that an audience of a community can name, itself first."""
    query = select(Node).where(
        Node.ids.startswith(community.node.ids),
        Node.kind.in_(sorted(PLACES | {SUBDISTRICT})),
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


def reason(code: str, note: str) -> str:
    """Return the words of a reason as they are kept.

    :raises Refused: without a reason, or without words for another one.
    """
    note = text.plain(note)[:LONGEST_LINE]
    if code not in kinds.RETURN_REASONS or (code == "other" and not note):
        raise Refused("reason", _l("Please choose a reason, and say in words what to change."))
    return note


def in_hand(notice: Notice) -> None:
    """Refuse to change what is no draft in its writer's hand.

    :raises Refused: `issued` or `submitted`.
    """
    if notice.issued_at is not None:
        raise Refused(
            "issued",
            _l("This notice is issued. It can be corrected or withdrawn, in the open."),
            HTTPStatus.CONFLICT,
        )
    if notice.submitted_at is not None:
        raise Refused(
            "submitted",
            _l("This draft is being checked. To change it, let it be returned first."),
            HTTPStatus.CONFLICT,
        )


def waits(notice: Notice) -> None:
    """Refuse to decide on what does not wait to be checked.

    :raises Refused: `issued` or `not_submitted`.
    """
    if notice.issued_at is not None:
        raise Refused(
            "issued", _l("This notice has been issued already."), HTTPStatus.CONFLICT
        )
    if notice.submitted_at is None:
        raise Refused(
            "not_submitted",
            _l("This draft has not been sent to be checked yet. Its writer does that first."),
            HTTPStatus.CONFLICT,
        )


def record(
    actor: Actor | None,
    community: Community,
    notice: Notice,
    act: str,
    *,
    code: str = "",
    note: str = "",
) -> None:
    """Write down a step of a notice, and put it into the audit.

    :param actor: None where the system does it by itself.
    """
    posts = actor.posts_at(community.path) if actor else []
    post = posts[0].title if posts else ""
    person_id = actor.person_id if actor else None
    step = NoticeStep(notice_id=notice.id, act=act, at=clock.now(), person_id=person_id)
    step.post, step.code, step.note = post, code, note
    db.session.add(step)
    data = {"kind": notice.kind, "version": notice.version}
    if code:
        data["reason"] = code
    if notice.number:
        data["number"] = notice.number
    audit.append(
        f"notice.{act}",
        person_id=person_id,
        actor="" if actor else "system",
        post=post,
        subject=f"notice:{notice.id}",
        community_id=community.id,
        data=data,
    )


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
    _check_terms(community, draft.terms)
    if draft.receipt_by is not None:
        asked = (term for term in draft.terms if term.role != kinds.NONE)
        liaisons = {code for code, kind in STANDINGS.items() if kind.for_organisation}
        if not any(kinds.standings_of(term.code) & liaisons for term in asked):
            message = _l("Only organisations acknowledge. Please name liaisons of units as readers.")
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


def _check_terms(community: Community, terms: Sequence[Term]) -> None:
    if not sound(terms):
        message = _l("Please say first who is meant, and only then who is left out.")
        raise Refused("audience", message)
    known = {place.id for place in places(community)} if terms else set()
    for term in terms:
        codes = term.code in kinds.CODES and term.role in kinds.ROLES
        if not codes or term.node_id not in known:
            raise Refused("audience", _l("Please choose the readers and places from the lists."))
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
    notice.html = str(text.render(notice.body))
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
