"""No rows about somebody whose account is closed.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

from civic.kernel import guards

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REFUSED = (
    ("person", "guardian_id"),
    ("guardian_consent", "child_id"),
    ("contact", "person_id"),
    ("sign_in", "person_id"),
    ("second_factor", "person_id"),
    ("backup_code", "person_id"),
    ("recovery_code", "person_id"),
    ("standing", "person_id"),
    ("appointment", "person_id"),
    ("invite_code", "used_by"),
    ("look", "person_id"),
    ("claim", "person_id"),
    ("participant", "person_id"),
    ("comment", "author_id"),
    ("used_right", "person_id"),
    ("right_holder", "person_id"),
    ("roll_objection", "person_id"),
    ("owner", "person_id"),
    ("owner", "guardian_id"),
    ("household_rep", "person_id"),
    ("decision", "author_id"),
    ("mail", "person_id"),
    ("mail_choice", "person_id"),
    ("audit_actor", "person_id"),
)
#: Written for thousands in one statement.
LEFT_OUT = (("inbox_item", "person_id"),)


def upgrade() -> None:
    """Apply the change."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(guards.FUNCTION)
    for table, column in REFUSED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)
    for table, column in LEFT_OUT:
        for statement in guards.dropping(dialect, table, column):
            op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    dialect = op.get_bind().dialect.name
    for table, column in (*LEFT_OUT, *REFUSED):
        for statement in guards.removing(dialect, table, column):
            op.execute(statement)
    if dialect == "postgresql":
        op.execute("DROP FUNCTION account_open()")
