"""What the form of a need or a resource shows when it is changed."""

from datetime import time
from typing import Any

from civic_party.entry_forms import GROUP, LINES, OFFICE
from civic_party.list_models import Entry, Need
from civic_party.weekly import HOUR, Slot


def _at(minutes: int) -> time:
    return time(minutes // HOUR, minutes % HOUR)


def of_row(row: Entry) -> dict[str, Any]:
    """Return what a form shows of a need or a resource that is changed."""
    found: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("form_key", "kind", "title", "text", "place_id", "room", "holidays")
    }
    lines: dict[tuple[int, int], list[int]] = {}
    for each in (Slot(*slot) for slot in row.slots):
        lines.setdefault((each.begins, each.ends), []).append(each.day)
    for number, ((begins, ends), days) in zip(LINES, lines.items(), strict=False):
        found |= {f"days_{number}": days}
        found |= {f"begins_{number}": _at(begins), f"ends_{number}": _at(ends)}
    if isinstance(row, Need):
        group = OFFICE if row.by_office else GROUP
        found["side"] = str(row.organisation_id) if row.organisation_id else group
        names: tuple[str, ...] = ("group_name", "heads", "urgency", "by_day")
    else:
        found["side"] = str(row.organisation_id)
        names = ("capacity", "conditions", "until")
    return found | {name: getattr(row, name) for name in names}
