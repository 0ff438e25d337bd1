"""Languages: Chinese first, English in full; moments as people say them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import ceil

from babel.support import NullTranslations
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import force_locale, get_translations
from markupsafe import Markup

from civic.kernel import clock, installation
from civic.kernel.catalogues import Languages

#: What a browser says, and the catalogue it means.
LANGUAGES = {"zh-Hans": "zh_Hans_CN", "en": "en"}
DEFAULT = "zh-Hans"
COOKIE = "lang"
#: Where a request keeps it: a page asks some eighty times.
KEPT = "civic.language"
#: Texts of a process that are kept as markup; there are some 800 in each language.
MOST = 4000
MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def language() -> str:
    """Return the language of the current page as an HTML language tag.

    What somebody chose in this browser, else what was chosen for the site when it began.
    """
    if has_app_context() and "language" in g:
        spoken: str = g.language
        return spoken
    if not has_request_context():
        return DEFAULT
    environ = request.environ
    found: str | None = environ.get(KEPT)
    if found is None:
        chosen = request.cookies.get(COOKIE, "")
        if chosen not in LANGUAGES:
            chosen = installation.chosen_language()
        found = environ[KEPT] = chosen if chosen in LANGUAGES else DEFAULT
    return found


@contextmanager
def speaking(catalogue: str) -> Iterator[None]:
    """Let texts and moments be in the language of one reader (mails).

    :param catalogue: name of a catalogue; one that nobody knows means the default language.
    """
    tag = next((tag for tag, name in LANGUAGES.items() if name == catalogue), DEFAULT)
    before = {name: g.pop(name) for name in ("language", "catalogue") if name in g}
    g.language = tag
    try:
        with force_locale(LANGUAGES[tag]):
            yield
    finally:
        for name in ("language", "catalogue"):
            g.pop(name, None)
        for name, value in before.items():
            setattr(g, name, value)


def _catalogue() -> NullTranslations:
    # Kept for the page: the library looks up language and catalogue again for each text.
    if not has_app_context():
        return NullTranslations()
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def gettext(text: str, **values: object) -> str:
    """Return a text in the language of the page; `flask_babel.gettext` for pages of many."""
    found: str = _catalogue().ugettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, num: int) -> str:
    """Return a text about a number in the language of the page."""
    found: str = _catalogue().ungettext(one, many, num)
    return found % {"num": num}


@lru_cache(MOST)
def _safe(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - from our own catalogues


def _marked(text: str, **values: object) -> Markup:
    found = _safe(_catalogue().ugettext(text))
    return found % values if values or "%" in found else found


def _marked_count(one: str, many: str, num: int, **values: object) -> Markup:
    return _safe(_catalogue().ungettext(one, many, num)) % {"num": num, **values}


def init_app(app: Flask) -> None:
    """Give an app its languages and the filters that write moments."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[DEFAULT]
    app.config["BABEL_DEFAULT_TIMEZONE"] = str(clock.ZONE)
    Languages(app, locale_selector=lambda: LANGUAGES[language()])
    # The library's own go through the context of the template twice for each of a page's texts.
    app.jinja_env.globals.update(_=_marked, gettext=_marked, ngettext=_marked_count)
    app.jinja_env.filters.update(
        last_day=last_day,
        deadline=deadline,
        moment=moment,
        day=day,
        dated=dated,
        remaining=remaining,
        ago=ago,
        bytes=size,
        square_metres=square_metres,
    )


def day(at: date) -> str:
    """Write a day, or the day of a moment, with the year only where it is another one."""
    at, today = clock.local(at) if isinstance(at, datetime) else at, clock.local(clock.now())
    if language() == DEFAULT:
        return f"{'' if at.year == today.year else f'{at.year}年'}{at.month}月{at.day}日"
    return f"{at.day} {MONTHS[at.month - 1]}{'' if at.year == today.year else f' {at.year}'}"


def last_day(end: datetime) -> str:
    """Write the last day of a time that ends at a moment: midnight belongs to the day before."""
    return day(end - timedelta(microseconds=1))


def deadline(end: datetime) -> str:
    """Write until when something is due: the last day, with the time of day where it has one."""
    return last_day(end) if clock.local(end).time() == time() else moment(end)


def moment(at: datetime) -> str:
    """Write a day and time of day."""
    return f"{day(at)} {clock.local(at):%H:%M}"


def dated(at: date) -> str:
    """Write a day or moment in figures with its year, as for a record."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if isinstance(at, datetime) else at.isoformat()


def remaining(until: datetime) -> str:
    """Write how long it is until a moment, in the unit people would use."""
    left = until - clock.now()
    if left <= timedelta():
        return gettext("closed")
    if left < timedelta(hours=1):
        minutes = ceil(left.total_seconds() / 60)
        return ngettext("%(num)d minute left", "%(num)d minutes left", minutes)
    if left < timedelta(days=1):
        return ngettext(
            "%(num)d hour left", "%(num)d hours left", int(left.total_seconds() // 3600)
        )
    return ngettext("%(num)d day left", "%(num)d days left", left.days)


def size(count: int) -> str:
    """Write a number of bytes in the unit people know, rounded up."""
    kilo = 1024
    if count < kilo * kilo:
        return f"{ceil(count / kilo)} KB"
    return f"{count / kilo / kilo:.1f} MB"


def ago(at: datetime) -> str:
    """Write how long ago a moment was; a day or longer ago as the day itself."""
    past = clock.now() - at
    if past < timedelta(minutes=1):
        return gettext("just now")
    if past < timedelta(hours=1):
        return ngettext(
            "%(num)d minute ago", "%(num)d minutes ago", int(past.total_seconds() // 60)
        )
    if past < timedelta(days=1):
        return ngettext("%(num)d hour ago", "%(num)d hours ago", int(past.total_seconds() // 3600))
    return moment(at)


def square_metres(cm2: int) -> str:
    """Write an area, kept in square centimetres, as people do: 89.35; never rounded."""
    whole, rest = divmod(cm2, 10_000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")
