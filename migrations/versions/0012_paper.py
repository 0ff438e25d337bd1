"""Votes on paper, by telephone and with help: numbered sheets, their scans, written mandates.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel import guards

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


#: Once a ballot is sealed, no sheet of it is added, and what became of each stays.
WORDS = "this ballot is sealed"
SEALED = "EXISTS (SELECT 1 FROM ballot WHERE id = {row}.ballot_id AND sealed_at IS NOT NULL)"


def _guard(dialect: str) -> None:
    for act, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        name, condition = f"sheet_{act.lower()}", SEALED.format(row=row)
        if dialect == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON sheet WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} "
            f"THEN RAISE EXCEPTION '{WORDS}'; END IF; RETURN {row}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON sheet FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _unguard(dialect: str) -> None:
    for act in ("insert", "update", "delete"):
        table = " ON sheet" if dialect == "postgresql" else ""
        op.execute(f"DROP TRIGGER sheet_{act}{table}")
        if dialect == "postgresql":
            op.execute(f"DROP FUNCTION sheet_{act}")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "paper_work",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("entries_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scans", sa.Boolean(), nullable=False),
        sa.Column("counters", sa.JSON(), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL) AND (confirmed_by IS NULL OR done_by IS NOT NULL)",
            name=op.f("ck_paper_work_confirmed"),
        ),
        sa.CheckConstraint("confirmed_by <> done_by", name=op.f("ck_paper_work_two_people")),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_paper_work_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_paper_work_confirmed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["person.id"], name=op.f("fk_paper_work_done_by_person")
        ),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_paper_work")),
    )
    with op.batch_alter_table("paper_work", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paper_work_confirmed_by"), ["confirmed_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_paper_work_done_by"), ["done_by"], unique=False)

    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_mandate_name")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_mandate_confirmed")
        ),
        sa.CheckConstraint(
            "(revoked_by IS NULL) = (revoked_at IS NULL)", name=op.f("ck_mandate_revoked")
        ),
        sa.CheckConstraint("confirmed_by <> proposed_by", name=op.f("ck_mandate_two_people")),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_mandate_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_mandate_confirmed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mandate_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_mandate_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["person.id"], name=op.f("fk_mandate_revoked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["right_id"], ["voting_right.id"], name=op.f("fk_mandate_right_id_voting_right")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mandate_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandate_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandate_revoked_by"), ["revoked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandate_right_id"), ["right_id"], unique=False)
        batch_op.create_index(
            "uq_mandate_in_force",
            ["ballot_id", "right_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "sheet",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secrecy", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("printed_for", sa.Integer(), nullable=True),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("right_number", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("witness_one", sa.String(), nullable=False),
        sa.Column("witness_two", sa.String(), nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("first_typed", sa.String(), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("second_typed", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("void_by", sa.Integer(), nullable=True),
        sa.Column("void_confirmed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "channel <> 'paper' OR state NOT IN ('counted', 'struck', 'invalid') OR second_by IS NOT NULL",
            name=op.f("ck_sheet_typed_twice"),
        ),
        sa.CheckConstraint("channel = 'paper' OR note <> ''", name=op.f("ck_sheet_why")),
        sa.CheckConstraint(
            "channel IN ('paper', 'telephone', 'assisted')", name=op.f("ck_sheet_channel")
        ),
        sa.CheckConstraint(
            "secrecy = 'named' OR state IN ('typed', 'differs') OR (first_typed IS NULL AND second_typed IS NULL)",
            name=op.f("ck_sheet_forgotten"),
        ),
        sa.CheckConstraint("state <> 'counted' OR key IS NOT NULL", name=op.f("ck_sheet_counted")),
        sa.CheckConstraint(
            "state <> 'void' OR void_confirmed_by IS NOT NULL", name=op.f("ck_sheet_void")
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'typed', 'differs', 'counted', 'struck', 'invalid', 'void')",
            name=op.f("ck_sheet_state"),
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'void') OR (witness_one <> '' AND (channel <> 'paper' OR (witness_two <> '' AND witness_one <> witness_two)))",
            name=op.f("ck_sheet_witnessed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('struck', 'invalid', 'void') OR reason <> ''",
            name=op.f("ck_sheet_reason"),
        ),
        sa.CheckConstraint(
            "decided_by <> first_by AND decided_by <> second_by", name=op.f("ck_sheet_third_person")
        ),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_sheet_two_people")),
        sa.CheckConstraint("serial > 0", name=op.f("ck_sheet_serial")),
        sa.CheckConstraint("void_confirmed_by <> void_by", name=op.f("ck_sheet_void_two_people")),
        sa.ForeignKeyConstraint(
            ["ballot_id", "secrecy", "rehearsal"],
            ["ballot.id", "ballot.secrecy", "ballot.rehearsal"],
            name=op.f("fk_sheet_ballot_id_secrecy_rehearsal_ballot"),
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["paper_work.ballot_id"], name=op.f("fk_sheet_ballot_id_paper_work")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_sheet_decided_by_person")
        ),
        sa.ForeignKeyConstraint(["first_by"], ["person.id"], name=op.f("fk_sheet_first_by_person")),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["person.id"], name=op.f("fk_sheet_issued_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["second_by"], ["person.id"], name=op.f("fk_sheet_second_by_person")
        ),
        sa.ForeignKeyConstraint(["void_by"], ["person.id"], name=op.f("fk_sheet_void_by_person")),
        sa.ForeignKeyConstraint(
            ["void_confirmed_by"], ["person.id"], name=op.f("fk_sheet_void_confirmed_by_person")
        ),
        sa.PrimaryKeyConstraint("ballot_id", "serial", name=op.f("pk_sheet")),
    )
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sheet_ballot_id_state"), ["ballot_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sheet_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_first_by"), ["first_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_issued_by"), ["issued_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_second_by"), ["second_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_void_by"), ["void_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sheet_void_confirmed_by"), ["void_confirmed_by"], unique=False
        )
        batch_op.create_index(
            "uq_sheet_counted",
            ["ballot_id", "key"],
            unique=True,
            sqlite_where=sa.text("state = 'counted'"),
            postgresql_where=sa.text("state = 'counted'"),
        )

    op.create_table(
        "sheet_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("is_image", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(serial IS NULL) <> (mandate_id IS NULL)", name=op.f("ck_sheet_scan_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_sheet_scan_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_sheet_scan_mandate_id_mandate")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name=op.f("fk_sheet_scan_added_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id", "serial"],
            ["sheet.ballot_id", "sheet.serial"],
            name=op.f("fk_sheet_scan_ballot_id_serial_sheet"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_scan")),
        sa.UniqueConstraint("stored", name=op.f("uq_sheet_scan_stored")),
    )
    with op.batch_alter_table("sheet_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_scan_added_by"), ["added_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_scan_mandate_id"), ["mandate_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sheet_scan_ballot_id_serial"), ["ballot_id", "serial"], unique=False
        )

    dialect = op.get_bind().dialect.name
    for statement in guards.refusing(dialect, "mandate", "person_id"):
        op.execute(statement)
    _guard(dialect)


def downgrade() -> None:
    """Take the change back."""
    dialect = op.get_bind().dialect.name
    _unguard(dialect)
    for statement in guards.removing(dialect, "mandate", "person_id"):
        op.execute(statement)
    with op.batch_alter_table("sheet_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_scan_ballot_id_serial"))
        batch_op.drop_index(batch_op.f("ix_sheet_scan_mandate_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_scan_added_by"))

    op.drop_table("sheet_scan")
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sheet_counted",
            sqlite_where=sa.text("state = 'counted'"),
            postgresql_where=sa.text("state = 'counted'"),
        )
        batch_op.drop_index(batch_op.f("ix_sheet_void_confirmed_by"))
        batch_op.drop_index(batch_op.f("ix_sheet_void_by"))
        batch_op.drop_index(batch_op.f("ix_sheet_second_by"))
        batch_op.drop_index(batch_op.f("ix_sheet_issued_by"))
        batch_op.drop_index(batch_op.f("ix_sheet_first_by"))
        batch_op.drop_index(batch_op.f("ix_sheet_decided_by"))
        batch_op.drop_index(batch_op.f("ix_sheet_ballot_id_state"))

    op.drop_table("sheet")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mandate_in_force",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_mandate_right_id"))
        batch_op.drop_index(batch_op.f("ix_mandate_revoked_by"))
        batch_op.drop_index(batch_op.f("ix_mandate_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_mandate_person_id"))
        batch_op.drop_index(batch_op.f("ix_mandate_confirmed_by"))

    op.drop_table("mandate")
    with op.batch_alter_table("paper_work", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_work_done_by"))
        batch_op.drop_index(batch_op.f("ix_paper_work_confirmed_by"))

    op.drop_table("paper_work")
