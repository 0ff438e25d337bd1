"""Enter a vote for somebody on the telephone or at the counter, who is told of it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.kernel import audit, clock
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.permissions import Actor
from civic.voting import choices, entries, kinds, news, papers, services
from civic.voting.choices import Marks
from civic.voting.models import Ballot
from civic.voting.sheets import COUNTED, PaperWork, Sheet

CHANNELS = (kinds.TELEPHONE, kinds.ASSISTED)


def enter(
    actor: Actor,
    ballot: Ballot,
    channel: str,
    number: int | None,
    marks: Marks,
    *,
    witness: str,
    reason: str,
    entries_until: datetime | None = None,
) -> Sheet:
    """Enter what the holder of a right says; only while the vote is open.

    :param witness: who listened, by name and post.
    :param reason: why they were helped.
    :raises Refused: `channel`, `witness`, `reason`, `own`, `no_right`, `not_open`, `closed`, or a
        code of `papers.begin` or `choices.read`.
    """
    if channel not in CHANNELS:
        raise Refused("channel", _l("Please say how the vote comes in."))
    services.while_open(ballot)
    if not witness.strip():
        raise Refused("witness", _l("Please name who listened, by name and post."))
    if not reason.strip():
        raise Refused("reason", _l("Please say why help was needed."))
    work = papers.begin(ballot, entries_until or ballot.closes_at)
    found = papers.right(ballot, number)
    papers.not_own(actor, found)
    choice = choices.read(ballot.rules, marks)
    sheet = _sheet(actor, ballot, work, channel)
    sheet.witness_one, sheet.note = " ".join(witness.split()), reason.strip()
    sheet.first_by = actor.person_id
    db.session.add(sheet)
    assert number is not None  # noqa: S101 - a right was found by it
    entries.count(ballot, sheet, number, choice)
    audit.append(
        "ballot.vote_entered",
        person_id=actor.person_id,
        subject=f"ballot:{ballot.id}",
        community_id=ballot.community_id,
        data={"serial": sheet.serial, "channel": channel, "reason": sheet.note},
    )
    db.session.flush()
    if sheet.state == COUNTED:
        news.entered(ballot, channel, number, papers.holders(found))
    return sheet


def _sheet(actor: Actor, ballot: Ballot, work: PaperWork, channel: str) -> Sheet:
    assert actor.person_id is not None  # noqa: S101 - views ask for a permission
    return Sheet(
        ballot_id=work.ballot_id,
        serial=papers.next_serial(ballot),
        secrecy=ballot.secrecy,
        rehearsal=ballot.rehearsal,
        channel=channel,
        issued_by=actor.person_id,
        issued_at=clock.now(),
        handed_in_at=clock.now(),
    )
