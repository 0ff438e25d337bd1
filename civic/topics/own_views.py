"""The page of one's own topics, in all communities."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic.kernel.numbers import identifier
from civic.topics import listing, pages

bp = Blueprint("own_topics", __name__)


@bp.get("/me/topics")
def mine() -> ResponseReturnValue:
    """List the topics that one handed in or joined."""
    if g.actor.person_id is None:
        return redirect(url_for("identities.sign_in", next=url_for(".mine")))
    found = listing.mine(g.actor.person_id, identifier(request.args.get("before", "")))
    return render_template(
        "topics/mine.html",
        topics=[
            pages.row(topic, topic.community.slug, place=topic.community.name)
            for topic in found.topics
        ],
        older_url=url_for(".mine", before=found.topics[-1].id) if found.more else "",
        newest_url=url_for(".mine") if request.args.get("before") else "",
    )
