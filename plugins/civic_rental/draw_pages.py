"""What pages of allotments and applications have in common besides `pages`."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g
from flask.typing import ResponseReturnValue

from civic.api import Refused, check, db, public
from civic_rental import applying

P = ParamSpec("P")
R = TypeVar("R")
WHO = "whoever belongs to the street may apply; that is asked for in the view"


def applicants(view: Callable[P, R]) -> Callable[P, R]:
    """Guard a view with the permission to apply, held in the community or in a neighbouring one.

    Homes are for people of the whole street: who works in an office tower has no standing in the
    community in which the homes are.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        check(g.actor, "rental.apply", applying.around(g.community))
        return view(*args, **kwargs)

    return public(WHO)(guarded)


def applies() -> bool:
    """Tell whether whoever looks may apply for homes here."""
    return applying.belongs(g.actor, g.community)


def refuse(
    refused: Refused, page: Callable[..., ResponseReturnValue], **values: object
) -> ResponseReturnValue:
    """Undo what was begun, and show the page again with the sentence; what was typed stays."""
    db.session.rollback()
    return page(error=str(refused), status=refused.status, **values)
