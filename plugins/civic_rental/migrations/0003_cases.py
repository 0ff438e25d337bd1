"""The case of the core that a record of a conversion names.

Revision ID: rental_0003
Revises: rental_0002
"""

import sqlalchemy as sa
from alembic import op

revision = "rental_0003"
down_revision = "rental_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "rental_named_case",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_rental_named_case_kind")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["consultation.id"],
            name=op.f("fk_rental_named_case_case_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["rental_record.id"],
            name=op.f("fk_rental_named_case_record_id_rental_record"),
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_rental_named_case")),
    )
    with op.batch_alter_table("rental_named_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rental_named_case_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("rental_named_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rental_named_case_case_id"))

    op.drop_table("rental_named_case")
