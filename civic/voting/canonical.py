"""One way to write a value, and the hashes over it: chain, root of choices, fingerprints (pure).

Everything that is hashed is written in canonical JSON: keys sorted, no spaces, letters as they are.
`civic/data/verify.py` computes the same without any of this code.
"""

import hashlib
import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

#: Leaves are folded in blocks of so many powers of two.
_BLOCK = 12


def text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a JSON value in the one canonical way."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the SHA-256 of a JSON value, in hexadecimal digits."""
    return hashlib.sha256(text(value).encode()).hexdigest()


def link(previous: str, entry: str) -> str:
    """Return the hash of one entry of a chain, which holds all before it."""
    return hashlib.sha256(f"{previous}{entry}".encode()).hexdigest()


def receipt(number: int, code: str, act: str, strikes: int | None, channel: str) -> str:
    """Write a receipt as it goes into the chain."""
    return f"|{number}|{code}|{act}|{strikes or ''}|{channel}"


def leaves(papers: Iterable[tuple[str, str, int, int | None]]) -> list[bytes]:
    """Return the hashes of choices as leaves of the tree (RFC 9162).

    :param papers: key, choice, heads and area of each.
    """
    sha256 = hashlib.sha256
    return [
        sha256(f"\0{key}|{choice}|{heads}|{'' if area is None else area}".encode()).digest()
        for key, choice, heads, area in papers
    ]


def root(leaves: Iterable[bytes]) -> str:
    """Return the Merkle root over leaves (RFC 9162), holding only some of them at a time."""
    peaks: list[tuple[int, bytes]] = []
    following = iter(leaves)
    while block := list(islice(following, 2**_BLOCK)):
        if len(block) == 2**_BLOCK:
            _push(peaks, _BLOCK, _folded(block))
        else:
            for one in block:
                _push(peaks, 0, one)
    if not peaks:
        return hashlib.sha256(b"").hexdigest()
    hashed = peaks.pop()[1]
    while peaks:
        hashed = hashlib.sha256(b"\1" + peaks.pop()[1] + hashed).digest()
    return hashed.hex()


def _folded(level: list[bytes]) -> bytes:
    sha256 = hashlib.sha256
    while len(level) > 1:
        following = iter(level)
        pairs = zip(following, following, strict=True)
        level = [sha256(b"\1" + one + two).digest() for one, two in pairs]
    return level[0]


def _push(peaks: list[tuple[int, bytes]], height: int, hashed: bytes) -> None:
    while peaks and peaks[-1][0] == height:
        hashed = hashlib.sha256(b"\1" + peaks.pop()[1] + hashed).digest()
        height += 1
    peaks.append((height, hashed))
