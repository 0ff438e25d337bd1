"""Pages of allocations that everybody reads: rule, list, draw, and files to check it."""

from http import HTTPStatus

from flask import Response, current_app, g, json, request, send_file, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, clock, see_other
from civic.api import gettext as _
from civic.api import lazy_gettext as _l
from civic_rental import allocating, appeals, applying, bundling, conducting, freezing, reasons
from civic_rental.allocation_models import DRAFT, FROZEN, Allocation, Draw
from civic_rental.allot_forms import PleaForm
from civic_rental.application_models import OBJECTION
from civic_rental.draw_pages import applicants, applies, refuse
from civic_rental.manifest import plugin
from civic_rental.pages import done, may, show
from civic_rental.words import FOLDER, said, titles

#: More digits than any receipt number has.
DIGITS = 9


def known(allocation_id: int) -> Allocation:
    """Return an allocation of the page's community; a draft for whoever allots alone.

    :raises Refused: 404 when there is none.
    """
    found = allocating.allocation(g.community, allocation_id)
    if found.state == DRAFT and not may("allot"):
        return allocating.allocation(g.community, 0)
    return found


@plugin.get("/allocations/")
def allocations() -> ResponseReturnValue:
    """Show how homes are and were allotted."""
    before = request.args.get("before", 0, type=int)
    rows = allocating.listed(g.community, staff=may("allot"), before=before)
    return show(
        "allocations",
        rows=rows,
        states=titles("allocation", "state"),
        older=rows[-1].id if len(rows) == allocating.PAGE else 0,
        takes=allocating.takes,
        allots=may("allot"),
    )


@plugin.get("/allocations/<int:allocation_id>/")
def allocation(allocation_id: int) -> ResponseReturnValue:
    """Show an allocation: the rule, what was fixed when, what comes next."""
    return allocation_page(known(allocation_id))


def allocation_page(
    found: Allocation, *, error: str = "", status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    """Show an allocation, with the refusal of an act."""
    all_rounds = allocating.rounds(found)
    of = all_rounds[-1] if all_rounds else None
    return show(
        "allocation",
        status,
        one=found,
        rounds=all_rounds,
        of=of,
        listed=freezing.last_list(of),
        lists=freezing.lists(found),
        draws=conducting.draws(found),
        mine=applying.mine(g.actor, found),
        invited=applies() and applying.invited(g.actor, found),
        takes=allocating.takes(found),
        state=titles("allocation", "state")[found.state],
        order=titles("allocation", "order")[found.ordering],
        tiers=[(said(tier), tier["quota"]) for tier in found.tiers],
        claims=titles("allocation", "claim"),
        homes=allocating.homes(found),
        allots=may("allot"),
        works=may("check") or may("draw"),
        checks=may("check"),
        at=clock.now(),
        error=error,
    )


@plugin.get("/allocations/<int:allocation_id>/lists/<int:list_id>/")
def frozen_list(allocation_id: int, list_id: int) -> ResponseReturnValue:
    """Show a frozen list, masked, a page at a time."""
    return _list(allocation_id, list_id, PleaForm(formdata=None))


def _list(
    allocation_id: int,
    list_id: int,
    form: PleaForm,
    error: str = "",
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    found = known(allocation_id)
    listed = freezing.frozen(found, list_id)
    after = request.args.get("after", 0, type=int)
    rows = freezing.lines(listed, after)
    last = freezing.last_list(allocating.last_round(found))
    counts = last is not None and last.id == listed.id
    open_still = counts and found.state == FROZEN and clock.now() < listed.until
    return show(
        "frozen_list",
        status,
        one=found,
        listed=listed,
        counts=counts,
        rows=rows,
        tiers={tier["code"]: said(tier) for tier in listed.round.rule["tiers"]},
        after=rows[-1].number if len(rows) == freezing.PAGE else 0,
        first=after == 0,
        objections=[row for row in appeals.of(found, OBJECTION) if row.list_id == listed.id],
        form=form if applies() and (open_still or form.text.data) else None,
        open_still=open_still,
        answers=may("allot"),
        error=error,
    )


@plugin.get("/allocations/<int:allocation_id>/lists/<int:list_id>/list.txt")
def list_text(allocation_id: int, list_id: int) -> ResponseReturnValue:
    """Give out the text of a list whose SHA-256 was published."""
    listed = freezing.frozen(known(allocation_id), list_id)
    answer = Response(freezing.text(listed), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename=list-{listed.id}.txt"
    return answer


@plugin.post("/allocations/<int:allocation_id>/lists/<int:list_id>/objections")
@applicants
def object_to(allocation_id: int, list_id: int) -> ResponseReturnValue:
    """Raise an objection to the list that counts."""
    found = known(allocation_id)
    form = PleaForm()
    if not form.validate_on_submit():
        return _list(allocation_id, list_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        appeals.object_to(g.actor, found, list_id, (form.text.data or "").strip())
    except Refused as refused:
        return refuse(refused, _list, allocation_id=allocation_id, list_id=list_id, form=form)
    done(_("Your objection is with the office. The answer will stand on this page."))
    return see_other(url_for(".frozen_list", allocation_id=allocation_id, list_id=list_id))


def _published(allocation_id: int, draw_id: int) -> tuple[Allocation, Draw]:
    """Return a draw that is published; nobody sees another one.

    :raises Refused: 404 when there is none.
    """
    found = known(allocation_id)
    for drawn, shown in conducting.draws(found):
        if drawn.id == draw_id and shown is not None:
            return found, drawn
    message = _l("No draw of these homes is published here.")
    raise Refused("no_draw", message, HTTPStatus.NOT_FOUND)


@plugin.get("/allocations/<int:allocation_id>/draws/<int:draw_id>/")
def draw(allocation_id: int, draw_id: int) -> ResponseReturnValue:
    """Show a draw, masked: what it was made of, the order, and how to compute it again."""
    found, drawn = _published(allocation_id, draw_id)
    after = request.args.get("after", 0, type=int)
    typed = request.args.get("number", "").strip()[:DIGITS]
    own = applying.mine(g.actor, found)
    asked = int(typed) if typed.isdecimal() and typed.isascii() else 0
    rows = bundling.ranks(drawn, after, freezing.PAGE)
    return show(
        "draw",
        one=found,
        drawn=drawn,
        rows=rows,
        typed=typed,
        asked=asked,
        reason=reasons.reason(drawn, asked) if asked else None,
        own=own.number if own else None,
        tiers={tier["code"]: said(tier) for tier in drawn.round.rule["tiers"]},
        after=rows[-1][0].rank if len(rows) == freezing.PAGE else 0,
        earlier=[row for row in conducting.draws(found) if row[0].id != drawn.id],
    )


@plugin.get("/allocations/<int:allocation_id>/draws/<int:draw_id>/draw.json")
def draw_file(allocation_id: int, draw_id: int) -> ResponseReturnValue:
    """Give out the file from which anybody computes a draw again."""
    _found, drawn = _published(allocation_id, draw_id)
    text = json.dumps(bundling.bundle(drawn), ensure_ascii=False, indent=1)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename=draw-{drawn.id}.json"
    return answer


@plugin.get("/allocations/<int:allocation_id>/draws/<int:draw_id>/draw.csv")
def draw_table(allocation_id: int, draw_id: int) -> ResponseReturnValue:
    """Give out the order as a table."""
    _found, drawn = _published(allocation_id, draw_id)
    answer = Response(bundling.table(drawn), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename=draw-{drawn.id}.csv"
    return answer


@plugin.get("/verify_draw.py")
def program() -> ResponseReturnValue:
    """Give out the program that checks a draw by its file."""
    return send_file(
        FOLDER / bundling.PROGRAM,
        mimetype="text/x-python",
        as_attachment=True,
        download_name=bundling.PROGRAM,
        max_age=current_app.config["SEND_FILE_MAX_AGE_DEFAULT"],
    )
