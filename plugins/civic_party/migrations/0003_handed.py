"""When a need was handed in as a topic.

Revision ID: party_0003
Revises: party_0002
"""

import sqlalchemy as sa
from alembic import op

revision = "party_0003"
down_revision = "party_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "party_need", sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("party_need", "handed_in_at")
