"""Pages of the office about papers: how many, printed in runs, count sheet and list of hands."""

from datetime import timedelta

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.identities.weight import of_weight
from civic.kernel import clock
from civic.kernel.db import db
from civic.kernel.htmx import see_other
from civic.kernel.numbers import identifier
from civic.kernel.permissions import require
from civic.kernel.qr import square
from civic.voting import (
    choices,
    duplicates,
    kinds,
    pages,
    paper_done,
    paper_forms,
    paper_lists,
    papers,
)
from civic.voting.entries import REASONS
from civic.voting.models import Ballot
from civic.voting.views import bp, find
from civic.voting.voters import MANAGE


@bp.get("/<int:ballot_id>/paper/")
@require(MANAGE)
def papers_index(ballot_id: int) -> str:
    """Show what has become of the papers of a ballot."""
    ballot = find(ballot_id)
    return render_template(
        "voting/sheets.html",
        ballot=ballot,
        work=papers.work(ballot),
        counts=paper_done.states(ballot),
        channels=[
            (kinds.CHANNELS[code], count) for code, count in paper_done.channels(ballot).items()
        ],
        runs=paper_lists.runs(ballot),
        waiting=paper_lists.waiting(ballot),
        lost=paper_lists.lost(ballot),
        counted=paper_lists.counted(ballot),
        why=REASONS | duplicates.WHY | {paper_done.UNDECIDED: _("could not be resolved")},
        over=ballot.fingerprint is not None and clock.now() >= ballot.closes_at,
        # A close within a minute is entered until the next one.
        until=paper_forms.shown(ballot.closes_at + timedelta(seconds=59)),
        me=g.actor.person_id,
    )


@bp.post("/<int:ballot_id>/paper/issue")
@require(MANAGE)
@of_weight
def papers_issue(ballot_id: int) -> ResponseReturnValue:
    """Give out serial numbers; the sheets are printed then."""
    ballot = find(ballot_id)
    work = papers.work(ballot)
    until = work.entries_until if work else paper_forms.moment("entries_until")
    first, last = papers.issue(
        g.actor,
        ballot,
        count=paper_forms.number("count") or 0,
        entries_until=until,
        each_right="each_right" in request.form,
    )
    db.session.commit()
    return see_other(url_for(".papers_print", ballot_id=ballot_id, first=first, last=last))


def _key(name: str) -> int:
    return identifier(request.args.get(name, "")) or 0


def _printed(template: str, ballot: Ballot, **values: object) -> str:
    address = url_for(".show", ballot_id=ballot.id, _external=True)
    return render_template(
        template,
        ballot=ballot,
        large="large" in request.args,
        address=address,
        square=square(address),
        now=clock.now(),
        **values,
    )


@bp.get("/<int:ballot_id>/paper/print")
@require(MANAGE)
def papers_print(ballot_id: int) -> str:
    """Show the sheets of a run as they are printed."""
    ballot = find(ballot_id)
    first, last = _key("first"), _key("last")
    return _printed(
        "voting/sheet_print.html",
        ballot,
        sheets=paper_lists.printed(ballot, papers.run(ballot, first, last)),
        first=first,
        last=last,
        how=pages.how(ballot) if ballot.fingerprint else "",
        answers=choices.ANSWERS,
        lines=pages.paper(ballot) if ballot.fingerprint else [],
        measured="area_cm2" in ballot.rules.get("roll", {}).get("measures", ()),
    )


@bp.get("/<int:ballot_id>/paper/count-sheet")
@require(MANAGE)
def papers_count_sheet(ballot_id: int) -> str:
    """Show the sheet on which votes are called out and tallied by hand."""
    ballot = find(ballot_id)
    work = papers.work(ballot)
    return _printed(
        "voting/sheet_count.html",
        ballot,
        answers=choices.ANSWERS,
        lines=pages.paper(ballot) if ballot.fingerprint else [],
        issued=sum(paper_done.states(ballot).values()),
        counters=work.counters if work else [],
        reasons=REASONS,
    )


@bp.get("/<int:ballot_id>/paper/roll")
@require(MANAGE)
def papers_roll(ballot_id: int) -> str:
    """Show the list on which everybody signs for the sheet they get."""
    ballot = find(ballot_id)
    rights, older = paper_lists.rights(ballot, _key("after"))
    return _printed("voting/sheet_roll.html", ballot, rights=rights, older=older)


@bp.post("/<int:ballot_id>/paper/done")
@require(MANAGE)
@of_weight
def papers_declare(ballot_id: int) -> ResponseReturnValue:
    """Declare that all papers are in, or confirm it."""
    ballot = find(ballot_id)
    sealed = paper_done.declare(g.actor, ballot)
    db.session.commit()
    flash(
        _("All papers are in; the ballot can be closed.")
        if sealed
        else _("Proposed. Another person has to confirm it."),
        "done",
    )
    return see_other(url_for(".papers_index", ballot_id=ballot_id))


@bp.post("/<int:ballot_id>/paper/void")
@require(MANAGE)
@of_weight
def papers_void(ballot_id: int) -> ResponseReturnValue:
    """Declare open papers void, or confirm it."""
    ballot = find(ballot_id)
    count = paper_done.void(g.actor, ballot, paper_forms.words("reason", 200))
    db.session.commit()
    flash(
        _("%(count)d papers are void; the result lists them.", count=count)
        if count
        else _("Proposed. Another person has to confirm it."),
        "done",
    )
    return see_other(url_for(".papers_index", ballot_id=ballot_id))


@bp.post("/<int:ballot_id>/paper/counters")
@require(MANAGE)
def papers_counters(ballot_id: int) -> ResponseReturnValue:
    """Write down who counted and who watched."""
    ballot = find(ballot_id)
    paper_done.name_counters(g.actor, ballot, request.form.get("counters", "")[:2000])
    db.session.commit()
    flash(_("Noted; they are published with the result."), "done")
    return see_other(url_for(".papers_index", ballot_id=ballot_id))
