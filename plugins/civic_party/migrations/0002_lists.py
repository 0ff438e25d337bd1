"""Needs, resources, matches, joint projects.

Revision ID: party_0002
Revises: party_0001
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from civic.api import guards

revision = "party_0002"
down_revision = "party_0001"
branch_labels = None
depends_on = None

#: People whose account must be open when they are named here; the triggers go with their tables.
NAMED = (
    ("party_need", "posted_by"),
    ("party_need", "checked_by"),
    ("party_resource", "posted_by"),
    ("party_resource", "checked_by"),
    ("party_match", "proposed_by"),
    ("party_match", "need_yes_by"),
    ("party_match", "resource_yes_by"),
    ("party_project_step", "done_by"),
    ("party_rating", "by_id"),
)
#: What the database says where more would be used than there is.
FULL = "more is used than there is"
#: At some minute of a new use, all uses together are more than the capacity. What is used changes
#: only where a use begins, so it is enough to look at its own beginning and at those within it.
TOO_MUCH = """\
EXISTS (
  SELECT 1 FROM (
    SELECT NEW.begins AS mark UNION
    SELECT begins FROM party_use
      WHERE resource_id = NEW.resource_id AND begins > NEW.begins AND begins < NEW.ends
  ) AS marks
  WHERE NEW.load + (
    SELECT COALESCE(SUM(other.load), 0) FROM party_use AS other
      WHERE other.resource_id = NEW.resource_id
        AND other.begins <= marks.mark AND other.ends > marks.mark
  ) > (SELECT capacity FROM party_resource WHERE id = NEW.resource_id)
)"""


def _room(dialect: str) -> Iterator[str]:
    """Yield the statements after which no use goes beyond the capacity, nor is changed."""
    if dialect == "sqlite":
        fails = f"BEGIN SELECT RAISE(ABORT, '{FULL}'); END"
        yield f"CREATE TRIGGER party_use_room BEFORE INSERT ON party_use WHEN {TOO_MUCH} {fails}"
        yield f"CREATE TRIGGER party_use_fixed BEFORE UPDATE ON party_use {fails}"
        return
    says = f"RAISE EXCEPTION '{FULL}' USING ERRCODE = 'integrity_constraint_violation'"
    held = "PERFORM 1 FROM party_resource WHERE id = NEW.resource_id FOR NO KEY UPDATE"
    head = "RETURNS trigger LANGUAGE plpgsql"
    yield (
        f"CREATE FUNCTION party_use_room() {head} AS $$ BEGIN {held}; "
        f"IF {TOO_MUCH} THEN {says}; END IF; RETURN NEW; END $$"
    )
    yield f"CREATE FUNCTION party_use_fixed() {head} AS $$ BEGIN {says}; END $$"
    for called, act in (("room", "INSERT"), ("fixed", "UPDATE")):
        yield (
            f"CREATE TRIGGER party_use_{called} BEFORE {act} ON party_use "
            f"FOR EACH ROW EXECUTE FUNCTION party_use_{called}()"
        )


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "party_need",
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("group_name", sa.String(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("by_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("posted_by", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('venue', 'parking', 'canteen', 'medical', 'lecturer', 'volunteers', 'funds', 'information')",
            name=op.f("ck_party_need_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('checking', 'returned', 'public', 'matched', 'met', 'withdrawn', 'expired')",
            name=op.f("ck_party_need_state"),
        ),
        sa.CheckConstraint(
            "state IN ('checking', 'returned', 'withdrawn', 'expired') OR checked_at IS NOT NULL",
            name=op.f("ck_party_need_checked"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_party_need_title")),
        sa.CheckConstraint(
            "urgency IN ('soon', 'ordinary', 'can_wait')", name=op.f("ck_party_need_urgency")
        ),
        sa.CheckConstraint(
            "(organisation_id IS NULL) = (group_name <> '')", name=op.f("ck_party_need_side")
        ),
        sa.CheckConstraint(
            "checked_by IS NULL OR posted_by IS NULL OR checked_by <> posted_by",
            name=op.f("ck_party_need_eyes"),
        ),
        sa.CheckConstraint("heads >= 0", name=op.f("ck_party_need_heads")),
        sa.CheckConstraint(
            "organisation_id IS NULL OR NOT by_office", name=op.f("ck_party_need_by_office")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["person.id"], name=op.f("fk_party_need_checked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_party_need_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_party_need_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["node.id"], name=op.f("fk_party_need_place_id_node")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["person.id"], name=op.f("fk_party_need_posted_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_need")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_party_need_id_community_id")),
        sa.UniqueConstraint("posted_by", "form_key", name=op.f("uq_party_need_posted_by_form_key")),
    )
    with op.batch_alter_table("party_need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_need_checked_by"), ["checked_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_need_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_party_need_list", ["community_id", "state", "by_day"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_need_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_need_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_need_posted_by"), ["posted_by"], unique=False)

    op.create_table(
        "party_project",
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "lead IN ('need', 'resource', 'office')", name=op.f("ck_party_project_lead")
        ),
        sa.CheckConstraint(
            "line IN ('meals', 'parking', 'venues', 'other')", name=op.f("ck_party_project_line")
        ),
        sa.CheckConstraint(
            "state <> 'stopped' OR reason <> ''", name=op.f("ck_party_project_reason")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'finished', 'rated', 'stopped')",
            name=op.f("ck_party_project_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('finished', 'rated') OR report <> ''",
            name=op.f("ck_party_project_report"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_party_project_title")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_party_project_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_project")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_party_project_id_community_id")),
    )
    with op.batch_alter_table("party_project", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_project_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_party_project_list", ["community_id", "state", "made_at"], unique=False
        )

    op.create_table(
        "party_resource",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("posted_by", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('venue', 'parking', 'canteen', 'medical', 'lecturer', 'volunteers', 'funds', 'information')",
            name=op.f("ck_party_resource_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('checking', 'returned', 'public', 'withdrawn', 'expired')",
            name=op.f("ck_party_resource_state"),
        ),
        sa.CheckConstraint(
            "state IN ('checking', 'returned', 'withdrawn', 'expired') OR checked_at IS NOT NULL",
            name=op.f("ck_party_resource_checked"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_party_resource_title")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_party_resource_capacity")),
        sa.CheckConstraint(
            "checked_by IS NULL OR posted_by IS NULL OR checked_by <> posted_by",
            name=op.f("ck_party_resource_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["person.id"], name=op.f("fk_party_resource_checked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_party_resource_community_id_community"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_party_resource_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["node.id"], name=op.f("fk_party_resource_place_id_node")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["person.id"], name=op.f("fk_party_resource_posted_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_resource")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_party_resource_id_community_id")),
        sa.UniqueConstraint(
            "posted_by", "form_key", name=op.f("uq_party_resource_posted_by_form_key")
        ),
    )
    with op.batch_alter_table("party_resource", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_resource_checked_by"), ["checked_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_resource_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_party_resource_list", ["community_id", "state", "kind"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_resource_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_resource_place_id"), ["place_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_resource_posted_by"), ["posted_by"], unique=False
        )

    op.create_table(
        "party_walk",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_party_walk_minutes")),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_party_walk_ends")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_party_walk_community_id_community")
        ),
        sa.ForeignKeyConstraint(["one_id"], ["node.id"], name=op.f("fk_party_walk_one_id_node")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["node.id"], name=op.f("fk_party_walk_other_id_node")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_walk")),
        sa.UniqueConstraint(
            "community_id",
            "one_id",
            "other_id",
            name=op.f("uq_party_walk_community_id_one_id_other_id"),
        ),
    )
    with op.batch_alter_table("party_walk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_walk_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_walk_one_id"), ["one_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_walk_other_id"), ["other_id"], unique=False)

    op.create_table(
        "party_match",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("load", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("need_yes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("need_yes_by", sa.Integer(), nullable=True),
        sa.Column("need_words", sa.String(), nullable=False),
        sa.Column("resource_yes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resource_yes_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_words", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'accepted' OR (need_yes_at IS NOT NULL AND resource_yes_at IS NOT NULL AND project_id IS NOT NULL)",
            name=op.f("ck_party_match_both"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'lapsed')",
            name=op.f("ck_party_match_state"),
        ),
        sa.CheckConstraint("load >= 0", name=op.f("ck_party_match_load")),
        sa.CheckConstraint("need_yes_by <> resource_yes_by", name=op.f("ck_party_match_two")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_party_match_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["need_id", "community_id"],
            ["party_need.id", "party_need.community_id"],
            name="fk_party_match_need",
        ),
        sa.ForeignKeyConstraint(
            ["need_yes_by"], ["person.id"], name=op.f("fk_party_match_need_yes_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "community_id"],
            ["party_project.id", "party_project.community_id"],
            name="fk_party_match_project",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_party_match_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id", "community_id"],
            ["party_resource.id", "party_resource.community_id"],
            name="fk_party_match_resource",
        ),
        sa.ForeignKeyConstraint(
            ["resource_yes_by"], ["person.id"], name=op.f("fk_party_match_resource_yes_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_match")),
    )
    with op.batch_alter_table("party_match", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_match_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_match_need_id"), ["need_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_match_need_yes_by"), ["need_yes_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_match_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_match_proposed_by"), ["proposed_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_match_resource_id"), ["resource_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_match_resource_yes_by"), ["resource_yes_by"], unique=False
        )
        batch_op.create_index(
            "uq_party_match_open",
            ["need_id", "resource_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'accepted')"),
            postgresql_where=sa.text("state IN ('proposed', 'accepted')"),
        )

    op.create_table(
        "party_project_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("words <> ''", name=op.f("ck_party_project_step_words")),
        sa.ForeignKeyConstraint(
            ["done_by"], ["person.id"], name=op.f("fk_party_project_step_done_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["party_project.id"],
            name=op.f("fk_party_project_step_project_id_party_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_project_step")),
    )
    with op.batch_alter_table("party_project_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_project_step_done_by"), ["done_by"], unique=False
        )
        batch_op.create_index("ix_party_project_step_project", ["project_id", "due"], unique=False)

    op.create_table(
        "party_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_party_rating_stars")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_party_rating_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["party_need.id"], name=op.f("fk_party_rating_need_id_party_need")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["party_project.id"],
            name=op.f("fk_party_rating_project_id_party_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_rating")),
        sa.UniqueConstraint(
            "project_id", "need_id", name=op.f("uq_party_rating_project_id_need_id")
        ),
    )
    with op.batch_alter_table("party_rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_rating_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_rating_need_id"), ["need_id"], unique=False)

    op.create_table(
        "party_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("load", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "begins >= 0 AND ends > begins AND ends <= 10080", name=op.f("ck_party_use_minutes")
        ),
        sa.CheckConstraint("load > 0", name=op.f("ck_party_use_load")),
        sa.ForeignKeyConstraint(
            ["match_id"], ["party_match.id"], name=op.f("fk_party_use_match_id_party_match")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["party_resource.id"],
            name=op.f("fk_party_use_resource_id_party_resource"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_use")),
        sa.UniqueConstraint("match_id", "begins", name=op.f("uq_party_use_match_id_begins")),
    )
    with op.batch_alter_table("party_use", schema=None) as batch_op:
        batch_op.create_index("ix_party_use_resource", ["resource_id", "begins"], unique=False)

    dialect = op.get_bind().dialect.name
    for table, column in NAMED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)
    for statement in _room(dialect):
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("party_use", schema=None) as batch_op:
        batch_op.drop_index("ix_party_use_resource")

    op.drop_table("party_use")
    with op.batch_alter_table("party_rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_rating_need_id"))
        batch_op.drop_index(batch_op.f("ix_party_rating_by_id"))

    op.drop_table("party_rating")
    with op.batch_alter_table("party_project_step", schema=None) as batch_op:
        batch_op.drop_index("ix_party_project_step_project")
        batch_op.drop_index(batch_op.f("ix_party_project_step_done_by"))

    op.drop_table("party_project_step")
    with op.batch_alter_table("party_match", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_party_match_open",
            sqlite_where=sa.text("state IN ('proposed', 'accepted')"),
            postgresql_where=sa.text("state IN ('proposed', 'accepted')"),
        )
        batch_op.drop_index(batch_op.f("ix_party_match_resource_yes_by"))
        batch_op.drop_index(batch_op.f("ix_party_match_resource_id"))
        batch_op.drop_index(batch_op.f("ix_party_match_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_party_match_project_id"))
        batch_op.drop_index(batch_op.f("ix_party_match_need_yes_by"))
        batch_op.drop_index(batch_op.f("ix_party_match_need_id"))
        batch_op.drop_index(batch_op.f("ix_party_match_community_id"))

    op.drop_table("party_match")
    with op.batch_alter_table("party_walk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_walk_other_id"))
        batch_op.drop_index(batch_op.f("ix_party_walk_one_id"))
        batch_op.drop_index(batch_op.f("ix_party_walk_community_id"))

    op.drop_table("party_walk")
    with op.batch_alter_table("party_resource", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_resource_posted_by"))
        batch_op.drop_index(batch_op.f("ix_party_resource_place_id"))
        batch_op.drop_index(batch_op.f("ix_party_resource_organisation_id"))
        batch_op.drop_index("ix_party_resource_list")
        batch_op.drop_index(batch_op.f("ix_party_resource_community_id"))
        batch_op.drop_index(batch_op.f("ix_party_resource_checked_by"))

    op.drop_table("party_resource")
    with op.batch_alter_table("party_project", schema=None) as batch_op:
        batch_op.drop_index("ix_party_project_list")
        batch_op.drop_index(batch_op.f("ix_party_project_community_id"))

    op.drop_table("party_project")
    with op.batch_alter_table("party_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_need_posted_by"))
        batch_op.drop_index(batch_op.f("ix_party_need_place_id"))
        batch_op.drop_index(batch_op.f("ix_party_need_organisation_id"))
        batch_op.drop_index("ix_party_need_list")
        batch_op.drop_index(batch_op.f("ix_party_need_community_id"))
        batch_op.drop_index(batch_op.f("ix_party_need_checked_by"))

    op.drop_table("party_need")
    if op.get_bind().dialect.name == "postgresql":
        for called in ("room", "fixed"):
            op.execute(f"DROP FUNCTION party_use_{called}()")
