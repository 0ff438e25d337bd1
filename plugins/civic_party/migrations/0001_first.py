"""bodies and joint meetings

Revision ID: party_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from civic.api import guards

revision = "party_0001"
down_revision = None
branch_labels = None
depends_on = None

#: People whose account must be open when they are named here; the triggers go with their tables.
NAMED = (
    ("party_charter", "recorded_by"),
    ("party_swap", "by_id"),
    ("party_holder", "person_id"),
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "party_body",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dissolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('grand_working_committee', 'coordination_committee', 'four_party_meeting', 'one_plus_four_lead', 'one_plus_four_group')",
            name=op.f("ck_party_body_kind"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_party_body_title")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > begins_on", name=op.f("ck_party_body_term")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_party_body_own_parent")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_party_body_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "community_id"],
            ["party_body.id", "party_body.community_id"],
            name="fk_party_body_parent",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_body")),
        sa.UniqueConstraint("community_id", "title", name=op.f("uq_party_body_community_id_title")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_party_body_id_community_id")),
    )
    with op.batch_alter_table("party_body", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_body_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_body_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "party_charter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_party_charter_text")),
        sa.CheckConstraint("number > 0", name=op.f("ck_party_charter_number")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["party_body.id"], name=op.f("fk_party_charter_body_id_party_body")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_party_charter_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_charter")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_party_charter_body_id_number")),
    )
    with op.batch_alter_table("party_charter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_charter_recorded_by"), ["recorded_by"], unique=False
        )

    op.create_table(
        "party_rota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts BETWEEN 8000 AND 8800", name=op.f("ck_party_rota_starts")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["party_body.id"], name=op.f("fk_party_rota_body_id_party_body")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_rota")),
        sa.UniqueConstraint("body_id", "starts", name=op.f("uq_party_rota_body_id_starts")),
    )
    op.create_table(
        "party_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(organisation_id IS NULL) = (office <> '')", name=op.f("ck_party_seat_unit_or_office")
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= since", name=op.f("ck_party_seat_ended")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["party_body.id"], name=op.f("fk_party_seat_body_id_party_body")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_party_seat_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_seat")),
        sa.UniqueConstraint("id", "body_id", name=op.f("uq_party_seat_id_body_id")),
    )
    with op.batch_alter_table("party_seat", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_seat_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_party_seat_office",
            ["body_id", "office"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND office <> ''"),
            postgresql_where=sa.text("ended_at IS NULL AND office <> ''"),
        )
        batch_op.create_index(
            "uq_party_seat_unit",
            ["body_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
        )

    op.create_table(
        "party_swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_party_swap_reason")),
        sa.CheckConstraint("first < second", name=op.f("ck_party_swap_quarters")),
        sa.CheckConstraint("first BETWEEN 8000 AND 8800", name=op.f("ck_party_swap_first")),
        sa.CheckConstraint("second BETWEEN 8000 AND 8800", name=op.f("ck_party_swap_second")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["party_body.id"], name=op.f("fk_party_swap_body_id_party_body")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_party_swap_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_swap")),
    )
    with op.batch_alter_table("party_swap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_swap_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_swap_by_id"), ["by_id"], unique=False)

    op.create_table(
        "party_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_party_holder_term")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_party_holder_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_holder_seat",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_holder")),
    )
    with op.batch_alter_table("party_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_holder_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_party_holder_person",
            ["body_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL AND person_id IS NOT NULL"),
            postgresql_where=sa.text("until IS NULL AND person_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_party_holder_seat",
            ["seat_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "party_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('chair', 'vice_chair')", name=op.f("ck_party_post_kind")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_party_post_term")),
        sa.ForeignKeyConstraint(
            ["seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_post_seat",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_post")),
    )
    with op.batch_alter_table("party_post", schema=None) as batch_op:
        batch_op.create_index(
            "uq_party_post_chair",
            ["body_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL AND kind = 'chair'"),
            postgresql_where=sa.text("until IS NULL AND kind = 'chair'"),
        )
        batch_op.create_index(
            "uq_party_post_seat",
            ["seat_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "party_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rota_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rota_id"], ["party_rota.id"], name=op.f("fk_party_turn_rota_id_party_rota")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["party_seat.id"], name=op.f("fk_party_turn_seat_id_party_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_turn")),
        sa.UniqueConstraint("rota_id", "position", name=op.f("uq_party_turn_rota_id_position")),
    )
    with op.batch_alter_table("party_turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_turn_seat_id"), ["seat_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table, column in NAMED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("party_turn", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_turn_seat_id"))

    op.drop_table("party_turn")
    with op.batch_alter_table("party_post", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_party_post_seat",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "uq_party_post_chair",
            sqlite_where=sa.text("until IS NULL AND kind = 'chair'"),
            postgresql_where=sa.text("until IS NULL AND kind = 'chair'"),
        )

    op.drop_table("party_post")
    with op.batch_alter_table("party_holder", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_party_holder_seat",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "uq_party_holder_person",
            sqlite_where=sa.text("until IS NULL AND person_id IS NOT NULL"),
            postgresql_where=sa.text("until IS NULL AND person_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_party_holder_person_id"))

    op.drop_table("party_holder")
    with op.batch_alter_table("party_swap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_swap_by_id"))
        batch_op.drop_index(batch_op.f("ix_party_swap_body_id"))

    op.drop_table("party_swap")
    with op.batch_alter_table("party_seat", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_party_seat_unit",
            sqlite_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND organisation_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_party_seat_office",
            sqlite_where=sa.text("ended_at IS NULL AND office <> ''"),
            postgresql_where=sa.text("ended_at IS NULL AND office <> ''"),
        )
        batch_op.drop_index(batch_op.f("ix_party_seat_organisation_id"))

    op.drop_table("party_seat")
    op.drop_table("party_rota")
    with op.batch_alter_table("party_charter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_charter_recorded_by"))

    op.drop_table("party_charter")
    with op.batch_alter_table("party_body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_body_parent_id"))
        batch_op.drop_index(batch_op.f("ix_party_body_community_id"))

    op.drop_table("party_body")
