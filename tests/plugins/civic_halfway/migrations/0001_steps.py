"""steps

Revision ID: halfway_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "halfway_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "halfway_step",
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_halfway_step_community_id_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halfway_step")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("halfway_step")
