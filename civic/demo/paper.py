"""The paper with the passwords and codes of a demonstration, kept beside its database."""

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

NAME = "demo-passwords.txt"
#: Without characters that look alike; ten of them are 49 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 10
HEAD = (
    "# 演示用的密码和邀请码，只在这台电脑上有效。\n"
    "# Passwords and codes of this demonstration; they are of no use elsewhere.\n"
)


@dataclass(frozen=True)
class Paper:
    """Hold passwords by role and unused codes in the order of the script."""

    passwords: dict[str, str]
    codes: list[str]


def password() -> str:
    """Return a random password that is easily typed on a telephone."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:5]}-{drawn[5:]}"


def load(folder: Path) -> Paper | None:
    """Return the paper of a folder, or None where it is missing or cannot be read."""
    try:
        found = tomllib.loads((folder / NAME).read_text("utf-8"))
        return Paper(dict(found["passwords"]), list(found["codes"]))
    except (OSError, ValueError, KeyError):
        return None


def save(folder: Path, paper: Paper) -> None:
    """Write the paper, all of it or nothing, for its owner's eyes only."""
    lines = [HEAD, "[passwords]\n"]
    lines += [f'{role} = "{word}"\n' for role, word in paper.passwords.items()]
    codes = ", ".join(f'"{code}"' for code in paper.codes)
    lines.insert(1, f"codes = [{codes}]\n\n")
    draft = folder / f".{NAME}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)  # a draft left over may have been opened wider
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / NAME)
