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
    ("party_meeting", "made_by"),
    ("party_minutes", "issued_by"),
    ("party_minutes", "signed_by"),
    ("party_minutes", "written_by"),
    ("party_place", "received_by"),
    ("party_topic", "proposed_by"),
    ("party_action", "checked_by"),
    ("party_action", "made_by"),
    ("party_action", "reported_by"),
    ("party_decision", "noted_by"),
    ("party_remark", "answered_by"),
    ("party_remark", "person_id"),
    ("party_action_step", "by_id"),
)


def upgrade() -> None:  # noqa: PLR0915 - one table after the other
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
        "party_meeting",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("topics_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agenda_by", sa.Date(), nullable=False),
        sa.Column("notice_by", sa.Date(), nullable=False),
        sa.Column("chair_seat_id", sa.Integer(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agenda_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (reason <> '')", name=op.f("ck_party_meeting_reason")
        ),
        sa.CheckConstraint("place <> ''", name=op.f("ck_party_meeting_place")),
        sa.CheckConstraint(
            "state IN ('call', 'coordinating', 'agenda', 'cancelled') OR chair_seat_id IS NOT NULL",
            name=op.f("ck_party_meeting_chair"),
        ),
        sa.CheckConstraint(
            "state IN ('call', 'coordinating', 'agenda', 'noticed', 'open', 'drafting', 'commenting', 'signed', 'issued', 'cancelled')",
            name=op.f("ck_party_meeting_state"),
        ),
        sa.CheckConstraint("quarter BETWEEN 8000 AND 8800", name=op.f("ck_party_meeting_quarter")),
        sa.ForeignKeyConstraint(
            ["body_id", "community_id"],
            ["party_body.id", "party_body.community_id"],
            name="fk_party_meeting_body",
        ),
        sa.ForeignKeyConstraint(
            ["chair_seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_meeting_chair",
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_party_meeting_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_party_meeting_made_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_meeting")),
        sa.UniqueConstraint("id", "body_id", name=op.f("uq_party_meeting_id_body_id")),
        sa.UniqueConstraint("made_by", "form_key", name=op.f("uq_party_meeting_made_by_form_key")),
    )
    with op.batch_alter_table("party_meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_meeting_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_meeting_chair_seat_id"), ["chair_seat_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_meeting_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_meeting_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_meeting_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_party_meeting_quarter",
            ["body_id", "quarter"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
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

    op.create_table(
        "party_minutes",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opinions", sa.String(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comments_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (content IS NULL) AND (signed_at IS NULL) = (fingerprint = '')",
            name=op.f("ck_party_minutes_signed"),
        ),
        sa.CheckConstraint("opinions <> ''", name=op.f("ck_party_minutes_opinions")),
        sa.CheckConstraint(
            "issued_at IS NULL OR signed_at IS NOT NULL", name=op.f("ck_party_minutes_issued")
        ),
        sa.CheckConstraint("issued_by <> written_by", name=op.f("ck_party_minutes_two_people")),
        sa.CheckConstraint("version > 0", name=op.f("ck_party_minutes_version")),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["person.id"], name=op.f("fk_party_minutes_issued_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["party_meeting.id"],
            name=op.f("fk_party_minutes_meeting_id_party_meeting"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_party_minutes_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["person.id"], name=op.f("fk_party_minutes_signed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_party_minutes_written_by_person")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_party_minutes")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_party_minutes_notice_id")),
    )
    with op.batch_alter_table("party_minutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_minutes_issued_by"), ["issued_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_minutes_signed_by"), ["signed_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_minutes_written_by"), ["written_by"], unique=False
        )

    op.create_table(
        "party_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.Integer(), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("attendance", sa.String(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.CheckConstraint(
            "attendance <> 'represented' OR who <> ''", name=op.f("ck_party_place_represented")
        ),
        sa.CheckConstraint(
            "attendance IN ('present', 'represented', 'excused', 'absent')",
            name=op.f("ck_party_place_attendance"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id", "body_id"],
            ["party_meeting.id", "party_meeting.body_id"],
            name="fk_party_place_meeting",
        ),
        sa.ForeignKeyConstraint(
            ["received_by"], ["person.id"], name=op.f("fk_party_place_received_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_place_seat",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_place")),
        sa.UniqueConstraint(
            "meeting_id", "seat_id", name=op.f("uq_party_place_meeting_id_seat_id")
        ),
    )
    with op.batch_alter_table("party_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_place_received_by"), ["received_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_place_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "party_topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted') = (position IS NOT NULL)", name=op.f("ck_party_topic_position")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_party_topic_reason")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'refused', 'withdrawn')",
            name=op.f("ck_party_topic_state"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_party_topic_title")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["party_meeting.id"],
            name=op.f("fk_party_topic_meeting_id_party_meeting"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_party_topic_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["party_seat.id"], name=op.f("fk_party_topic_seat_id_party_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_topic")),
        sa.UniqueConstraint(
            "meeting_id", "position", name=op.f("uq_party_topic_meeting_id_position")
        ),
        sa.UniqueConstraint(
            "proposed_by", "form_key", name=op.f("uq_party_topic_proposed_by_form_key")
        ),
    )
    with op.batch_alter_table("party_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_topic_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_topic_proposed_by"), ["proposed_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_topic_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "party_action",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("carried_over", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('done', 'dropped')) = (closed_at IS NOT NULL)",
            name=op.f("ck_party_action_closed"),
        ),
        sa.CheckConstraint(
            "state IN ('running', 'reported', 'done', 'dropped')",
            name=op.f("ck_party_action_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('reported', 'done') OR evidence <> ''",
            name=op.f("ck_party_action_evidence"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_party_action_title")),
        sa.CheckConstraint("carried_over >= 0", name=op.f("ck_party_action_carried_over")),
        sa.CheckConstraint("checked_by <> reported_by", name=op.f("ck_party_action_two_people")),
        sa.ForeignKeyConstraint(
            ["body_id", "community_id"],
            ["party_body.id", "party_body.community_id"],
            name="fk_party_action_body",
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["person.id"], name=op.f("fk_party_action_checked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_party_action_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_party_action_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id", "body_id"],
            ["party_meeting.id", "party_meeting.body_id"],
            name="fk_party_action_meeting",
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["person.id"], name=op.f("fk_party_action_reported_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id", "body_id"],
            ["party_seat.id", "party_seat.body_id"],
            name="fk_party_action_seat",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["party_topic.id"], name=op.f("fk_party_action_topic_id_party_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_action")),
        sa.UniqueConstraint("id", "body_id", name=op.f("uq_party_action_id_body_id")),
        sa.UniqueConstraint("made_by", "form_key", name=op.f("uq_party_action_made_by_form_key")),
    )
    with op.batch_alter_table("party_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_action_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_action_checked_by"), ["checked_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_action_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_party_action_due", ["community_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_action_made_by"), ["made_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_action_meeting_id"), ["meeting_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_action_reported_by"), ["reported_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_action_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_action_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "party_decision",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("abstained", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(way = 'vote') = (votes_for IS NOT NULL AND votes_against IS NOT NULL AND abstained IS NOT NULL)",
            name=op.f("ck_party_decision_votes"),
        ),
        sa.CheckConstraint("way <> 'none' OR NOT passed", name=op.f("ck_party_decision_passed")),
        sa.CheckConstraint(
            "way IN ('consensus', 'vote', 'none')", name=op.f("ck_party_decision_way")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_party_decision_words")),
        sa.CheckConstraint(
            "votes_for IS NULL OR (votes_for >= 0 AND votes_against >= 0 AND abstained >= 0)",
            name=op.f("ck_party_decision_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["person.id"], name=op.f("fk_party_decision_noted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["party_topic.id"], name=op.f("fk_party_decision_topic_id_party_topic")
        ),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_party_decision")),
    )
    with op.batch_alter_table("party_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_decision_noted_by"), ["noted_by"], unique=False)

    op.create_table(
        "party_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '') AND (answered_at IS NULL) = (adopted IS NULL)",
            name=op.f("ck_party_remark_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_party_remark_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["party_minutes.meeting_id"],
            name=op.f("fk_party_remark_meeting_id_party_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_party_remark_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["party_seat.id"], name=op.f("fk_party_remark_seat_id_party_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_remark")),
        sa.UniqueConstraint(
            "meeting_id",
            "version",
            "seat_id",
            name=op.f("uq_party_remark_meeting_id_version_seat_id"),
        ),
    )
    with op.batch_alter_table("party_remark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_remark_answered_by"), ["answered_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_remark_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_remark_seat_id"), ["seat_id"], unique=False)

    op.create_table(
        "party_action_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "act IN ('made', 'report', 'returned', 'reminded', 'done', 'dropped')",
            name=op.f("ck_party_action_step_act"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["party_action.id"],
            name=op.f("fk_party_action_step_action_id_party_action"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_party_action_step_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_action_step")),
    )
    with op.batch_alter_table("party_action_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_action_step_action_id"), ["action_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_action_step_by_id"), ["by_id"], unique=False)

    op.create_table(
        "party_carried",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id", "body_id"],
            ["party_action.id", "party_action.body_id"],
            name="fk_party_carried_action",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id", "body_id"],
            ["party_meeting.id", "party_meeting.body_id"],
            name="fk_party_carried_meeting",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "action_id", name=op.f("pk_party_carried")),
    )
    with op.batch_alter_table("party_carried", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_carried_action_id"), ["action_id"], unique=False)

    op.create_table(
        "party_helper",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["party_action.id"], name=op.f("fk_party_helper_action_id_party_action")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["party_seat.id"], name=op.f("fk_party_helper_seat_id_party_seat")
        ),
        sa.PrimaryKeyConstraint("action_id", "seat_id", name=op.f("pk_party_helper")),
    )
    with op.batch_alter_table("party_helper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_helper_seat_id"), ["seat_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table, column in NAMED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)


def downgrade() -> None:  # noqa: PLR0915 - one table after the other
    """Take the change back."""
    with op.batch_alter_table("party_helper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_helper_seat_id"))

    op.drop_table("party_helper")
    with op.batch_alter_table("party_carried", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_carried_action_id"))

    op.drop_table("party_carried")
    with op.batch_alter_table("party_action_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_action_step_by_id"))
        batch_op.drop_index(batch_op.f("ix_party_action_step_action_id"))

    op.drop_table("party_action_step")
    with op.batch_alter_table("party_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_remark_seat_id"))
        batch_op.drop_index(batch_op.f("ix_party_remark_person_id"))
        batch_op.drop_index(batch_op.f("ix_party_remark_answered_by"))

    op.drop_table("party_remark")
    with op.batch_alter_table("party_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_decision_noted_by"))

    op.drop_table("party_decision")
    with op.batch_alter_table("party_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_action_topic_id"))
        batch_op.drop_index(batch_op.f("ix_party_action_seat_id"))
        batch_op.drop_index(batch_op.f("ix_party_action_reported_by"))
        batch_op.drop_index(batch_op.f("ix_party_action_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_party_action_made_by"))
        batch_op.drop_index("ix_party_action_due")
        batch_op.drop_index(batch_op.f("ix_party_action_community_id"))
        batch_op.drop_index(batch_op.f("ix_party_action_checked_by"))
        batch_op.drop_index(batch_op.f("ix_party_action_body_id"))

    op.drop_table("party_action")
    with op.batch_alter_table("party_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_topic_seat_id"))
        batch_op.drop_index(batch_op.f("ix_party_topic_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_party_topic_meeting_id"))

    op.drop_table("party_topic")
    with op.batch_alter_table("party_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_place_seat_id"))
        batch_op.drop_index(batch_op.f("ix_party_place_received_by"))

    op.drop_table("party_place")
    with op.batch_alter_table("party_minutes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_minutes_written_by"))
        batch_op.drop_index(batch_op.f("ix_party_minutes_signed_by"))
        batch_op.drop_index(batch_op.f("ix_party_minutes_issued_by"))

    op.drop_table("party_minutes")
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
    with op.batch_alter_table("party_meeting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_party_meeting_quarter",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.drop_index(batch_op.f("ix_party_meeting_state"))
        batch_op.drop_index(batch_op.f("ix_party_meeting_made_by"))
        batch_op.drop_index(batch_op.f("ix_party_meeting_community_id"))
        batch_op.drop_index(batch_op.f("ix_party_meeting_chair_seat_id"))
        batch_op.drop_index(batch_op.f("ix_party_meeting_body_id"))

    op.drop_table("party_meeting")
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
