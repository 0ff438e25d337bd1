"""Stages that a case came to, for good, and moves that wait for a second person.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

import civic.kernel.db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ACTS = ("update", "delete")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "stage_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", civic.kernel.db.UtcDateTime(), nullable=False),
        sa.Column("due_at", civic.kernel.db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("confirmed_by <> by", name=op.f("ck_stage_entry_two_people")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_stage_entry_number")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_stage_entry_by_person")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_stage_entry_confirmed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_stage_entry_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_entry")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_stage_entry_consultation_id_number")
        ),
    )
    op.create_index(op.f("ix_stage_entry_by"), "stage_entry", ["by"])
    op.create_index(op.f("ix_stage_entry_confirmed_by"), "stage_entry", ["confirmed_by"])
    op.create_table(
        "stage_proposal",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", civic.kernel.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_stage_proposal_by_person")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_stage_proposal_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_stage_proposal")),
    )
    op.create_index(op.f("ix_stage_proposal_by"), "stage_proposal", ["by"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION stage_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'stage_entry is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER stage_entry_append_only BEFORE UPDATE OR DELETE ON stage_entry "
            "FOR EACH ROW EXECUTE FUNCTION stage_entry_append_only()"
        )
        op.execute(
            "CREATE TRIGGER stage_entry_no_truncate BEFORE TRUNCATE ON stage_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION stage_entry_append_only()"
        )
        return
    for act in ACTS:
        op.execute(
            f"CREATE TRIGGER stage_entry_no_{act} BEFORE {act.upper()} ON stage_entry "
            "BEGIN SELECT RAISE(ABORT, 'stage_entry is append-only'); END"
        )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("stage_proposal")
    op.drop_table("stage_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION stage_entry_append_only()")
