"""Write what was gathered as a file for machines."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from civic.kernel import clock
from civic.kernel.own_data import Cell
from civic.records.services import Gathered


def as_json(gathered: Sequence[Gathered], *, version: str) -> str:
    """Return the parts as JSON: values by column, moments in ISO 8601, words in one's language."""
    content = {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "notice": version,
        "parts": [
            {
                "owner": item.part.owner,
                "title": str(item.part.title),
                "tables": [
                    {
                        "name": table.name,
                        "title": str(table.title),
                        "columns": {name: str(title) for name, title in table.columns.items()},
                        "rows": [
                            dict(zip(table.columns, map(_plain, row), strict=True))
                            for row in table.rows
                        ],
                    }
                    for table in item.tables
                ],
            }
            for item in gathered
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _plain(cell: Cell) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if cell is None or isinstance(cell, bool | int):
        return cell
    return str(cell)
