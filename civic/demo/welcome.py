"""What is printed when the demonstration is served: where, and how to sign in."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from civic.demo import paper
from civic.demo.script import read


@dataclass(frozen=True)
class SignIn:
    """Hold how one may sign in to the demonstration.

    :ivar role: stable name of what this person is, as `resident`.
    """

    role: str
    title_zh: str
    title_en: str
    name: str
    identifier: str
    password: str


def greeting(url: str, sign_ins: list[SignIn], folder: Path) -> str:
    """Return what is printed when the demonstration is served."""
    rows = [("角色 / role", "姓名 / name", "账号 / sign in with", "密码 / password")]
    rows += [
        (f"{who.title_zh} / {who.title_en}", who.name, who.identifier, who.password)
        for who in sign_ins
    ]
    known = paper.load(folder)
    invited = [
        (code, f"{row['zh']} / {row['en']}")
        for code, row in zip(known.codes if known else (), read("street")["code"], strict=False)
    ]
    return "\n".join(
        [
            "",
            f"演示已就绪 / The demonstration is ready:  {url}/",
            "",
            f"登录 / sign in:  {url}/sign-in",
            *_table(rows),
            "",
            f"用邀请码加入 / join with an invitation code:  {url}/join",
            *_table(invited),
            "",
            "演示中岗位权限不要求动态口令，凭密码即可。 / Here posts need no second factor.",
            f"密码存于 / the passwords are kept in  {folder / paper.NAME}",
            "按 Ctrl+C 结束，数据会保留。 / Ctrl+C ends it; the data stay.",
            "",
        ]
    )


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        padded = [
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        lines.append(f"  {'  '.join(padded)}".rstrip())
    return lines


def _width(text: str) -> int:
    """Return how many columns a text takes in a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
