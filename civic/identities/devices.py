"""What a browser says of itself, shortened to what its owner recognises."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

#: Parts of user agents and what they are called; the first that fits counts, as most browsers
#: claim to be others, too.
BROWSERS = (
    ("wxwork", "WeCom"),
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("AlipayClient", "Alipay"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC Browser"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
UNKNOWN = "unknown"
#: Words that are not names alike in every language.
WORDS: dict[str, LazyString] = {
    "WeChat": _l("WeChat"),
    "WeCom": _l("WeCom"),
    "DingTalk": _l("DingTalk"),
    "Alipay": _l("Alipay"),
    UNKNOWN: _l("unknown device"),
}
BETWEEN = " · "


def device(user_agent: str) -> str:
    """Return browser and system, as `Chrome · Android`; `unknown` without either."""
    found = [
        next((name for part, name in known if part in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return BETWEEN.join(name for name in found if name) or UNKNOWN


def in_words(label: str) -> str:
    """Return a device's label in the language of the page."""
    return BETWEEN.join(str(WORDS.get(part, part)) for part in label.split(BETWEEN))
