"""Lots of statements, and indexes for cases in which very much is said.

Revision ID: 0032
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0030"
branch_labels = None
depends_on = None

LOTS = {"sqlite": "abs(random() % 2147483648)", "postgresql": "floor(random() * 2147483647)"}


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("statement") as table:
        table.add_column(sa.Column("lot", sa.Integer(), nullable=False, server_default="0"))
    op.execute(f"UPDATE statement SET lot = {LOTS[op.get_bind().dialect.name]}")  # noqa: S608
    with op.batch_alter_table("statement") as table:
        table.alter_column("lot", server_default=None)
        table.create_index(op.f("ix_statement_consultation_id_id"), ["consultation_id", "id"])
        table.create_index(op.f("ix_statement_consultation_id_lot"), ["consultation_id", "lot"])
    hidden = sa.text("hidden_by IS NOT NULL")
    op.create_index(
        "ix_statement_hidden",
        "statement",
        ["consultation_id"],
        sqlite_where=hidden,
        postgresql_where=hidden,
    )
    op.create_index(op.f("ix_comment_parent_id_id"), "comment", ["parent_id", "id"])
    op.drop_index(op.f("ix_comment_parent_id"), "comment")


def downgrade() -> None:
    """Take the change back."""
    op.create_index(op.f("ix_comment_parent_id"), "comment", ["parent_id"])
    op.drop_index(op.f("ix_comment_parent_id_id"), "comment")
    op.drop_index("ix_statement_hidden", "statement")
    with op.batch_alter_table("statement") as table:
        table.drop_index(op.f("ix_statement_consultation_id_lot"))
        table.drop_index(op.f("ix_statement_consultation_id_id"))
        table.drop_column("lot")
