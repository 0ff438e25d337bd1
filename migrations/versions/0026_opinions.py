"""Maps of opinions as they were computed, and how far a statement is from their middle.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

import civic.kernel.db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "opinion_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", civic.kernel.db.UtcDateTime(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_opinion_round_number")),
        sa.CheckConstraint(
            "people >= 0 AND statements >= 0 AND answers >= 0",
            name=op.f("ck_opinion_round_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_opinion_round_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_round")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_opinion_round_consultation_id_number")
        ),
    )
    with op.batch_alter_table("statement") as table:
        table.add_column(sa.Column("extremity", sa.Double(), nullable=False, server_default="0"))
    with op.batch_alter_table("statement") as table:
        table.alter_column("extremity", server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("statement") as table:
        table.drop_column("extremity")
    op.drop_table("opinion_round")
