"""Corrections, their signatures, recounts, changes of rules, and lessons without names.

Revision ID: 0021
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel import guards

revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None


#: People whose account must be open when they are named here.
REFUSED = (("correction", "raised_by"), ("correction_signature", "person_id"))


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "correction",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("answerable_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("representatives", sa.Integer(), nullable=False),
        sa.Column("signed_voters", sa.Integer(), nullable=False),
        sa.Column("signed_representatives", sa.Integer(), nullable=False),
        sa.Column("gather_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("admitted_by", sa.Integer(), nullable=True),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("admission", sa.String(), nullable=False),
        sa.Column("suspends", sa.Boolean(), nullable=True),
        sa.Column("stage_before", sa.String(), nullable=True),
        sa.Column("examined_by", sa.Integer(), nullable=True),
        sa.Column("examined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("findings", sa.String(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("effect", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alone", sa.String(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(proposed_by IS NULL) = (effect IS NULL) AND (proposed_by IS NULL OR (reason <> '' AND note <> ''))",
            name=op.f("ck_correction_proposed"),
        ),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_at IS NOT NULL) AND (decided_by IS NULL) = (decided_at IS NULL) AND (decided_at IS NULL OR (proposed_by IS NOT NULL AND examined_at IS NOT NULL))",
            name=op.f("ck_correction_decided"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL) AND (admitted_by IS NULL) = (admitted_at IS NULL) AND (state NOT IN ('admitted', 'examined', 'decided') OR (admitted_at IS NOT NULL AND suspends IS NOT NULL))",
            name=op.f("ck_correction_admission"),
        ),
        sa.CheckConstraint(
            "decided_by <> answerable_id OR alone <> ''", name=op.f("ck_correction_not_answerable")
        ),
        sa.CheckConstraint(
            "effect IN ('correct', 'recount', 'revote', 'annul', 'amend_rule', 'unfounded')",
            name=op.f("ck_correction_effect"),
        ),
        sa.CheckConstraint(
            "kind IN ('typo', 'roll_error', 'procedure', 'unlawful', 'changed_facts', 'rule_adjustment')",
            name=op.f("ck_correction_kind"),
        ),
        sa.CheckConstraint(
            "state <> 'gathering' OR gather_until IS NOT NULL", name=op.f("ck_correction_gathering")
        ),
        sa.CheckConstraint(
            "state IN ('gathering', 'raised', 'lapsed', 'refused', 'admitted', 'examined', 'decided')",
            name=op.f("ck_correction_state"),
        ),
        sa.CheckConstraint(
            "target IN ('resolution', 'count', 'notice', 'rule')", name=op.f("ck_correction_target")
        ),
        sa.CheckConstraint(
            "words <> '' OR hidden_by IS NOT NULL", name=op.f("ck_correction_words")
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_correction_two_people")),
        sa.CheckConstraint(
            "voters >= 0 AND representatives >= 0 AND signed_voters >= 0 AND signed_representatives >= 0",
            name=op.f("ck_correction_numbers"),
        ),
        sa.ForeignKeyConstraint(
            ["admitted_by"], ["person.id"], name=op.f("fk_correction_admitted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["answerable_id"], ["person.id"], name=op.f("fk_correction_answerable_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_correction_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_correction_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_correction_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["examined_by"], ["person.id"], name=op.f("fk_correction_examined_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["decision.id"], name=op.f("fk_correction_hidden_by_decision")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_correction_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by"], ["person.id"], name=op.f("fk_correction_raised_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("raised_by", "form_key", name=op.f("uq_correction_raised_by_form_key")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_correction_admitted_by"), ["admitted_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_correction_answerable_id"), ["answerable_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_correction_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_correction_consultation_id"), ["consultation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_correction_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_correction_examined_by"), ["examined_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_correction_hidden_by"), ["hidden_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_correction_proposed_by"), ["proposed_by"], unique=False
        )
        batch_op.create_index("ix_correction_state", ["community_id", "state", "id"], unique=False)
        batch_op.create_index("ix_correction_subject", ["target", "subject_id"], unique=False)

    op.create_table(
        "correction_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "base IN ('voters', 'representatives')", name=op.f("ck_correction_signature_base")
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["correction.id"],
            name=op.f("fk_correction_signature_correction_id_correction"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_correction_signature_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_signature")),
        sa.UniqueConstraint(
            "correction_id", "key", name=op.f("uq_correction_signature_correction_id_key")
        ),
        sa.UniqueConstraint(
            "correction_id",
            "person_id",
            name=op.f("uq_correction_signature_correction_id_person_id"),
        ),
    )
    with op.batch_alter_table("correction_signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_correction_signature_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "lesson",
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.String(), nullable=False),
        sa.Column("wrong", sa.String(), nullable=False),
        sa.Column("lesson", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "attempt <> '' AND wrong <> '' AND lesson <> ''", name=op.f("ck_lesson_said")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_lesson_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_lesson_correction_id_correction")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_lesson_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("made_by", "form_key", name=op.f("uq_lesson_made_by_form_key")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_community_id"), ["community_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lesson_correction_id"), ["correction_id"], unique=False
        )

    op.create_table(
        "recount",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("ballot_hash", sa.String(), nullable=False),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("equal", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("counted_by", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('stands', 'changes', 'unknown')", name=op.f("ck_recount_verdict")
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_recount_confirmed")
        ),
        sa.CheckConstraint("confirmed_by <> counted_by", name=op.f("ck_recount_two_people")),
        sa.CheckConstraint("length(bundle) = 64", name=op.f("ck_recount_bundle")),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_recount_ballot_id_ballot")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_recount_confirmed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_recount_correction_id_correction")
        ),
        sa.ForeignKeyConstraint(
            ["counted_by"], ["person.id"], name=op.f("fk_recount_counted_by_person")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_recount")),
    )
    with op.batch_alter_table("recount", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recount_ballot_id"), ["ballot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recount_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_recount_counted_by"), ["counted_by"], unique=False)

    op.create_table(
        "rule_change",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_id", sa.Integer(), nullable=True),
        sa.Column("concluded_by", sa.Integer(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'adopted') = (made_id IS NOT NULL)", name=op.f("ck_rule_change_made")
        ),
        sa.CheckConstraint(
            "(state = 'running') = (concluded_at IS NULL) AND (concluded_at IS NULL) = (concluded_by IS NULL)",
            name=op.f("ck_rule_change_concluded"),
        ),
        sa.CheckConstraint(
            "state IN ('running', 'adopted', 'rejected')", name=op.f("ck_rule_change_state")
        ),
        sa.CheckConstraint("made_id <> version_id", name=op.f("ck_rule_change_another")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_rule_change_community_id_community")
        ),
        sa.ForeignKeyConstraint(
            ["concluded_by"], ["person.id"], name=op.f("fk_rule_change_concluded_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_rule_change_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["correction.id"],
            name=op.f("fk_rule_change_correction_id_correction"),
        ),
        sa.ForeignKeyConstraint(
            ["made_id"],
            ["procedure_version.id"],
            name=op.f("fk_rule_change_made_id_procedure_version"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_rule_change_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["procedure_version.id"],
            name=op.f("fk_rule_change_version_id_procedure_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_change")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_rule_change_consultation_id")),
        sa.UniqueConstraint("made_id", name=op.f("uq_rule_change_made_id")),
    )
    with op.batch_alter_table("rule_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rule_change_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rule_change_concluded_by"), ["concluded_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rule_change_correction_id"), ["correction_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rule_change_proposed_by"), ["proposed_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_rule_change_version_id"), ["version_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table, column in REFUSED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    dialect = op.get_bind().dialect.name
    for table, column in REFUSED:
        for statement in guards.removing(dialect, table, column):
            op.execute(statement)
    with op.batch_alter_table("rule_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_change_version_id"))
        batch_op.drop_index(batch_op.f("ix_rule_change_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_rule_change_correction_id"))
        batch_op.drop_index(batch_op.f("ix_rule_change_concluded_by"))
        batch_op.drop_index(batch_op.f("ix_rule_change_community_id"))

    op.drop_table("rule_change")
    with op.batch_alter_table("recount", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recount_counted_by"))
        batch_op.drop_index(batch_op.f("ix_recount_confirmed_by"))
        batch_op.drop_index(batch_op.f("ix_recount_ballot_id"))

    op.drop_table("recount")
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_correction_id"))
        batch_op.drop_index(batch_op.f("ix_lesson_community_id"))

    op.drop_table("lesson")
    with op.batch_alter_table("correction_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_signature_person_id"))

    op.drop_table("correction_signature")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index("ix_correction_subject")
        batch_op.drop_index("ix_correction_state")
        batch_op.drop_index(batch_op.f("ix_correction_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_correction_hidden_by"))
        batch_op.drop_index(batch_op.f("ix_correction_examined_by"))
        batch_op.drop_index(batch_op.f("ix_correction_decided_by"))
        batch_op.drop_index(batch_op.f("ix_correction_consultation_id"))
        batch_op.drop_index(batch_op.f("ix_correction_community_id"))
        batch_op.drop_index(batch_op.f("ix_correction_answerable_id"))
        batch_op.drop_index(batch_op.f("ix_correction_admitted_by"))

    op.drop_table("correction")
