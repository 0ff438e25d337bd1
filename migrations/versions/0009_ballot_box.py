"""Rolls of rights, a box that leads to nobody, receipts in a chain, and rules that stay fixed.

Votes that were cast before are carried over: their rights stay used, their choices stay theirs until
the close, and each gets a receipt. Nobody holds those receipts; they make the chain whole.

Revision ID: 0009
Revises: 0008
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: What a fingerprint covers.
FIXED = [
    "community_id",
    "question",
    "audience",
    "opens_at",
    "kind",
    "method",
    "seats",
    "limits",
    "secrecy",
    "shows",
    "tie",
    "changeable",
    "formal",
    "rehearsal",
    "roll_id",
    "procedure",
    "rules",
    "fingerprint",
    "fixed_at",
]
SEALED = ["closing", "closing_hash", "sealed_at", "head", "receipts", "turnout"]
JSONS = {"audience", "limits", "procedure", "rules", "closing"}
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def _changed(names: list[str], dialect: str) -> str:
    if dialect == "sqlite":
        return " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in names)
    return " OR ".join(
        f"NEW.{name}::text IS DISTINCT FROM OLD.{name}::text"
        if name in JSONS
        else f"NEW.{name} IS DISTINCT FROM OLD.{name}"
        for name in names
    )


FIXED_NOW = "EXISTS (SELECT 1 FROM ballot WHERE id = {row}.ballot_id AND fingerprint IS NOT NULL)"
SEALED_NOW = "EXISTS (SELECT 1 FROM ballot WHERE id = {row}.ballot_id AND sealed_at IS NOT NULL)"
ANNOUNCED = (
    "EXISTS (SELECT 1 FROM ballot_extension WHERE ballot_id = OLD.id AND was = OLD.closes_at"
    " AND closes_at = NEW.closes_at)"
)


def _guards(dialect: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield name, act, table, condition and words of each guard."""
    yield (
        "ballot_fixed",
        "UPDATE",
        "ballot",
        f"OLD.fingerprint IS NOT NULL AND ({_changed(FIXED, dialect)})",
        "the rules of this ballot are fixed",
    )
    yield (
        "ballot_promise",
        "UPDATE",
        "ballot",
        _changed(["secrecy", "rehearsal"], dialect),
        "secrecy is promised when a ballot is made",
    )
    yield (
        "ballot_close",
        "UPDATE",
        "ballot",
        f"OLD.fingerprint IS NOT NULL AND NEW.closes_at <> OLD.closes_at AND NOT {ANNOUNCED}",
        "a close moves only as announced",
    )
    yield (
        "ballot_sealed",
        "UPDATE",
        "ballot",
        f"OLD.sealed_at IS NOT NULL AND ({_changed(SEALED, dialect)})",
        "this ballot is sealed",
    )
    for act, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        name = act.lower()
        yield (
            f"ballot_option_{name}",
            act,
            "ballot_option",
            FIXED_NOW.format(row=row),
            "the options of this ballot are fixed",
        )
        yield f"paper_{name}", act, "paper", SEALED_NOW.format(row=row), "this ballot is sealed"
    for table in ("receipt", "ballot_extension"):
        for act in ("UPDATE", "DELETE"):
            words = "the board is append-only"
            yield f"{table}_{act.lower()}", act, table, "1 = 1", words


TURNOUT = "CASE WHEN NEW.act = 'withdrawn' THEN -1 WHEN NEW.strikes IS NULL THEN 1 ELSE 0 END"
MOVE = (
    "UPDATE ballot SET head = NEW.hash, receipts = NEW.number, turnout = turnout + "  # noqa: S608 - words of our own
    + TURNOUT
    + " WHERE id = NEW.ballot_id"
)
FITS = (
    "EXISTS (SELECT 1 FROM ballot WHERE id = NEW.ballot_id AND head = NEW.previous"
    " AND receipts + 1 = NEW.number AND rehearsal = NEW.rehearsal AND sealed_at IS NULL)"
)


def _add_triggers(dialect: str) -> None:
    if dialect == "sqlite":
        for name, act, table, condition, words in _guards(dialect):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        op.execute(
            f"CREATE TRIGGER receipt_fits BEFORE INSERT ON receipt WHEN NOT {FITS} "
            "BEGIN SELECT RAISE(ABORT, 'the receipt does not fit the chain'); END"
        )
        op.execute(f"CREATE TRIGGER receipt_moves AFTER INSERT ON receipt BEGIN {MOVE}; END")
        return
    for name, act, table, condition, words in _guards(dialect):
        back = "OLD" if act == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{words}'; END IF; RETURN {back}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    op.execute(
        "CREATE FUNCTION receipt_chain() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT {FITS} THEN RAISE EXCEPTION 'the receipt does not fit the chain'; "
        f"END IF; {MOVE}; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER receipt_chain BEFORE INSERT ON receipt "
        "FOR EACH ROW EXECUTE FUNCTION receipt_chain()"
    )


def _drop_triggers(dialect: str) -> None:
    if dialect == "sqlite":
        for name, *_rest in _guards(dialect):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TRIGGER receipt_fits")
        op.execute("DROP TRIGGER receipt_moves")
        return
    for name, _act, table, *_rest in _guards(dialect):
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}")
    op.execute("DROP TRIGGER receipt_chain ON receipt")
    op.execute("DROP FUNCTION receipt_chain")


def upgrade() -> None:
    """Apply the change."""
    dialect = op.get_bind().dialect.name
    _add_rolls()
    _widen_ballots()
    _add_box()
    _carry_votes_over()
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vote_ballot_id_option_id"))
        batch_op.drop_index(batch_op.f("ix_vote_person_id"))
    op.drop_table("vote")
    for table in ("ballot", "ballot_option"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_unlinked"), type_="check")
            batch_op.drop_column("unlinked")
    _bound_turnout("turnout >= 0 AND turnout <= receipts")
    _add_triggers(dialect)


def _bound_turnout(condition: str) -> None:
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ballot_turnout"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_ballot_turnout"), condition)


def _code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def _moment(value: datetime) -> str:
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _carry_votes_over() -> None:
    bind = op.get_bind()
    meta = sa.MetaData()
    names = ("ballot", "ballot_option", "vote", "consultation", "used_right", "receipt")
    ballot, option, vote, consultation, used, receipt = (
        sa.Table(name, meta, autoload_with=bind) for name in names
    )
    published = sa.select(consultation.c.ballot_id).where(consultation.c.published_at.is_not(None))
    voted = sa.select(vote.c.ballot_id)
    kept = sa.or_(ballot.c.id.in_(published), ballot.c.id.in_(voted))
    for row in bind.execute(sa.select(ballot).where(kept).order_by(ballot.c.id)).all():
        options = bind.execute(
            sa.select(option).where(option.c.ballot_id == row.id).order_by(option.c.position)
        ).all()
        rules = _rules(row, options)
        text = json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        head = fingerprint = _hash(text)
        number = 0
        for one in _votes(bind, vote, row, options):
            number += 1
            code = _code()
            line = f"|{number}|{code}|cast||online"
            key, person_id, option_id, cast_at, changed_at = one
            bind.execute(
                used.insert().values(
                    ballot_id=row.id,
                    key=key,
                    secrecy="sealed",
                    rehearsal=False,
                    person_id=person_id,
                    channel="online",
                    choice="null" if option_id is None else str(option_id),
                    code=code,
                    cast_at=cast_at,
                    changed_at=changed_at,
                )
            )
            bind.execute(
                receipt.insert().values(
                    ballot_id=row.id,
                    number=number,
                    code=code,
                    act="cast",
                    channel="online",
                    rehearsal=False,
                    previous=head,
                    hash=_hash(head + line),
                )
            )
            head = _hash(head + line)
        bind.execute(
            ballot.update()
            .where(ballot.c.id == row.id)
            .values(
                rules=rules,
                fingerprint=fingerprint,
                fixed_at=sa.func.coalesce(_published_at(consultation, row.id), row.opens_at),
                head=head,
                receipts=number,
                turnout=number,
            )
        )


def _published_at(consultation: sa.Table, ballot_id: int) -> sa.ScalarSelect[datetime]:
    query = sa.select(consultation.c.published_at).where(consultation.c.ballot_id == ballot_id)
    return query.scalar_subquery()


def _votes(
    bind: sa.Connection, vote: sa.Table, row: sa.Row[Any], options: Sequence[sa.Row[Any]]
) -> Iterator[tuple[Any, ...]]:
    query = sa.select(vote).where(vote.c.ballot_id == row.id)
    for one in bind.execute(query.order_by(vote.c.cast_at, vote.c.person_id)).all():
        yield f"person:{one.person_id}", one.person_id, one.option_id, one.cast_at, one.changed_at
    unlinked = [(option.id, option.unlinked) for option in options] + [(None, row.unlinked)]
    for option_id, count in unlinked:
        for _ in range(count):
            yield f"left:{secrets.token_hex(8)}", None, option_id, None, None


def _rules(row: sa.Row[Any], options: Sequence[sa.Row[Any]]) -> dict[str, Any]:
    return {
        "form": 1,
        "ballot": row.id,
        "question": row.question,
        "kind": "one",
        "options": [{"id": option.id, "text": option.text, "cost": 0} for option in options],
        "method": "plurality",
        "seats": 1,
        "limits": {},
        "secrecy": "sealed",
        "shows": "at_close",
        "tie": "show-all",
        "changeable": True,
        "formal": False,
        "rehearsal": False,
        "opens_at": _moment(row.opens_at),
        "closes_at": _moment(row.closes_at),
        "roll": {
            "by": "rule",
            "unit": "person",
            "measures": ["heads"],
            "audience": sorted(row.audience),
            "node": row.community_id,
        },
        "procedure": {},
    }


def _add_rolls() -> None:
    op.create_table(
        "roll",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("frozen_by", sa.Integer(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objections_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("area_cm2", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'frozen') = (frozen_at IS NOT NULL) AND (frozen_at IS NULL) = (frozen_by IS NULL)",
            name=op.f("ck_roll_frozen"),
        ),
        sa.CheckConstraint("state IN ('draft', 'frozen')", name=op.f("ck_roll_state")),
        sa.CheckConstraint(
            "unit IN ('person', 'household', 'owner', 'seat')", name=op.f("ck_roll_unit")
        ),
        sa.CheckConstraint(
            "frozen_by IS NULL OR (proposed_by IS NOT NULL AND frozen_by <> proposed_by)",
            name=op.f("ck_roll_two_people"),
        ),
        sa.CheckConstraint("heads >= 0 AND area_cm2 >= 0", name=op.f("ck_roll_measures")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_roll_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["person.id"], name=op.f("fk_roll_frozen_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_roll_proposed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll")),
    )
    with op.batch_alter_table("roll", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_frozen_by"), ["frozen_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_proposed_by"), ["proposed_by"], unique=False)
    op.create_table(
        "roll_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roll_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "act IN ('added', 'struck', 'corrected')", name=op.f("ck_roll_change_act")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_roll_change_reason")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_roll_change_confirmed")
        ),
        sa.CheckConstraint("confirmed_by <> proposed_by", name=op.f("ck_roll_change_two_people")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_roll_change_confirmed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_roll_change_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(["roll_id"], ["roll.id"], name=op.f("fk_roll_change_roll_id_roll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_change")),
    )
    with op.batch_alter_table("roll_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_roll_change_confirmed_by"), ["confirmed_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_roll_change_proposed_by"), ["proposed_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_roll_change_roll_id"), ["roll_id"], unique=False)
    op.create_table(
        "voting_right",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("area_cm2", sa.BigInteger(), nullable=True),
        sa.Column("struck_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "heads >= 0 AND (area_cm2 IS NULL OR area_cm2 >= 0)",
            name=op.f("ck_voting_right_measures"),
        ),
        sa.ForeignKeyConstraint(
            ["roll_id"], ["roll.id"], name=op.f("fk_voting_right_roll_id_roll")
        ),
        sa.ForeignKeyConstraint(
            ["struck_by"], ["roll_change.id"], name=op.f("fk_voting_right_struck_by_roll_change")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_right")),
        sa.UniqueConstraint("roll_id", "key", name=op.f("uq_voting_right_roll_id_key")),
        sa.UniqueConstraint("roll_id", "number", name=op.f("uq_voting_right_roll_id_number")),
    )
    with op.batch_alter_table("voting_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voting_right_struck_by"), ["struck_by"], unique=False)
    op.create_table(
        "right_holder",
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("for_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('self', 'representative', 'co_owner', 'guardian', 'proxy', 'seat')",
            name=op.f("ck_right_holder_capacity"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_right_holder_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["right_id"], ["voting_right.id"], name=op.f("fk_right_holder_right_id_voting_right")
        ),
        sa.PrimaryKeyConstraint("right_id", "person_id", name=op.f("pk_right_holder")),
    )
    with op.batch_alter_table("right_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_right_holder_person_id"), ["person_id"], unique=False)
    op.create_table(
        "roll_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roll_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL) AND (outcome IS NULL OR answer <> '')",
            name=op.f("ck_roll_objection_answered"),
        ),
        sa.CheckConstraint(
            "outcome IN ('upheld', 'dismissed')", name=op.f("ck_roll_objection_outcome")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_roll_objection_text")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_roll_objection_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_roll_objection_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["right_id"], ["voting_right.id"], name=op.f("fk_roll_objection_right_id_voting_right")
        ),
        sa.ForeignKeyConstraint(
            ["roll_id"], ["roll.id"], name=op.f("fk_roll_objection_roll_id_roll")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_objection")),
    )
    with op.batch_alter_table("roll_objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_roll_objection_answered_by"), ["answered_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_roll_objection_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_roll_objection_right_id"), ["right_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_objection_roll_id"), ["roll_id"], unique=False)


def _widen_ballots() -> None:
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="one"))
        batch_op.add_column(
            sa.Column("method", sa.String(), nullable=False, server_default="plurality")
        )
        batch_op.add_column(sa.Column("seats", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("limits", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column("secrecy", sa.String(), nullable=False, server_default="sealed")
        )
        batch_op.add_column(
            sa.Column("shows", sa.String(), nullable=False, server_default="at_close")
        )
        batch_op.add_column(
            sa.Column("tie", sa.String(), nullable=False, server_default="show-all")
        )
        batch_op.add_column(
            sa.Column("changeable", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(
            sa.Column("formal", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("roll_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("procedure", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("rules", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("fingerprint", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("head", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("receipts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("closing", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("closing_hash", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("scrubbed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_ballot_roll_id"), ["roll_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ballot_sealed_at_closes_at"), ["sealed_at", "closes_at"], unique=False
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_ballot_id_secrecy_rehearsal"), ["id", "secrecy", "rehearsal"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ballot_kind"),
            "kind IN ('one', 'items', 'approval', 'score', 'ranking', 'dots', 'budget')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ballot_method"),
            "method IN ('plurality', 'items', 'approval', 'score', 'schulze', 'ranked-pairs', 'borda', 'irv', 'stv', 'dots', 'equal-shares', 'greedy')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ballot_secrecy"), "secrecy IN ('named', 'sealed', 'detached')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ballot_shows"), "shows IN ('at_close', 'published')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ballot_tie"), "tie IN ('show-all', 'paper-order', 'lot')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_ballot_seats"), "seats >= 1")
        batch_op.create_check_constraint(
            batch_op.f("ck_ballot_detached_once"), "secrecy <> 'detached' OR NOT changeable"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ballot_fixed"), "(fingerprint IS NULL) = (fixed_at IS NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_ballot_sealed"),
            "(sealed_at IS NULL) = (closing_hash IS NULL) AND (sealed_at IS NULL OR fingerprint IS NOT NULL)",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_ballot_roll_id_roll"), "roll", ["roll_id"], ["id"]
        )
    with op.batch_alter_table("ballot_option", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cost", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(batch_op.f("ck_ballot_option_cost"), "cost >= 0")


def _add_box() -> None:
    op.create_table(
        "ballot_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_ballot_extension_reason")),
        sa.CheckConstraint("closes_at > was", name=op.f("ck_ballot_extension_later")),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_extension_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_ballot_extension_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_extension")),
        sa.UniqueConstraint(
            "ballot_id", "closes_at", name=op.f("uq_ballot_extension_ballot_id_closes_at")
        ),
    )
    with op.batch_alter_table("ballot_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_extension_by"), ["by"], unique=False)
    op.create_table(
        "ballot_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("act IN ('open', 'close', 'publish')", name=op.f("ck_ballot_step_act")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_ballot_step_confirmed")
        ),
        sa.CheckConstraint("confirmed_by <> proposed_by", name=op.f("ck_ballot_step_two_people")),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_step_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_ballot_step_confirmed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_ballot_step_proposed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_step")),
        sa.UniqueConstraint("ballot_id", "act", name=op.f("uq_ballot_step_ballot_id_act")),
    )
    with op.batch_alter_table("ballot_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ballot_step_confirmed_by"), ["confirmed_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ballot_step_proposed_by"), ["proposed_by"], unique=False
        )
    op.create_table(
        "paper",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("area_cm2", sa.BigInteger(), nullable=True),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "heads >= 0 AND (area_cm2 IS NULL OR area_cm2 >= 0)", name=op.f("ck_paper_measures")
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_paper_ballot_id_ballot")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "key", name=op.f("pk_paper")),
    )
    op.create_table(
        "receipt",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint(
            "act = 'cast' OR strikes IS NOT NULL", name=op.f("ck_receipt_withdrawn")
        ),
        sa.CheckConstraint("act IN ('cast', 'withdrawn')", name=op.f("ck_receipt_act")),
        sa.CheckConstraint(
            "channel IN ('online', 'paper', 'telephone', 'assisted')",
            name=op.f("ck_receipt_channel"),
        ),
        sa.CheckConstraint("rehearsal = (code LIKE 'TEST0-%')", name=op.f("ck_receipt_rehearsal")),
        sa.CheckConstraint("strikes < number", name=op.f("ck_receipt_strikes")),
        sa.ForeignKeyConstraint(
            ["ballot_id", "strikes"],
            ["receipt.ballot_id", "receipt.number"],
            name=op.f("fk_receipt_ballot_id_strikes_receipt"),
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_receipt_ballot_id_ballot")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "number", name=op.f("pk_receipt")),
        sa.UniqueConstraint("ballot_id", "code", name=op.f("uq_receipt_ballot_id_code")),
        sa.UniqueConstraint("ballot_id", "strikes", name=op.f("uq_receipt_ballot_id_strikes")),
    )
    op.create_table(
        "receipt_check",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id", "number"],
            ["receipt.ballot_id", "receipt.number"],
            name=op.f("fk_receipt_check_ballot_id_number_receipt"),
        ),
        sa.PrimaryKeyConstraint("ballot_id", "number", name=op.f("pk_receipt_check")),
    )
    op.create_table(
        "urn",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secrecy", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.CheckConstraint("secrecy = 'detached'", name=op.f("ck_urn_detached")),
        sa.ForeignKeyConstraint(
            ["ballot_id", "secrecy", "rehearsal"],
            ["ballot.id", "ballot.secrecy", "ballot.rehearsal"],
            name=op.f("fk_urn_ballot_id_secrecy_rehearsal_ballot"),
        ),
        sa.PrimaryKeyConstraint("ballot_id", "number", name=op.f("pk_urn")),
    )
    op.create_table(
        "used_right",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("secrecy", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("earlier", sa.String(), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('online', 'paper', 'telephone', 'assisted')",
            name=op.f("ck_used_right_channel"),
        ),
        sa.CheckConstraint("rehearsal = (key LIKE 'test:%')", name=op.f("ck_used_right_rehearsal")),
        sa.CheckConstraint(
            "secrecy <> 'detached' OR (choice IS NULL AND cast_at IS NULL AND changed_at IS NULL)",
            name=op.f("ck_used_right_detached"),
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id", "secrecy", "rehearsal"],
            ["ballot.id", "ballot.secrecy", "ballot.rehearsal"],
            name=op.f("fk_used_right_ballot_id_secrecy_rehearsal_ballot"),
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_used_right_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_used_right_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["right_id"], ["voting_right.id"], name=op.f("fk_used_right_right_id_voting_right")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "key", name=op.f("pk_used_right")),
        sa.UniqueConstraint("ballot_id", "right_id", name=op.f("uq_used_right_ballot_id_right_id")),
    )
    with op.batch_alter_table("used_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_right_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_used_right_right_id"), ["right_id"], unique=False)


def downgrade() -> None:
    """Take the change back; what the close of a ballot has cut stays cut, as counts."""
    _drop_triggers(op.get_bind().dialect.name)
    _bound_turnout("turnout >= 0")
    for table in ("ballot", "ballot_option"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("unlinked", sa.Integer(), nullable=False, server_default="0")
            )
            batch_op.create_check_constraint(batch_op.f(f"ck_{table}_unlinked"), "unlinked >= 0")
    _add_votes()
    _carry_votes_back()
    _drop_box()
    with op.batch_alter_table("ballot_option", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ballot_option_cost"), type_="check")
        batch_op.drop_column("cost")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ballot_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ballot_method"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ballot_secrecy"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ballot_shows"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ballot_tie"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ballot_seats"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ballot_detached_once"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ballot_fixed"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ballot_sealed"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_ballot_roll_id_roll"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_ballot_id_secrecy_rehearsal"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_ballot_sealed_at_closes_at"))
        batch_op.drop_index(batch_op.f("ix_ballot_roll_id"))
        batch_op.drop_column("scrubbed_at")
        batch_op.drop_column("published_at")
        batch_op.drop_column("sealed_at")
        batch_op.drop_column("closing_hash")
        batch_op.drop_column("closing")
        batch_op.drop_column("receipts")
        batch_op.drop_column("head")
        batch_op.drop_column("fixed_at")
        batch_op.drop_column("fingerprint")
        batch_op.drop_column("rules")
        batch_op.drop_column("procedure")
        batch_op.drop_column("roll_id")
        batch_op.drop_column("rehearsal")
        batch_op.drop_column("formal")
        batch_op.drop_column("changeable")
        batch_op.drop_column("tie")
        batch_op.drop_column("shows")
        batch_op.drop_column("secrecy")
        batch_op.drop_column("limits")
        batch_op.drop_column("seats")
        batch_op.drop_column("method")
        batch_op.drop_column("kind")
    _drop_rolls()


def _carry_votes_back() -> None:
    bind = op.get_bind()
    meta = sa.MetaData()
    names = ("ballot", "ballot_option", "vote", "used_right", "paper")
    ballot, option, vote, used, paper = (sa.Table(name, meta, autoload_with=bind) for name in names)
    simple = sa.select(ballot.c.id).where(ballot.c.kind == "one")
    linked = sa.select(used).where(
        used.c.person_id.is_not(None), used.c.choice.is_not(None), used.c.ballot_id.in_(simple)
    )
    for row in bind.execute(linked).all():
        bind.execute(
            vote.insert().values(
                ballot_id=row.ballot_id,
                person_id=row.person_id,
                option_id=None if row.choice == "null" else int(row.choice),
                cast_at=row.cast_at or sa.func.now(),
                changed_at=row.changed_at,
            )
        )
    sealed = sa.select(ballot.c.id).where(ballot.c.sealed_at.is_not(None), ballot.c.kind == "one")
    cut = sa.union_all(
        sa.select(paper.c.ballot_id, paper.c.choice).where(paper.c.ballot_id.in_(sealed)),
        sa.select(used.c.ballot_id, used.c.choice).where(
            used.c.person_id.is_(None), used.c.choice.is_not(None), used.c.ballot_id.in_(simple)
        ),
    ).subquery()
    counts = sa.select(cut.c.ballot_id, cut.c.choice, sa.func.count().label("n")).group_by(
        cut.c.ballot_id, cut.c.choice
    )
    for row in bind.execute(counts).all():
        table, key = (ballot, row.ballot_id) if row.choice == "null" else (option, int(row.choice))
        bind.execute(
            table.update().where(table.c.id == key).values(unlinked=table.c.unlinked + row.n)
        )


def _add_votes() -> None:
    op.create_table(
        "vote",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["ballot_id", "option_id"],
            ["ballot_option.ballot_id", "ballot_option.id"],
            name=op.f("fk_vote_ballot_id_option_id_ballot_option"),
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_vote_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_vote_person_id_person")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "person_id", name=op.f("pk_vote")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_vote_ballot_id_option_id"), ["ballot_id", "option_id"], unique=False
        )


def _drop_box() -> None:
    with op.batch_alter_table("used_right", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_used_right_right_id"))
        batch_op.drop_index(batch_op.f("ix_used_right_person_id"))
    op.drop_table("used_right")
    op.drop_table("receipt_check")
    op.drop_table("urn")
    op.drop_table("paper")
    with op.batch_alter_table("ballot_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_step_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_ballot_step_confirmed_by"))
    op.drop_table("ballot_step")
    with op.batch_alter_table("ballot_extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_extension_by"))
    op.drop_table("ballot_extension")
    op.drop_table("receipt")


def _drop_rolls() -> None:
    with op.batch_alter_table("roll_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_objection_roll_id"))
        batch_op.drop_index(batch_op.f("ix_roll_objection_right_id"))
        batch_op.drop_index(batch_op.f("ix_roll_objection_person_id"))
        batch_op.drop_index(batch_op.f("ix_roll_objection_answered_by"))
    op.drop_table("roll_objection")
    with op.batch_alter_table("right_holder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_right_holder_person_id"))
    op.drop_table("right_holder")
    with op.batch_alter_table("voting_right", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voting_right_struck_by"))
    op.drop_table("voting_right")
    with op.batch_alter_table("roll_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_change_roll_id"))
        batch_op.drop_index(batch_op.f("ix_roll_change_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_roll_change_confirmed_by"))
    op.drop_table("roll_change")
    with op.batch_alter_table("roll", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_roll_frozen_by"))
        batch_op.drop_index(batch_op.f("ix_roll_community_id"))
    op.drop_table("roll")
