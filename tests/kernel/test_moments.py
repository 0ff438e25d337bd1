"""Days and times of day that people type: those that nobody can mean are refused, never a fault."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DateTimeField, DateTimeLocalField, Form, TimeField

from civic.kernel import clock, moments

#: Forms whose services say that such an end has passed, or that such a day is still to come.
BOUNDS = {"meant", "near"}
THEMSELVES = {"ConfirmForm", "PublishForm", "UntilForm", "PlanForm", "WallForm"}


class Asked(Form):
    at = DateTimeLocalField(validators=[moments.meant], format=moments.MINUTE)
    on = DateField(validators=[moments.meant])


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
def test_years_that_nobody_means_are_refused(app: Flask, year: str) -> None:
    with app.test_request_context("/"):
        form = Asked(MultiDict({"at": f"{year}-12-31T23:59", "on": f"{year}-01-01"}))
        assert not form.validate()
        assert set(form.errors) == {"at", "on"}
    assert clock.typed(form.at.data) is None
    assert clock.end_of(form.on.data) is None


def test_others_are_read_as_the_time_of_day_here(app: Flask) -> None:
    with app.test_request_context("/"):
        form = Asked(MultiDict({"at": "2026-03-02T08:00", "on": "2199-12-31"}))
        assert form.validate()
        assert Asked(MultiDict({"at": "nonsense"})).at.data is None
    assert moments.of(form.at) == datetime(2026, 3, 2, tzinfo=UTC)
    assert clock.end_of(date(2026, 3, 1)) == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert clock.end_of(form.on.data) == datetime(2199, 12, 31, 16, tzinfo=UTC)
    assert clock.typed(None) is clock.end_of(None) is None


def _forms(kind: type = FlaskForm) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _forms(one)


def _import_plugins() -> None:
    """Import the modules of bundled plugins in which days are asked for."""
    for folder in (Path(__file__).parents[2] / "plugins").glob("civic_*"):
        for module in folder.glob("*.py"):
            if "DateField" in (text := module.read_text("utf-8")) or "DateTimeLocal" in text:
                import_module(f"{folder.name}.{module.stem}")


def test_every_form_refuses_them(app: Flask) -> None:
    _import_plugins()
    found = 0
    for form in set(_forms()):
        if not form.__module__.startswith("civic"):
            continue
        for name in dir(form):
            field = getattr(form, name)
            kind = getattr(field, "field_class", None)
            if kind is None or not issubclass(kind, DateField | DateTimeField):
                continue
            if issubclass(kind, TimeField):  # hours of any day have no year
                continue
            found += 1
            asked = [*field.args[1:2], field.kwargs.get("validators", ())]
            known = {one for some in asked for one in some}
            bounded = {one.__name__ for one in known if hasattr(one, "__name__")} & BOUNDS
            assert bounded or form.__name__ in THEMSELVES, (form, name)
    assert found > 30
