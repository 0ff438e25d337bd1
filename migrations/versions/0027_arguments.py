"""Arguments, questions with their answers, and walls of dots.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel import guards

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: People whose account must be open when they are named here.
REFUSED = (
    ("argument", "author_id"),
    ("argument_rating", "person_id"),
    ("question", "author_id"),
    ("question_support", "person_id"),
    ("wall_dot", "person_id"),
)
#: Tables of which rows stay as they are.
FIXED = ("question_answer", "wall_item")
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
        "argument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("convinced", sa.Integer(), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("side IN ('for', 'against')", name=op.f("ck_argument_side")),
        sa.CheckConstraint(
            "title <> '' OR hidden_by IS NOT NULL OR removed_at IS NOT NULL",
            name=op.f("ck_argument_said"),
        ),
        sa.CheckConstraint("convinced >= 0", name=op.f("ck_argument_convinced")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_argument_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_argument_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["decision.id"], name=op.f("fk_argument_hidden_by_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_argument")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_argument_author_id_form_key")),
        sa.UniqueConstraint("id", "author_id", name=op.f("uq_argument_id_author_id")),
    )
    with op.batch_alter_table("argument", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_argument_consultation_id_side_convinced_id"),
            ["consultation_id", "side", "convinced", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_argument_hidden_by"), ["hidden_by"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "words <> '' OR hidden_by IS NOT NULL OR removed_at IS NOT NULL",
            name=op.f("ck_question_said"),
        ),
        sa.CheckConstraint("supports >= 0", name=op.f("ck_question_supports")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_question_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_question_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["decision.id"], name=op.f("fk_question_hidden_by_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_question_author_id_form_key")),
        sa.UniqueConstraint("id", "author_id", name=op.f("uq_question_id_author_id")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_consultation_id_answered_at_supports"),
            ["consultation_id", "answered_at", "supports"],
            unique=False,
        )
        batch_op.create_index("ix_question_due", ["answered_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_hidden_by"), ["hidden_by"], unique=False)

    op.create_table(
        "wall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("dots", sa.SmallInteger(), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_wall_withdrawn")
        ),
        sa.CheckConstraint("title <> '' AND office <> ''", name=op.f("ck_wall_said")),
        sa.CheckConstraint("closes_at > opened_at", name=op.f("ck_wall_period")),
        sa.CheckConstraint("dots >= 1", name=op.f("ck_wall_dots")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_wall_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name=op.f("fk_wall_opened_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall")),
        sa.UniqueConstraint("id", "dots", "several", name=op.f("uq_wall_id_dots_several")),
        sa.UniqueConstraint("opened_by", "form_key", name=op.f("uq_wall_opened_by_form_key")),
    )
    with op.batch_alter_table("wall", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_wall_consultation_id"), ["consultation_id"], unique=False
        )

    op.create_table(
        "argument_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("argument_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id <> author_id", name=op.f("ck_argument_rating_not_ones_own")),
        sa.ForeignKeyConstraint(
            ["argument_id", "author_id"],
            ["argument.id", "argument.author_id"],
            name=op.f("fk_argument_rating_argument_id_author_id_argument"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_argument_rating_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_argument_rating")),
        sa.UniqueConstraint(
            "argument_id", "person_id", name=op.f("uq_argument_rating_argument_id_person_id")
        ),
    )
    with op.batch_alter_table("argument_rating", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_argument_rating_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "question_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(edition = 1) = (reason = '')", name=op.f("ck_question_answer_reason")),
        sa.CheckConstraint("words <> '' AND office <> ''", name=op.f("ck_question_answer_said")),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_question_answer_edition")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_question_answer_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_answer_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_answer")),
        sa.UniqueConstraint(
            "question_id", "edition", name=op.f("uq_question_answer_question_id_edition")
        ),
    )
    op.create_table(
        "question_support",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id <> author_id", name=op.f("ck_question_support_not_ones_own")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_support_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["question_id", "author_id"],
            ["question.id", "question.author_id"],
            name=op.f("fk_question_support_question_id_author_id_question"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_support")),
        sa.UniqueConstraint(
            "question_id", "person_id", name=op.f("uq_question_support_question_id_person_id")
        ),
    )
    with op.batch_alter_table("question_support", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_support_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "wall_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wall_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_wall_item_said")),
        sa.ForeignKeyConstraint(["wall_id"], ["wall.id"], name=op.f("fk_wall_item_wall_id_wall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_item")),
        sa.UniqueConstraint("wall_id", "id", name=op.f("uq_wall_item_wall_id_id")),
        sa.UniqueConstraint("wall_id", "position", name=op.f("uq_wall_item_wall_id_position")),
    )
    op.create_table(
        "wall_dot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wall_id", sa.Integer(), nullable=False),
        sa.Column("dots", sa.SmallInteger(), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND dots", name=op.f("ck_wall_dot_number")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_wall_dot_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["wall_id", "dots", "several"],
            ["wall.id", "wall.dots", "wall.several"],
            name=op.f("fk_wall_dot_wall_id_dots_several_wall"),
        ),
        sa.ForeignKeyConstraint(
            ["wall_id", "item_id"],
            ["wall_item.wall_id", "wall_item.id"],
            name=op.f("fk_wall_dot_wall_id_item_id_wall_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_dot")),
        sa.UniqueConstraint(
            "wall_id", "person_id", "number", name=op.f("uq_wall_dot_wall_id_person_id_number")
        ),
    )
    with op.batch_alter_table("wall_dot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wall_dot_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_wall_dot_wall_id_item_id"), ["wall_id", "item_id"], unique=False
        )
        batch_op.create_index(
            "uq_wall_dot_once",
            ["wall_id", "person_id", "item_id"],
            unique=True,
            sqlite_where=sa.text("NOT several"),
            postgresql_where=sa.text("NOT several"),
        )

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
    with op.batch_alter_table("wall_dot", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_wall_dot_once",
            sqlite_where=sa.text("NOT several"),
            postgresql_where=sa.text("NOT several"),
        )
        batch_op.drop_index(batch_op.f("ix_wall_dot_wall_id_item_id"))
        batch_op.drop_index(batch_op.f("ix_wall_dot_person_id"))

    op.drop_table("wall_dot")
    op.drop_table("wall_item")
    with op.batch_alter_table("question_support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_support_person_id"))

    op.drop_table("question_support")
    op.drop_table("question_answer")
    with op.batch_alter_table("argument_rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_argument_rating_person_id"))

    op.drop_table("argument_rating")
    with op.batch_alter_table("wall", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wall_consultation_id"))

    op.drop_table("wall")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_hidden_by"))
        batch_op.drop_index("ix_question_due")
        batch_op.drop_index(batch_op.f("ix_question_consultation_id_answered_at_supports"))

    op.drop_table("question")
    with op.batch_alter_table("argument", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_argument_hidden_by"))
        batch_op.drop_index(batch_op.f("ix_argument_consultation_id_side_convinced_id"))

    op.drop_table("argument")
