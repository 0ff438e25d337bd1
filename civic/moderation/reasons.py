"""Reasons for which a text may be hidden; each decision names one."""

from flask_babel import lazy_gettext as _l

REASONS = {
    "personal_data": _l("It shows somebody's personal data"),
    "insult": _l("It attacks a person instead of speaking to the question"),
    "unlawful": _l("It breaks the law"),
    "off_topic": _l("It does not belong to this question"),
    "advertising": _l("It advertises"),
    "duplicate": _l("It repeats another one word for word"),
}
#: Reason of texts that were hidden where they were imported from; nobody here chooses it.
IMPORTED = "imported"
ALL = REASONS | {IMPORTED: _l("It was hidden in the source that it was imported from")}
