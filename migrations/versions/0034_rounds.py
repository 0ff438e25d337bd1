"""Rounds of ratings are numbered through the life of a case; each says whether it is a second one.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("rating_round") as table:
        table.add_column(
            sa.Column("second", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("UPDATE rating_round SET second = (number = 2)")
    with op.batch_alter_table("rating_round") as table:
        table.alter_column("second", server_default=None)
        table.drop_constraint(op.f("ck_rating_round_number"), type_="check")
        table.drop_constraint(op.f("ck_rating_round_once"), type_="check")
        table.create_check_constraint(op.f("ck_rating_round_number"), "number >= 1")
        table.create_check_constraint(
            op.f("ck_rating_round_once"), "reopened = false OR second = false"
        )


def downgrade() -> None:
    """Take the change back; rounds after the second of a case have no place there."""
    op.execute("DELETE FROM rating WHERE number > 2")
    op.execute("DELETE FROM rating_round WHERE number > 2")
    op.execute("UPDATE rating_round SET reopened = false WHERE number = 2")
    with op.batch_alter_table("rating_round") as table:
        table.drop_constraint(op.f("ck_rating_round_number"), type_="check")
        table.drop_constraint(op.f("ck_rating_round_once"), type_="check")
        table.create_check_constraint(op.f("ck_rating_round_number"), "number BETWEEN 1 AND 2")
        table.create_check_constraint(
            op.f("ck_rating_round_once"), "reopened = false OR number = 1"
        )
        table.drop_column("second")
