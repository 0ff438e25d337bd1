"""Kinds of plugins: standings, claims, codes, organisations, places and readers with a dot.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STANDINGS = (
    "'resident_registered', 'resident_living', 'worker', 'household_rep', "
    "'resident_rep', 'group_head', 'gate_head', 'grid_worker', "
    "'party_member', 'resident_unit', 'owner', 'property_manager', "
    "'owners_committee', 'property_mgmt_committee', 'social_org', 'social_worker', "
    "'expert', 'auditor', 'scrutineer'"
)
ORGANISATIONS = (
    "'resident_unit', 'property_manager', 'owners_committee', "
    "'property_mgmt_committee', 'social_org'"
)
NODES = (
    "'subdistrict', 'community', 'functional_community', 'grid', "
    "'micro_grid', 'estate', 'building', 'building_gate', "
    "'property_area', 'party_working_committee', 'community_party_committee', 'general_branch', "
    "'party_branch', 'party_group', 'collection'"
)
READERS = (
    "'resident', 'worker', 'owner', 'representative', 'unit', 'staff', "
    "'resident_registered', 'resident_living', 'household_rep', 'resident_rep', 'group_head', "
    "'gate_head', 'grid_worker', 'resident_unit', 'property_manager', 'owners_committee', "
    "'property_mgmt_committee', 'social_org', 'social_worker', 'expert', 'auditor', "
    "'scrutineer', 'secretary', 'deputy_secretary', 'committee_head', 'committee_member', "
    "'community_worker', 'grid_head', 'street_officer', 'legal_officer', 'administrator'"
)
#: Table, column, and the codes of the core.
CHECKS = (
    ("organisation", "kind", ORGANISATIONS),
    ("invite_batch", "standing", STANDINGS),
    ("invite_code", "standing", STANDINGS),
    ("standing", "kind", STANDINGS),
    ("claim", "kind", STANDINGS),
    ("node", "kind", NODES),
    ("notice_audience", "code", READERS),
)


def upgrade() -> None:
    """Apply the change."""
    for table, column, codes in CHECKS:
        dotted = f"{column} <> replace({column}, '.', '')"
        _change(table, column, f"{column} IN ({codes}) OR {dotted}")


def downgrade() -> None:
    """Take the change back; the database refuses it while there are rows of plugins."""
    for table, column, codes in CHECKS:
        _change(table, column, f"{column} IN ({codes})")


def _change(table: str, column: str, condition: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        name = batch_op.f(f"ck_{table}_{column}")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, condition)
