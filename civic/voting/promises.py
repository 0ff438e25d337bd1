"""What a ballot lays down besides its question, in words: paper, counting, secrecy, procedure."""

from flask import url_for
from flask_babel import gettext as _

from civic.procedures.phrases import say
from civic.voting import by_procedure, kinds, pages, standings
from civic.voting.method_words import METHODS
from civic.voting.models import Ballot


def promises(ballot: Ballot) -> list[tuple[str, str]]:
    """Return what a ballot lays down besides its question, in words."""
    kind = kinds.KINDS[ballot.kind]
    limits = kind.limits | ballot.limits
    found = [
        (_("Paper"), f"{kind.title} {pages.limits(ballot.kind, limits)}".strip()),
        (_("How it is counted"), str(METHODS[ballot.method])),
    ]
    if ballot.seats > 1:
        found.append((_("How many are chosen"), str(ballot.seats)))
    if ballot.kind != kinds.ITEMS:
        found.append((_("If there is a tie"), str(kinds.TIES[ballot.tie])))
    if not ballot.rehearsal:
        checked = standings.rule(ballot) if ballot.roll_id is None else "roll"
        found.append((_("Whose vote counts"), str(standings.WORDS[checked])))
    changed = _("Until the close one can change it; the last one counts.")
    return [
        *found,
        (_("Who can know what"), str(kinds.SECRECY[ballot.secrecy])),
        (_("Once cast"), changed if ballot.changeable else _("Once cast, it cannot be changed.")),
        (_("When the result is shown"), str(kinds.SHOWN[ballot.shows])),
    ]


def procedure(ballot: Ballot) -> dict[str, str] | None:
    """Return the procedure that a ballot has copied: its title, its page, what a result is."""
    snapshot = by_procedure.of(ballot)
    if snapshot is None:
        return None
    code, number = snapshot.procedure.id, snapshot.number
    return {
        "title": say(snapshot.procedure.title),
        "url": url_for("procedures.show", code=code, number=number),
        "binding": by_procedure.binding(ballot),
    }
