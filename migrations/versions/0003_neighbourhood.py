"""Bodies and history of the tree, claims and looks, sessions, second factors, messages, mail.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STANDINGS = (
    "'resident_registered', 'resident_living', 'worker', 'household_rep', "
    "'resident_rep', 'group_head', 'gate_head', 'grid_worker', "
    "'party_member', 'resident_unit', 'owner', 'property_manager', "
    "'owners_committee', 'property_mgmt_committee', 'social_org', 'social_worker', "
    "'expert', 'auditor', 'scrutineer'"
)
OLD_STANDINGS = (
    "'resident_registered', 'resident_living', 'worker', 'household_rep', "
    "'grid_worker', 'party_member', 'resident_unit', 'owner', "
    "'social_org', 'social_worker', 'expert'"
)
NODES = (
    "'subdistrict', 'community', 'functional_community', 'grid', "
    "'micro_grid', 'estate', 'building', 'building_gate', "
    "'property_area', 'party_working_committee', 'community_party_committee', 'general_branch', "
    "'party_branch', 'party_group', 'collection'"
)
OLD_NODES = (
    "'subdistrict', 'community', 'functional_community', 'grid', "
    "'estate', 'building', 'building_gate', 'collection'"
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "backup_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_backup_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_backup_code_digest")),
    )
    with op.batch_alter_table("backup_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_backup_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("telephone", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('residents_committee', 'mediation_committee', 'security_committee', 'health_committee', 'supervision_committee', 'deliberation_hall', 'owners_committee', 'property_mgmt_committee', 'community_party_committee', 'service_station', 'subdistrict_office', 'working_group', 'other')",
            name=op.f("ck_body_kind"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_body_term")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_body_node_id_node")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint(
            "node_id", "title", "valid_from", name=op.f("uq_body_node_id_title_valid_from")
        ),
    )
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_node_id"), ["node_id"], unique=False)

    op.create_table(
        "holiday_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("work", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name=op.f("fk_holiday_year_uploaded_by_person")
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_year")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("stop", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_mail_waits",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
        )

    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.CheckConstraint(
            "rhythm IN ('none', 'at_once', 'daily')", name=op.f("ck_mail_choice_rhythm")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_mail_choice")),
    )
    op.create_table(
        "node_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('covers', 'serves')", name=op.f("ck_node_link_kind")),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_node_link_ends")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_node_link_validity")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["node.id"], name=op.f("fk_node_link_source_id_node")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["node.id"], name=op.f("fk_node_link_target_id_node")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_link")),
        sa.UniqueConstraint(
            "kind",
            "source_id",
            "target_id",
            "valid_from",
            name=op.f("uq_node_link_kind_source_id_target_id_valid_from"),
        ),
    )
    with op.batch_alter_table("node_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_node_link_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_node_link_target_id"), ["target_id"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credit_code", sa.String(), nullable=True),
        sa.Column("telephone", sa.String(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('resident_unit', 'property_manager', 'owners_committee', 'property_mgmt_committee', 'social_org')",
            name=op.f("ck_organisation_kind"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_organisation_validity")
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["node.id"], name=op.f("fk_organisation_node_id_node")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_organisation_credit_code")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_node_id"), ["node_id"], unique=False)

    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > began_at", name=op.f("ck_sign_in_end")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "tree_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('founded', 'renamed', 'moved', 'ended', 'split', 'merged')",
            name=op.f("ck_tree_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_tree_event_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tree_event")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN ({STANDINGS})", name=op.f("ck_claim_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'asked', 'appealed', 'accepted', 'refused', 'withdrawn')",
            name=op.f("ck_claim_state"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_claim_community_id_community")
        ),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_claim_node_id_node")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_claim_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_claim_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_node_id"), ["node_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_claim_waiting",
            ["person_id", "kind", "node_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'asked', 'appealed')"),
            postgresql_where=sa.text("state IN ('open', 'asked', 'appealed')"),
        )

    op.create_table(
        "invite_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"standing IN ({STANDINGS})", name=op.f("ck_invite_batch_standing")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_invite_batch_expiry")),
        sa.CheckConstraint("size > 0", name=op.f("ck_invite_batch_size")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_invite_batch_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["node.id"], name=op.f("fk_invite_batch_node_id_node")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_invite_batch_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite_batch")),
    )
    with op.batch_alter_table("invite_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invite_batch_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_invite_batch_node_id"), ["node_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invite_batch_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_look_by_id_person")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_look_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_look_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_look_person_id"), ["person_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_message_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_subject"), ["subject"], unique=False)

    op.create_table(
        "tree_event_node",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("old_name", sa.String(), nullable=False),
        sa.Column("old_parent_id", sa.Integer(), nullable=True),
        sa.Column("old_ids", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role IN ('source', 'target', 'moved')", name=op.f("ck_tree_event_node_role")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["tree_event.id"], name=op.f("fk_tree_event_node_event_id_tree_event")
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["node.id"], name=op.f("fk_tree_event_node_node_id_node")
        ),
        sa.ForeignKeyConstraint(
            ["old_parent_id"], ["node.id"], name=op.f("fk_tree_event_node_old_parent_id_node")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tree_event_node")),
        sa.UniqueConstraint(
            "event_id", "node_id", name=op.f("uq_tree_event_node_event_id_node_id")
        ),
    )
    with op.batch_alter_table("tree_event_node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tree_event_node_node_id"), ["node_id"], unique=False)

    op.create_table(
        "claim_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act IN ('asked', 'answered', 'accepted', 'refused', 'appealed', 'withdrawn')",
            name=op.f("ck_claim_step_act"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_claim_step_by_id_person")),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_step_claim_id_claim")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_step")),
    )
    with op.batch_alter_table("claim_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_step_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_step_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "inbox_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mail IN ('none', 'at_once', 'daily')", name=op.f("ck_inbox_item_mail")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_inbox_item_message_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inbox_item_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_item")),
        sa.UniqueConstraint(
            "message_id", "person_id", name=op.f("uq_inbox_item_message_id_person_id")
        ),
    )
    with op.batch_alter_table("inbox_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_item_mail_waits",
            ["mail", "id"],
            unique=False,
            sqlite_where=sa.text("mailed_at IS NULL AND mail <> 'none'"),
            postgresql_where=sa.text("mailed_at IS NULL AND mail <> 'none'"),
        )
        batch_op.create_index(batch_op.f("ix_inbox_item_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_inbox_item_person_id_id", ["person_id", "id"], unique=False)
        batch_op.create_index(
            "ix_inbox_item_unread",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("appointed_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("basis", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ended_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.String(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_appointment_appointed_by_person"), "person", ["appointed_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_appointment_ended_by_person"), "person", ["ended_by"], ["id"]
        )

    with op.batch_alter_table("invite_code", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_invite_code_standing"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_invite_code_standing"), f"standing IN ({STANDINGS})"
        )
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_invite_code_batch_id"), ["batch_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_invite_code_batch_id_invite_batch"), "invite_batch", ["batch_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_invite_code_revoked"), "used_at IS NULL OR revoked_at IS NULL"
        )

    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_node_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_node_kind"), f"kind IN ({NODES})")
        batch_op.drop_constraint(batch_op.f("uq_node_parent_id_name"), type_="unique")
        batch_op.create_index(
            "uq_node_parent_id_name_current",
            ["parent_id", "name"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guardian_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("language", sa.String(), nullable=False, server_default="zh_Hans_CN")
        )
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_guardian_id"), ["guardian_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_person_guardian_id_person"), "person", ["guardian_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_person_guardian"), "guardian_id IS NULL OR NOT adult"
        )
        batch_op.create_check_constraint(batch_op.f("ck_person_own_guardian"), "guardian_id <> id")

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("body_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_post_body_id"), ["body_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_post_body_id_body"), "body", ["body_id"], ["id"])

    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.alter_column("made_by", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_standing_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_standing_kind"), f"kind IN ({STANDINGS})")
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("claim_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.String(), nullable=False, server_default=""))
        batch_op.create_index(
            batch_op.f("ix_standing_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_unique_constraint(batch_op.f("uq_standing_claim_id"), ["claim_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_standing_organisation_id_organisation"),
            "organisation",
            ["organisation_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_standing_ended_by_person"), "person", ["ended_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_standing_claim_id_claim"), "claim", ["claim_id"], ["id"]
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_standing_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_standing_kind"), f"kind IN ({OLD_STANDINGS})"
        )
        batch_op.drop_constraint(batch_op.f("fk_standing_claim_id_claim"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_standing_ended_by_person"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_standing_organisation_id_organisation"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("uq_standing_claim_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_standing_organisation_id"))
        batch_op.drop_column("end_reason")
        batch_op.drop_column("ended_by")
        batch_op.drop_column("claim_id")
        batch_op.drop_column("organisation_id")

    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.alter_column("made_by", existing_type=sa.INTEGER(), nullable=False)

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_post_body_id_body"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_post_body_id"))
        batch_op.drop_column("valid_to")
        batch_op.drop_column("body_id")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_person_own_guardian"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_person_guardian"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_person_guardian_id_person"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_guardian_id"))
        batch_op.drop_column("closed_at")
        batch_op.drop_column("language")
        batch_op.drop_column("guardian_id")

    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_node_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_node_kind"), f"kind IN ({OLD_NODES})")
        batch_op.drop_index(
            "uq_node_parent_id_name_current",
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_node_parent_id_name"), ["parent_id", "name"]
        )

    with op.batch_alter_table("invite_code", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_invite_code_revoked"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_invite_code_standing"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_invite_code_standing"), f"standing IN ({OLD_STANDINGS})"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_invite_code_batch_id_invite_batch"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_invite_code_batch_id"))
        batch_op.drop_column("revoked_at")
        batch_op.drop_column("batch_id")

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_appointment_ended_by_person"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_appointment_appointed_by_person"), type_="foreignkey"
        )
        batch_op.drop_column("end_reason")
        batch_op.drop_column("ended_by")
        batch_op.drop_column("basis")
        batch_op.drop_column("appointed_by")

    with op.batch_alter_table("inbox_item", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbox_item_unread",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.drop_index("ix_inbox_item_person_id_id")
        batch_op.drop_index(batch_op.f("ix_inbox_item_message_id"))
        batch_op.drop_index(
            "ix_inbox_item_mail_waits",
            sqlite_where=sa.text("mailed_at IS NULL AND mail <> 'none'"),
            postgresql_where=sa.text("mailed_at IS NULL AND mail <> 'none'"),
        )

    op.drop_table("inbox_item")
    with op.batch_alter_table("claim_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_step_claim_id"))
        batch_op.drop_index(batch_op.f("ix_claim_step_by_id"))

    op.drop_table("claim_step")
    with op.batch_alter_table("tree_event_node", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tree_event_node_node_id"))

    op.drop_table("tree_event_node")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_subject"))
        batch_op.drop_index(batch_op.f("ix_message_community_id"))

    op.drop_table("message")
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_person_id"))
        batch_op.drop_index(batch_op.f("ix_look_by_id"))

    op.drop_table("look")
    with op.batch_alter_table("invite_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invite_batch_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_invite_batch_node_id"))
        batch_op.drop_index(batch_op.f("ix_invite_batch_made_by"))

    op.drop_table("invite_batch")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_claim_waiting",
            sqlite_where=sa.text("state IN ('open', 'asked', 'appealed')"),
            postgresql_where=sa.text("state IN ('open', 'asked', 'appealed')"),
        )
        batch_op.drop_index(batch_op.f("ix_claim_person_id"))
        batch_op.drop_index(batch_op.f("ix_claim_node_id"))
        batch_op.drop_index(batch_op.f("ix_claim_community_id"))

    op.drop_table("claim")
    op.drop_table("tree_event")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    op.drop_table("second_factor")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_node_id"))

    op.drop_table("organisation")
    with op.batch_alter_table("node_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_node_link_target_id"))
        batch_op.drop_index(batch_op.f("ix_node_link_source_id"))

    op.drop_table("node_link")
    op.drop_table("mail_choice")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_mail_waits",
            sqlite_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_mail_person_id"))

    op.drop_table("mail")
    op.drop_table("holiday_year")
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_node_id"))

    op.drop_table("body")
    with op.batch_alter_table("backup_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_backup_code_person_id"))

    op.drop_table("backup_code")
    op.drop_table("job_run")
