"""The three lists on paper and as files; masked as everybody reads them."""

from flask import Response, g, url_for
from flask.typing import ResponseReturnValue

from civic.api import clock, sheets, square
from civic_party import list_queries, list_tables
from civic_party.list_models import LISTS
from civic_party.list_pages import filter_of, places, show
from civic_party.list_rules import titles
from civic_party.list_titles import LISTS as NAMES
from civic_party.manifest import plugin

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALL = list_queries.ALL


@plugin.get("/lists/print")
def print_lists() -> ResponseReturnValue:
    """Show the three lists as they hang on the board: what is open, offered, and going on."""
    address = url_for(".entries", list_name="needs", _external=True)
    projects = list_queries.going_on(g.community, ALL)
    offered = list_queries.entries(
        g.community, g.actor, LISTS["resources"], list_queries.Filter(state="public"), limit=ALL
    )
    return show(
        "lists_sheet",
        needs=list_queries.unmatched(g.community),
        resources=offered.rows,
        projects=projects,
        sides=list_queries.sides_of(projects),
        lines=titles("line"),
        states=titles("state"),
        places=places(),
        address=address,
        square=square(address),
        at=clock.now(),
    )


@plugin.get("/<any(needs,resources,projects):list_name>/export")
def export(list_name: str) -> Response:
    """Give out a list as a spreadsheet, with the filter of the page: what whoever asks may see."""
    which = filter_of(list_name)
    if list_name == "projects":
        found = list_queries.projects(g.community, g.actor, which, limit=ALL).rows
        rows = list_tables.project_rows(g.community, found)
    else:
        model = LISTS[list_name]
        found = list_queries.entries(g.community, g.actor, model, which, limit=ALL).rows
        make = list_tables.need_rows if list_name == "needs" else list_tables.resource_rows
        rows = make(g.community, found)
    data = sheets.write_xlsx(rows, list_tables.HEADERS[list_name], str(NAMES[list_name]))
    answer = Response(data, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{list_name}.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
