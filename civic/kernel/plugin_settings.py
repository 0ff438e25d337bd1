"""Settings of plugins: values by the names of a form's fields, kept as JSON for each community."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from wtforms import (
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    Form,
    SubmitField,
    TimeField,
)

from civic.kernel import activations

if TYPE_CHECKING:
    from civic.communities.models import Community
    from civic.kernel.plugin import Plugin

#: How what JSON has no kind for is read again; the first that fits.
READ: tuple[tuple[type[Field], Callable[[str], object]], ...] = (
    (DateField, date.fromisoformat),
    (TimeField, time.fromisoformat),
    (DateTimeField, datetime.fromisoformat),
    (DecimalField, Decimal),
)


def fields(form: Form) -> dict[str, Field]:
    """Return the fields of a form that hold settings; a button and the token do not."""
    return {
        field.name: field
        for field in form
        if not isinstance(field, SubmitField) and field.name != "csrf_token"
    }


def values(plugin: "Plugin", community: "Community") -> dict[str, Any]:
    """Return all settings of a plugin in a community; what was not saved is the form's default."""
    if plugin.settings is None:
        return {}
    return read(plugin.settings, activations.settings(community).get(plugin.name, {}))


def read(kind: type[Form], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form that are kept as JSON; what is missing is its default.

    What the form does not know any more, after an upgrade of its plugin, is left alone.
    """
    found = {}
    for name, field in fields(kind()).items():
        value = stored.get(name, field.data) if name in stored else field.data
        if isinstance(value, str):
            reads = next((read for kind, read in READ if isinstance(field, kind)), None)
            value = reads(value) if reads and value else value
        found[name] = value
    return found


def written(kind: type[Form], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON.

    :raises KeyError: for a name that the form does not have.
    """
    known = fields(kind())
    for name in given:
        known[name]
    return {name: _plain(value) for name, value in given.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - of whatever the field holds
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
