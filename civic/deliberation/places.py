"""Where a list goes on whose order changes: after a number and the key of a row (pure)."""

from typing import NamedTuple

from civic.kernel.numbers import identifier


class Place(NamedTuple):
    """Be the last row of a page: the number it is ordered by, and its key."""

    number: int
    key: int

    def __str__(self) -> str:
        """Write it as it stands in addresses."""
        return f"{self.number}-{self.key}"

    @classmethod
    def read(cls, words: str) -> "Place | None":
        """Read a place from an address; None where it is none."""
        number, _dash, key = words.partition("-")
        first, second = (0 if number == "0" else identifier(number)), identifier(key)
        return None if first is None or second is None else cls(first, second)
