"""Procedures: versions that are never changed, and their confirmations.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("procedure_version", "procedure_confirmation")


def _append_only(table: str) -> dict[str, list[str]]:
    """Return what lets the database refuse to change or delete rows of a table."""
    sentence = "procedures are append-only"
    return {
        "sqlite": [
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            for act in ("update", "delete")
        ],
        "postgresql": [
            (
                f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
            ),
            (
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
            ),
            (
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
            ),
        ],
    }


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "procedure_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("bundled", sa.Integer(), nullable=False),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_procedure_version_number")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_procedure_version_validity"),
        ),
        sa.CheckConstraint(
            "length(fingerprint) = 64", name=op.f("ck_procedure_version_fingerprint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_version")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_procedure_version_code_number")),
    )
    op.create_table(
        "procedure_confirmation",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_kind", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("is_image", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "post_kind IN ('legal_officer')", name=op.f("ck_procedure_confirmation_post_kind")
        ),
        sa.CheckConstraint(
            "document <> '' AND post <> ''", name=op.f("ck_procedure_confirmation_document")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_procedure_confirmation_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["procedure_version.id"],
            name=op.f("fk_procedure_confirmation_version_id_procedure_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_procedure_confirmation")),
        sa.UniqueConstraint("stored", name=op.f("uq_procedure_confirmation_stored")),
    )
    op.create_index(
        op.f("ix_procedure_confirmation_person_id"), "procedure_confirmation", ["person_id"]
    )
    for table in TABLES:
        for statement in _append_only(table)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
