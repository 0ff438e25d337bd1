"""Notices: sheets, versions, steps, readers, files and receipts.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "notice",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("display_n", sa.Integer(), nullable=True),
        sa.Column("display_kind", sa.String(), nullable=False),
        sa.Column("display_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objection_office", sa.String(), nullable=False),
        sa.Column("objection_telephone", sa.String(), nullable=False),
        sa.Column("objection_place", sa.String(), nullable=False),
        sa.Column("receipt_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL OR (issued_at IS NOT NULL AND withdrawn_reason <> ''))",
            name=op.f("ck_notice_withdrawn"),
        ),
        sa.CheckConstraint(
            "display_kind IN ('calendar', 'working')", name=op.f("ck_notice_display_kind")
        ),
        sa.CheckConstraint(
            "kind <> 'public_display' OR issued_at IS NULL OR (display_to IS NOT NULL AND display_to > issued_at AND objection_telephone <> '')",
            name=op.f("ck_notice_display"),
        ),
        sa.CheckConstraint(
            "kind IN ('notice', 'announcement', 'public_display', 'bulletin')",
            name=op.f("ck_notice_kind"),
        ),
        sa.CheckConstraint(
            "level IN ('ordinary', 'important', 'urgent')", name=op.f("ck_notice_level")
        ),
        sa.CheckConstraint(
            "(issued_at IS NULL) = (issued_by IS NULL) AND (issued_at IS NULL) = (number IS NULL) AND (issued_at IS NULL) = (year IS NULL) AND (issued_at IS NULL) = (sequence IS NULL) AND (issued_at IS NULL) = (version = 0) AND (issued_at IS NULL) = (changed_at IS NULL)",
            name=op.f("ck_notice_issued"),
        ),
        sa.CheckConstraint("display_n IS NULL OR display_n > 0", name=op.f("ck_notice_display_n")),
        sa.CheckConstraint(
            "issued_at IS NULL OR submitted_at IS NOT NULL", name=op.f("ck_notice_order")
        ),
        sa.CheckConstraint("issued_by <> drafted_by", name=op.f("ck_notice_second_person")),
        sa.CheckConstraint(
            "returned_at IS NULL OR submitted_at IS NULL", name=op.f("ck_notice_returned")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to > valid_from",
            name=op.f("ck_notice_validity"),
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_notice_body_id_body")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_notice_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["person.id"], name=op.f("fk_notice_drafted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["person.id"], name=op.f("fk_notice_issued_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["person.id"], name=op.f("fk_notice_withdrawn_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "community_id",
            "year",
            "kind",
            "sequence",
            name=op.f("uq_notice_community_id_year_kind_sequence"),
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_community_id"), ["community_id"], unique=False)
        batch_op.create_index(
            "ix_notice_display_ends",
            ["display_to"],
            unique=False,
            sqlite_where=sa.text("kind = 'public_display' AND issued_at IS NOT NULL"),
            postgresql_where=sa.text("kind = 'public_display' AND issued_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_notice_drafted_by"), ["drafted_by"], unique=False)
        batch_op.create_index("ix_notice_issued", ["community_id", "issued_at", "id"], unique=False)

    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_acknowledgement_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_acknowledgement_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_acknowledgement_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint(
            "notice_id",
            "organisation_id",
            name=op.f("uq_acknowledgement_notice_id_organisation_id"),
        ),
    )
    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_acknowledgement_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "notice_audience",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("min_level", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code IN ('resident', 'worker', 'owner', 'representative', 'unit', 'staff', 'resident_registered', 'resident_living', 'household_rep', 'resident_rep', 'group_head', 'gate_head', 'grid_worker', 'resident_unit', 'property_manager', 'owners_committee', 'property_mgmt_committee', 'social_org', 'social_worker', 'expert', 'auditor', 'scrutineer', 'secretary', 'deputy_secretary', 'committee_head', 'committee_member', 'community_worker', 'grid_head', 'street_officer', 'legal_officer', 'administrator')",
            name=op.f("ck_notice_audience_code"),
        ),
        sa.CheckConstraint("role IN ('any', 'all', 'none')", name=op.f("ck_notice_audience_role")),
        sa.CheckConstraint("min_level BETWEEN 0 AND 4", name=op.f("ck_notice_audience_min_level")),
        sa.ForeignKeyConstraint(
            ["node_id"], ["node.id"], name=op.f("fk_notice_audience_node_id_node")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_audience_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_audience")),
        sa.UniqueConstraint(
            "notice_id",
            "role",
            "code",
            "node_id",
            name=op.f("uq_notice_audience_notice_id_role_code_node_id"),
        ),
    )
    with op.batch_alter_table("notice_audience", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_audience_node_id"), ["node_id"], unique=False)

    op.create_table(
        "notice_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("is_image", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_file_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_file")),
        sa.UniqueConstraint("stored", name=op.f("uq_notice_file_stored")),
    )
    with op.batch_alter_table("notice_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_file_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "notice_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "act IN ('drafted', 'submitted', 'returned', 'issued', 'correction_drafted', 'correction_returned', 'corrected', 'withdrawn', 'expired', 'display_ended')",
            name=op.f("ck_notice_step_act"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_step_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_step_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_step")),
    )
    with op.batch_alter_table("notice_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_step_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(
            "uq_notice_step_once",
            ["notice_id", "act"],
            unique=True,
            sqlite_where=sa.text("act IN ('issued', 'withdrawn', 'expired', 'display_ended')"),
            postgresql_where=sa.text("act IN ('issued', 'withdrawn', 'expired', 'display_ended')"),
        )

    op.create_table(
        "notice_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("ck_notice_version_reason")),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (at IS NULL)", name=op.f("ck_notice_version_approved")
        ),
        sa.CheckConstraint("approved_by <> made_by", name=op.f("ck_notice_version_second_person")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_notice_version_approved_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_notice_version_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_version_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_version")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_notice_version_notice_id_number")),
    )
    with op.batch_alter_table("notice_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_notice_version_waiting",
            ["notice_id"],
            unique=True,
            sqlite_where=sa.text("approved_by IS NULL"),
            postgresql_where=sa.text("approved_by IS NULL"),
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("notice_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_notice_version_waiting",
            sqlite_where=sa.text("approved_by IS NULL"),
            postgresql_where=sa.text("approved_by IS NULL"),
        )

    op.drop_table("notice_version")
    with op.batch_alter_table("notice_step", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_notice_step_once",
            sqlite_where=sa.text("act IN ('issued', 'withdrawn', 'expired', 'display_ended')"),
            postgresql_where=sa.text("act IN ('issued', 'withdrawn', 'expired', 'display_ended')"),
        )
        batch_op.drop_index(batch_op.f("ix_notice_step_notice_id"))

    op.drop_table("notice_step")
    with op.batch_alter_table("notice_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_file_notice_id"))

    op.drop_table("notice_file")
    with op.batch_alter_table("notice_audience", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_audience_node_id"))

    op.drop_table("notice_audience")
    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acknowledgement_organisation_id"))

    op.drop_table("acknowledgement")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_issued")
        batch_op.drop_index(batch_op.f("ix_notice_drafted_by"))
        batch_op.drop_index(
            "ix_notice_display_ends",
            sqlite_where=sa.text("kind = 'public_display' AND issued_at IS NOT NULL"),
            postgresql_where=sa.text("kind = 'public_display' AND issued_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_notice_community_id"))
        batch_op.drop_index(batch_op.f("ix_notice_body_id"))

    op.drop_table("notice")
