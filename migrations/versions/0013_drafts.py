"""A rehearsal can be thrown away with its test votes; nothing else on a board can.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SEALED = "EXISTS (SELECT 1 FROM ballot WHERE id = OLD.ballot_id AND sealed_at IS NOT NULL)"
FIXED = "EXISTS (SELECT 1 FROM ballot WHERE id = OLD.ballot_id AND fingerprint IS NOT NULL{but})"
REAL = "NOT OLD.rehearsal"
#: Name, table, condition before and after, words of each guard.
GUARDS = (
    ("receipt_delete", "receipt", "1 = 1", REAL, "the board is append-only"),
    ("sheet_delete", "sheet", SEALED, f"{REAL} AND {SEALED}", "this ballot is sealed"),
    ("paper_delete", "paper", SEALED, f"{REAL} AND {SEALED}", "this ballot is sealed"),
    (
        "ballot_option_delete",
        "ballot_option",
        FIXED.format(but=""),
        FIXED.format(but=" AND NOT rehearsal"),
        "the options of this ballot are fixed",
    ),
)


def _set(place: int) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in GUARDS:
        name, table, words = guard[0], guard[1], guard[4]
        condition = guard[place]
        if sqlite:
            op.execute(f"DROP TRIGGER {name}")
            op.execute(
                f"CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        else:
            op.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{words}'; END IF; RETURN OLD; END $$"
            )


def upgrade() -> None:
    """Apply the change."""
    _set(3)


def downgrade() -> None:
    """Take the change back."""
    _set(2)
