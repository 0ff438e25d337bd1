"""Check a draw for homes without the site: `python3 verify_draw.py BUNDLE [--mine 17] …`.

Give it the file of the draw and, from your notes or the notice board, the hashes that were shown
before: of the rule (before the first application), of the list (before the public number was known)
and of the draw. It needs nothing but Python 3.11 and trusts nothing that the file says:

1. the rule, the list and the draw have the hashes that were published, each naming the one before;
2. the secret has the hash that stands in the rule;
3. the rule was fixed before applications opened, the list was frozen before the public number was
   known, and the draw was made after that;
4. the seed is SHA-256 of the secret followed by the public number;
5. tier by tier, the order is that of HMAC-SHA256 of the receipt numbers with the seed as key.

It ends with 0 when all of this holds, with 1 when something does not, with 2 when it cannot read.
What it cannot show: that the public number is the one of that day (look it up where the rule says),
and that everybody on the list is in the tier where they belong (objections are for that).
"""

import argparse
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

FORMAT = "civic-rental-draw-1"
LIST_FORMAT = "civic-rental-list-1"
PUBLIC = r"[0-9A-Za-z][0-9A-Za-z.,:+/-]{0,63}"


class Wrong(Exception):
    """Say what does not hold."""


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def hashes(bundle: Mapping[str, Any], noted: Mapping[str, str]) -> None:
    """Check the three hashes, against the file and against what was noted before."""
    found = {
        "rule": sha256(canonical(bundle["rule"])),
        "list": sha256(bundle["list"]),
        "draw": sha256(canonical(bundle["draw"])),
    }
    must(set(bundle) == {"format", "rule", "list", "draw", "hashes"}, "the file has other parts")
    must(set(bundle["hashes"]) == set(found), "the file names other hashes")
    for part, value in found.items():
        must(bundle["hashes"][part] == value, f"the {part} does not have the hash in the file")
        if noted.get(part):
            must(noted[part].lower() == value, f"the {part} does not have the hash you noted")


def read_list(text: str, rule_hash: str) -> tuple[dict[int, str], datetime]:
    """Return the tier of each receipt number, and when the list was frozen."""
    head, *lines = text.removesuffix("\n").split("\n")
    must(head == LIST_FORMAT, "the list has an unknown format")
    must(len(lines) >= 3, "the head of the list is missing")
    must(lines[0] == f"rule {rule_hash}", "the list belongs to another rule")
    must(lines[1].startswith("frozen "), "the list does not say when it was frozen")
    must(lines[2] == f"count {len(lines) - 3}", "the list has another number of lines")
    found: dict[int, str] = {}
    last = 0
    for line in lines[3:]:
        columns = line.split("\t")
        must(len(columns) == 3, f"a line is misshapen: {line}")
        must(re.fullmatch("[1-9][0-9]*", columns[0]) is not None, f"no receipt number: {line}")
        number = int(columns[0])
        must(number > last, f"receipt {number} is out of order, or there twice")
        found[number], last = columns[1], number
    return found, datetime.fromisoformat(lines[1].removeprefix("frozen "))


def times(rule: Mapping[str, Any], frozen: datetime, drawn: datetime) -> None:
    """Check what came before what."""
    at = datetime.fromisoformat
    if rule["round"] == 1:
        must(
            at(rule["fixed_at"]) < at(rule["opens_at"]),
            "the rule was fixed after applications opened",
        )
    must(at(rule["closes_at"]) <= frozen, "the list was frozen while applications came in")
    if rule["order"] == "lottery":
        must(at(rule["fixed_at"]) <= frozen, "the secret was fixed after the list")
        must(
            frozen < at(rule["public_at"]), "the public number was known before the list was frozen"
        )
        must(at(rule["public_at"]) <= drawn, "the draw was made before the public number was known")
    must(frozen < drawn, "the draw was made before the list was frozen")


def seed(rule: Mapping[str, Any], draw: Mapping[str, Any]) -> bytes:
    """Check the secret, the public number and the seed; return the seed."""
    secret, number = draw["secret"], draw["public_number"]
    must(re.fullmatch("[0-9a-f]{64}", secret) is not None, "the secret is misshapen")
    must(sha256(secret) == rule["commitment"], "the secret is not the one whose hash was published")
    must(re.fullmatch(PUBLIC, number) is not None, "the public number is misshapen")
    must(
        sha256(secret + number) == draw["seed"],
        "the seed is not made of secret and public number",
    )
    return bytes.fromhex(draw["seed"])


def order(
    tier_of: Mapping[int, str], rule: Mapping[str, Any], key: bytes | None
) -> list[tuple[int, str]]:
    """Return the receipt numbers in their order, each with the tier in which it was drawn."""

    def by(number: int) -> Any:
        return hmac.digest(key, b"%d" % number, "sha256") if key is not None else number

    codes = [tier["code"] for tier in rule["tiers"]]
    must(set(tier_of.values()) <= set(codes), "the list has a tier that the rule does not know")
    of: dict[str, list[int]] = {code: [] for code in codes}
    for number, code in tier_of.items():
        of[code].append(number)
    found: list[tuple[int, str]] = []
    left: list[int] = []
    for tier in rule["tiers"]:
        here, quota = sorted(left + of[tier["code"]], key=by), tier.get("quota")
        left = [] if quota is None else here[quota:]
        found += [(n, tier["code"]) for n in (here if quota is None else here[:quota])]
    must(not left, "the last tier does not take everybody")
    return found


def verify(bundle: Any, noted: Mapping[str, str] | None = None) -> list[tuple[int, str]]:
    """Return the receipt numbers in their order, each with its tier; raise `Wrong`."""
    try:
        must(bundle["format"] == FORMAT, "the file has an unknown format")
        rule, draw = bundle["rule"], bundle["draw"]
        hashes(bundle, noted or {})
        tier_of, frozen = read_list(bundle["list"], bundle["hashes"]["rule"])
        must(draw["list_hash"] == bundle["hashes"]["list"], "the draw is of another list")
        times(rule, frozen, datetime.fromisoformat(draw["drawn_at"]))
        must(rule["order"] in ("lottery", "queue"), "the rule has an unknown order")
        found = order(tier_of, rule, seed(rule, draw) if rule["order"] == "lottery" else None)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Wrong(f"something is missing or misshapen: {error!r}") from None
    must([number for number, _ in found] == draw["ranks"], "the ranks are not those of the seed")
    return found


def told(bundle: Mapping[str, Any], found: Sequence[tuple[int, str]], mine: int) -> str:
    """Return what became of one receipt number."""
    rank = next((rank for rank, (number, _) in enumerate(found, 1) if number == mine), 0)
    if not rank:
        return f"receipt {mine} is not on the list\n"
    tier = found[rank - 1][1]
    ahead = sum(1 for _, code in found[: rank - 1] if code == tier)
    said = f"receipt {mine} has rank {rank} of {len(found)}: tier {tier}, {ahead} before it in it\n"
    if bundle["rule"]["order"] == "lottery":
        key = bytes.fromhex(bundle["draw"]["seed"])
        said += f"its value is {hmac.digest(key, str(mine).encode(), 'sha256').hex()}\n"
    return said


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify_draw.py", description=__doc__.split("\n")[0])
    parser.add_argument("bundle", help="file of the draw")
    parser.add_argument("--mine", type=int, default=0, help="your receipt number")
    for part in ("rule", "list", "draw"):
        parser.add_argument(f"--{part}", default="", metavar="HASH", help=f"noted of the {part}")
    given = parser.parse_args(arguments)
    try:
        with open(given.bundle, encoding="utf-8") as stream:
            bundle = json.load(stream)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot read {given.bundle}: {error}\n")
        return 2
    try:
        found = verify(bundle, {part: getattr(given, part) for part in ("rule", "list", "draw")})
    except Wrong as wrong:
        sys.stdout.write(f"WRONG: {wrong}\n")
        return 1
    rule = bundle["rule"]
    sys.stdout.write(f"all of it holds: {len(found)} lines of “{rule['title']}”\n")
    if rule["order"] == "lottery":
        drawn = bundle["draw"]["public_number"]
        sys.stdout.write(f"look up that this number is {drawn}: {rule['source']}\n")
    if given.mine:
        sys.stdout.write(told(bundle, found, given.mine))
    return 0


if __name__ == "__main__":
    sys.exit(main())
