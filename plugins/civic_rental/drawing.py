"""Draw an order that anybody can recompute (pure; neither Flask nor database).

Three texts are fixed one after the other, and the hash of each is published before the next:

1. the rule of a round, with the hash of its secret and the name of a public number of a later day;
2. the list: who takes part, each by the number of their receipt, and in which tier;
3. the draw: the secret, the public number, and the rank of each line.

The seed is SHA-256 of the secret followed by the public number. Inside a tier the order is that of
HMAC-SHA256(seed, receipt number). Whoever knows the secret cannot know the order before the public
number is there, and by then nobody can change the list, nor choose a number on it.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FORMAT = "civic-rental-draw-1"
LIST_FORMAT = "civic-rental-list-1"
LOTTERY, QUEUE = "lottery", "queue"
ORDERS = (LOTTERY, QUEUE)
#: Of a fixed length, so that a secret followed by a number can be read in one way only.
SECRET = re.compile(r"[0-9a-f]{64}")
#: What may stand in a public number: no blanks and nothing that looks like something else.
LONGEST_PUBLIC = 64
PUBLIC = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:+/-]{0,63}")


@dataclass(frozen=True)
class Tier:
    """Be a group that comes before all groups after it.

    :ivar quota: how many of it at most come first; the others of it are drawn with the next tier.
        None for all.
    """

    code: str
    quota: int | None = None


@dataclass(frozen=True)
class Entry:
    """Be a line of the list.

    :ivar number: of the receipt, in order of arrival from 1 on; nobody chooses it.
    :ivar tier: code of the tier.
    :ivar name: masked, without anything that separates lines or columns.
    """

    number: int
    tier: str
    name: str


@dataclass(frozen=True)
class Placed:
    """Be a line with its rank.

    :ivar tier: of the list.
    :ivar placed_in: the tier with which it was drawn; a later one where a quota was full.
    """

    number: int
    rank: int
    tier: str
    placed_in: str


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a JSON value in the one way in which it is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_secret() -> str:
    """Return a secret that nobody guesses: 32 random bytes, in hexadecimal."""
    return secrets.token_hex(32)


def commitment(secret: str) -> str:
    """Return the hash that is published of a secret.

    :raises ValueError: for anything that is no secret.
    """
    if not SECRET.fullmatch(secret):
        message = "a secret has 64 hexadecimal digits"
        raise ValueError(message)
    return digest(secret)


def read_public(text: str) -> str | None:
    """Return a public number as it is hashed, or None for what is none."""
    folded = "".join(text.split()).translate(_WIDE)
    return folded if PUBLIC.fullmatch(folded) else None


#: Full-width figures and signs, as Chinese keyboards write them.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("，"): ord(",")}


def seed(secret: str, public: str) -> str:
    """Return the seed, in hexadecimal: SHA-256 of the secret followed by the public number.

    :raises ValueError: for a secret or a number that is none.
    """
    if not (SECRET.fullmatch(secret) and PUBLIC.fullmatch(public)):
        message = "no secret, or no public number"
        raise ValueError(message)
    return digest(secret + public)


def value(seed_hex: str, number: int) -> str:
    """Return by what a line is put in order: HMAC-SHA256 of its number, with the seed as key."""
    return hmac.digest(bytes.fromhex(seed_hex), str(number).encode(), "sha256").hex()


def list_text(rule_hash: str, frozen_at: str, entries: Iterable[Entry]) -> str:
    """Return the list as it is hashed: a head, then one line for each receipt, by number.

    :param rule_hash: hash of the rule of its round.
    :raises ValueError: where a number is there twice, or a name would break its line.
    """
    rows = sorted(entries, key=lambda entry: entry.number)
    numbers = [row.number for row in rows]
    if len(set(numbers)) != len(numbers) or (numbers and numbers[0] < 1):
        message = "each receipt stands on a list once"
        raise ValueError(message)
    if any(set(row.name + row.tier) & set("\t\n\r") for row in rows):
        message = "a line has three columns"
        raise ValueError(message)
    head = f"{LIST_FORMAT}\nrule {rule_hash}\nfrozen {frozen_at}\ncount {len(rows)}\n"
    return head + "".join(f"{row.number}\t{row.tier}\t{row.name}\n" for row in rows)


def ranked(
    entries: Sequence[Entry], tiers: Sequence[Tier], order: str, seed_hex: str = ""
) -> list[Placed]:
    """Return all lines in their order: tier by tier, inside a tier by draw or by arrival.

    :param seed_hex: of a lottery; a queue needs none.
    :raises ValueError: for an order or a tier that the rule does not know.
    """
    known = [tier.code for tier in tiers]
    if order not in ORDERS or not {entry.tier for entry in entries} <= set(known):
        message = "the rule knows this order or tier not"
        raise ValueError(message)
    if order == QUEUE:
        keys: dict[int, Any] = {entry.number: entry.number for entry in entries}
    else:
        key, fresh = bytes.fromhex(seed_hex), hmac.digest
        keys = {entry.number: fresh(key, b"%d" % entry.number, "sha256") for entry in entries}
    of: dict[str, list[Entry]] = {code: [] for code in known}
    for entry in entries:
        of[entry.tier].append(entry)
    found: list[Placed] = []
    left: list[Entry] = []
    for tier in tiers:
        here = sorted(left + of[tier.code], key=lambda entry: keys[entry.number])
        left = [] if tier.quota is None else here[tier.quota :]
        for entry in here if tier.quota is None else here[: tier.quota]:
            found.append(Placed(entry.number, len(found) + 1, entry.tier, tier.code))
    if left:
        message = "the last tier takes everybody"
        raise ValueError(message)
    return found


def tiers_of(rule: Mapping[str, Any]) -> list[Tier]:
    """Return the tiers of a rule."""
    return [Tier(row["code"], row.get("quota")) for row in rule["tiers"]]


def record(
    *,
    list_hash: str,
    secret: str,
    public: str,
    seed_hex: str,
    drawn_at: str,
    places: Iterable[Placed],
) -> dict[str, Any]:
    """Return the draw as it is hashed and handed out; `ranks` are receipts from rank 1 on."""
    return {
        "list_hash": list_hash,
        "secret": secret,
        "public_number": public,
        "seed": seed_hex,
        "drawn_at": drawn_at,
        "ranks": [place.number for place in places],
    }


def bundle(rule: Mapping[str, Any], text: str, drawn: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that is needed to recompute a draw, with the three hashes that were published."""
    return {
        "format": FORMAT,
        "rule": dict(rule),
        "list": text,
        "draw": dict(drawn),
        "hashes": {
            "rule": digest(canonical(rule)),
            "list": digest(text),
            "draw": digest(canonical(drawn)),
        },
    }
