"""What people write comes out safe, tidy and as a Chinese reader means it."""

import re
import subprocess
import sys
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from civic.kernel.text import ATTRIBUTES, REL, SCHEMES, TAGS, excerpt, key, plain, render, spoken

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "[a]: javascript:alert(1)\n\n[a]",
    '<a href="x" onclick="y">z</a>',
    "<svg onload=alert(1)>",
    "<style>@import 'x'</style>",
    "`<b onmouseover=x>`",
    '[x](https://e.org "onfocus=alert(1)")',
    'https://e.org/"onmouseover=alert(1)',
]
MARKS = ["**", "*", "_", "~~", "`", "```", "[", "](", ")", "![", "|"]
FRAGMENTS = st.sampled_from(
    [
        *HOSTILE,
        *MARKS,
        "> ",
        "- ",
        "1. ",
        "# ",
        "https://",
        "。",
        "：",
        "请看",
        "\n",
        "\n\n",
        "    ",
        "&",
        "&lt;",
        "<",
        ">",
        '"',
        "\\",
        "\x00",
    ]
)
MARKED = st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=25).map("".join)
ANY = st.text(st.characters(exclude_categories=()), max_size=200)


class Reader(HTMLParser):
    """Collect every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def assert_safe(html: str) -> None:
    for tag, attributes in Reader(html).seen:
        assert tag in TAGS, html
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}, html
        href = attributes.get("href")
        if href is not None:
            assert attributes["rel"] == REL
            scheme = re.match(r"[\s\x00-\x1f]*([a-zA-Z][a-zA-Z0-9+.\s-]*):", href)
            assert scheme is None or scheme[1].lower() in SCHEMES, html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text: str) -> None:
    assert_safe(render(text))


@given(MARKED)
def test_no_combination_of_marks_is_harmful(text: str) -> None:
    assert_safe(render(text))


@given(ANY)
def test_any_text_is_rendered(text: str) -> None:
    assert_safe(render(text))
    excerpt(text, 5)
    assert len(key(text)) == 64


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**注意：**请看", "<p><strong>注意：</strong>请看</p>"),
        ("请**“注意”**看", "<p>请<strong>“注意”</strong>看</p>"),
        ('请**"注意"**看', '<p>请<strong>"注意"</strong>看</p>'),
        ("~~（删）~~后", "<p><s>（删）</s>后</p>"),
        ("请看**`code`**这里", "<p>请看<strong><code>code</code></strong>这里</p>"),
        ("*（一）*二、**三**。", "<p><em>（一）</em>二、<strong>三</strong>。</p>"),
        ("**不要…**去", "<p><strong>不要…</strong>去</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("a**b**c **d**", "<p>a<strong>b</strong>c <strong>d</strong></p>"),
        ("（_强调_）", "<p>（<em>强调</em>）</p>"),
    ],
)
def test_emphasis_beside_chinese(text: str, html: str) -> None:
    assert render(text) == html


def test_the_library_itself_is_not_patched() -> None:
    render("**注意：**请看")
    assert MarkdownIt().render("**注意：**请看") == "<p>**注意：**请看</p>\n"


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("请看https://example.org/a。谢谢", "https://example.org/a", "。谢谢"),
        ("见 https://example.org/a?b=1&c=2，好", "https://example.org/a?b=1&amp;c=2", "，好"),
        ("https://example.org/a谢谢", "https://example.org/a", "谢谢"),
        ("（https://example.org/a）", "https://example.org/a", "）"),
        ("“http://example.org”", "http://example.org", "”"),
        ("**https://example.org/a**好", "https://example.org/a", "</strong>好"),
        ("https://example.org/a.", "https://example.org/a", "."),
        ("https://example.org/a_(b).", "https://example.org/a_(b)", "."),
    ],
)
def test_bare_addresses_end_where_chinese_begins(text: str, address: str, rest: str) -> None:
    html = render(text)
    assert f'<a href="{address}" rel="{REL}">{address}</a>{rest}' in html


@pytest.mark.parametrize(
    "text", ["请看 example.org", "a@example.org", "ftp://e.org/a", "`https://e.org`"]
)
def test_only_web_addresses_in_prose_become_links(text: str) -> None:
    assert "<a" not in render(text)


def test_lines_lists_and_tables() -> None:
    assert render("一\n二") == "<p>一<br>\n二</p>"
    assert '<ol start="15">' in render("15. 第十五条")
    assert "<td>2</td>" in render("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |")
    assert render("    缩进的一段") == "<p>缩进的一段</p>"
    assert render("一行\n---") == "<p>一行</p>\n<hr>"


def test_headings_fit_under_those_of_the_page() -> None:
    assert render("# 一\n## 二\n###### 六") == "<h3>一</h3>\n<h4>二</h4>\n<h6>六</h6>"
    assert render("# 一", top=4) == "<h4>一</h4>"
    assert render("# 一") == "<h3>一</h3>"


def test_images_leave_their_description() -> None:
    assert render("看![楼 <道>](https://e.org/a.png)吧") == "<p>看楼 &lt;道&gt;吧</p>"


def test_raw_html_is_shown_as_written() -> None:
    assert render("<b>粗</b>") == "<p>&lt;b&gt;粗&lt;/b&gt;</p>"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "*a_" * 3000,
        "> " * 3000,
        "![" * 3000,
        "http://" * 1400,
        "`" * 5000,
        "- " * 3000,
        "<a" * 4000,
        "[](" * 3000,
        "*" * 9000,
        "|a" * 3000 + "\n" + "|-" * 3000,
        "**：" * 3000,
    ],
    ids=lambda text: str(text)[:6],
)
def test_no_short_text_takes_long(text: str) -> None:
    started = time.process_time()
    render(text)
    assert time.process_time() - started < 1.5


def test_a_paragraph_takes_less_than_a_millisecond() -> None:
    paragraph = "**注意：**二龙路班车线路调整，请看https://example.org/a。大家的意见都会答复。" * 4
    render(paragraph)
    best = min(_seconds(paragraph) for _ in range(20))
    assert best < 0.002  # about 0.5 ms on an idle machine; twice the budget on a busy one


def _seconds(text: str) -> float:
    started = time.process_time()
    render(text)
    return time.process_time() - started


def test_import_does_not_load_the_parser() -> None:
    code = "import sys, civic.kernel.text; sys.exit('markdown_it' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_plain_tidies() -> None:
    assert plain("  一 \r\n二\u3000\r\r\r\r\r三\x00\u202e\u200b\n\n") == "  一\n二\n\n\n三"
    assert plain("e\u0301") == "é"
    assert plain("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


@given(ANY)
def test_plain_is_idempotent(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    once.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("应该延长班车。", "应该延长班车"),
        ("ＡＢＣ１２３", "abc123"),
        ("停车 收费！", "停车收费"),
        ("Ｓtraße", "STRASSE"),
        ("e\u0301", "é"),
    ],
)
def test_equal_statements_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("+1", "-1"), ("？", "！"), ("甲", "乙"), ("", "。")])
def test_different_statements_do_not(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_excerpt() -> None:
    assert excerpt("**注意：**请看[这里](https://e.org)\n- 一", 50) == "注意：请看这里 一"
    assert excerpt("一二三四五", 5) == "一二三四五"
    assert excerpt("一二三四五六", 5) == "一二三四…"
    assert excerpt("see international", 10) == "see…"
    assert excerpt("好👨\u200d👩\u200d👧好好好好", 5) == "好…"
    with pytest.raises(ValueError, match="at least one"):
        excerpt("一", 0)


@settings(max_examples=60)
@given(MARKED, st.integers(1, 40))
def test_excerpt_keeps_to_its_length(text: str, chars: int) -> None:
    short = excerpt(text, chars)
    assert len(short) <= chars
    assert "\n" not in short


def test_a_code_that_is_read_out_has_nothing_that_looks_alike() -> None:
    codes = {spoken(8) for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {8}
    assert not set("".join(codes)) & set("0O1IB8S5Z2")
