"""Meetings in the hall: agenda, hands and turns, motions, minutes, who is there.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel import guards

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

#: People whose account must be open when they are named here.
REFUSED = (
    ("hall_hand", "person_id"),
    ("hall_meeting", "chair_id"),
    ("hall_meeting", "secretary_id"),
    ("hall_motion", "mover_id"),
    ("hall_motion", "seconder_id"),
    ("hall_presence", "person_id"),
)
#: Tables of which nothing changes once the minutes are signed, with what leads to the meeting.
FROZEN = {
    "hall_meeting": "{row}.signed_at IS NOT NULL",
    "hall_item": "{row}.meeting_id IN (SELECT id FROM hall_meeting WHERE signed_at IS NOT NULL)",
    "hall_hand": "{row}.meeting_id IN (SELECT id FROM hall_meeting WHERE signed_at IS NOT NULL)",
    "hall_motion": "{row}.meeting_id IN (SELECT id FROM hall_meeting WHERE signed_at IS NOT NULL)",
    "hall_entry": "{row}.meeting_id IN (SELECT id FROM hall_meeting WHERE signed_at IS NOT NULL)",
    "hall_old_words": (
        "{row}.entry_id IN (SELECT e.id FROM hall_entry e JOIN hall_meeting m"
        " ON m.id = e.meeting_id WHERE m.signed_at IS NOT NULL)"
    ),
}
SENTENCE = "the minutes are signed"


def _freezing(dialect: str, table: str) -> list[str]:
    """Return what lets the database refuse to change a table once the minutes are signed."""
    acts = {"UPDATE": "OLD", "DELETE": "OLD"} | (
        {} if table == "hall_meeting" else {"INSERT": "NEW"}
    )
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_signed_{act.lower()} BEFORE {act} ON {table} "
            f"WHEN {FROZEN[table].format(row=row)} "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            for act, row in acts.items()
        ]
    # One test after the other: NEW is nothing where a row is deleted.
    body = " ".join(
        f"IF TG_OP = '{act}' THEN IF {FROZEN[table].format(row=row)} THEN"
        f" RAISE EXCEPTION '{SENTENCE}'; END IF; END IF;"
        for act, row in acts.items()
    )
    return [
        (
            f"CREATE FUNCTION {table}_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_signed BEFORE {' OR '.join(acts)} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_signed()"
        ),
    ]


def _thawing(dialect: str, table: str) -> list[str]:
    if dialect == "sqlite":
        acts = ("update", "delete") if table == "hall_meeting" else ("update", "delete", "insert")
        return [f"DROP TRIGGER {table}_signed_{act}" for act in acts]
    return [f"DROP TRIGGER {table}_signed ON {table}", f"DROP FUNCTION {table}_signed()"]


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "hall_meeting",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=False),
        sa.Column("chair_name", sa.String(), nullable=False),
        sa.Column("chair_post", sa.String(), nullable=False),
        sa.Column("secretary_id", sa.Integer(), nullable=False),
        sa.Column("secretary_name", sa.String(), nullable=False),
        sa.Column("turn_seconds", sa.SmallInteger(), nullable=False),
        sa.Column("turns_each", sa.SmallInteger(), nullable=False),
        sa.Column("majority_num", sa.SmallInteger(), nullable=False),
        sa.Column("majority_den", sa.SmallInteger(), nullable=False),
        sa.Column("majority_more", sa.Boolean(), nullable=False),
        sa.Column("item", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("checked_in", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "called_off = '' OR opened_at IS NULL", name=op.f("ck_hall_meeting_called_off")
        ),
        sa.CheckConstraint("title <> '' AND place <> ''", name=op.f("ck_hall_meeting_said")),
        sa.CheckConstraint("chair_id <> secretary_id", name=op.f("ck_hall_meeting_two_people")),
        sa.CheckConstraint(
            "closed_at IS NULL OR opened_at IS NOT NULL", name=op.f("ck_hall_meeting_closed")
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR present IS NOT NULL", name=op.f("ck_hall_meeting_counted")
        ),
        sa.CheckConstraint(
            "majority_num BETWEEN 1 AND majority_den", name=op.f("ck_hall_meeting_majority")
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_hall_meeting_signed")
        ),
        sa.CheckConstraint(
            "turn_seconds >= 1 AND turns_each >= 1", name=op.f("ck_hall_meeting_caps")
        ),
        sa.ForeignKeyConstraint(
            ["chair_id"], ["person.id"], name=op.f("fk_hall_meeting_chair_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_hall_meeting_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_hall_meeting_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_hall_meeting_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["secretary_id"], ["person.id"], name=op.f("fk_hall_meeting_secretary_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_meeting")),
        sa.UniqueConstraint("made_by", "form_key", name=op.f("uq_hall_meeting_made_by_form_key")),
    )
    with op.batch_alter_table("hall_meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hall_meeting_chair_id"), ["chair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hall_meeting_closed_at"), ["closed_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hall_meeting_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hall_meeting_consultation_id"), ["consultation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hall_meeting_secretary_id"), ["secretary_id"], unique=False
        )
        batch_op.create_index(
            "uq_hall_meeting_open",
            ["consultation_id"],
            unique=True,
            sqlite_where=sa.text("opened_at IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("opened_at IS NOT NULL AND closed_at IS NULL"),
        )

    op.create_table(
        "hall_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_hall_item_said")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["hall_meeting.id"], name=op.f("fk_hall_item_meeting_id_hall_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_item")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_hall_item_meeting_id_number")),
    )
    op.create_table(
        "hall_presence",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["hall_meeting.id"],
            name=op.f("fk_hall_presence_meeting_id_hall_meeting"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hall_presence_person_id_person")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_hall_presence")),
    )
    with op.batch_alter_table("hall_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hall_presence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "hall_hand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.SmallInteger(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) = (label <> '')", name=op.f("ck_hall_hand_one_kind")
        ),
        sa.CheckConstraint(
            "(state = 'spoken') = (ended_at IS NOT NULL)", name=op.f("ck_hall_hand_ended")
        ),
        sa.CheckConstraint(
            "(state IN ('speaking', 'spoken')) = (called_at IS NOT NULL)",
            name=op.f("ck_hall_hand_turn"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'speaking', 'spoken')", name=op.f("ck_hall_hand_state")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["hall_item.id"], name=op.f("fk_hall_hand_item_id_hall_item")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["hall_meeting.id"], name=op.f("fk_hall_hand_meeting_id_hall_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hall_hand_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_hand")),
    )
    with op.batch_alter_table("hall_hand", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hall_hand_item_id_state"), ["item_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_hall_hand_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hall_hand_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_hall_hand_label",
            ["item_id", "label"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting' AND person_id IS NULL"),
            postgresql_where=sa.text("state = 'waiting' AND person_id IS NULL"),
        )
        batch_op.create_index(
            "uq_hall_hand_person",
            ["item_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting' AND person_id IS NOT NULL"),
            postgresql_where=sa.text("state = 'waiting' AND person_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_hall_hand_speaking",
            ["meeting_id"],
            unique=True,
            sqlite_where=sa.text("state = 'speaking'"),
            postgresql_where=sa.text("state = 'speaking'"),
        )

    op.create_table(
        "hall_motion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("part_of", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("mover_id", sa.Integer(), nullable=True),
        sa.Column("mover", sa.String(), nullable=False),
        sa.Column("seconder_id", sa.Integer(), nullable=True),
        sa.Column("seconder", sa.String(), nullable=False),
        sa.Column("cut_short", sa.String(), nullable=False),
        sa.Column("in_favour", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=True),
        sa.Column("abstained", sa.Integer(), nullable=True),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("other_counter", sa.String(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(mover_id IS NULL) = (mover <> '')", name=op.f("ck_hall_motion_mover")),
        sa.CheckConstraint(
            "(state IN ('carried', 'lost')) = (in_favour IS NOT NULL) AND (in_favour IS NULL) = (against IS NULL) AND (in_favour IS NULL) = (abstained IS NULL)",
            name=op.f("ck_hall_motion_counted"),
        ),
        sa.CheckConstraint(
            "in_favour IS NULL OR (in_favour >= 0 AND against >= 0 AND abstained >= 0 AND counter <> '' AND other_counter <> '' AND counter <> other_counter)",
            name=op.f("ck_hall_motion_counters"),
        ),
        sa.CheckConstraint(
            "mover = '' OR mover <> seconder", name=op.f("ck_hall_motion_another_without")
        ),
        sa.CheckConstraint(
            "seconder_id IS NULL OR seconder = ''", name=op.f("ck_hall_motion_seconder")
        ),
        sa.CheckConstraint(
            "state IN ('moved', 'seconded', 'debated', 'put', 'carried', 'lost', 'withdrawn', 'divided', 'later')",
            name=op.f("ck_hall_motion_state"),
        ),
        sa.CheckConstraint(
            "state IN ('moved', 'withdrawn', 'divided') OR seconder_id IS NOT NULL OR seconder <> ''",
            name=op.f("ck_hall_motion_seconded"),
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_hall_motion_said")),
        sa.CheckConstraint("mover_id <> seconder_id", name=op.f("ck_hall_motion_another")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["hall_item.id"], name=op.f("fk_hall_motion_item_id_hall_item")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["hall_meeting.id"], name=op.f("fk_hall_motion_meeting_id_hall_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["mover_id"], ["person.id"], name=op.f("fk_hall_motion_mover_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["hall_motion.id"], name=op.f("fk_hall_motion_parent_id_hall_motion")
        ),
        sa.ForeignKeyConstraint(
            ["part_of"], ["hall_motion.id"], name=op.f("fk_hall_motion_part_of_hall_motion")
        ),
        sa.ForeignKeyConstraint(
            ["seconder_id"], ["person.id"], name=op.f("fk_hall_motion_seconder_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_motion")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_hall_motion_meeting_id_number")),
    )
    with op.batch_alter_table("hall_motion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hall_motion_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hall_motion_mover_id"), ["mover_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hall_motion_part_of"), ["part_of"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hall_motion_seconder_id"), ["seconder_id"], unique=False
        )
        batch_op.create_index(
            "uq_hall_motion_amendment",
            ["parent_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('moved', 'seconded', 'debated', 'put')"),
            postgresql_where=sa.text("state IN ('moved', 'seconded', 'debated', 'put')"),
        )
        batch_op.create_index(
            "uq_hall_motion_main",
            ["meeting_id"],
            unique=True,
            sqlite_where=sa.text(
                "parent_id IS NULL AND state IN ('moved', 'seconded', 'debated', 'put')"
            ),
            postgresql_where=sa.text(
                "parent_id IS NULL AND state IN ('moved', 'seconded', 'debated', 'put')"
            ),
        )

    op.create_table(
        "hall_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("hand_id", sa.Integer(), nullable=True),
        sa.Column("motion_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'motion') = (motion_id IS NOT NULL)", name=op.f("ck_hall_entry_motion")
        ),
        sa.CheckConstraint(
            "(kind = 'turn') = (hand_id IS NOT NULL)", name=op.f("ck_hall_entry_turn")
        ),
        sa.CheckConstraint("kind <> 'task' OR who <> ''", name=op.f("ck_hall_entry_who")),
        sa.CheckConstraint(
            "kind IN ('note', 'decision', 'task', 'turn', 'motion')",
            name=op.f("ck_hall_entry_kind"),
        ),
        sa.CheckConstraint(
            "words <> '' OR kind IN ('turn', 'motion')", name=op.f("ck_hall_entry_said")
        ),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_hall_entry_edition")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_hall_entry_by_id_person")),
        sa.ForeignKeyConstraint(
            ["hand_id"], ["hall_hand.id"], name=op.f("fk_hall_entry_hand_id_hall_hand")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["hall_meeting.id"], name=op.f("fk_hall_entry_meeting_id_hall_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["hall_motion.id"], name=op.f("fk_hall_entry_motion_id_hall_motion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_entry")),
        sa.UniqueConstraint("by_id", "form_key", name=op.f("uq_hall_entry_by_id_form_key")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_hall_entry_meeting_id_number")),
    )
    with op.batch_alter_table("hall_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hall_entry_hand_id"), ["hand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hall_entry_motion_id"), ["motion_id"], unique=False)

    op.create_table(
        "hall_old_words",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_hall_old_words_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["hall_entry.id"], name=op.f("fk_hall_old_words_entry_id_hall_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", "edition", name=op.f("pk_hall_old_words")),
    )

    dialect = op.get_bind().dialect.name
    for table, column in REFUSED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)
    for table in FROZEN:
        for statement in _freezing(dialect, table):
            op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in _thawing(dialect, table):
            op.execute(statement)
    for table, column in REFUSED:
        for statement in guards.removing(dialect, table, column):
            op.execute(statement)
    op.drop_table("hall_old_words")
    with op.batch_alter_table("hall_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hall_entry_motion_id"))
        batch_op.drop_index(batch_op.f("ix_hall_entry_hand_id"))

    op.drop_table("hall_entry")
    with op.batch_alter_table("hall_motion", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_hall_motion_main",
            sqlite_where=sa.text(
                "parent_id IS NULL AND state IN ('moved', 'seconded', 'debated', 'put')"
            ),
            postgresql_where=sa.text(
                "parent_id IS NULL AND state IN ('moved', 'seconded', 'debated', 'put')"
            ),
        )
        batch_op.drop_index(
            "uq_hall_motion_amendment",
            sqlite_where=sa.text("state IN ('moved', 'seconded', 'debated', 'put')"),
            postgresql_where=sa.text("state IN ('moved', 'seconded', 'debated', 'put')"),
        )
        batch_op.drop_index(batch_op.f("ix_hall_motion_seconder_id"))
        batch_op.drop_index(batch_op.f("ix_hall_motion_part_of"))
        batch_op.drop_index(batch_op.f("ix_hall_motion_mover_id"))
        batch_op.drop_index(batch_op.f("ix_hall_motion_item_id"))

    op.drop_table("hall_motion")
    with op.batch_alter_table("hall_hand", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_hall_hand_speaking",
            sqlite_where=sa.text("state = 'speaking'"),
            postgresql_where=sa.text("state = 'speaking'"),
        )
        batch_op.drop_index(
            "uq_hall_hand_person",
            sqlite_where=sa.text("state = 'waiting' AND person_id IS NOT NULL"),
            postgresql_where=sa.text("state = 'waiting' AND person_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_hall_hand_label",
            sqlite_where=sa.text("state = 'waiting' AND person_id IS NULL"),
            postgresql_where=sa.text("state = 'waiting' AND person_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_hall_hand_person_id"))
        batch_op.drop_index(batch_op.f("ix_hall_hand_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_hall_hand_item_id_state"))

    op.drop_table("hall_hand")
    with op.batch_alter_table("hall_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hall_presence_person_id"))

    op.drop_table("hall_presence")
    op.drop_table("hall_item")
    with op.batch_alter_table("hall_meeting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_hall_meeting_open",
            sqlite_where=sa.text("opened_at IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("opened_at IS NOT NULL AND closed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_hall_meeting_secretary_id"))
        batch_op.drop_index(batch_op.f("ix_hall_meeting_consultation_id"))
        batch_op.drop_index(batch_op.f("ix_hall_meeting_community_id"))
        batch_op.drop_index(batch_op.f("ix_hall_meeting_closed_at"))
        batch_op.drop_index(batch_op.f("ix_hall_meeting_chair_id"))

    op.drop_table("hall_meeting")
