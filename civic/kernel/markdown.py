"""Parse Markdown written by Chinese readers and render it to unsanitised HTML.

CommonMark decides whether ``**`` opens or closes by the punctuation around it and so leaves
``**注意：**请看`` literal. `CjkState` follows the CJK-friendly amendment to CommonMark instead
(https://github.com/tats-u/markdown-cjk-friendly): what stands next to Chinese, Japanese or Korean
is judged as if the words were spaced. Nothing in the libraries is patched; the changed rules live
in subclasses used by `build` alone.
"""

import re
from collections.abc import Sequence
from typing import Any

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml, isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_CJK_RANGES = (
    "\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe10-\ufe1f"
    "\ufe30-\ufe6f\uff00-\uffef\U0001aff0-\U0001b2ff\U00020000-\U0003fffd"
    # Shared with Latin, but in Chinese text they belong to the Chinese: ‘ ’ “ ” — …
    "\u2014\u2018\u2019\u201c\u201d\u2026"
)
_CJK = re.compile(f"[{_CJK_RANGES}]")
_URL_END = re.compile(rf"[{_CJK_RANGES}`]|\*\*|~~")
_LONGEST_URL = 2000
_DEEPEST = 20


class CjkState(StateInline):
    """Judge emphasis markers beside Chinese text as a Chinese reader means them."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803
        """Say whether the run of markers at `start` may open or close emphasis, and its length."""
        src, end, marker = self.src, start, self.src[start]
        while end < self.posMax and src[end] == marker:
            end += 1
        before = src[start - 1] if start > 0 else " "
        after = src[end] if end < self.posMax else " "
        punct_before, punct_after = _is_punctuation(before), _is_punctuation(after)
        space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        cjk_before, cjk_after = bool(_CJK.match(before)), bool(_CJK.match(after))
        opens = not space_after and (
            not punct_after or cjk_after or space_before or punct_before or cjk_before
        )
        closes = not space_before and (
            not punct_before or cjk_before or space_after or punct_after or cjk_after
        )
        return Scanned(
            opens and (canSplitWord or not closes or punct_before),
            closes and (canSplitWord or not opens or punct_after),
            end - start,
        )


class CjkInline(ParserInline):
    """Parse inline text with `CjkState` in place of the library's own state."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Append the tokens of `src` to `tokens` and return them."""
        state = CjkState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class AsciiLinks(LinkifyIt):  # type: ignore[misc]
    """Find bare web addresses that end where Chinese text or punctuation begins.

    Only ``http://`` and ``https://`` count. Without a scheme an address cannot be told from the
    Chinese words written against it.
    """

    def __init__(self) -> None:
        super().__init__(
            schemas={"ftp:": None, "//": None, "mailto:": None},
            options={"fuzzy_link": False, "fuzzy_email": False},
        )

    def _validate_http(self, text: str, pos: int) -> int:
        tail = text[pos : pos + _LONGEST_URL]
        found = _URL_END.search(tail)
        return int(super()._validate_http(tail[: found.start()] if found else tail, 0))


def build(*, top: int) -> MarkdownIt:
    """Return a parser that renders a first-level heading as ``h{top}`` and never deeper than h6.

    Line breaks are kept. Raw HTML, indented code and underlined headings are plain text: people
    indent paragraphs and draw lines without meaning either. Images leave their description.
    """
    md = MarkdownIt(
        "commonmark",
        {"html": False, "breaks": True, "linkify": True, "maxNesting": _DEEPEST},
    )
    md.inline = CjkInline()
    md.linkify = AsciiLinks()
    md.configure("commonmark", {**md.options})
    md.enable(["table", "strikethrough", "linkify"]).disable(["code", "lheading"])
    md.disable(["html_block", "html_inline"])

    def heading(
        self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        tokens[idx].tag = f"h{min(int(tokens[idx].tag[1]) + top - 1, 6)}"
        return self.renderToken(tokens, idx, options, env)

    md.add_render_rule("heading_open", heading)
    md.add_render_rule("heading_close", heading)
    md.add_render_rule("image", _describe)
    return md


def words(md: MarkdownIt, text: str) -> str:
    """Return what a reader of the rendered `text` reads, without marks, on one line."""
    parts: list[str] = []
    for block in md.parse(text):
        if block.type == "fence":
            parts.append(block.content)
        elif block.type == "inline":
            parts.extend(_spoken(token) for token in block.children or ())
            parts.append(" ")
    return " ".join("".join(parts).split())


def _spoken(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def _describe(_self: Any, tokens: Sequence[Token], idx: int, *_: Any) -> str:  # noqa: ANN401
    return escapeHtml(tokens[idx].content)
