"""What is stored about a person's standings, claims and posts: given out, and erased."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from civic.communities.models import Node, Post
from civic.communities.services import in_words
from civic.identities import known
from civic.identities.claimed import Claim, ClaimStep
from civic.identities.evidence import PLUGIN, VERIFIED
from civic.identities.models import Appointment, InviteCode, Organisation, Standing
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table

SOURCES = {
    "invite_code": _l("an invitation code"),
    "claim": _l("your claim, which staff decided"),
    "staff": _l("staff, at the desk"),
    "desk": _l("staff, at the desk"),
    "roll": _l("a roll"),
    "event": _l("a change of the tree of communities"),
    VERIFIED: _l("staff, who had a plugin check it"),
    PLUGIN: _l("a plugin, as its page says"),
}
STATES = {
    "open": _l("waits for staff"),
    "asked": _l("waits for you"),
    "appealed": _l("waits for another decider"),
    "accepted": _l("accepted"),
    "refused": _l("refused"),
    "withdrawn": _l("withdrawn"),
}
ACTS = {
    "asked": _l("asked"),
    "answered": _l("answered"),
    "accepted": _l("accepted"),
    "refused": _l("refused"),
    "appealed": _l("appealed"),
    "withdrawn": _l("withdrawn"),
}


def _standings(person_id: int) -> list[Table]:
    held = db.session.execute(
        select(Standing, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Standing.organisation_id)
        .options(joinedload(Standing.node))
        .where(Standing.person_id == person_id)
        .order_by(Standing.id)
    ).all()
    claims = (
        db.session.scalars(
            select(Claim)
            .options(joinedload(Claim.node), joinedload(Claim.steps))
            .filter_by(person_id=person_id)
            .order_by(Claim.id)
        )
        .unique()
        .all()
    )
    codes = db.session.scalars(
        select(InviteCode)
        .options(joinedload(InviteCode.node))
        .filter_by(used_by=person_id)
        .order_by(InviteCode.id)
    ).all()
    posts = db.session.execute(
        select(Appointment, Post.title, Post.office)
        .join(Post, Post.id == Appointment.post_id)
        .where(Appointment.person_id == person_id)
        .order_by(Appointment.id)
    ).all()
    nodes: list[Node] = [row[0].node for row in held]
    places = in_words([*nodes, *(claim.node for claim in claims), *(code.node for code in codes)])
    place, kind, begin, end = _l("Place"), _l("Kind"), _l("From"), _l("Until")
    return [
        Table(
            "standings",
            _l("Standings"),
            {
                "kind": kind,
                "place": place,
                "level": _l("Level"),
                "rests_on": _l("Rests on"),
                "organisation": _l("For"),
                "from": begin,
                "until": end,
                "end_reason": _l("Why it ended"),
            },
            [
                (
                    known.standings()[item.kind].title,
                    places[item.node_id],
                    item.level,
                    SOURCES.get(item.source, item.source),
                    organisation,
                    item.valid_from,
                    item.valid_to,
                    item.end_reason,
                )
                for item, organisation in held
            ],
        ),
        Table(
            "claims",
            _l("Claims"),
            {
                "number": _l("Number"),
                "kind": kind,
                "place": place,
                "text": _l("What you wrote"),
                "state": _l("State"),
                "at": _l("Made"),
            },
            [
                (
                    item.id,
                    known.standings()[item.kind].title,
                    places[item.node_id],
                    item.text,
                    STATES[item.state],
                    item.made_at,
                )
                for item in claims
            ],
        ),
        Table(
            "claim_steps",
            _l("What became of your claims"),
            {
                "claim": _l("Claim"),
                "act": _l("Act"),
                "office": _l("Office"),
                "text": _l("Text"),
                "at": _l("When"),
            },
            [
                (item.id, ACTS[step.act], step.post, step.text, step.at)
                for item in claims
                for step in item.steps
            ],
        ),
        Table(
            "posts",
            _l("Posts"),
            {"post": _l("Post"), "office": _l("Office"), "from": begin, "until": end},
            [(title, office, item.valid_from, item.valid_to) for item, title, office in posts],
        ),
        Table(
            "codes",
            _l("Invitation codes that you used"),
            {"ends_in": _l("Ends in"), "place": place, "used_at": _l("Used")},
            [(code.hint, places[code.node_id], code.used_at) for code in codes],
        ),
    ]


def _end_standings(person_id: int) -> None:
    mine = select(Claim.id).filter_by(person_id=person_id)
    db.session.execute(delete(Standing).filter_by(person_id=person_id))
    db.session.execute(delete(ClaimStep).where(ClaimStep.claim_id.in_(mine)))
    db.session.execute(delete(Claim).filter_by(person_id=person_id))
    db.session.execute(
        update(InviteCode).where(InviteCode.used_by == person_id).values(used_by=None)
    )
    # A term still to come would let a post be held by nobody.
    coming = Appointment.valid_from > clock.now()
    db.session.execute(delete(Appointment).where(Appointment.person_id == person_id, coming))
    db.session.execute(
        update(Appointment).where(Appointment.person_id == person_id).values(end_reason="")
    )


STANDING = Part(
    owner="standings",
    title=_l("Where you belong"),
    stored=(
        Collected(
            _l("Your building or workplace, and what you are there"),
            _l("It decides where you may take part. Others see the building at most."),
            _l("until you close your account; ended ones stay as history until then"),
        ),
        Collected(
            _l("What you wrote when you claimed a standing, and what staff decided"),
            _l("So that a decision can be understood and appealed."),
            _l("until you close your account"),
        ),
    ),
    export=_standings,
    forget=_end_standings,
    keeps=(
        Kept(
            _l("Which posts were held when, without the name"),
            _l("Official acts rest on it. Only who had a post is concerned."),
        ),
    ),
)
