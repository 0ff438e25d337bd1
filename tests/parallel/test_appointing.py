"""One post, two appointments at one moment; one post added, one table imported many times."""

from sqlalchemy import select

from civic.admin import import_files
from civic.communities.models import Node, Post
from civic.communities.services import add_post
from civic.identities.models import Appointment
from civic.kernel import clock
from civic.kernel.db import db
from tests import factories
from tests.parallel.acts import count, release, same_person, statuses
from tests.parallel.conftest import Street

FEW = 8


def test_one_position_is_given_to_one(street: Street):
    post = add_post(street.world.erlong.node, "committee_head", f"主任{clock.now()}", "居委会")
    people = [factories.person("马丽") for _ in range(FEW)]
    for one in people:
        factories.standing(one, street.world.gate)
    db.session.commit()
    path = f"/c/erlonglu/desk/posts/{post.id}/"
    today = clock.local(clock.now()).date().isoformat()
    sent = [
        {
            "to": f"{path}appoint",
            "name": "马丽",
            "who": factories.sign_ins(one)[0],
            "first": today,
            "last": "",
        }
        for one in people
    ]
    answers = same_person(street, street.world.administrator, path, sent)
    assert statuses(answers) == {303: 1, 409: FEW - 1}
    assert count(select(Appointment).filter_by(post_id=post.id)) == 1


def test_a_post_is_added_once_and_given_up_or_held(street: Street):
    form = {
        "to": "/c/erlonglu/desk/posts/",
        "node": street.world.gate.id,
        "kind": "grid_head",
        "title": "网格员（并发）",
        "office": "街道",
        "body": 0,
    }
    admin = street.world.administrator
    answers = same_person(street, admin, "/c/erlonglu/desk/posts/new", [form] * FEW)
    assert statuses(answers) == {303: 1, 409: FEW - 1}
    [post] = factories.scalars(select(Post).filter_by(title="网格员（并发）"))
    holder = factories.person("马丽")
    factories.standing(holder, street.world.gate)
    db.session.commit()
    path = f"/c/erlonglu/desk/posts/{post.id}/"
    appoint = {
        "to": f"{path}appoint",
        "name": "马丽",
        "who": factories.sign_ins(holder)[0],
        "first": clock.local(clock.now()).date().isoformat(),
    }
    statuses(same_person(street, admin, path, [appoint, {"to": f"{path}give-up"}] * 4))
    [post] = factories.scalars(select(Post).filter_by(title="网格员（并发）"))
    held = count(select(Appointment).filter_by(post_id=post.id))
    assert (post.valid_to is None) == (held == 1)
    assert held <= 1


def test_two_administrators_cannot_end_each_other(street: Street):
    other = factories.appointed_administrator(street.world)
    first = street.world.administrator
    terms = dict(
        factories.rows(
            select(Appointment.person_id, Appointment.id)
            .join(Post, Post.id == Appointment.post_id)
            .where(Post.kind == "administrator", Appointment.valid_to.is_(None))
        )
    )
    visitors = [street.signed_in(first), street.signed_in(other)]
    targets = [terms[other.id], terms[first.id]]
    paths = [f"/c/jinrongjie/desk/appointments/{target}/" for target in targets]
    tokens = [v.hidden(p)["csrf_token"] for v, p in zip(visitors, paths, strict=True)]
    answers = release(
        [
            lambda wait, v=v, p=p, token=token: v.post(
                f"{p}end", {"csrf_token": token, "reason": "x"}, wait
            )
            for v, p, token in zip(visitors, paths, tokens, strict=True)
        ]
    )
    statuses(answers)
    left = select(Appointment).where(
        Appointment.id.in_(terms.values()), Appointment.valid_to.is_(None)
    )
    assert count(left) >= 1
    # What follows needs this one again.
    for held in factories.scalars(select(Appointment).where(Appointment.id.in_(terms.values()))):
        held.valid_to = None
    db.session.commit()


def test_a_table_imported_many_times_at_once_is_imported_once(street: Street):
    admin = street.world.administrator
    folder = street.app.config["SETTINGS"].instance / "imports"
    data = "社区,楼\n并发社区,1号楼\n并发社区,2号楼\n".encode()
    kept = [import_files.keep(folder, admin.id, "places", "a.csv", data) for _ in range(FEW)]
    sent = [{"to": f"/admin/import/{token}"} for token in kept]
    answers = same_person(street, admin, "/admin/import/", sent)
    assert statuses(answers) == {303: FEW}
    assert count(select(Node).filter_by(name="并发社区")) == 1
    parent = select(Node.id).filter_by(name="并发社区").scalar_subquery()
    assert count(select(Node).filter_by(parent_id=parent)) == 2
