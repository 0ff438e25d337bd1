"""Words between office and author are kept only while there is an author who reads them.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WORDS = ("note", "objection", "answer")
KEPT = " OR ".join(f"coalesce({{row}}{word}, '') <> ''" for word in WORDS)
READ = "{row}author_id IS NULL AND (" + KEPT + ")"
NAME = "decision_words"
SENTENCE = "nobody reads these words"


def upgrade() -> None:
    """Erase the words that nobody reads, and let there be none."""
    blank = ", ".join(f"{word} = CASE WHEN {word} IS NULL THEN NULL ELSE '' END" for word in WORDS)
    op.execute(f"UPDATE decision SET {blank} WHERE {READ.format(row='')}")  # noqa: S608 - names of our own
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE decision ADD CONSTRAINT ck_{NAME} CHECK (NOT ({READ.format(row='')}))"
        )
        return
    # A trigger, since SQLite adds no check to a table that others point at.
    for suffix, act in (("insert", "INSERT"), ("update", "UPDATE")):
        op.execute(
            f"CREATE TRIGGER {NAME}_{suffix} BEFORE {act} ON decision "
            f"WHEN {READ.format(row='NEW.')} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )


def downgrade() -> None:
    """Take the change back; what was erased stays erased."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE decision DROP CONSTRAINT ck_{NAME}")
        return
    for suffix in ("insert", "update"):
        op.execute(f"DROP TRIGGER {NAME}_{suffix}")
