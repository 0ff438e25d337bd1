"""Let the offices of the demonstration issue notices, each act at its time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from civic.communities.models import Community
from civic.demo.script import Calendar, read
from civic.demo.street import Street
from civic.kernel import clock, holidays
from civic.kernel.periods import HolidayTable
from civic.kernel.permissions import Actor
from civic.notices import corrections, drafts, issuing, kinds
from civic.notices.models import Notice
from civic.notices.terms import Term

Act = tuple[datetime, Callable[[], None]]
#: When the invented tables of days off are kept.
TABLES = "-30 09:00"
TEXTS = ("matter", "basis", "objection_office", "objection_telephone", "objection_place")


@dataclass
class Sheet:
    """Hold one notice while it is played."""

    street: Street
    calendar: Calendar
    script: dict[str, Any]
    made: Notice | None = None

    @property
    def community(self) -> Community:
        """Return where it is issued."""
        return self.street.homes[self.script["at"]]

    @property
    def notice(self) -> Notice:
        """Return it, once it is drafted."""
        assert self.made is not None  # noqa: S101 - drafting is the first act
        return self.made

    def acts(self) -> Iterator[Act]:
        """Yield what happens to it, in the order of time."""
        script, moment = self.script, self.calendar.moment
        yield moment(script["drafted"]), self._draft
        if "issued" in script:
            yield moment(script["issued"]), self._issue
        if row := script.get("correction"):
            yield moment(row["drafted"]), partial(self._correct, row)
            yield moment(row["at"]), partial(self._approve, row)
        if "withdrawn" in script:
            yield moment(script["withdrawn"]), self._withdraw

    def _actor(self, key: str) -> Actor:
        return self.street.actor(self.script[key])

    def _draft(self) -> None:
        script = self.script
        until = script.get("valid_to")
        terms = [
            Term(role=role, code=code, node_id=self.street.nodes[place].id)
            for role, code, place in script.get("for", ())
        ]
        draft = drafts.Draft(
            kind=script["kind"],
            level=script["level"],
            title=script["title"],
            body=script["body"],
            office=script["office"],
            valid_to=self.calendar.moment(until) if until else None,
            display_n=script.get("display_n"),
            display_kind=script.get("display_kind", kinds.CALENDAR),
            terms=terms,
            **{name: script.get(name, "") for name in TEXTS},
        )
        actor = self._actor("by")
        self.made = drafts.create(actor, self.community, draft)
        if not script.get("kept"):
            drafts.submit(actor, self.community, self.made.id)

    def _issue(self) -> None:
        issuing.issue(self._actor("check"), self.community, self.notice.id, self.notice.revision)

    def _correct(self, row: dict[str, str]) -> None:
        corrections.draft(
            self.street.actor(row["by"]),
            self.community,
            self.notice.id,
            title=self.notice.title,
            body=self.notice.body.replace(row["old"], row["new"]),
            reason=row["reason"],
        )

    def _approve(self, row: dict[str, str]) -> None:
        waiting = corrections.waiting(self.notice.id)
        assert waiting is not None  # noqa: S101 - drafted by the act before
        made_at = waiting.made_at.isoformat()
        corrections.approve(
            self.street.actor(row["check"]), self.community, self.notice.id, made_at
        )

    def _withdraw(self) -> None:
        words = self.script["withdrawn_reason"]
        issuing.withdraw(self._actor("withdrawn_by"), self.community, self.notice.id, words)


def acts(street: Street, calendar: Calendar) -> Iterator[Act]:
    """Yield all that happens to notices, and before it the days off that displays reckon with."""
    yield calendar.moment(TABLES), partial(_tables, street, calendar.today.year)
    for row in read("notices")["notice"]:
        yield from Sheet(street, calendar, row).acts()


def _tables(street: Street, this_year: int) -> None:
    person_id = street.people["maliang"].id
    first = clock.local(clock.now()).year
    for year in range(first, this_year + 2):
        off = frozenset({date(year, 1, 1)})
        source = "演示用，不是正式的放假安排"
        holidays.replace(
            HolidayTable(year=year, off=off, work=frozenset(), source=source), person_id
        )
