"""Put what was measured into one table, with the targets beside the figures."""

import platform
from importlib.metadata import version

from flask import Flask

from benchmarks.inside import Weight, first_view, statements
from benchmarks.measures import Pairs, Piece
from benchmarks.people import Signed
from benchmarks.seed import SLUG, Made

Measured = tuple[Piece, Pairs]
Counts = dict[str, tuple[int, str, int, Weight | None]]


def counts(app: Flask, made: Made, signed: list[Signed]) -> Counts:
    """Count statements and bytes in process; as statements, their bound, rows and weight."""
    base = f"/c/{SLUG}/"
    case = f"{base}consultations/{made.case}/"
    pages = {
        "community home, anonymous": (base, False, "–"),
        "community home, signed in": (base, True, "–"),
        "list of 50 cases, anonymous": (f"{base}consultations/", False, "≤ 5"),
        "case page, anonymous": (case, False, "≤ 4"),
        "case page, signed in": (case, True, "≤ 6"),
    }
    found: Counts = {}
    for name, (path, inside, bound) in pages.items():
        client = app.test_client(use_cookies=False)
        headers = {"User-Agent": "bench"} | (signed[0].headers if inside else {})
        for key, value in headers.items():
            client.environ_base[f"HTTP_{key.upper().replace('-', '_')}"] = value
        client.get(path)
        with statements(app) as seen:
            client.get(path)
        commits = seen.count("COMMIT")
        found[name] = (len(seen) - commits, bound, commits, first_view(client, path))
    client = app.test_client(use_cookies=False)
    for name, body in {"first vote": made.options[0], "changed vote": made.options[1]}.items():
        with statements(app) as seen:
            client.post(
                f"{case}vote",
                data={"option": body},
                headers=signed[-1].headers | {"User-Agent": "bench"},
            )
        commits = seen.count("COMMIT")
        found[name] = (len(seen) - commits, "≤ 5", commits, None)
    return found


def text(
    found: list[Measured],
    counted: Counts,
    *,
    resident: int,
    starts: tuple[float, float],
) -> str:
    """Return the tables in Markdown."""
    packages = ("flask", "sqlalchemy", "gunicorn", "jinja2")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    lines = [
        "# Benchmarks",
        "",
        f"Python {platform.python_version()}, {versions}.",
        "Only the shares count: both halves of a pair ran one after the other on the same machine.",
        "`python -m benchmarks --write` renews it.",
        "",
        *_head(
            "work",
            "baseline",
            "share by CPU",
            "target",
            "by req/s",
            "target",
            "CPU ms: base, own",
            "p50, p99 ms",
        ),
    ]
    for piece, pairs in found:
        cpu = f"≥ {piece.cpu}" if piece.cpu else ""
        rate = f"≥ {piece.rate}" if piece.rate else ""
        lines.append(
            f"| {piece.name} | {piece.baseline} | {pairs.cpu_share:.2f} | {cpu} "
            f"| {pairs.rate_share:.2f} | {rate} | {pairs.baseline_ms:.2f}, {pairs.own_ms:.2f} "
            f"| {pairs.latency(0.5):.1f}, {pairs.latency(0.99):.1f} |"
        )
    lines += [
        "",
        *_head(
            "page",
            "SQL statements",
            "bound",
            "commits",
            "HTML",
            "packed",
            "first view, packed",
            "style, script",
        ),
    ]
    for name, (count, bound, commits, weight) in counted.items():
        sizes = (
            f"{weight.html:,} | {weight.packed:,} | {weight.total:,} in {weight.requests} "
            f"| {weight.style:,}, {weight.script:,}"
            if weight
            else "| | |"
        )
        lines.append(f"| {name} | {count} | {bound} | {commits} | {sizes} |")
    own, bare = starts
    lines += [
        "",
        "Targets: HTML ≤ 40,000 and ≤ 10,000 bytes packed; first view ≤ 45,000 bytes in",
        "≤ 5 requests, style ≤ 12,000, script ≤ 20,000; a vote makes one commit, p99 ≤ 10 × p50.",
        "",
        f"- Resident set of the worker after the load: {resident / 1e6:.0f} MB (target ≤ 80 MB)",
        f"- First answer after {own:.2f} s (target ≤ 1.0 s), {own / bare:.1f} × that of bare Flask",
        f"  with SQLAlchemy, {bare:.2f} s (target ≤ 2 ×)",
    ]
    return "\n".join(lines)


def _head(*names: str) -> list[str]:
    return [f"| {' | '.join(names)} |", f"|{'---|' * 2}{'---:|' * (len(names) - 2)}"]
