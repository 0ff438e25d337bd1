"""Acts of weight: they ask for the password again where it was not given lately.

The page that asks holds the fields of the form that was sent, so that nothing typed is lost and the
act is done by the same request as the password. Two things are never put into a page: files, which
a form cannot hold, and fields for passwords, which shall stand in no page's source. Whoever sent
such a form gives the password first and then sends it again.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from civic.identities import login, passwords, sessions
from civic.identities.models import Person
from civic.identities.throttled import minutes, throttle
from civic.kernel import clock
from civic.kernel.db import SAFE, db
from civic.kernel.htmx import own
from civic.kernel.throttle import Wait

P = ParamSpec("P")
PASSWORD = "confirm_password"  # noqa: S105 - a field's name
#: Fields that no page repeats: our own, and whatever is typed unseen.
OURS = frozenset({PASSWORD, "csrf_token"})
UNSEEN = "password"
ONCE_MORE = "again"


def of_weight(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Guard a view that takes an act of weight, so that an open screen is not enough for it."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        asked = None if request.method in SAFE else _ask()
        return view(*args, **kwargs) if asked is None else asked

    guarded.of_weight = True  # type: ignore[attr-defined]
    return guarded


def lately() -> bool:
    """Tell whether the password was given lately in this session."""
    minutes_: int = current_app.config["SETTINGS"].confirm_minutes
    return bool(g.sign_in.confirmed_at + timedelta(minutes=minutes_) > clock.now())


def _ask() -> Response | None:
    """Return the page that asks for the password, or None where the act may be taken."""
    person_id = login.me()
    if lately():
        return None
    typed = request.form.get(PASSWORD)
    if not typed:
        return _page(empty=typed is not None)
    found = check(person_id, typed)
    if isinstance(found, Wait):
        return _page(wait=found)
    return None if found else _page(wrong=True)


def check(person_id: int, typed: str) -> Wait | bool:
    """Look at the password of whoever is signed in, slower after many failures; note when right.

    :returns: whether it is right, or how long to wait.
    """
    admitted = throttle().admit(f"confirm:{person_id}", request.remote_addr or "")
    if isinstance(admitted, Wait):
        return admitted
    known = db.session.scalar(select(Person.password_hash).filter_by(id=person_id))
    # A password takes a tenth of a second, during which nobody shall wait for this request's lock.
    db.session.commit()
    with admitted:
        if not passwords.fits(typed, known):
            return False
        admitted.succeeded()
    sessions.confirm(g.sign_in.id)
    db.session.commit()
    login.renew()
    return True


def _page(*, empty: bool = False, wrong: bool = False, wait: Wait | None = None) -> Response:
    fields = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in OURS and not _unseen(name)
    ]
    sealed = any(file.filename for file in request.files.values()) or any(
        map(_unseen, request.form)
    )
    here = request.full_path.rstrip("?")
    page = render_template(
        "identities/confirm.html",
        fields=[("next", _back())] if sealed else fields,
        action=url_for("identities.confirm") if sealed else here,
        sealed=sealed,
        back=_back(),
        empty=empty,
        wrong=wrong,
        wait_minutes=minutes(wait) if wait else None,
    )
    headers = {"Retry-After": str(wait.seconds)} if wait else {}
    # htmx would put the page where the answer of the act belongs: it takes the place of the whole
    # page instead, as a form without script.
    headers |= {"HX-Retarget": "body", "HX-Reswap": "innerHTML", "Cache-Control": "no-store"}
    return Response(page, 422, headers)


def _unseen(name: str) -> bool:
    return name != PASSWORD and (UNSEEN in name or name == ONCE_MORE)


def _back() -> str:
    """Return the page on which the form stood, as far as the browser says."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return own(parts.path + (f"?{parts.query}" if parts.query else "")) or "/"
