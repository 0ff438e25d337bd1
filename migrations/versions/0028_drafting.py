"""Texts drafted together: versions, comments on paragraphs, clusters, answers.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel import guards

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

#: People whose account must be open when they are named here.
REFUSED = (("draft_comment", "author_id"), ("draft_support", "person_id"))
#: Tables whose rows stay as they are.
FIXED = ("draft_version", "draft_answer")
SENTENCE = "what was published here is append-only"


def _fixed(dialect: str, table: str) -> list[str]:
    """Return what lets the database refuse to change or delete rows of a table."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        (
            f"CREATE FUNCTION {table}_fixed() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_fixed()"
        ),
    ]


def _free(dialect: str, table: str) -> list[str]:
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{act}" for act in ("update", "delete")]
    return [f"DROP TRIGGER {table}_fixed ON {table}", f"DROP FUNCTION {table}_fixed()"]


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "text_draft",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("comments_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("title <> '' AND body <> ''", name=op.f("ck_text_draft_said")),
        sa.CheckConstraint(
            "(closed_by IS NULL) = (closed_at IS NULL)", name=op.f("ck_text_draft_closed")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_text_draft_revision")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["person.id"], name=op.f("fk_text_draft_closed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_text_draft_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_text_draft_written_by_person")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_text_draft")),
    )
    with op.batch_alter_table("text_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_draft_answers_by"), ["answers_by"], unique=False)

    op.create_table(
        "draft_cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'adopted', 'partly', 'not_adopted')",
            name=op.f("ck_draft_cluster_state"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_draft_cluster_title")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["text_draft.consultation_id"],
            name=op.f("fk_draft_cluster_consultation_id_text_draft"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_draft_cluster_made_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_cluster")),
        sa.UniqueConstraint(
            "consultation_id", "id", name=op.f("uq_draft_cluster_consultation_id_id")
        ),
        sa.UniqueConstraint(
            "consultation_id", "title", name=op.f("uq_draft_cluster_consultation_id_title")
        ),
    )
    op.create_table(
        "draft_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("title <> '' AND body <> ''", name=op.f("ck_draft_version_said")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draft_version_number")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["text_draft.consultation_id"],
            name=op.f("fk_draft_version_consultation_id_text_draft"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_draft_version_published_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_version")),
        sa.UniqueConstraint(
            "consultation_id", "id", name=op.f("uq_draft_version_consultation_id_id")
        ),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_draft_version_consultation_id_number")
        ),
    )
    op.create_table(
        "draft_paragraph",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.CheckConstraint("comments >= 0", name=op.f("ck_draft_paragraph_comments")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_draft_paragraph_number")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["draft_version.id"],
            name=op.f("fk_draft_paragraph_version_id_draft_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "number", name=op.f("pk_draft_paragraph")),
    )
    op.create_table(
        "draft_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.SmallInteger(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("changed_in", sa.SmallInteger(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "changed_in IS NULL OR state IN ('adopted', 'partly')",
            name=op.f("ck_draft_comment_change"),
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR (words = '' AND wording = '')",
            name=op.f("ck_draft_comment_removed"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'adopted', 'partly', 'not_adopted')",
            name=op.f("ck_draft_comment_state"),
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR hidden_by IS NULL", name=op.f("ck_draft_comment_one_end")
        ),
        sa.CheckConstraint("supporters >= 0", name=op.f("ck_draft_comment_supporters")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_draft_comment_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "cluster_id"],
            ["draft_cluster.consultation_id", "draft_cluster.id"],
            name=op.f("fk_draft_comment_consultation_id_cluster_id_draft_cluster"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "version_id"],
            ["draft_version.consultation_id", "draft_version.id"],
            name=op.f("fk_draft_comment_consultation_id_version_id_draft_version"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["text_draft.consultation_id"],
            name=op.f("fk_draft_comment_consultation_id_text_draft"),
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["decision.id"], name=op.f("fk_draft_comment_hidden_by_decision")
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "paragraph"],
            ["draft_paragraph.version_id", "draft_paragraph.number"],
            name=op.f("fk_draft_comment_version_id_paragraph_draft_paragraph"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_comment")),
        sa.UniqueConstraint(
            "author_id", "form_key", name=op.f("uq_draft_comment_author_id_form_key")
        ),
    )
    with op.batch_alter_table("draft_comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draft_comment_author_id_created_at"),
            ["author_id", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_draft_comment_cluster_id"), ["cluster_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_draft_comment_consultation_id_id"),
            ["consultation_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_draft_comment_consultation_id_state_id"),
            ["consultation_id", "state", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_draft_comment_hidden_by"), ["hidden_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_draft_comment_version_id_paragraph_id"),
            ["version_id", "paragraph", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_draft_comment_version_id_paragraph_supporters_id"),
            ["version_id", "paragraph", "supporters", "id"],
            unique=False,
        )

    op.create_table(
        "draft_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict = 'adopted' OR reason <> ''", name=op.f("ck_draft_answer_reason")
        ),
        sa.CheckConstraint(
            "verdict IN ('adopted', 'partly', 'not_adopted')", name=op.f("ck_draft_answer_verdict")
        ),
        sa.CheckConstraint(
            "(comment_id IS NULL) <> (cluster_id IS NULL)", name=op.f("ck_draft_answer_one_thing")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draft_answer_number")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_draft_answer_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"],
            ["draft_cluster.id"],
            name=op.f("fk_draft_answer_cluster_id_draft_cluster"),
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["draft_comment.id"],
            name=op.f("fk_draft_answer_comment_id_draft_comment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_answer")),
        sa.UniqueConstraint("cluster_id", "number", name=op.f("uq_draft_answer_cluster_id_number")),
        sa.UniqueConstraint("comment_id", "number", name=op.f("uq_draft_answer_comment_id_number")),
    )
    op.create_table(
        "draft_support",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["draft_comment.id"],
            name=op.f("fk_draft_support_comment_id_draft_comment"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_draft_support_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_support")),
        sa.UniqueConstraint(
            "comment_id", "person_id", name=op.f("uq_draft_support_comment_id_person_id")
        ),
    )
    with op.batch_alter_table("draft_support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_support_person_id"), ["person_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table, column in REFUSED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)
    for table in FIXED:
        for statement in _fixed(dialect, table):
            op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    dialect = op.get_bind().dialect.name
    for table in FIXED:
        for statement in _free(dialect, table):
            op.execute(statement)
    for table, column in REFUSED:
        for statement in guards.removing(dialect, table, column):
            op.execute(statement)
    with op.batch_alter_table("draft_support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_support_person_id"))

    op.drop_table("draft_support")
    op.drop_table("draft_answer")
    with op.batch_alter_table("draft_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_comment_version_id_paragraph_supporters_id"))
        batch_op.drop_index(batch_op.f("ix_draft_comment_version_id_paragraph_id"))
        batch_op.drop_index(batch_op.f("ix_draft_comment_hidden_by"))
        batch_op.drop_index(batch_op.f("ix_draft_comment_consultation_id_state_id"))
        batch_op.drop_index(batch_op.f("ix_draft_comment_consultation_id_id"))
        batch_op.drop_index(batch_op.f("ix_draft_comment_cluster_id"))
        batch_op.drop_index(batch_op.f("ix_draft_comment_author_id_created_at"))

    op.drop_table("draft_comment")
    op.drop_table("draft_paragraph")
    op.drop_table("draft_version")
    op.drop_table("draft_cluster")
    with op.batch_alter_table("text_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_draft_answers_by"))

    op.drop_table("text_draft")
