"""Tables kept between looking at them and importing them: under a random name, for one person."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from civic.kernel import clock

#: Seconds for which a table is kept that nobody imports.
KEPT = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 80


def keep(folder: Path, person_id: int, what: str, name: str, data: bytes) -> str:
    """Keep a table, throw old ones away, and return the token by which it is found again.

    :param name: what the person's file is called.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(folder)
    token = secrets.token_hex(16)
    draft = folder / f".{token}"
    head = f"{person_id}\n{what}\n{' '.join(name.split())[-_LONGEST_NAME:]}\n"
    draft.write_bytes(head.encode("utf-8", "replace") + data)
    draft.chmod(0o600)
    now = clock.now().timestamp()
    os.utime(draft, (now, now))
    draft.replace(folder / token)
    return token


def load(folder: Path, person_id: int, token: str) -> tuple[str, str, bytes] | None:
    """Return what a person's table is about, its name and content; None where there is none."""
    path = folder / token
    if not _TOKEN.fullmatch(token) or not path.is_file() or _old(path):
        return None
    owner, what, name, data = path.read_bytes().split(b"\n", 3)
    if owner != str(person_id).encode():
        return None
    return what.decode(), name.decode(), data


def drop(folder: Path, token: str) -> None:
    """Throw a table away that was imported."""
    if _TOKEN.fullmatch(token):
        (folder / token).unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    for path in folder.iterdir():
        with suppress(OSError):
            if _old(path):
                path.unlink()


def _old(path: Path) -> bool:
    return clock.now().timestamp() - path.stat().st_mtime > KEPT
