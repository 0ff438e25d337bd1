"""A consultation may go the way of a process, and carries figures of the rooms above it.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

import civic.kernel.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NEW = ("process_code", "process", "stage", "stage_since", "figures")


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("consultation") as table:
        table.add_column(sa.Column("process_code", sa.String()))
        table.add_column(sa.Column("process", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("stage", sa.String()))
        table.add_column(sa.Column("stage_since", civic.kernel.db.UtcDateTime()))
        table.add_column(sa.Column("figures", sa.JSON(), nullable=False, server_default="{}"))
        table.create_check_constraint("process", "(process_code IS NULL) = (stage IS NULL)")
    with op.batch_alter_table("consultation") as table:
        table.alter_column("process", server_default=None)
        table.alter_column("figures", server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("consultation") as table:
        table.drop_constraint("process", type_="check")
        for name in reversed(NEW):
            table.drop_column(name)
