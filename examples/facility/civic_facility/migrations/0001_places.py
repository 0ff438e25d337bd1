"""places and reports

Revision ID: facility_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "facility_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "facility_place",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('bay', 'sign')", name=op.f("ck_facility_place_kind")),
        sa.CheckConstraint("number <> ''", name=op.f("ck_facility_place_number")),
        sa.CheckConstraint(
            "state IN ('in_use', 'closed', 'removed')", name=op.f("ck_facility_place_state")
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_facility_place_point")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_facility_place_latitude")),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180", name=op.f("ck_facility_place_longitude")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_facility_place_community_id_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_place")),
        sa.UniqueConstraint(
            "community_id",
            "kind",
            "number",
            name=op.f("uq_facility_place_community_id_kind_number"),
        ),
    )
    with op.batch_alter_table("facility_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facility_place_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "facility_defect",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("handled_by", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'reported' OR handled_at IS NOT NULL", name=op.f("ck_facility_defect_handled")
        ),
        sa.CheckConstraint(
            "state IN ('reported', 'handled', 'solved', 'unsolved')",
            name=op.f("ck_facility_defect_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('solved', 'unsolved') OR answered_at IS NOT NULL",
            name=op.f("ck_facility_defect_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_facility_defect_community_id_community"),
        ),
        sa.ForeignKeyConstraint(
            ["handled_by"], ["person.id"], name=op.f("fk_facility_defect_handled_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_facility_defect_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["facility_place.id"],
            name=op.f("fk_facility_defect_place_id_facility_place"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_defect")),
    )
    with op.batch_alter_table("facility_defect", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facility_defect_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facility_defect_handled_by"), ["handled_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facility_defect_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_facility_defect_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_facility_defect_state"), ["state"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("facility_defect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_defect_state"))
        batch_op.drop_index(batch_op.f("ix_facility_defect_place_id"))
        batch_op.drop_index(batch_op.f("ix_facility_defect_person_id"))
        batch_op.drop_index(batch_op.f("ix_facility_defect_handled_by"))
        batch_op.drop_index(batch_op.f("ix_facility_defect_community_id"))

    op.drop_table("facility_defect")
    with op.batch_alter_table("facility_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_place_community_id"))

    op.drop_table("facility_place")
