"""Amounts: yuan as people write them, fen as whole numbers everywhere else (pure)."""

import re

FEN = 100
#: More than any call of a street; keeps sums within what every database holds.
MOST_FEN = 10**10
_YUAN = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?")
_CLEAN = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def read(text: str) -> int | None:
    """Return an amount in fen, or nothing for what is none: `1,200.5` is 120050."""
    cleaned = text.translate(_CLEAN).replace(",", "").replace(" ", "").strip()
    found = _YUAN.fullmatch(cleaned.removeprefix("¥").removesuffix("元"))
    if found is None:
        return None
    fen = int(found[1]) * FEN + int((found[2] or "0").ljust(2, "0"))
    return fen if fen <= MOST_FEN else None


def shown(fen: int) -> str:
    """Return an amount in yuan as pages show it: `1,200.50`, or `1,200` for whole yuan."""
    yuan, rest = divmod(fen, FEN)
    return f"{yuan:,}.{rest:02}" if rest else f"{yuan:,}"


def plain(fen: int) -> str:
    """Return an amount in yuan as a field takes it."""
    yuan, rest = divmod(fen, FEN)
    return f"{yuan}.{rest:02}" if rest else str(yuan)


def parts(fen: int, percents: list[int]) -> list[int]:
    """Divide an amount by percents that make 100; what does not divide goes to the last part.

    :raises ValueError: where the percents do not make 100.
    """
    if sum(percents) != 100 or min(percents) <= 0:  # noqa: PLR2004 - percent
        message = f"{percents} do not make 100"
        raise ValueError(message)
    found = [fen * percent // 100 for percent in percents[:-1]]
    return [*found, fen - sum(found)]
