"""Resolutions as something that can be corrected: a new edition stands beside the original."""

from http import HTTPStatus

from flask import url_for
from flask_babel import lazy_gettext as _l

from civic.communities.models import Community
from civic.consultations import linked
from civic.consultations.models import Consultation
from civic.corrections import effects, targets
from civic.corrections.effects import Effect, Made
from civic.corrections.models import Correction
from civic.corrections.rules import CORRECT, RESOLUTION
from civic.corrections.targets import Finder, Target
from civic.identities.actors import actor_for
from civic.kernel import text
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.outcomes import resolutions
from civic.outcomes.models import Resolution
from civic.voting.canonical import fingerprint


def _find(community: Community, resolution_id: int) -> Target | None:
    found = db.session.get(Resolution, resolution_id)
    if found is None or found.community_id != community.id or found.published_at is None:
        return None
    case = db.session.get_one(Consultation, found.consultation_id)
    ballot = linked.decided_by(case)
    return Target(
        kind=RESOLUTION,
        id=found.id,
        title=found.title,
        version=str(found.edition),
        fingerprint=fingerprint([found.title, found.body, found.outcome]),
        answerable_id=found.published_by,
        ballot_id=ballot.id if ballot else None,
        consultation_id=case.id,
    )


def _url(slug: str, resolution_id: int) -> str:
    found = db.session.get_one(Resolution, resolution_id)
    return url_for(
        "outcomes.resolution",
        community=slug,
        consultation_id=found.consultation_id,
        edition=found.edition,
    )


def _standing(found: Correction) -> Resolution:
    before = db.session.get_one(Resolution, found.subject_id)
    case = db.session.get_one(Consultation, before.consultation_id)
    if resolutions.standing(case) is not before:
        message = _l(
            "Another edition or a later vote took the place of this one. It stays as it is."
        )
        raise Refused("overtaken", message, HTTPStatus.CONFLICT)
    return before


def _changed(_actor: Actor, _community: Community, found: Correction) -> Made:
    before = _standing(found)
    title, body = (text.plain(str(found.change.get(name, ""))) for name in ("title", "body"))
    if not title or not body or (title, body) == (before.title, before.body):
        raise Refused("change", _l("Please write the corrected title and text."))
    found.change = {"title": title, "body": body}
    return None


def _corrected(actor: Actor, community: Community, found: Correction) -> Made:
    """Publish a new edition: who proposed it wrote it, who decides publishes it."""
    assert found.proposed_by is not None  # noqa: S101 - the service asked
    before = _standing(found)
    proposer = actor_for(found.proposed_by) or Actor(person_id=found.proposed_by)
    draft = resolutions.Draft(
        title=found.change["title"],
        body=found.change["body"],
        outcome=before.outcome,
        contact=before.contact,
        invited=dict(before.invited.get("named", [])),
    )
    resolutions.write(proposer, community, before.consultation_id, draft, corrects=True)
    made = resolutions.publish(actor, community, before.consultation_id)
    return {"edition": made.edition}


def init() -> None:
    """Register resolutions, in the current app."""
    targets.register(RESOLUTION, Finder(_find, _url))
    effects.register(RESOLUTION, CORRECT, Effect(_changed, _corrected))
