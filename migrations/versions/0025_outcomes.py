"""What comes of a case: resolutions, objections, tasks, following, ratings.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel import guards

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

#: People whose account must be open when they are named here.
REFUSED = (
    ("resolution_objection", "person_id"),
    ("rating", "person_id"),
    ("following", "person_id"),
)
#: Tables of which rows stay as they are, with the condition of what an update meets.
FIXED = {"resolution": "OLD.published_at IS NOT NULL", "task_step": ""}
SENTENCE = "what was published here is append-only"


def _fixed(dialect: str, table: str, condition: str) -> list[str]:
    """Return what lets the database refuse to change or delete rows of a table."""
    when = f"WHEN ({condition}) " if condition else ""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {when}"
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
            f"FOR EACH ROW {when}EXECUTE FUNCTION {table}_fixed()"
        ),
    ]


def _free(dialect: str, table: str) -> list[str]:
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{act}" for act in ("update", "delete")]
    return [f"DROP TRIGGER {table}_fixed ON {table}", f"DROP FUNCTION {table}_fixed()"]


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "case_told",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("waits", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_case_told_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_case_told")),
    )
    op.create_table(
        "following",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hears", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_following_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_following_person_id_person")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "person_id", name=op.f("pk_following")),
    )
    with op.batch_alter_table("following", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_following_person_id"), ["person_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('solved', 'partly', 'not')", name=op.f("ck_rating_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_rating_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["decision.id"], name=op.f("fk_rating_hidden_by_decision")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rating_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint(
            "consultation_id",
            "number",
            "person_id",
            name=op.f("uq_rating_consultation_id_number_person_id"),
        ),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_hidden_by"), ["hidden_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_person_id"), ["person_id"], unique=False)

    op.create_table(
        "rating_round",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 2", name=op.f("ck_rating_round_number")),
        sa.CheckConstraint("reopened = false OR number = 1", name=op.f("ck_rating_round_once")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_rating_round_asked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_rating_round_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", "number", name=op.f("pk_rating_round")),
    )
    with op.batch_alter_table("rating_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_round_ended_at"), ["ended_at"], unique=False)

    op.create_table(
        "resolution",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("participation", sa.JSON(), nullable=False),
        sa.Column("invited", sa.JSON(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("display_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "title <> '' AND body <> '' AND outcome <> ''", name=op.f("ck_resolution_said")
        ),
        sa.CheckConstraint(
            "(published_by IS NULL) = (published_at IS NULL) AND (published_at IS NULL) = (display_until IS NULL)",
            name=op.f("ck_resolution_published"),
        ),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_resolution_edition")),
        sa.CheckConstraint("published_by <> written_by", name=op.f("ck_resolution_two_people")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_resolution_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_resolution_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_resolution_published_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_resolution_written_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sa.UniqueConstraint(
            "consultation_id", "edition", name=op.f("uq_resolution_consultation_id_edition")
        ),
    )
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_resolution_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "uq_resolution_draft",
            ["consultation_id"],
            unique=True,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("helpers", sa.String(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("progress", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("told_overdue", sa.Boolean(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("title <> '' AND body <> ''", name=op.f("ck_task_said")),
        sa.CheckConstraint("(progress = 100) = (done_at IS NOT NULL)", name=op.f("ck_task_done")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_task_progress")),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_task_weight")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_task_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_task_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("made_by", "form_key", name=op.f("uq_task_made_by_form_key")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_task_consultation_id"), ["consultation_id"], unique=False
        )
        batch_op.create_index("ix_task_due", ["done_at", "due_at"], unique=False)

    op.create_table(
        "resolution_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answer_office", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alone", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (answered_at IS NULL) = (answer = '')",
            name=op.f("ck_resolution_objection_answered"),
        ),
        sa.CheckConstraint(
            "answered_by <> written_by OR alone <> ''",
            name=op.f("ck_resolution_objection_not_the_writer"),
        ),
        sa.CheckConstraint(
            "words <> '' OR hidden_by IS NOT NULL", name=op.f("ck_resolution_objection_words")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_resolution_objection_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["decision.id"], name=op.f("fk_resolution_objection_hidden_by_decision")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_resolution_objection_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"],
            ["resolution.id"],
            name=op.f("fk_resolution_objection_resolution_id_resolution"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_resolution_objection_written_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_objection")),
        sa.UniqueConstraint(
            "person_id", "form_key", name=op.f("uq_resolution_objection_person_id_form_key")
        ),
        sa.UniqueConstraint(
            "resolution_id",
            "person_id",
            name=op.f("uq_resolution_objection_resolution_id_person_id"),
        ),
    )
    with op.batch_alter_table("resolution_objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_resolution_objection_answered_by"), ["answered_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_resolution_objection_hidden_by"), ["hidden_by"], unique=False
        )

    op.create_table(
        "task_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("progress", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_task_step_words")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_task_step_progress")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_task_step_by_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_step_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_step")),
        sa.UniqueConstraint("by_id", "form_key", name=op.f("uq_task_step_by_id_form_key")),
    )
    with op.batch_alter_table("task_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_step_task_id"), ["task_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table, column in REFUSED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)
    for table, condition in FIXED.items():
        for statement in _fixed(dialect, table, condition):
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
    with op.batch_alter_table("task_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_step_task_id"))

    op.drop_table("task_step")
    with op.batch_alter_table("resolution_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resolution_objection_hidden_by"))
        batch_op.drop_index(batch_op.f("ix_resolution_objection_answered_by"))

    op.drop_table("resolution_objection")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_due")
        batch_op.drop_index(batch_op.f("ix_task_consultation_id"))

    op.drop_table("task")
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_resolution_draft",
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_resolution_community_id"))

    op.drop_table("resolution")
    with op.batch_alter_table("rating_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_round_ended_at"))

    op.drop_table("rating_round")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_person_id"))
        batch_op.drop_index(batch_op.f("ix_rating_hidden_by"))

    op.drop_table("rating")
    with op.batch_alter_table("following", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_following_person_id"))

    op.drop_table("following")
    op.drop_table("case_told")
