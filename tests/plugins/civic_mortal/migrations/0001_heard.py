"""heard

Revision ID: mortal_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "mortal_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "mortal_heard",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_mortal_heard_community_id_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mortal_heard")),
    )
    with op.batch_alter_table("mortal_heard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mortal_heard_number"), ["number"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mortal_heard_community_id"), ["community_id"], unique=False
        )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("mortal_heard")
