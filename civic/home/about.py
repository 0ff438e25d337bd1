"""The page of a community: its bodies, telephones and hours, who answers, and its history."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from civic.communities import bodies, ended, known, reform, services
from civic.communities.kinds import HOMES
from civic.communities.models import Node, Post
from civic.identities.actors import in_force
from civic.identities.models import Appointment, Person
from civic.kernel import clock
from civic.kernel.db import db

bp = Blueprint("about", __name__)
#: Places that are listed at most.
MOST = 300


@bp.get("/c/<community>/about")
def show() -> ResponseReturnValue:
    """Say what the community is, how to reach its bodies, and who holds its posts."""
    node = g.community.node
    places = services.below(g.community)
    steps = services.ancestors(node.path)
    return render_template(
        "home/about.html",
        kind=known.title(node.kind),
        above=[step for step in steps if step.id != node.id and step.kind in HOMES],
        bodies=bodies.of([node.id]),
        posts=_posts(node),
        links=[source for _, source in bodies.links_to([node, *places[:MOST]])],
        titles=known.places().titles,
        places=services.in_words(places[:MOST]),
        more=max(len(places) - MOST, 0),
        history=reform.history(node),
        end=ended.end_of(node),
    )


def _posts(node: Node) -> list[tuple[str, str, str]]:
    """Return title, office and the public name of the holder of each current post."""
    now = clock.now()
    held = in_force(Appointment.valid_from, Appointment.valid_to, now)
    query = (
        select(Post.title, Post.office, Person.public_name)
        .outerjoin(Appointment, (Appointment.post_id == Post.id) & held)
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(Post.node_id == node.id, or_(Post.valid_to.is_(None), Post.valid_to > now))
        .order_by(Post.id)
    )
    return [(row[0], row[1], row[2] or "") for row in db.session.execute(query)]
