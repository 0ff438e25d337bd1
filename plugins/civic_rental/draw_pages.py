"""What pages of allotments and applications have in common besides `pages`."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from civic.api import Refused, db


def refuse(
    refused: Refused, page: Callable[..., ResponseReturnValue], **values: object
) -> ResponseReturnValue:
    """Undo what was begun, and show the page again with the sentence; what was typed stays."""
    db.session.rollback()
    return page(error=str(refused), status=refused.status, **values)
