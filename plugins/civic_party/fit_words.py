"""Say hours and findings in the language of the page, one sentence for each criterion."""

from collections.abc import Callable

from civic.api import gettext as _
from civic_party import fitting, weekly
from civic_party.fitting import Finding
from civic_party.list_rules import amount, day, title
from civic_party.weekly import DAY, HOUR, Spans

#: Days in a row that are said as "from … to …".
RUN = 3


def clock_time(minutes: int) -> str:
    """Return a time of day."""
    return f"{minutes // HOUR:02d}:{minutes % HOUR:02d}"


def hours(found: Spans) -> str:
    """Return hours of the week as people say them."""
    if found == weekly.WHOLE_WEEK:
        return _("at any time")
    return _("; ").join(_said(each) for each in weekly.said(found)) or _("at no time")


def _said(said: weekly.Said) -> str:
    days = _days(said.days)
    if said.whole:
        return _("%(days)s the whole day", days=days)
    begins, ends = clock_time(said.begins), clock_time(said.ends or DAY)
    if said.next_day:
        return _(
            "%(days)s %(begins)s to %(ends)s of the next day", days=days, begins=begins, ends=ends
        )
    return f"{days} {begins}–{ends}"


def _days(runs: tuple[tuple[int, int], ...]) -> str:
    parts = []
    for first, last in runs:
        if last - first >= weekly.WEEK // DAY - 1:
            return _("every day")
        if last - first + 1 >= RUN:
            parts.append(_("%(first)s to %(last)s", first=day(first), last=day(last)))
        else:
            parts += [day(number) for number in range(first, last + 1)]
    return _(", ").join(parts)


def sentence(finding: Finding) -> str:
    """Return what a criterion comes to, and where it is not met, why not."""
    return _SAID[finding.code](finding)


def _kind(found: Finding) -> str:
    need, resource = title("kind", found.values["need"]), title("kind", found.values["resource"])
    if not found.fits:
        return _("%(need)s is needed, %(resource)s is offered.", need=need, resource=resource)
    if need == resource:
        return _("Both are of the kind “%(kind)s”.", kind=need)
    return _("“%(resource)s” can serve as “%(need)s” too.", need=need, resource=resource)


def _sides(found: Finding) -> str:
    if found.fits:
        return _("The two sides are different ones.")
    return _("Need and resource are of the same unit: it does not need this list for that.")


def _walk(found: Finding) -> str:
    minutes, limit = found.values["minutes"], found.values["limit"]
    if minutes is None:
        return _("How far it is on foot has not been noted yet.")
    if minutes == 0:
        return _("It is at the same place.")
    if found.fits:
        return _(
            "It is %(minutes)d minutes on foot, within %(limit)d.", minutes=minutes, limit=limit
        )
    return _(
        "It is %(minutes)d minutes on foot, more than %(limit)d.", minutes=minutes, limit=limit
    )


def _times(found: Finding) -> str:
    need, resource, common = found.values["need"], found.values["resource"], found.values["common"]
    said = {"need": hours(need), "resource": hours(resource)}
    if common == need:
        return _("%(need)s lies in its hours %(resource)s.", **said)
    if not common:
        return _("%(need)s lies outside its hours %(resource)s.", **said)
    said["common"] = hours(common)
    if found.fits:
        return _(
            "Of %(need)s, the part %(common)s lies in its hours %(resource)s; both sides have to "
            "agree to that.",
            **said,
        )
    return _(
        "Of %(need)s, only %(common)s lies in its hours %(resource)s: too short to come for.",
        **said,
    )


def _taken(found: Finding) -> str:
    left, common = found.values["left"], found.values["common"]
    gone = hours(weekly.without(common, left))
    if found.fits:
        return _("%(gone)s is taken already; %(left)s is free.", gone=gone, left=hours(left))
    if common == weekly.WHOLE_WEEK:
        return _("What is left of it is too little: other projects use the rest.")
    return _("%(gone)s is taken already by other projects.", gone=gone)


def _holidays(found: Finding) -> str:
    if found.fits:
        return _("It is there on public holidays too.")
    return _("It is needed on public holidays too, and is closed on them.")


def _capacity(found: Finding) -> str:
    said = {
        "heads": amount(found.values["heads"], found.values["kind"]),
        "capacity": amount(found.values["capacity"], found.values["kind"]),
    }
    if found.fits:
        return _("%(heads)s are to come, it has room for %(capacity)s.", **said)
    return _("%(heads)s are to come, but it has room for %(capacity)s only.", **said)


def _until(found: Finding) -> str:
    until = found.values["until"]
    if until is None:
        return _("It is offered without an end.")
    if found.fits:
        return _("It is offered until %(day)s.", day=until.isoformat())
    return _("It was offered until %(day)s.", day=until.isoformat())


_SAID: dict[str, Callable[[Finding], str]] = {
    fitting.KIND: _kind,
    fitting.SIDES: _sides,
    fitting.WALK: _walk,
    fitting.TIMES: _times,
    fitting.TAKEN: _taken,
    fitting.HOLIDAYS: _holidays,
    fitting.CAPACITY: _capacity,
    fitting.UNTIL: _until,
}
