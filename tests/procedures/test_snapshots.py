"""What a case copies stays as it was, and says when it was changed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel.db import db
from civic.procedures import loading, services
from civic.procedures.snapshots import canonical, fingerprint, load_snapshot
from civic.procedures.strict import Wrong


@pytest.fixture
def kept(app) -> dict:
    loading.sync()
    found = services.snapshot(services.one_in_force("owner_special"))
    db.session.rollback()
    return json.loads(json.dumps(found))


def test_a_copy_survives_json_and_reads_as_the_procedure_it_was(kept) -> None:
    found = load_snapshot(kept)
    assert found.procedure.id == "owner_special"
    assert (found.number, found.binding, found.confirmed) == (1, "mirror", False)
    assert found.fingerprint == fingerprint(kept["data"]) == kept["fingerprint"]
    assert kept["data"]["jurisdiction"] == "CN-BJ"
    assert "overlays" not in kept["data"]


def test_a_copy_that_was_changed_is_refused(kept) -> None:
    kept["data"]["pass"]["heads"]["num"] = 1
    with pytest.raises(Wrong, match="changed after"):
        load_snapshot(kept)


@pytest.mark.parametrize("change", [{"form": 2}, {"more": 1}, {"id": "other"}])
def test_what_is_no_copy_is_refused(kept, change) -> None:
    with pytest.raises(Wrong):
        load_snapshot(kept | change)


def test_standings_of_a_plugin_that_is_gone_do_not_matter(kept) -> None:
    kept["data"]["electorate"]["standings"] = ["hello.friend"]
    kept["fingerprint"] = fingerprint(kept["data"])
    assert load_snapshot(kept).procedure.electorate.standings == ("hello.friend",)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(VALUES)
def test_the_fingerprint_does_not_depend_on_the_order_of_keys(data) -> None:
    assert json.loads(canonical(data)) == data

    def turned(value):
        if isinstance(value, dict):
            return {name: turned(value[name]) for name in reversed(value)}
        return [turned(each) for each in value] if isinstance(value, list) else value

    assert fingerprint(turned(data)) == fingerprint(data)
