"""Support of many, one comment sent many times, and two answers at once."""

from sqlalchemy import select

from civic.consultations.models import Consultation
from civic.drafting import held
from civic.drafting.models import DraftAnswer, DraftComment, DraftSupport
from civic.kernel.db import db
from tests.drafting.conftest import published, said, written
from tests.parallel.acts import count, newcomer, release, same_person, statuses
from tests.parallel.conftest import Street

AT_ONCE = 16


def figures(case_id: int) -> dict[str, int]:
    query = select(Consultation.figures).filter_by(id=case_id)
    found = db.session.scalars(query).one()
    db.session.commit()
    return found


def supporters(comment_id: int) -> int:
    query = select(DraftComment.supporters).filter_by(id=comment_id)
    found = db.session.scalars(query).one()
    db.session.commit()
    return found


def test_support_of_many_and_of_one_counts_each_person_once(street: Street) -> None:
    case, _first = published(street.world)
    comment = said(street.world, case, key=f"s{case.id}").id
    page = f"/c/erlonglu/consultations/{case.id}/draft/comments/{comment}"
    people = [newcomer(street, f"附{n}") for n in range(AT_ONCE)]
    visitors = [street.signed_in(one) for one in people]
    db.session.commit()
    tokens = [visitor.hidden(page)["csrf_token"] for visitor in visitors]
    answers = release(
        [
            lambda wait, visitor=visitor, token=token: visitor.post(
                f"{page}/support", {"csrf_token": token, "wants": "yes"}, wait
            )
            for visitor, token in zip(visitors, tokens, strict=True)
        ]
    )
    assert statuses(answers) == {303: AT_ONCE}
    assert supporters(comment) == AT_ONCE
    again = {"to": f"{page}/support", "wants": "yes"}
    other = newcomer(street, "马二")
    assert statuses(same_person(street, other, page, [again] * AT_ONCE)) == {303: AT_ONCE}
    assert supporters(comment) == AT_ONCE + 1
    back = again | {"wants": "no"}
    assert statuses(same_person(street, other, page, [back] * AT_ONCE)) == {303: AT_ONCE}
    assert supporters(comment) == AT_ONCE
    assert count(select(DraftSupport).filter_by(comment_id=comment)) == AT_ONCE


def test_comments_that_meet_are_all_counted(street: Street) -> None:
    case, first = published(street.world)
    page = f"/c/erlonglu/consultations/{case.id}/draft"
    form = {"to": f"{page}/comments", "paragraph": "2", "version": "1", "words": "同感"}
    one = newcomer(street, "言一")
    sent = [form | {"form_key": f"k{n % 4}"} for n in range(AT_ONCE)]
    open_ = f"{page}/comments/new?paragraph=2"
    assert statuses(same_person(street, one, open_, sent)) == {303: AT_ONCE}
    assert count(select(DraftComment).filter_by(version_id=first.id)) == 4
    kept = figures(case.id)
    assert (kept[held.COMMENTS], kept[held.WAITING]) == (4, 4)


def test_nobody_comments_on_a_version_that_another_has_replaced(street: Street) -> None:
    world = street.world
    case, first = published(world)
    written(world, case, "新的一段。", revision=1)
    page = f"/c/erlonglu/consultations/{case.id}/draft"
    visitors = [street.signed_in(newcomer(street, f"评{n}")) for n in range(AT_ONCE)]
    office = street.signed_in(world.people["secretary"])
    db.session.commit()
    tokens = [one.hidden(f"{page}/comments/new?paragraph=1")["csrf_token"] for one in visitors]
    publish = {"csrf_token": office.hidden(f"{page}/work")["csrf_token"], "revision": "2"}
    form = {"paragraph": "1", "version": "1", "words": "同感", "form_key": "v"}
    acts = [
        lambda wait, one=one, token=token: one.post(
            f"{page}/comments", form | {"csrf_token": token}, wait
        )
        for one, token in zip(visitors, tokens, strict=True)
    ]
    acts.insert(AT_ONCE // 2, lambda wait: office.post(f"{page}/work/publish", publish, wait))
    found = statuses(release(acts))
    assert set(found) <= {303, 409}
    second = held.newest(case.id)
    assert second is not None
    assert second.number == 2
    written_at = db.session.scalars(
        select(DraftComment.created_at).filter_by(version_id=first.id)
    ).all()
    assert len(written_at) == found[303] - 1
    assert all(at < second.published_at for at in written_at)
    db.session.commit()


def test_of_two_answers_at_once_one_is_told(street: Street) -> None:
    world = street.world
    case, _first = published(world)
    comment = said(world, case, key=f"a{case.id}").id
    page = f"/c/erlonglu/consultations/{case.id}/draft/work/answers/comment/{comment}"
    visitors = [street.signed_in(world.people[role]) for role in ("secretary", "deputy")] * 4
    db.session.commit()
    tokens = [visitor.hidden(page)["csrf_token"] for visitor in visitors[:2]] * 4
    form = {"verdict": "partly", "seen": "0"}
    tabs = [visitor.copy() for visitor in visitors]
    answers = release(
        [
            lambda wait, tab=tab, token=token, n=n: tab.post(
                page, form | {"csrf_token": token, "reason": f"理由{n}"}, wait
            )
            for n, (tab, token) in enumerate(zip(tabs, tokens, strict=True))
        ]
    )
    assert statuses(answers) == {303: 1, 409: 7}
    assert count(select(DraftAnswer).filter_by(comment_id=comment)) == 1
    assert held.WAITING not in figures(case.id)
