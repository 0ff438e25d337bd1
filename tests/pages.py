"""Reading pages in tests."""

import re

from werkzeug.test import TestResponse

#: What differs between two answers that say the same: tokens, and the page's own address.
_PASSING = re.compile(
    r'name="csrf_token" value="[^"]*"|X-CSRFToken":"[^"]*"|name="next" value="[^"]*"'
)


def text_of(response: TestResponse) -> str:
    """Return a page as text."""
    return response.get_data(as_text=True)


def lasting(page: str) -> str:
    """Return the text of a page without what passes."""
    return _PASSING.sub("", page)


def plain(response: TestResponse, *typed: str) -> str:
    """Return a page without what passes, and without what was typed into it."""
    page = lasting(text_of(response))
    for words in typed:
        page = page.replace(words, "")
    return page
