"""The statements that put a vote into the box, built once.

A right is used by one row whose key makes it unique; a receipt is chained by the statement that
holds the lock of its ballot, so that what it asks (is the box open?) is true when it is written.
Rights come before the ballot in every transaction, so that none waits for another in a circle.
"""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, func, literal, or_, select
from sqlalchemy import cast as cast_as
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.functions import FunctionElement

from civic.voting.box import CAST, Receipt, UsedRight
from civic.voting.models import Ballot

_USED = UsedRight.metadata.tables["used_right"]
_COLUMNS = (
    "ballot_id",
    "key",
    "secrecy",
    "rehearsal",
    "right_id",
    "person_id",
    "channel",
    "choice",
    "code",
    "cast_at",
)


class _Sha256(FunctionElement[str]):
    """Hash a text in the database, in hexadecimal digits."""

    type = String()
    inherit_cache = True


@compiles(_Sha256, "sqlite")
def _on_sqlite(element: _Sha256, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"civic_sha256({compiler.process(element.clauses, **options)})"


@compiles(_Sha256, "postgresql")
def _on_postgresql(element: _Sha256, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    text = compiler.process(element.clauses, **options)
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


@cache
def use(dialect: str, *, changeable: bool) -> ReturningInsert[*tuple[Any, ...]]:
    """Use a right, or replace what was chosen by it; a form sent again changes nothing."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(_USED).values({name: bindparam(name) for name in _COLUMNS})
    keys = ["ballot_id", "key"]
    shown = (_USED.c.code, _USED.c.earlier, _USED.c.cast_at, _USED.c.changed_at)
    if not changeable:
        return statement.on_conflict_do_nothing().returning(*shown)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={
            "choice": new.choice,
            "earlier": _USED.c.code,
            "code": new.code,
            "person_id": new.person_id,
            "changed_at": bindparam("now", type_=_USED.c.changed_at.type),
        },
        where=(_USED.c.channel == new.channel)
        & or_(_USED.c.code != new.code, _USED.c.choice != new.choice),
    ).returning(*shown)


@cache
def receipt(*, open_now: bool) -> ReturningInsert[*tuple[Any, ...]]:
    """Add a receipt to the chain of a ballot that is not sealed.

    :param open_now: whether the box has to be open; on paper, what was handed in before the close
        is entered after it.
    """
    code, act, channel, earlier = (
        bindparam(name, type_=String()) for name in ("code", "act", "channel", "earlier")
    )
    number = Ballot.receipts + 1
    struck = (
        select(Receipt.number)
        .where(Receipt.ballot_id == Ballot.id, Receipt.code == earlier)
        .correlate(Ballot)
        .scalar_subquery()
    )
    entry: ColumnElement[str] = (
        Ballot.head
        + literal("|")
        + cast_as(number, String)
        + literal("|")
        + code
        + literal("|")
        + act
        + literal("|")
        + func.coalesce(cast_as(struck, String), literal(""))
        + literal("|")
        + channel
    )
    source = select(
        Ballot.id,
        number,
        cast_as(code, String),
        cast_as(act, String),
        struck,
        cast_as(channel, String),
        Ballot.rehearsal,
        Ballot.head,
        _Sha256(entry),
    ).where(
        Ballot.id == bindparam("ballot"),
        Ballot.fingerprint.is_not(None),
        Ballot.sealed_at.is_(None),
    )
    if open_now:
        now = bindparam("now", type_=Ballot.opens_at.type)
        source = source.where(Ballot.opens_at <= now, Ballot.closes_at > now)
    names = [
        "ballot_id",
        "number",
        "code",
        "act",
        "strikes",
        "channel",
        "rehearsal",
        "previous",
        "hash",
    ]
    table = Receipt.metadata.tables["receipt"]
    statement = table.insert().from_select(names, source.with_for_update(of=Ballot, key_share=True))
    return statement.returning(table.c.number, table.c.hash)


def values(**given: object) -> dict[str, object]:
    """Return what `receipt` binds, a cast that strikes nothing unless said otherwise."""
    return {"act": CAST, "earlier": ""} | given
