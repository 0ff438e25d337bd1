"""The life of plugins: events that are tried again, runs per community, plugins that are absent.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WAITING = "delivered_at IS NULL AND given_up_at IS NULL"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "absent_plugin",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_absent_plugin")),
    )
    with op.batch_alter_table("event_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("error", sa.String(), nullable=False, server_default=""))
    op.execute('UPDATE event_row SET next_at = "at"')
    with op.batch_alter_table("event_row", schema=None) as batch_op:
        batch_op.alter_column("next_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("attempts", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("error", existing_type=sa.String(), server_default=None)
        batch_op.create_index(
            "ix_event_row_waits",
            ["subscriber", "next_at"],
            unique=False,
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("community_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_job_run_community_id_community"), "community", ["community_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_job_run_community_id"), ["community_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_run_community_id"))
        batch_op.drop_constraint(
            batch_op.f("fk_job_run_community_id_community"), type_="foreignkey"
        )
        batch_op.drop_column("community_id")
    with op.batch_alter_table("event_row", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_event_row_waits",
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
        batch_op.drop_column("error")
        batch_op.drop_column("given_up_at")
        batch_op.drop_column("attempts")
        batch_op.drop_column("next_at")
    op.drop_table("absent_plugin")
