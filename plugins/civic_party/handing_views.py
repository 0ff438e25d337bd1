"""Hand a need in as a topic, from its page."""

from flask import g, url_for
from flask.typing import ResponseReturnValue

from civic.api import Refused, require, see_other
from civic.api import gettext as _
from civic_party import handing, posting
from civic_party.list_models import Need
from civic_party.list_views import NEEDS, entry_page
from civic_party.manifest import plugin
from civic_party.pages import done, refuse


@plugin.post("/needs/<int:row_id>/hand-in")
@require("party.check")
def hand_in_need(row_id: int) -> ResponseReturnValue:
    """Hand a need that found no match in as a topic."""
    row = posting.entry(g.community, Need, row_id)
    try:
        handing.hand_in(g.actor, g.community, row)
    except Refused as refused:
        return refuse(refused, entry_page, list_name=NEEDS, row_id=row_id)
    done(_("It is handed in as a topic. The page of the need leads to it."))
    return see_other(url_for(".entry", list_name=NEEDS, row_id=row_id))
