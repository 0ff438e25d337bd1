"""A case that is sent twice is begun once.

Revision ID: 0030
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    # Not in a batch: that would copy the table and lose its triggers on SQLite.
    op.add_column("consultation", sa.Column("form_key", sa.String(), nullable=True))
    op.create_index(
        op.f("ix_consultation_created_by_form_key"),
        "consultation",
        ["created_by", "form_key"],
        unique=True,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_consultation_created_by_form_key"), table_name="consultation")
    op.drop_column("consultation", "form_key")
