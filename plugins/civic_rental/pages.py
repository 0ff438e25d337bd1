"""What the pages of the plugin have in common."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from civic.api import Refused, allowed, clock, db, money, see_other, square
from civic_rental.findings import area
from civic_rental.words import titles

Page = Callable[..., ResponseReturnValue]
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


def may(code: str) -> bool:
    """Tell whether whoever looks has a permission of this plugin here."""
    return allowed(g.actor, f"rental.{code}", g.community.path)


def office() -> bool:
    """Tell whether whoever looks reads conversions: staff, and who speaks for an office."""
    return may("keep") or may("review")


def show(template: str, status: int = HTTPStatus.OK, **values: object) -> ResponseReturnValue:
    """Return a page of the plugin."""
    page = render_template(
        f"rental/{template}.html",
        money=money.shown,
        area=area,
        names=titles,
        today=clock.local(clock.now()).date(),
        **values,
    )
    return page, status


def sheet(template: str, address: str, **values: object) -> ResponseReturnValue:
    """Return a page that is printed, with its public address as a square."""
    return show(
        template, HTTPStatus.OK, address=address, square=square(address), at=clock.now(), **values
    )


def done(message: str) -> None:
    """Keep what was done, and say so on the next page."""
    db.session.commit()
    flash(message)


def act(
    form: FlaskForm, page: Page, doing: Callable[[], object], said: str, then: Callable[[], str]
) -> ResponseReturnValue:
    """Do what a form asks for; where it is wrong or refused, the page says why and keeps it.

    :param page: shows the page again; takes `form`, `error` and `status`.
    :param then: returns the address that is shown next.
    """
    if not form.validate_on_submit():
        return page(form=form, status=WRONG)
    try:
        doing()
    except Refused as refused:
        db.session.rollback()
        return page(form=form, error=str(refused), status=refused.status)
    done(said)
    return see_other(then())
