"""Plugins: off keeps its row and settings; pauses, and what failed.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("activation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("paused_hook", sa.String(), nullable=False, server_default="")
        )
    with op.batch_alter_table("activation", schema=None) as batch_op:
        batch_op.alter_column("on", server_default=None)
        batch_op.alter_column("paused_hook", server_default=None)


def downgrade() -> None:
    """Take the change back: what is off has no row."""
    activation = sa.table("activation", sa.column("on", sa.Boolean()))
    op.execute(activation.delete().where(activation.c.on.is_(False)))
    with op.batch_alter_table("activation", schema=None) as batch_op:
        batch_op.drop_column("paused_hook")
        batch_op.drop_column("paused_at")
        batch_op.drop_column("on")
