"""Languages: Chinese first, English in full; moments as people say them."""

from datetime import datetime, timedelta
from math import ceil

from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, gettext, ngettext

from civic.kernel import clock

#: What a browser says, and the catalogue it means.
LANGUAGES = {"zh-Hans": "zh_Hans_CN", "en": "en"}
DEFAULT = "zh-Hans"
COOKIE = "lang"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class _Kept(Domain):  # type: ignore[misc]
    """Find the catalogue of a page once; the library looks it up again for each text."""

    def get_translations(self) -> NullTranslations:
        found: NullTranslations | None = g.get("catalogue")
        if found is None:
            found = g.catalogue = super().get_translations()
        return found


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
    babel = Babel(app, locale_selector=lambda: LANGUAGES[language()])
    with app.app_context():
        babel.domain_instance = _Kept(domain=babel.domain)
        catalogue = babel.domain_instance.get_translations
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: catalogue().ugettext(text),
        ngettext=lambda one, many, count: catalogue().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters.update(moment=moment, day=day, remaining=remaining, ago=ago)


def day(at: datetime) -> str:
    """Write a day, with the year only where it is another one."""
    at, today = clock.local(at), clock.local(clock.now())
    if language() == DEFAULT:
        return f"{'' if at.year == today.year else f'{at.year}年'}{at.month}月{at.day}日"
    return f"{at.day} {MONTHS[at.month - 1]}{'' if at.year == today.year else f' {at.year}'}"


def moment(at: datetime) -> str:
    """Write a day and time of day."""
    return f"{day(at)} {clock.local(at):%H:%M}"


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
