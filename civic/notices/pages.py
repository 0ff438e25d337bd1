"""Notices in the words of their pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import select

from civic.communities.models import Node
from civic.communities.services import in_words
from civic.kernel import clock, i18n
from civic.kernel.db import db
from civic.notices import kinds
from civic.notices import readers as codes
from civic.notices.audience import FEW
from civic.notices.differences import differences
from civic.notices.listing import is_over
from civic.notices.models import Notice, NoticeFile, NoticeStep, NoticeVersion
from civic.notices.terms import Term


class NoticeRow(NamedTuple):
    """Be a notice as a row of a list, in words."""

    title: str
    url: str
    kind: str
    level: str
    level_code: str
    number: str
    day: str
    place: str
    state: str
    left: str


def row(notice: Notice) -> NoticeRow:
    """Return a notice as a row of a list."""
    place = notice.community
    assert notice.issued_at is not None  # noqa: S101 - lists hold what is issued
    return NoticeRow(
        title=notice.title,
        url=f"/c/{place.slug}/notices/{notice.id}",
        kind=str(kinds.KINDS[notice.kind]),
        level=str(kinds.LEVELS[notice.level]),
        level_code=notice.level,
        number=notice.number or "",
        day=i18n.day(notice.issued_at),
        place="" if (notice.number or "").startswith(place.name) else place.name,
        state=state(notice),
        left=_left(notice),
    )


def state(notice: Notice) -> str:
    """Return in one code where a notice stands."""
    now = clock.now()
    if notice.withdrawn_at is not None:
        return "withdrawn"
    if notice.issued_at is None:
        return "submitted" if notice.submitted_at else "returned" if notice.returned_at else "draft"
    if notice.display_to is not None and notice.display_to <= now:
        return "display_over"
    if is_over(notice):
        return "expired"
    return "display" if notice.kind == kinds.DISPLAY else "current"


def _left(notice: Notice) -> str:
    if state(notice) != "display" or notice.display_to is None:
        return ""
    return _("Display: %(left)s", left=i18n.remaining(notice.display_to))


def last_moment(end: datetime) -> str:
    """Write the end of a period as people say it: at midnight, 24:00 of the day before."""
    local = clock.local(end)
    if (local.hour, local.minute) == (0, 0):
        return f"{_full_day(local - timedelta(days=1))} 24:00"
    return f"{_full_day(local)} {local:%H:%M}"


def _full_day(at: datetime) -> str:
    local = clock.local(at)
    if i18n.language() == i18n.DEFAULT:
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {i18n.MONTHS[local.month - 1]} {local.year}"


def sheet(notice: Notice, files: Sequence[NoticeFile] = ()) -> dict[str, Any]:
    """Return what the sheet of a notice shows, issued or not."""
    at = notice.issued_at or clock.now()
    shown: dict[str, Any] = {
        "id": notice.id,
        "kind": str(kinds.KINDS[notice.kind]),
        "is_display": notice.kind == kinds.DISPLAY,
        "level": str(kinds.LEVELS[notice.level]),
        "level_code": notice.level,
        "number": notice.number or "",
        "title": notice.title,
        "matter": notice.matter,
        "basis": notice.basis,
        "html": Markup(notice.html),  # noqa: S704 - sanitised when written
        "office": notice.office,
        "day": _full_day(at),
        "issued_at": notice.issued_at,
        "state": state(notice),
        "left": _left(notice),
        "valid_from": last_moment(notice.valid_from) if notice.valid_from else "",
        "valid_to": last_moment(notice.valid_to) if notice.valid_to else "",
        "version": notice.version,
        "withdrawn_at": notice.withdrawn_at,
        "withdrawn_reason": notice.withdrawn_reason,
        "files": [file_of(notice, file) for file in files],
        "url": url_for("notices.show", notice_id=notice.id),
        "public_url": url_for("notices.show", notice_id=notice.id, _external=True),
    }
    return shown | _display(notice, at)


def _display(notice: Notice, start: datetime) -> dict[str, Any]:
    days = notice.display_n or 0
    length = (
        ngettext("%(num)d working day", "%(num)d working days", days)
        if notice.display_kind == kinds.WORKING
        else ngettext("%(num)d day", "%(num)d days", days)
    )
    local = clock.local(start)
    return {
        "display_from": f"{_full_day(start)} {local:%H:%M}" if notice.issued_at else "",
        "display_to": last_moment(notice.display_to) if notice.display_to else "",
        "display_days": length if days else "",
        "objection_office": notice.objection_office,
        "objection_telephone": notice.objection_telephone,
        "objection_place": notice.objection_place,
    }


def file_of(notice: Notice, file: NoticeFile) -> dict[str, Any]:
    """Return how a file is named before one opens it."""
    names = {"application/pdf": "PDF", "image/webp": _("Picture")}
    where: dict[str, Any] = {"notice_id": notice.id, "file_id": file.id, "name": file.name}
    return {
        "id": file.id,
        "title": file.name,
        "url": url_for("notices.file", **where),
        "kind": names.get(file.media_type, _("Document")),
        "size": file.size,
        "is_image": file.is_image,
    }


def readers(terms: Sequence[Term]) -> list[str]:
    """Say line by line whom a notice is for; in one statement for all places."""
    if not terms:
        return [_("Everybody, visitors included")]
    nodes = {node.id: node for node in _nodes({term.node_id for term in terms})}
    names = in_words(list(nodes.values()))
    wordings = {
        kinds.ANY: "%(who)s · %(where)s",
        kinds.ALL: _("and only if also: %(who)s · %(where)s"),
        kinds.NONE: _("without: %(who)s · %(where)s"),
    }
    order, titles = list(kinds.ROLES), codes.titles()
    return [
        wordings[term.role] % {"who": titles[term.code], "where": names.get(term.node_id, "")}
        for term in sorted(terms, key=lambda term: order.index(term.role))
    ]


def _nodes(ids: set[int]) -> Sequence[Node]:
    return db.session.scalars(select(Node).where(Node.id.in_(ids))).all()


def number_of_people(count: int) -> str:
    """Say how many people there are, without pointing at the few."""
    if count == 0:
        return _("Nobody. Please look at the lines once more.")
    if count < FEW:
        return _("Fewer than %(few)d people.", few=FEW)
    return ngettext("%(num)d person.", "%(num)d people.", count)


def changes(versions: Sequence[NoticeVersion]) -> list[dict[str, Any]]:
    """Return the versions of a notice, the newest first, and what each changed."""
    found = []
    for number, version in enumerate(versions):
        before = versions[number - 1] if number else None
        found.append(
            {
                "number": version.number,
                "at": version.at or version.made_at,
                "reason": version.reason,
                "made_at": version.made_at.isoformat(),
                "title": differences(before.title, version.title) if before else [],
                "body": differences(before.body, version.body) if before else [],
            }
        )
    return found[::-1]


def timeline(steps: Sequence[NoticeStep], *, everything: bool) -> list[dict[str, Any]]:
    """Return what was done with a notice, by post; work inside the office only to the office."""
    return [
        {
            "title": str(kinds.STEPS[step.act]),
            "at": step.at,
            "state": "past",
            "text": " · ".join(
                filter(
                    None,
                    (
                        step.post or _("by the system"),
                        str(kinds.RETURN_REASONS[step.code]) if step.code else "",
                        step.note,
                    ),
                )
            ),
        }
        for step in steps
        if everything or step.act in kinds.PUBLIC_STEPS
    ]
