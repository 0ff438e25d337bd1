"""Ballots and notices of a case.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

import civic.kernel.db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "case_ballot",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", civic.kernel.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_case_ballot_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_case_ballot_by_person")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_case_ballot_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_case_ballot")),
    )
    op.create_index(op.f("ix_case_ballot_by"), "case_ballot", ["by"])
    op.create_index(op.f("ix_case_ballot_consultation_id"), "case_ballot", ["consultation_id"])
    op.create_table(
        "case_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", civic.kernel.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_case_notice_by_person")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_case_notice_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_case_notice_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notice")),
        sa.UniqueConstraint(
            "consultation_id",
            "notice_id",
            "stage",
            name=op.f("uq_case_notice_consultation_id_notice_id_stage"),
        ),
    )
    op.create_index(op.f("ix_case_notice_by"), "case_notice", ["by"])
    op.create_index(op.f("ix_case_notice_notice_id"), "case_notice", ["notice_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("case_notice")
    op.drop_table("case_ballot")
