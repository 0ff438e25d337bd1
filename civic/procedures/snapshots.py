"""A procedure as a case keeps it: JSON that stays as it was, and its fingerprint (pure)."""

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from civic.procedures.reading import read
from civic.procedures.schema import Procedure
from civic.procedures.strict import Fault, Table, Wrong

#: Of the form below; another number stands for another form.
FORM = 1
KEYS = frozenset(
    {"form", "id", "number", "source", "adopted_by", "data", "fingerprint", "binding", "confirmed"}
)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Be the version of a procedure that a case has copied.

    :ivar number: of the version in the running site.
    :ivar binding: what a result is, as it stood when the copy was made.
    :ivar confirmed: whether the legal officer had confirmed it by then.
    :ivar fingerprint: SHA-256 of the canonical JSON of its data.
    """

    procedure: Procedure
    number: int
    binding: str
    confirmed: bool
    fingerprint: str


def canonical(data: object) -> str:
    """Write JSON in the one way that is hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(data: object) -> str:
    """Return the SHA-256 of the canonical JSON of data."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


class _Anything(Container[str]):
    """Hold every standing: the plugin that knew one may be gone since."""

    def __contains__(self, item: object) -> bool:
        """Say yes."""
        return True


#: For data that were checked when they came.
ANYTHING = _Anything()


def load_snapshot(kept: Mapping[str, Any]) -> Snapshot:
    """Read what a case has kept.

    :raises Wrong: when it was changed, or is none.
    """
    if set(kept) != KEYS or kept["form"] != FORM:
        raise Wrong([Fault((), "this is no copy of a procedure that can be read here")])
    if fingerprint(kept["data"]) != kept["fingerprint"]:
        raise Wrong([Fault(("fingerprint",), "the data were changed after they were copied")])
    faults: list[Fault] = []
    procedure = read(kept["data"], ANYTHING)
    if procedure.id != kept["id"]:
        Table(kept, (), faults).wrong("the id is not that of the data", "id")
        raise Wrong(faults)
    return Snapshot(
        procedure=procedure,
        number=kept["number"],
        binding=kept["binding"],
        confirmed=kept["confirmed"] is not None,
        fingerprint=kept["fingerprint"],
    )
