"""Compare telephone numbers and addresses as people write them (pure)."""

import unicodedata

#: What is written before a number of this country.
COUNTRY = ("0086", "86")
#: Digits of a mobile number of this country.
MOBILE = 11


def phone(text: str) -> str:
    """Return the digits of a number, without those of the country; empty for no number."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", text) if c in "0123456789")
    for head in COUNTRY:
        if digits.startswith(head) and len(digits) - len(head) == MOBILE:
            return digits.removeprefix(head)
    return digits


def address(text: str) -> str:
    """Return the letters and figures of an address, in one way of writing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
