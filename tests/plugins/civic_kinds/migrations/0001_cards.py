"""cards and tenancies

Revision ID: kinds_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "kinds_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "kinds_card",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_kinds_card_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinds_card")),
        sa.UniqueConstraint(
            "community_id", "number", name=op.f("uq_kinds_card_community_id_number")
        ),
    )
    op.create_index(op.f("ix_kinds_card_community_id"), "kinds_card", ["community_id"])
    op.create_table(
        "kinds_tenancy",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_kinds_tenancy_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["node.id"], name=op.f("fk_kinds_tenancy_node_id_node")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_kinds_tenancy_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinds_tenancy")),
    )
    for column in ("community_id", "node_id", "person_id"):
        op.create_index(op.f(f"ix_kinds_tenancy_{column}"), "kinds_tenancy", [column])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("kinds_tenancy")
    op.drop_table("kinds_card")
