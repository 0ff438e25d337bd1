"""The public list of official acts of a community."""

from flask import Blueprint, g, render_template, request, url_for

from civic.home import act_rows
from civic.kernel import act_words
from civic.kernel.numbers import identifier

bp = Blueprint("acts", __name__, url_prefix="/c/<community>/acts")


@bp.get("/")
def index() -> str:
    """List what was done officially here, the newest first, and where the chain stands."""
    kinds = act_words.kinds()
    kind = request.args.get("kind", "")
    kind = kind if kind in kinds else ""
    before = identifier(request.args.get("before", ""))
    entries, more = act_rows.listed(g.community, kind=kind, before=before)
    number, head = act_rows.head()
    older = url_for(".index", kind=kind or None, before=entries[-1].id) if more else ""
    return render_template(
        "home/acts.html",
        acts=act_rows.rows(entries, g.actor),
        kinds=[(code, act_words.kind(code)) for code in kinds],
        kind=kind,
        number=number,
        chain_head=head,
        older_url=older,
        newest_url=url_for(".index", kind=kind or None) if before else "",
    )
