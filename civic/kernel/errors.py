"""Refusals: what a rule says when it does not allow an act."""

from dataclasses import dataclass, field
from http import HTTPStatus

from flask_babel.speaklater import LazyString


@dataclass(eq=False)
class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Say why an act is refused: a stable code, and a sentence that tells what to do.

    :ivar code: stable identifier of the rule, for tests, logs and support.
    :ivar message: translated sentence for the person.
    :ivar status: HTTP status of a page that shows it.
    :ivar values: named values to put into the message.
    """

    code: str
    message: LazyString | str
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in the current language."""
        text = str(self.message)
        return text % self.values if self.values else text


class Misconfigured(Exception):  # noqa: N818 - shown to whoever starts the server, as one sentence
    """Say in one sentence why the server does not start, and what to do."""
