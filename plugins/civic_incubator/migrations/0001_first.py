"""organisations, calls, applications, review and awards

Revision ID: incubator_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from civic.api import guards

revision = "incubator_0001"
down_revision = None
branch_labels = None
depends_on = None

#: People whose account must be open when they are named here; the triggers go with their tables.
NAMED = (
    ("incubator_member", "person_id"),
    ("incubator_application", "saved_by"),
    ("incubator_application", "submitted_by"),
    ("incubator_award_list", "drawn_by"),
    ("incubator_seat", "person_id"),
    ("incubator_objection", "person_id"),
    ("incubator_objection", "answered_by"),
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "incubator_call",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("instalments", sa.JSON(), nullable=False),
        sa.Column("pot", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("expert_weight", sa.Integer(), nullable=False),
        sa.Column("resident_weight", sa.Integer(), nullable=False),
        sa.Column("most_marks", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "phase IN ('preparing', 'open', 'screening', 'review', 'deciding', "
            "'publicity', 'running', 'closed', 'cancelled')",
            name=op.f("ck_incubator_call_phase"),
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_incubator_call_dates")),
        sa.CheckConstraint(
            "expert_weight + resident_weight = 100", name=op.f("ck_incubator_call_whole")
        ),
        sa.CheckConstraint(
            "expert_weight >= 0 AND resident_weight >= 0", name=op.f("ck_incubator_call_weights")
        ),
        sa.CheckConstraint("most > 0 AND pot >= most", name=op.f("ck_incubator_call_ceiling")),
        sa.CheckConstraint("most_marks BETWEEN 1 AND 100", name=op.f("ck_incubator_call_marks")),
        sa.CheckConstraint("working_days > 0", name=op.f("ck_incubator_call_publicity")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_incubator_call_community_id_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_call")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_incubator_call_id_community_id")),
    )
    with op.batch_alter_table("incubator_call", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_call_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_incubator_call_phase"), ["phase"], unique=False)

    op.create_table(
        "incubator_organisation",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('convenience', 'families', 'labour', 'support', 'tidiness')",
            name=op.f("ck_incubator_organisation_kind"),
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_incubator_organisation_name")),
        sa.CheckConstraint(
            "status IN ('proposed', 'ended') OR (number <> '' AND since IS NOT NULL)",
            name=op.f("ck_incubator_organisation_filed"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'filed', 'registered', 'ended')",
            name=op.f("ck_incubator_organisation_status"),
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_incubator_organisation_people")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_incubator_organisation_community_id_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_incubator_organisation_code")),
        sa.UniqueConstraint(
            "community_id", "name", name=op.f("uq_incubator_organisation_community_id_name")
        ),
        sa.UniqueConstraint(
            "id", "community_id", name=op.f("uq_incubator_organisation_id_community_id")
        ),
    )
    with op.batch_alter_table("incubator_organisation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_organisation_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "incubator_application",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (number IS NULL)", name=op.f("ck_incubator_application_numbered")
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR reason <> ''", name=op.f("ck_incubator_application_reasoned")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'passed', 'returned')",
            name=op.f("ck_incubator_application_state"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (submitted_at IS NULL)",
            name=op.f("ck_incubator_application_submitted"),
        ),
        sa.ForeignKeyConstraint(
            ["call_id", "community_id"],
            ["incubator_call.id", "incubator_call.community_id"],
            name=op.f("fk_incubator_application_call_id_community_id_incubator_call"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_incubator_application_community_id_community"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["incubator_organisation.id"],
            name="fk_incubator_application_organisation",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["community.id"],
            name=op.f("fk_incubator_application_partner_id_community"),
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name=op.f("fk_incubator_application_saved_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"],
            ["person.id"],
            name=op.f("fk_incubator_application_submitted_by_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_application")),
        sa.UniqueConstraint(
            "call_id", "number", name=op.f("uq_incubator_application_call_id_number")
        ),
        sa.UniqueConstraint(
            "call_id",
            "organisation_id",
            name=op.f("uq_incubator_application_call_id_organisation_id"),
        ),
        sa.UniqueConstraint("id", "call_id", name=op.f("uq_incubator_application_id_call_id")),
    )
    with op.batch_alter_table("incubator_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_application_call_id"), ["call_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incubator_application_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incubator_application_organisation_id"),
            ["organisation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_incubator_application_saved_by"), ["saved_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incubator_application_submitted_by"), ["submitted_by"], unique=False
        )

    op.create_table(
        "incubator_award_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("number = 1 OR note <> ''", name=op.f("ck_incubator_award_list_noted")),
        sa.CheckConstraint("until > shown_at", name=op.f("ck_incubator_award_list_dates")),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["incubator_call.id"],
            name=op.f("fk_incubator_award_list_call_id_incubator_call"),
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by"], ["person.id"], name=op.f("fk_incubator_award_list_drawn_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_award_list")),
        sa.UniqueConstraint(
            "call_id", "number", name=op.f("uq_incubator_award_list_call_id_number")
        ),
    )
    with op.batch_alter_table("incubator_award_list", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_award_list_drawn_by"), ["drawn_by"], unique=False
        )

    op.create_table(
        "incubator_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["incubator_organisation.id"],
            name=op.f("fk_incubator_member_organisation_id_incubator_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_incubator_member_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_member")),
        sa.UniqueConstraint(
            "organisation_id",
            "person_id",
            name=op.f("uq_incubator_member_organisation_id_person_id"),
        ),
    )
    with op.batch_alter_table("incubator_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_member_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "incubator_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('expert', 'resident')", name=op.f("ck_incubator_seat_side")),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["incubator_call.id"],
            name=op.f("fk_incubator_seat_call_id_incubator_call"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_incubator_seat_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_seat")),
        sa.UniqueConstraint(
            "call_id", "person_id", name=op.f("uq_incubator_seat_call_id_person_id")
        ),
        sa.UniqueConstraint("id", "call_id", name=op.f("uq_incubator_seat_id_call_id")),
    )
    with op.batch_alter_table("incubator_seat", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_seat_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "incubator_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fen > 0", name=op.f("ck_incubator_award_fen")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["incubator_application.id"],
            name=op.f("fk_incubator_award_application_id_incubator_application"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["incubator_award_list.id"],
            name=op.f("fk_incubator_award_list_id_incubator_award_list"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_award")),
        sa.UniqueConstraint(
            "list_id", "application_id", name=op.f("uq_incubator_award_list_id_application_id")
        ),
        sa.UniqueConstraint("list_id", "place", name=op.f("uq_incubator_award_list_id_place")),
    )
    with op.batch_alter_table("incubator_award", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_award_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "incubator_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("conflicted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT conflicted OR reason <> ''", name=op.f("ck_incubator_declaration_reasoned")
        ),
        sa.ForeignKeyConstraint(
            ["application_id", "call_id"],
            ["incubator_application.id", "incubator_application.call_id"],
            name="fk_incubator_declaration_application",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id", "call_id"],
            ["incubator_seat.id", "incubator_seat.call_id"],
            name="fk_incubator_declaration_seat",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_declaration")),
        sa.UniqueConstraint(
            "id", "conflicted", name=op.f("uq_incubator_declaration_id_conflicted")
        ),
        sa.UniqueConstraint(
            "seat_id",
            "application_id",
            name=op.f("uq_incubator_declaration_seat_id_application_id"),
        ),
    )
    with op.batch_alter_table("incubator_declaration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_declaration_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incubator_declaration_seat_id"), ["seat_id"], unique=False
        )

    op.create_table(
        "incubator_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('people', 'activities', 'goods', 'experts', 'management', 'tax')",
            name=op.f("ck_incubator_line_kind"),
        ),
        sa.CheckConstraint("fen > 0", name=op.f("ck_incubator_line_fen")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["incubator_application.id"],
            name=op.f("fk_incubator_line_application_id_incubator_application"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_line")),
        sa.UniqueConstraint(
            "application_id", "position", name=op.f("uq_incubator_line_application_id_position")
        ),
    )
    op.create_table(
        "incubator_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(upheld IS NULL) = (answered_at IS NULL) AND (upheld IS NULL) = (answer = '')",
            name=op.f("ck_incubator_objection_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_incubator_objection_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["incubator_award_list.id"],
            name=op.f("fk_incubator_objection_list_id_incubator_award_list"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_incubator_objection_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_objection")),
    )
    with op.batch_alter_table("incubator_objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incubator_objection_answered_by"), ["answered_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incubator_objection_list_id"), ["list_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incubator_objection_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "incubator_instalment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.CheckConstraint("fen >= 0", name=op.f("ck_incubator_instalment_fen")),
        sa.CheckConstraint(
            "percent BETWEEN 1 AND 100", name=op.f("ck_incubator_instalment_percent")
        ),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["incubator_award.id"],
            name=op.f("fk_incubator_instalment_award_id_incubator_award"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_instalment")),
        sa.UniqueConstraint(
            "award_id", "position", name=op.f("uq_incubator_instalment_award_id_position")
        ),
    )
    op.create_table(
        "incubator_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("conflicted", sa.Boolean(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT conflicted", name=op.f("ck_incubator_review_unbiased")),
        sa.ForeignKeyConstraint(
            ["declaration_id", "conflicted"],
            ["incubator_declaration.id", "incubator_declaration.conflicted"],
            name="fk_incubator_review_unbiased",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_review")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_incubator_review_declaration_id")),
    )

    dialect = op.get_bind().dialect.name
    for table, column in NAMED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("incubator_review")
    op.drop_table("incubator_instalment")
    with op.batch_alter_table("incubator_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_objection_person_id"))
        batch_op.drop_index(batch_op.f("ix_incubator_objection_list_id"))
        batch_op.drop_index(batch_op.f("ix_incubator_objection_answered_by"))

    op.drop_table("incubator_objection")
    op.drop_table("incubator_line")
    with op.batch_alter_table("incubator_declaration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_declaration_seat_id"))
        batch_op.drop_index(batch_op.f("ix_incubator_declaration_application_id"))

    op.drop_table("incubator_declaration")
    with op.batch_alter_table("incubator_award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_award_application_id"))

    op.drop_table("incubator_award")
    with op.batch_alter_table("incubator_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_seat_person_id"))

    op.drop_table("incubator_seat")
    with op.batch_alter_table("incubator_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_member_person_id"))

    op.drop_table("incubator_member")
    with op.batch_alter_table("incubator_award_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_award_list_drawn_by"))

    op.drop_table("incubator_award_list")
    with op.batch_alter_table("incubator_application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_application_submitted_by"))
        batch_op.drop_index(batch_op.f("ix_incubator_application_saved_by"))
        batch_op.drop_index(batch_op.f("ix_incubator_application_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_incubator_application_community_id"))
        batch_op.drop_index(batch_op.f("ix_incubator_application_call_id"))

    op.drop_table("incubator_application")
    with op.batch_alter_table("incubator_organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_organisation_community_id"))

    op.drop_table("incubator_organisation")
    with op.batch_alter_table("incubator_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incubator_call_phase"))
        batch_op.drop_index(batch_op.f("ix_incubator_call_community_id"))

    op.drop_table("incubator_call")
