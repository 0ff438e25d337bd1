"""Codes that let people join an organisation."""

import secrets

#: Letters that nobody takes for another, to be read out on the telephone.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 8


def new_code() -> str:
    """Return a code that nobody guesses."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
