"""The server is killed amid voting: a short run of `benchmarks/killing.py`."""

from pathlib import Path

import pytest

from tests.server import own_postgresql, own_sqlite
from tests.voting.killing import kill_amid_voting


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_acknowledged_vote_is_lost(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    own = own_sqlite if kind == "sqlite" else own_postgresql
    with own(request.getfixturevalue(kind), tmp_path / "killed") as app:
        assert kill_amid_voting(app, tmp_path / "killed", 3) > 3
