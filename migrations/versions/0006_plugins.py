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
    op.create_table(
        "plugin_fault",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("plugin", sa.String(), nullable=False),
        sa.Column("hook", sa.String(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_plugin_fault_community_id_community"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_plugin_fault")),
    )
    with op.batch_alter_table("plugin_fault", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plugin_fault_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_plugin_fault_plugin"), ["plugin"], unique=False)


def downgrade() -> None:
    """Take the change back: what is off has no row."""
    with op.batch_alter_table("plugin_fault", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plugin_fault_plugin"))
        batch_op.drop_index(batch_op.f("ix_plugin_fault_community_id"))
    op.drop_table("plugin_fault")
    activation = sa.table("activation", sa.column("on", sa.Boolean()))
    op.execute(activation.delete().where(activation.c.on.is_(False)))
    with op.batch_alter_table("activation", schema=None) as batch_op:
        batch_op.drop_column("paused_hook")
        batch_op.drop_column("paused_at")
        batch_op.drop_column("on")
