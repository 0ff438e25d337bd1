"""Places that are held for people, and the line before them.

Revision ID: 0033
Revises: 0032
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import civic.kernel.db
from civic.kernel import guards

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TAKING = "('offered', 'held')"
ACTIVE = "state IN ('waiting', 'offered', 'held')"
MORE = f"CASE WHEN NEW.state IN {TAKING} THEN NEW.places ELSE 0 END"
LESS = f"CASE WHEN OLD.state IN {TAKING} THEN OLD.places ELSE 0 END"
COUNTED = {
    "insert": ("INSERT", MORE, "NEW"),
    "update": ("UPDATE OF state, places", f"{MORE} - {LESS}", "NEW"),
    "delete": ("DELETE", f"-({LESS})", "OLD"),
}
FIXED = "a claim stays with its places"


def _counting(dialect: str) -> Iterator[str]:
    """Yield the statements after which the database counts the places that are taken."""
    for name, (act, change, row) in COUNTED.items():
        called = f"hold_claim_taken_{name}"
        body = f"UPDATE hold_pool SET taken = taken + {change} WHERE id = {row}.pool_id"  # noqa: S608 - of names of our own
        if dialect == "sqlite":
            yield f"CREATE TRIGGER {called} AFTER {act} ON hold_claim BEGIN {body}; END"
            continue
        head = f"CREATE FUNCTION {called}() RETURNS trigger LANGUAGE plpgsql"
        yield f"{head} AS $$ BEGIN {body}; RETURN NULL; END $$"
        when = f"AFTER {act} ON hold_claim FOR EACH ROW"
        yield f"CREATE TRIGGER {called} {when} EXECUTE FUNCTION {called}()"
    moved = "CREATE TRIGGER hold_claim_fixed BEFORE UPDATE OF pool_id ON hold_claim"
    if dialect == "sqlite":
        yield f"{moved} WHEN NEW.pool_id <> OLD.pool_id BEGIN SELECT RAISE(ABORT, '{FIXED}'); END"
        return
    says = f"RAISE EXCEPTION '{FIXED}' USING ERRCODE = 'integrity_constraint_violation'"
    head = "CREATE FUNCTION hold_claim_fixed() RETURNS trigger LANGUAGE plpgsql"
    yield f"{head} AS $$ BEGIN {says}; END $$"
    when = "FOR EACH ROW WHEN (NEW.pool_id <> OLD.pool_id)"
    yield f"{moved} {when} EXECUTE FUNCTION hold_claim_fixed()"


def _uncounting(dialect: str) -> list[str]:
    names = [*(f"hold_claim_taken_{name}" for name in COUNTED), "hold_claim_fixed"]
    if dialect == "sqlite":
        return [f"DROP TRIGGER {name}" for name in names]
    return [f"DROP FUNCTION {name}() CASCADE" for name in names]


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "hold_pool",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.Column("closes_at", civic.kernel.db.UtcDateTime(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_hold_pool_capacity")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_hold_pool_taken")),
        sa.CheckConstraint("offer_minutes >= 1", name=op.f("ck_hold_pool_offer_minutes")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_hold_pool_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_pool")),
        sa.UniqueConstraint("subject", name=op.f("uq_hold_pool_subject")),
    )
    with op.batch_alter_table("hold_pool", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_pool_closes_at"), ["closes_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hold_pool_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "hold_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", civic.kernel.db.UtcDateTime(), nullable=False),
        sa.Column("until", civic.kernel.db.UtcDateTime(), nullable=True),
        sa.Column("moved_at", civic.kernel.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("places >= 1", name=op.f("ck_hold_claim_places")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_hold_claim_position")),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'held', 'declined', 'expired', 'left', 'ended')",
            name=op.f("ck_hold_claim_state"),
        ),
        sa.CheckConstraint(
            "(state = 'offered') = (until IS NOT NULL)", name=op.f("ck_hold_claim_until")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hold_claim_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["hold_pool.id"], name=op.f("fk_hold_claim_pool_id_hold_pool")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_claim")),
        sa.UniqueConstraint("pool_id", "position", name=op.f("uq_hold_claim_pool_id_position")),
    )
    with op.batch_alter_table("hold_claim", schema=None) as batch_op:
        batch_op.create_index(
            "uq_hold_claim_active",
            ["pool_id", "person_id"],
            unique=True,
            sqlite_where=sa.text(ACTIVE),
            postgresql_where=sa.text(ACTIVE),
        )
        batch_op.create_index("ix_hold_claim_line", ["pool_id", "state", "position"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_claim_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_claim_until"), ["until"], unique=False)

    dialect = op.get_bind().dialect.name
    for statement in _counting(dialect):
        op.execute(statement)
    for statement in guards.refusing(dialect, "hold_claim", "person_id"):
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    dialect = op.get_bind().dialect.name
    for statement in guards.removing(dialect, "hold_claim", "person_id"):
        op.execute(statement)
    for statement in _uncounting(dialect):
        op.execute(statement)
    op.drop_table("hold_claim")
    op.drop_table("hold_pool")
