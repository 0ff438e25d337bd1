"""The look of the pages: sizes, colours that can be read, and no style outside the stylesheet."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "civic" / "static"
CSS = (STATIC / "css" / "civic.css").read_text("utf-8")
#: A file that is carried away, with its looks inside.
CARRIED = ROOT / "templates" / "records" / "export.html"
TEMPLATES = sorted(set((ROOT / "templates").rglob("*.html")) - {CARRIED})
#: Text on ground, as the stylesheet pairs them; WCAG 2.2 asks 4.5 of each.
PAIRS = [
    *[(text, ground) for text in ("ink", "muted", "act") for ground in ("ground", "card", "paper")],
    *[("ink", f"{kind}-ground") for kind in ("act", "done", "warn", "stop")],
    *[(kind, f"{kind}-ground") for kind in ("done", "warn", "stop")],
    *[(kind, "card") for kind in ("done", "warn", "stop", "act-deep")],
    ("act-ink", "act"),
    ("act-deep", "act-ground"),
    ("ink", "sunk"),
    ("stop", "paper"),
]
#: What is seen and not read: 3 is asked of it.
SHAPES = [("edge", "card"), ("edge", "ground"), ("focus", "card"), ("focus", "ground")]
SHAPES += [(kind, on) for kind in ("agree", "disagree", "abstain") for on in ("card", "sunk")]
LEAST_TEXT = 4.5
LEAST_SHAPE = 3.0
MOST_STYLE = 12_000
MOST_SCRIPT = 20_000
#: What the content security policy would refuse, and addresses of other sites.
REFUSED = re.compile(
    r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|hx-on|javascript:|(?:src|href)="https?:"""
)
#: Statements and comments of Jinja, and words that hold a value.
TEMPLATE_CODE = re.compile(r"\{[%#].*?[%#]\}|[\w-]*\{\{.*?\}\}[\w-]*", re.DOTALL)
#: Classes that are only hooks for scripts and tests.
HOOKS: frozenset[str] = frozenset()


def tokens(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme, dark ones over the light ones."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    block = light if scheme == "light" else light + dark
    return dict(re.findall(r"--([a-z-]+): #([0-9a-f]{3,6});", block))


def luminance(digits: str) -> float:
    """Return the relative luminance of a hexadecimal colour, as WCAG defines it."""
    step = len(digits) // 3
    values = [(digits[at : at + step] * 2)[:2] for at in range(0, len(digits), step)]
    parts = [int(value, 16) / 255 for value in values]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white() -> None:
    """Check the ruler before measuring."""
    assert contrast("000", "ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str) -> None:
    """Hold every pair of text and ground at 4.5, and of shape and ground at 3."""
    colour = tokens(scheme)
    weak = {
        (one, other): round(found, 2)
        for pairs, least in ((PAIRS, LEAST_TEXT), (SHAPES, LEAST_SHAPE))
        for one, other in pairs
        if (found := contrast(colour[one], colour[other])) < least
    }
    assert not weak


def test_what_a_first_view_loads_is_small() -> None:
    """Keep style at 12 kB and script at 20 kB, compressed."""
    assert len(gzip.compress(CSS.encode())) <= MOST_STYLE
    scripts = [STATIC / "js" / "civic.js", *(STATIC / "vendor").glob("htmx-*.js")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= MOST_SCRIPT


def test_no_style_or_script_in_a_page() -> None:
    """Keep to what the content security policy lets through."""
    pages = {path.name: path.read_text("utf-8") for path in TEMPLATES}
    assert not {name: REFUSED.findall(text) for name, text in pages.items() if REFUSED.search(text)}


def test_the_stylesheet_fetches_nothing() -> None:
    """Let it load nothing, from here or from elsewhere."""
    assert not re.findall(r"@import|url\((?!#)", CSS)


def test_chinese_headings_are_not_balanced() -> None:
    """Leave out `text-wrap: balance`, which splits Chinese words."""
    assert "balance" not in CSS


def test_every_class_of_a_template_has_a_look() -> None:
    """Find classes that nobody styles: misspelt ones."""
    styles = "".join(path.read_text("utf-8") for path in (STATIC / "css").glob("*.css"))
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", styles)) | HOOKS
    used: dict[str, str] = {}
    for path in TEMPLATES:
        plain = TEMPLATE_CODE.sub(" ", path.read_text("utf-8"))
        for value in re.findall(r'class="([^"]*)"', plain):
            used |= dict.fromkeys(value.split(), path.name)
    assert not {name: where for name, where in used.items() if name not in known}
