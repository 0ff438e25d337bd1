"""What people are told about the security of their account."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civic.identities import devices
from civic.kernel.tell import Kind, News, Values, tell

WHAT: dict[str, LazyString] = {
    "password": _l("Your password was changed."),
    "factor_on": _l("A second factor was set up for your account."),
    "factor_off": _l("Your second factor was turned off."),
    "factor_removed": _l("Your second factor was removed at the desk."),
    "contact": _l("What you sign in with was changed."),
    "device": _l("A new device signed in to your account: %(device)s."),
}


def _sentence(values: Values) -> str:
    return str(WHAT[values["what"]]) % {"device": devices.in_words(values.get("device", ""))}


KIND = Kind(
    code="security",
    title=_l("Security of your account"),
    sentence=_sentence,
    address=lambda _values: "/me/security",
)


def secure(person_id: int, what: str, **values: str) -> None:
    """Tell somebody what happened to their account, in the acting transaction.

    :param what: code of `WHAT`.
    """
    tell(
        News(
            kind=KIND.code,
            subject=f"person:{person_id}",
            people=[person_id],
            values={"what": what, **values},
        )
    )
