"""A case that is sent twice is begun once; lists read where one stands without its whole way.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "consultation", sa.Column("present", sa.JSON(), nullable=False, server_default="{}")
    )
    _fill()
    # Not in a batch: that would copy the table and lose its triggers on SQLite.
    op.add_column("consultation", sa.Column("form_key", sa.String(), nullable=True))
    op.create_index(
        op.f("ix_consultation_created_by_form_key"),
        "consultation",
        ["created_by", "form_key"],
        unique=True,
    )


def _fill() -> None:
    """Let each case by stages keep where it stands, apart from its whole way."""
    case = sa.table(
        "consultation",
        sa.column("id", sa.Integer()),
        sa.column("stage", sa.String()),
        sa.column("process", sa.JSON()),
        sa.column("present", sa.JSON()),
    )
    bind = op.get_bind()
    query = sa.select(case.c.id, case.c.stage, case.c.process).where(case.c.stage.is_not(None))
    for number, code, process in bind.execute(query).all():
        now = process.get("now", {})
        for one in process.get("data", {}).get("stages", ()):
            if one["code"] == code:
                shown = {key: one[key] for key in ("code", "kind", "title", "can") if key in one}
                kept = shown | {"until": now.get("until"), "back": now.get("back", "")}
                bind.execute(case.update().where(case.c.id == number).values(present=kept))


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_consultation_created_by_form_key"), table_name="consultation")
    op.drop_column("consultation", "form_key")
    op.drop_column("consultation", "present")
