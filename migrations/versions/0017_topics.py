"""Topics that people hand in, what happened to them, appeals, and the yearly catalogue.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel import guards

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: Columns that name nobody whose account is closed.
OPEN = (("topic", "author_id"), ("topic_asker", "person_id"), ("topic_appeal", "person_id"))
#: What is published never changes: name, act, table, and when it is refused.
PUBLISHED = (
    "EXISTS (SELECT 1 FROM catalogue WHERE id = {row}.catalogue_id AND published_at IS NOT NULL)"
)
GUARDS = (
    ("catalogue_update", "UPDATE", "catalogue", "OLD.published_at IS NOT NULL"),
    ("catalogue_delete", "DELETE", "catalogue", "OLD.published_at IS NOT NULL"),
    ("catalogue_entry_insert", "INSERT", "catalogue_entry", PUBLISHED.format(row="NEW")),
    ("catalogue_entry_update", "UPDATE", "catalogue_entry", PUBLISHED.format(row="OLD")),
    ("catalogue_entry_delete", "DELETE", "catalogue_entry", PUBLISHED.format(row="OLD")),
)
SENTENCE = "this version is published"


def _guard(dialect: str) -> None:
    for name, act, table, condition in GUARDS:
        if dialect == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
            continue
        row = "OLD" if act == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{SENTENCE}'; END IF; RETURN {row}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _unguard(dialect: str) -> None:
    for name, _act, table, _condition in GUARDS:
        if dialect == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "catalogue",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_catalogue_version")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_catalogue_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_catalogue_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_catalogue_published_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue")),
        sa.UniqueConstraint(
            "community_id", "year", "version", name=op.f("uq_catalogue_community_id_year_version")
        ),
    )
    with op.batch_alter_table("catalogue", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catalogue_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "uq_catalogue_draft",
            ["community_id", "year"],
            unique=True,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.create_table(
        "topic",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("source_ref", sa.String(), nullable=True),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=True),
        sa.Column("urgency", sa.SmallInteger(), nullable=True),
        sa.Column("reach", sa.SmallInteger(), nullable=True),
        sa.Column("authority", sa.SmallInteger(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_office", sa.String(), nullable=False),
        sa.Column("answer_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("refused_by", sa.Integer(), nullable=True),
        sa.Column("appeal_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("handed_to", sa.String(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("asker_count", sa.Integer(), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('handed_in', 'screening')) = (answered_at IS NULL) AND (answered_at IS NULL) = (answer = '')",
            name=op.f("ck_topic_answered"),
        ),
        sa.CheckConstraint(
            "lane IS NULL OR lane IN ('government', 'consultation', 'residents')",
            name=op.f("ck_topic_lane"),
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR consultation_id IS NOT NULL", name=op.f("ck_topic_accepted")
        ),
        sa.CheckConstraint(
            "state <> 'handed_over' OR handed_to <> ''", name=op.f("ck_topic_handed_over")
        ),
        sa.CheckConstraint(
            "state <> 'merged' OR merged_into IS NOT NULL", name=op.f("ck_topic_merged")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR (reason <> '' AND refused_by IS NOT NULL)",
            name=op.f("ck_topic_refused"),
        ),
        sa.CheckConstraint(
            "state IN ('handed_in', 'screening', 'accepted', 'handed_over', 'residents', 'refused', 'merged', 'withdrawn')",
            name=op.f("ck_topic_state"),
        ),
        sa.CheckConstraint(
            "(urgency IS NULL) = (reach IS NULL) AND (reach IS NULL) = (authority IS NULL) AND (urgency IS NULL) = (lane IS NULL)",
            name=op.f("ck_topic_triaged"),
        ),
        sa.CheckConstraint(
            "merged_into IS NULL OR merged_into <> id", name=op.f("ck_topic_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_topic_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_topic_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_topic_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["decision.id"], name=op.f("fk_topic_hidden_by_decision")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["topic.id"], name=op.f("fk_topic_merged_into_topic")
        ),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_topic_node_id_node")),
        sa.ForeignKeyConstraint(
            ["refused_by"], ["person.id"], name=op.f("fk_topic_refused_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_topic_author_id_form_key")),
        sa.UniqueConstraint(
            "community_id",
            "source",
            "source_ref",
            name=op.f("uq_topic_community_id_source_source_ref"),
        ),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_topic_author_id_created_at"), ["author_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_topic_community_id"), ["community_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_topic_community_id_rank_id"),
            ["community_id", "rank", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_topic_community_id_state_id"),
            ["community_id", "state", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_topic_consultation_id"), ["consultation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_topic_hidden_by"), ["hidden_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "catalogue_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("obligation", sa.String(), nullable=False),
        sa.Column("exclusion", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(obligation = 'not') = (exclusion <> '')", name=op.f("ck_catalogue_entry_exclusion")
        ),
        sa.CheckConstraint(
            "obligation IN ('must', 'may', 'not')", name=op.f("ck_catalogue_entry_obligation")
        ),
        sa.ForeignKeyConstraint(
            ["catalogue_id"],
            ["catalogue.id"],
            name=op.f("fk_catalogue_entry_catalogue_id_catalogue"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_catalogue_entry_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_entry")),
        sa.UniqueConstraint(
            "catalogue_id", "number", name=op.f("uq_catalogue_entry_catalogue_id_number")
        ),
    )
    with op.batch_alter_table("catalogue_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_entry_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "topic_asker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_topic_asker_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_asker_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_asker")),
        sa.UniqueConstraint(
            "topic_id", "person_id", name=op.f("uq_topic_asker_topic_id_person_id")
        ),
    )
    with op.batch_alter_table("topic_asker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_asker_person_id"), ["person_id"], unique=False)

    op.create_table(
        "topic_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_topic_step_by_id_person")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["catalogue_entry.id"],
            name=op.f("fk_topic_step_entry_id_catalogue_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_step_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_step")),
    )
    with op.batch_alter_table("topic_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_step_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_step_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_step_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "topic_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("refused_by", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (answered_at IS NULL) = (outcome = '')",
            name=op.f("ck_topic_appeal_answered"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'upheld', 'kept')", name=op.f("ck_topic_appeal_outcome")
        ),
        sa.CheckConstraint(
            "answered_by IS NULL OR answered_by <> refused_by",
            name=op.f("ck_topic_appeal_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_topic_appeal_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_topic_appeal_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["refused_by"], ["person.id"], name=op.f("fk_topic_appeal_refused_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["topic_step.id"], name=op.f("fk_topic_appeal_step_id_topic_step")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_appeal_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_appeal")),
        sa.UniqueConstraint("step_id", name=op.f("uq_topic_appeal_step_id")),
    )
    with op.batch_alter_table("topic_appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_appeal_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_appeal_topic_id"), ["topic_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table, column in OPEN:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)
    _guard(dialect)


def downgrade() -> None:
    """Take the change back."""
    dialect = op.get_bind().dialect.name
    _unguard(dialect)
    for table, column in OPEN:
        for statement in guards.removing(dialect, table, column):
            op.execute(statement)
    with op.batch_alter_table("topic_appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_appeal_topic_id"))
        batch_op.drop_index(batch_op.f("ix_topic_appeal_person_id"))

    op.drop_table("topic_appeal")
    with op.batch_alter_table("topic_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_step_topic_id"))
        batch_op.drop_index(batch_op.f("ix_topic_step_entry_id"))
        batch_op.drop_index(batch_op.f("ix_topic_step_by_id"))

    op.drop_table("topic_step")
    with op.batch_alter_table("topic_asker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_asker_person_id"))

    op.drop_table("topic_asker")
    with op.batch_alter_table("catalogue_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_entry_topic_id"))

    op.drop_table("catalogue_entry")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_merged_into"))
        batch_op.drop_index(batch_op.f("ix_topic_hidden_by"))
        batch_op.drop_index(batch_op.f("ix_topic_consultation_id"))
        batch_op.drop_index(batch_op.f("ix_topic_community_id_state_id"))
        batch_op.drop_index(batch_op.f("ix_topic_community_id_rank_id"))
        batch_op.drop_index(batch_op.f("ix_topic_community_id"))
        batch_op.drop_index(batch_op.f("ix_topic_author_id_created_at"))

    op.drop_table("topic")
    with op.batch_alter_table("catalogue", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_catalogue_draft",
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_catalogue_community_id"))

    op.drop_table("catalogue")
