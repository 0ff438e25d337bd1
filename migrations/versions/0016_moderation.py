"""Reports, texts checked first, words taken back, dates of objections, public counts.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel import guards
from civic.kernel.db import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REASONS = (
    "'personal_data', 'insult', 'unlawful', 'off_topic', 'advertising', 'duplicate', 'imported'"
)
GONE = (
    "(removed_at IS NULL OR (text = '' AND html = ''))",
    "(removed_at IS NULL OR hidden_by IS NULL)",
)
REFUSED = (("report", "person_id"), ("waiting_text", "author_id"))


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "consultation",
        sa.Column("checked_first", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    if op.get_bind().dialect.name == "sqlite":
        # Rebuilding the table would take its triggers along.
        op.execute(
            f"ALTER TABLE comment ADD COLUMN removed_at DATETIME CHECK ({' AND '.join(GONE)})"
        )
    else:
        op.add_column("comment", sa.Column("removed_at", UtcDateTime()))
        for name, condition in zip(("removed", "one_end"), GONE, strict=True):
            op.create_check_constraint(name, "comment", condition)
    op.add_column("decision", sa.Column("object_until", UtcDateTime()))
    op.add_column("decision", sa.Column("answer_by", UtcDateTime()))
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("outcome", sa.String()),
        sa.Column("settled_by", sa.Integer()),
        sa.Column("settled_at", UtcDateTime()),
        sa.CheckConstraint(f"reason IN ({REASONS})", name="reason"),
        sa.CheckConstraint("outcome IN ('stays', 'hidden', 'removed')", name="outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject", "person_id"),
    )
    op.create_index(None, "report", ["community_id"])
    op.create_index(None, "report", ["person_id"])
    op.create_index(None, "report", ["community_id", "settled_at"])
    op.create_table(
        "waiting_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("outcome", sa.String()),
        sa.Column("reason", sa.String()),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("subject", sa.String()),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", UtcDateTime()),
        sa.CheckConstraint("outcome IN ('published', 'refused')", name="outcome"),
        sa.CheckConstraint(f"reason IN ({REASONS})", name="reason"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint(
            "(coalesce(outcome, '') = 'refused') = (reason IS NOT NULL)", name="why"
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("author_id", "form_key"),
    )
    op.create_index(None, "waiting_text", ["community_id"])
    op.create_index(None, "waiting_text", ["author_id"])
    op.create_index(None, "waiting_text", ["community_id", "decided_at"])
    op.create_table(
        "moderation_count",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name="number"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.PrimaryKeyConstraint("community_id", "month", "code"),
    )
    dialect = op.get_bind().dialect.name
    for table_name, column in REFUSED:
        for statement in guards.refusing(dialect, table_name, column):
            op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("moderation_count")
    op.drop_table("waiting_text")
    op.drop_table("report")
    op.drop_column("decision", "answer_by")
    op.drop_column("decision", "object_until")
    op.drop_column("comment", "removed_at")
    op.drop_column("consultation", "checked_first")
