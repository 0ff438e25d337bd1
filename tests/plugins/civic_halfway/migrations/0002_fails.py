"""fails

Revision ID: halfway_0002
Revises: halfway_0001
"""

import sqlalchemy as sa
from alembic import op

revision = "halfway_0002"
down_revision = "halfway_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change some things, then fail."""
    op.create_table("halfway_extra", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO halfway_extra (id) VALUES (7)")
    with op.batch_alter_table("halfway_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mood", sa.String(), nullable=True))
    op.execute("UPDATE halfway_nowhere SET id = 1")


def downgrade() -> None:
    """Never reached."""
