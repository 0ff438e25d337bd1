"""Turn what people write into safe HTML, a tidy stored form, a key and an excerpt.

Pure: knows neither Flask nor the database. Text is rendered once, when it is written, and stored
beside its source; pages only print it. The parser is built on first use, not on import.
"""

import functools
import hashlib
import re
import secrets
import unicodedata
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from nh3 import Cleaner

TAGS = frozenset(
    {"p", "br", "hr", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
    | {"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
)
# `start` keeps the number a person wrote: a quoted article 15 must not turn into 1.
ATTRIBUTES = {"*": frozenset[str](), "a": frozenset({"href"}), "ol": frozenset({"start"})}
SCHEMES = frozenset({"http", "https", "mailto"})
REL = "nofollow noopener ugc"

_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, lone surrogates, invisible spaces and the marks that reverse the reading order. The
# zero-width joiners and variation selectors stay: emoji and some scripts need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_TRAILING = re.compile(r"[^\S\n]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{4,}")
_LATIN_TAIL = re.compile(r"[A-Za-z0-9'_-]+$")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


def render(text: str, *, top: int = 3) -> Markup:
    """Render Markdown to sanitised HTML.

    `top` is the level that a first-level heading gets, so that the text fits under the headings of
    its page. Links carry ``rel="nofollow noopener ugc"``. Never raises on any text.
    """
    source = _SURROGATES.sub("\ufffd", text)
    return clean(_parser(top).render(source))


def clean(html: str) -> Markup:
    """Return of some HTML what texts may hold."""
    # Sanitised by nh3 in the same expression; nothing unsanitised is ever kept.
    return Markup(_cleaner().clean(html).strip())  # noqa: S704


def plain(text: str) -> str:
    r"""Return `text` as it is stored: composed, without unseen characters and stray blanks.

    Lines end in ``\n`` and carry no trailing spaces; at most two blank lines follow each other.
    Idempotent.
    """
    seen = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    composed = unicodedata.normalize("NFC", seen)
    return _BLANK_LINES.sub("\n\n\n", _TRAILING.sub("", composed)).strip("\n")


def key(text: str) -> str:
    """Return a SHA-256 (64 hexadecimal digits) that equal statements share.

    Width, case, whitespace and punctuation do not count. A text of nothing else is compared as it
    stands, so that ``？`` and ``！`` stay two texts.
    """
    folded = unicodedata.normalize("NFKC", plain(text)).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    bare = "".join(char for char in folded if unicodedata.category(char)[0] not in "ZPC")
    return hashlib.sha256((bare or "".join(folded.split())).encode()).hexdigest()


def excerpt(text: str, chars: int) -> str:
    """Return the beginning of Markdown `text` as one line of at most `chars` characters.

    Marks are dropped. A shortened text ends in ``…`` (counted) and breaks neither a Latin word nor
    a composed character, unless it consists of a single one. Raises `ValueError` if `chars` < 1.
    """
    if chars < 1:
        message = "an excerpt has at least one character"
        raise ValueError(message)
    # Marks and addresses take room too; a generous slice keeps the cost independent of the length.
    source = _SURROGATES.sub("\ufffd", text)
    generous = chars * 4 + 500
    from civic.kernel.markdown import words  # noqa: PLC0415 - loads the parser, see the top

    line = words(_parser(3), source[:generous])
    if len(line) <= chars and len(source) <= generous:
        return line
    return _shorten(line, chars - 1) + "…"


def _shorten(line: str, room: int) -> str:
    cut = line[:room]
    following = line[room : room + 1]
    if following and (unicodedata.combining(following) or following in _JOINERS):
        while cut and (unicodedata.combining(cut[-1]) or cut[-1] in _JOINERS):
            cut = cut[:-1]
        cut = cut[:-1]
    elif _LATIN_TAIL.match(following):
        cut = _LATIN_TAIL.sub("", cut) or cut
    while cut and cut[-1] in _JOINERS:
        cut = cut[:-2]
    return cut.rstrip()


@functools.cache
def _parser(top: int) -> "MarkdownIt":
    from civic.kernel.markdown import build  # noqa: PLC0415 - 60 ms that most commands never need

    return build(top=top)


@functools.cache
def _cleaner() -> "Cleaner":
    from nh3 import Cleaner  # noqa: PLC0415

    return Cleaner(
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=REL,
    )


#: Letters and figures that nobody takes for one another, read aloud or typed.
SPOKEN = "ACDEFGHJKLMNPQRTUVWXY34679"


def spoken(length: int) -> str:
    """Return a code that nobody guesses, to be read out on the telephone or typed."""
    return "".join(secrets.choice(SPOKEN) for _ in range(length))
