"""Juries in groups that score apart, and what they give together.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

import civic.kernel.db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "panel",
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("record_hash", sa.String(), nullable=True),
        sa.Column("combined_at", civic.kernel.db.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(combined_at IS NULL) = (record_hash IS NULL)", name=op.f("ck_panel_combined")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_panel_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
    )
    op.create_index(op.f("ix_panel_community_id"), "panel", ["community_id"])
    op.create_table(
        "panel_part",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_panel_part_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_panel_part_panel_id_panel")
        ),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_panel_part")),
        sa.UniqueConstraint("panel_id", "measure", name=op.f("uq_panel_part_panel_id_measure")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("panel_part")
    op.drop_index(op.f("ix_panel_community_id"), table_name="panel")
    op.drop_table("panel")
