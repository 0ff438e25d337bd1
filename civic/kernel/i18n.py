"""Languages: Chinese first, English in full; moments as people say them."""

from datetime import datetime, timedelta
from math import ceil

from flask import Flask, has_request_context, request
from flask_babel import Babel, format_datetime, get_locale, gettext, ngettext

from civic.kernel import clock

#: What a browser says, and the catalogue it means.
LANGUAGES = {"zh-Hans": "zh_Hans_CN", "en": "en"}
DEFAULT = "zh-Hans"
COOKIE = "lang"


def language() -> str:
    """Return the language of the current page as an HTML language tag."""
    if has_request_context():
        chosen = request.cookies.get(COOKIE, DEFAULT)
        return chosen if chosen in LANGUAGES else DEFAULT
    return DEFAULT


def init_app(app: Flask) -> None:
    """Give an app its languages and the filters that write moments."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[DEFAULT]
    app.config["BABEL_DEFAULT_TIMEZONE"] = str(clock.ZONE)
    Babel(app, locale_selector=lambda: LANGUAGES[language()])
    app.jinja_env.filters.update(moment=moment, day=day, remaining=remaining, ago=ago)


def _chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"


def day(at: datetime) -> str:
    """Write a day, with the year only where it is another one."""
    other_year = clock.local(at).year != clock.local(clock.now()).year
    if _chinese():
        return format_datetime(at, "y年M月d日" if other_year else "M月d日")
    return format_datetime(at, "d MMM y" if other_year else "d MMM")


def moment(at: datetime) -> str:
    """Write a day and time of day."""
    return f"{day(at)} {format_datetime(at, 'HH:mm')}"


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
