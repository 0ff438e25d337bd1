"""What a plugin is told before a case moves on, and what it may say against it."""

import re
from dataclasses import dataclass

_CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class StageMove:
    """Be a move of a case that somebody is about to make; it says nothing of who.

    :ivar case_id: its number, as in `StageEntered`.
    :ivar process: code of the way it goes, as `five_people`.
    :ivar origin: code of the stage at which it stands, and `to` of the one it would come to.
    :ivar kind: kind of that stage, the same in all processes: `voting`, `executing`, `archived`.
    :ivar act: code of the act, as `open_vote`.
    """

    case_id: int
    title: str
    process: str
    origin: str
    to: str
    kind: str
    act: str


@dataclass(frozen=True)
class Objection:
    """Be what a plugin has against a move.

    :ivar code: what is missing, in small letters; the refusal is called `PLUGIN.CODE`.
    :ivar sentence: what is missing and what to do, for staff, in the language of the page.
    """

    code: str
    sentence: str

    def __post_init__(self) -> None:
        """Refuse what nobody could read.

        :raises ValueError: for a code of other characters, and for a sentence that is empty.
        """
        if not _CODE.fullmatch(self.code) or not str(self.sentence).strip():
            message = "an objection has a code of small letters, and a sentence"
            raise ValueError(message)
