"""Show what a correction changed: Chinese by the character, other words whole (pure)."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_TOKENS = re.compile(r"[A-Za-z0-9_.:%+-]+|\s+|.", re.DOTALL)
SAME, ADDED, REMOVED = "same", "added", "removed"


class Piece(NamedTuple):
    """Be a stretch of text that stayed (`same`), came (`added`) or went (`removed`)."""

    kind: str
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """Return the pieces that make up both texts.

    Those that stayed and went are the old text, those that stayed and came the new one. Lines are
    compared first and then what is within changed ones, which keeps long texts quick.
    """
    pieces: list[Piece] = []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "equal":
            pieces.append(Piece(SAME, gone))
        else:
            pieces += _within(gone, come)
    return _joined(pieces)


def _within(old: str, new: str) -> list[Piece]:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    pieces = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if kind == "equal":
            pieces.append(Piece(SAME, gone))
        else:
            pieces += [Piece(REMOVED, gone), Piece(ADDED, come)]
    return pieces


def _joined(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
