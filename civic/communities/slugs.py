"""Names of communities in addresses."""

import re

from flask_babel import lazy_gettext as _l

LONGEST = 40
SENTENCE = _l(
    "The name in addresses needs 2 to 40 small letters, digits and single dashes, and begins with "
    "a letter, as erlonglu."
)
_SLUG = re.compile(r"[a-z][a-z0-9]+(?:-[a-z0-9]+)*")
#: What a community is called that was given no name, so that no other may have it.
_KEPT = re.compile(r"c[0-9]+")


def fits(slug: str) -> bool:
    """Tell whether a community may be called so in addresses."""
    return bool(_SLUG.fullmatch(slug)) and len(slug) <= LONGEST and not _KEPT.fullmatch(slug)


def given_none(node_id: int) -> str:
    """Return what a community is called in addresses for which nobody chose a name."""
    return f"c{node_id}"
