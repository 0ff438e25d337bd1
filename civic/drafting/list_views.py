"""Pages that list comments, compare versions, and print one; on the blueprint of texts."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from civic.consultations.here import case_of
from civic.drafting import held, listing, pages
from civic.drafting.paragraphs import split
from civic.drafting.views import bp, chosen, number, reader, text_of
from civic.drafting.words import STATES
from civic.kernel import clock
from civic.kernel.qr import square
from civic.notices.differences import differences


@bp.get("/comments")
def comments(consultation_id: int) -> str:
    """List comments: all, those of one answer, of one paragraph, or of one cluster."""
    case = case_of(consultation_id)
    found, versions = text_of(case)
    who = reader(case, found)
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    paragraph, cluster = number("paragraph"), number("cluster")
    one = chosen(versions, number("version") if paragraph is not None else None)
    listed = listing.listed(
        case.id,
        who.person_id,
        state=state,
        version_id=one.id,
        paragraph=paragraph,
        cluster_id=cluster,
        before=number("before"),
    )
    kept = {
        "paragraph": paragraph,
        "version": one.number if paragraph is not None else None,
        "cluster": cluster,
    }

    def address(code: str, before: int | None = None) -> str:
        values: dict[str, Any] = kept | {"state": code or None, "before": before}
        return url_for(".comments", consultation_id=case.id, **values)

    full = len(listed.rows) == listing.PER_PAGE
    texts = {each.id: split(each.body) for each in versions}
    return render_template(
        "drafting/comments.html",
        case=case,
        head=pages.head(case, found, one, versions[0].number, clock.now()),
        comments=pages.comments(listed, who, texts),
        about=pages.name(paragraph) if paragraph is not None else "",
        text=texts[one.id][paragraph - 1] if paragraph and paragraph <= len(texts[one.id]) else "",
        filters=[(address(code), words, code) for code, words in (("", _("All")), *STATES.items())],
        chosen=state,
        clusters=listing.clusters(case.id),
        cluster=held.cluster(case.id, cluster) if cluster else None,
        older_url=address(state, listed.rows[-1].id) if full else "",
        may_manage=who.answers,
    )


@bp.get("/compare")
def compare(consultation_id: int) -> str:
    """Compare two versions, with the comments that led to the change."""
    case = case_of(consultation_id)
    found, versions = text_of(case)
    new = chosen(versions, number("new"))
    wanted = number("old")
    before = [each for each in versions if each.number < new.number]
    old = next((each for each in before if wanted in {None, each.number}), None)
    if old is None:
        raise held.missing()
    between = [each.number for each in versions if old.number < each.number <= new.number]
    led = listing.listed(case.id, g.actor.person_id, changed=between)
    return render_template(
        "drafting/compare.html",
        case=case,
        old=old,
        new=new,
        versions=versions,
        notes=[each for each in versions if each.number in between and each.note],
        title=differences(old.title, new.title),
        body=differences(old.body, new.body),
        comments=pages.comments(
            led, reader(case, found), {each.id: split(each.body) for each in versions}
        ),
    )


@bp.get("/print")
def paper(consultation_id: int) -> str:
    """Show a version as it hangs on the board."""
    case = case_of(consultation_id)
    found, versions = text_of(case)
    one = chosen(versions, number("version"))
    address = url_for(".show", consultation_id=case.id, _external=True)
    return render_template(
        "drafting/print.html",
        case=case,
        head=pages.head(case, found, one, versions[0].number, clock.now()),
        paragraphs=split(one.body),
        address=address,
        square=square(address),
        now=clock.now(),
    )
