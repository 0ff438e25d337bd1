"""Allocations: the rule, applications, frozen lists, draws that nobody changes, offers.

Revision ID: rental_0002
Revises: rental_0001
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from civic.api import guards

revision = "rental_0002"
down_revision = "rental_0001"
branch_labels = None
depends_on = None

#: Columns that name a person: the database refuses an account that is closed.
GUARDED = (
    ("rental_allocation", "made_by"),
    ("rental_applicant", "person_id"),
    ("rental_ground", "decided_by"),
    ("rental_doubles", "by_id"),
    ("rental_plea", "person_id"),
    ("rental_plea", "answered_by"),
    ("rental_draw_round", "by_id"),
    ("rental_frozen_list", "by_id"),
    ("rental_draw", "by_id"),
    ("rental_publication", "by_id"),
)
#: What was published: its columns stay as they are, and so do its rows. Whoever did it goes with
#: their account.
_ROUND = (
    "allocation_id, number, rule, hash, secret, commitment, source, public_at, reason, at, office"
)
KEPT = {
    "rental_draw_round": _ROUND,
    "rental_frozen_list": "round_id, number, hash, count, reason, frozen_at, until, office",
    "rental_list_line": "list_id, number, tier, name",
    "rental_draw": "round_id, list_id, public_number, seed, hash, at, office",
    "rental_draw_rank": "draw_id, number, rank, tier, placed_in",
    "rental_publication": "draw_id, at, office",
}
SIGNED = ("rental_draw_round", "rental_frozen_list", "rental_draw", "rental_publication")
SENTENCE = "what was published here is append-only"
_STATE = "(SELECT state FROM rental_allocation WHERE id = {})"
_OF_LIST = (
    "(SELECT allocation_id FROM rental_draw_round JOIN rental_frozen_list "
    "ON rental_frozen_list.round_id = rental_draw_round.id WHERE rental_frozen_list.id = "
    "NEW.list_id)"
)
_OF_DRAW = (
    "(SELECT allocation_id FROM rental_draw_round JOIN rental_draw "
    "ON rental_draw.round_id = rental_draw_round.id WHERE rental_draw.id = NEW.draw_id)"
)
#: The list was frozen before the public number was known, and the draw made after it.
_IN_ORDER = (
    "EXISTS (SELECT 1 FROM rental_draw_round r JOIN rental_frozen_list l ON l.round_id = r.id "
    "JOIN rental_allocation a ON a.id = r.allocation_id WHERE r.id = NEW.round_id "
    "AND l.id = NEW.list_id AND l.until <= NEW.at AND (a.ordering = 'queue' "
    "OR (l.frozen_at < r.public_at AND r.at < l.frozen_at AND r.public_at <= NEW.at)))"
)
_NEXT = (
    "(SELECT coalesce(max(number), 0) + 1 FROM rental_applicant "
    "WHERE allocation_id = NEW.allocation_id)"
)
_OPEN = (
    "EXISTS (SELECT 1 FROM rental_allocation WHERE id = NEW.allocation_id AND state = 'fixed' "
    "AND opens_at <= NEW.submitted_at AND closes_at > NEW.submitted_at)"
)
_RULE = (
    "UPDATE OF listing_id, title, tiers, ordering, source, issue, public_at, opens_at, closes_at"
)
_DREW = (
    "EXISTS (SELECT 1 FROM rental_draw d WHERE d.id = NEW.draw_id "
    "AND (d.by_id = NEW.by_id OR d.office = NEW.office))"
)
#: What the database refuses: name, table, event, condition, sentence.
REFUSED = (
    (
        "rule",
        "rental_allocation",
        _RULE,
        "OLD.state <> 'draft'",
        "the rule is fixed",
    ),
    ("gone", "rental_allocation", "DELETE", "OLD.state <> 'draft'", "the rule is fixed"),
    (
        "new",
        "rental_applicant",
        "INSERT",
        "NEW.number IS NOT NULL",
        "a receipt number is given when an application is handed in",
    ),
    (
        "number",
        "rental_applicant",
        "UPDATE OF number, submitted_at",
        f"OLD.number IS NOT NULL OR NEW.number <> {_NEXT} OR NOT {_OPEN}",
        "nobody chooses a receipt number, and none is given too late",
    ),
    (
        "taken",
        "rental_applicant",
        "DELETE",
        "OLD.number IS NOT NULL",
        "a receipt number stays",
    ),
    (
        "late",
        "rental_list_line",
        "INSERT",
        f"{_STATE.format(_OF_LIST)} <> 'fixed'",
        "the list is frozen",
    ),
    (
        "alone",
        "rental_draw",
        "INSERT",
        "NEW.by_id = (SELECT by_id FROM rental_draw_round WHERE id = NEW.round_id)",
        "who fixed the secret does not draw",
    ),
    ("early", "rental_draw", "INSERT", f"NOT {_IN_ORDER}", "a draw is made in its order"),
    (
        "late",
        "rental_draw_rank",
        "INSERT",
        f"{_STATE.format(_OF_DRAW)} <> 'frozen'",
        "the draw is made",
    ),
    (
        "alone",
        "rental_publication",
        "INSERT",
        _DREW,
        "who drew does not publish",
    ),
    *(
        (f"kept_{word}", table, event, "1 = 1", SENTENCE)
        for table, columns in KEPT.items()
        for word, event in (("row", "DELETE"), ("columns", f"UPDATE OF {columns}"))
    ),
    *(
        ("kept_name", table, "UPDATE OF by_id", "NEW.by_id IS NOT NULL", SENTENCE)
        for table in SIGNED
    ),
)


def _refusing(dialect: str) -> Iterator[str]:
    for name, table, event, condition, sentence in REFUSED:
        called = f"{table}_{name}"
        if dialect == "sqlite":
            yield (
                f"CREATE TRIGGER {called} BEFORE {event} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
            continue
        row = "OLD" if event == "DELETE" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {called}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{sentence}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
        )
        yield (
            f"CREATE TRIGGER {called} BEFORE {event} ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION {called}()"
        )


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "rental_allocation",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("tiers", sa.JSON(), nullable=False),
        sa.Column("ordering", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("public_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("offers_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lined_up", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "offers_at IS NULL OR state IN ('published', 'closed')",
            name=op.f("ck_rental_allocation_offers"),
        ),
        sa.CheckConstraint(
            "ordering IN ('lottery', 'queue')", name=op.f("ck_rental_allocation_ordering")
        ),
        sa.CheckConstraint(
            "source IN ('lottery', 'index')", name=op.f("ck_rental_allocation_source")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'fixed', 'frozen', 'drawn', 'published', 'closed')",
            name=op.f("ck_rental_allocation_state"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_rental_allocation_title")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_rental_allocation_dates")),
        sa.CheckConstraint("public_at > closes_at", name=op.f("ck_rental_allocation_public")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_rental_allocation_community_id_community"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id", "community_id"],
            ["rental_listing.id", "rental_listing.community_id"],
            name="fk_rental_allocation_listing",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_rental_allocation_made_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_allocation")),
        sa.UniqueConstraint(
            "id", "community_id", name=op.f("uq_rental_allocation_id_community_id")
        ),
        sa.UniqueConstraint(
            "made_by", "form_key", name=op.f("uq_rental_allocation_made_by_form_key")
        ),
    )
    with op.batch_alter_table("rental_allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rental_allocation_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_rental_allocation_list", ["community_id", "state", "closes_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rental_allocation_listing_id"), ["listing_id"], unique=False
        )
        batch_op.create_index(
            "uq_rental_allocation_listing",
            ["listing_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )

    op.create_table(
        "rental_applicant",
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("household", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("phone_key", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("workplace_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("wishes", sa.String(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("place_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (number IS NULL)", name=op.f("ck_rental_applicant_numbered")
        ),
        sa.CheckConstraint(
            "state <> 'set_aside' OR reason <> ''", name=op.f("ck_rental_applicant_reasoned")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'withdrawn', 'set_aside')",
            name=op.f("ck_rental_applicant_state"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (submitted_at IS NULL)", name=op.f("ck_rental_applicant_submitted")
        ),
        sa.CheckConstraint("household >= 1", name=op.f("ck_rental_applicant_household")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_rental_applicant_number")),
        sa.ForeignKeyConstraint(
            ["allocation_id", "community_id"],
            ["rental_allocation.id", "rental_allocation.community_id"],
            name="fk_rental_applicant_allocation",
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_rental_applicant_community_id_community"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rental_applicant_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["workplace_id"],
            ["rental_workplace.id"],
            name=op.f("fk_rental_applicant_workplace_id_rental_workplace"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_applicant")),
        sa.UniqueConstraint(
            "allocation_id", "number", name=op.f("uq_rental_applicant_allocation_id_number")
        ),
    )
    with op.batch_alter_table("rental_applicant", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rental_applicant_address", ["allocation_id", "address_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rental_applicant_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rental_applicant_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "ix_rental_applicant_phone", ["allocation_id", "phone_key"], unique=False
        )
        batch_op.create_index(
            "ix_rental_applicant_state", ["allocation_id", "state", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rental_applicant_workplace_id"), ["workplace_id"], unique=False
        )
        batch_op.create_index(
            "uq_rental_applicant_live",
            ["allocation_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn' AND person_id IS NOT NULL"),
            postgresql_where=sa.text("state <> 'withdrawn' AND person_id IS NOT NULL"),
        )

    op.create_table(
        "rental_doubles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("stays", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'address')", name=op.f("ck_rental_doubles_kind")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_rental_doubles_reasoned")),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["rental_allocation.id"],
            name=op.f("fk_rental_doubles_allocation_id_rental_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_rental_doubles_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_doubles")),
    )
    with op.batch_alter_table("rental_doubles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rental_doubles_allocation_id"), ["allocation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_rental_doubles_by_id"), ["by_id"], unique=False)

    op.create_table(
        "rental_draw_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("public_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("ck_rental_draw_round_reason")),
        sa.CheckConstraint("public_at > at", name=op.f("ck_rental_draw_round_future")),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["rental_allocation.id"],
            name=op.f("fk_rental_draw_round_allocation_id_rental_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_rental_draw_round_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_draw_round")),
        sa.UniqueConstraint(
            "allocation_id", "number", name=op.f("uq_rental_draw_round_allocation_id_number")
        ),
    )
    with op.batch_alter_table("rental_draw_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rental_draw_round_by_id"), ["by_id"], unique=False)

    op.create_table(
        "rental_frozen_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("ck_rental_frozen_list_reason")),
        sa.CheckConstraint("count >= 1", name=op.f("ck_rental_frozen_list_count")),
        sa.CheckConstraint("until > frozen_at", name=op.f("ck_rental_frozen_list_until")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_rental_frozen_list_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rental_draw_round.id"],
            name=op.f("fk_rental_frozen_list_round_id_rental_draw_round"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_frozen_list")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_rental_frozen_list_id_round_id")),
        sa.UniqueConstraint(
            "round_id", "number", name=op.f("uq_rental_frozen_list_round_id_number")
        ),
    )
    with op.batch_alter_table("rental_frozen_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rental_frozen_list_by_id"), ["by_id"], unique=False)

    op.create_table(
        "rental_ground",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(state = 'claimed') = (decided_at IS NULL)", name=op.f("ck_rental_ground_decided")
        ),
        sa.CheckConstraint(
            "kind IN ('unit', 'no_home', 'far')", name=op.f("ck_rental_ground_kind")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_rental_ground_reasoned")
        ),
        sa.CheckConstraint(
            "state IN ('claimed', 'verified', 'refused')", name=op.f("ck_rental_ground_state")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"],
            ["rental_applicant.id"],
            name=op.f("fk_rental_ground_applicant_id_rental_applicant"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_rental_ground_decided_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_ground")),
        sa.UniqueConstraint(
            "applicant_id", "kind", name=op.f("uq_rental_ground_applicant_id_kind")
        ),
    )
    with op.batch_alter_table("rental_ground", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rental_ground_decided_by"), ["decided_by"], unique=False
        )

    op.create_table(
        "rental_letting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["applicant_id"],
            ["rental_applicant.id"],
            name=op.f("fk_rental_letting_applicant_id_rental_applicant"),
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["rental_home.id"], name=op.f("fk_rental_letting_home_id_rental_home")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_letting")),
        sa.UniqueConstraint("applicant_id", name=op.f("uq_rental_letting_applicant_id")),
        sa.UniqueConstraint("home_id", name=op.f("uq_rental_letting_home_id")),
    )
    op.create_table(
        "rental_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("public_number", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_rental_draw_by_id_person")),
        sa.ForeignKeyConstraint(
            ["list_id", "round_id"],
            ["rental_frozen_list.id", "rental_frozen_list.round_id"],
            name="fk_rental_draw_list",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rental_draw_round.id"],
            name=op.f("fk_rental_draw_round_id_rental_draw_round"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_draw")),
        sa.UniqueConstraint("round_id", name=op.f("uq_rental_draw_round_id")),
    )
    with op.batch_alter_table("rental_draw", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rental_draw_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rental_draw_list_id"), ["list_id"], unique=False)

    op.create_table(
        "rental_list_line",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_rental_list_line_number")),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["rental_frozen_list.id"],
            name=op.f("fk_rental_list_line_list_id_rental_frozen_list"),
        ),
        sa.PrimaryKeyConstraint("list_id", "number", name=op.f("pk_rental_list_line")),
    )
    op.create_table(
        "rental_plea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("applicant_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'objection') = (list_id IS NOT NULL)", name=op.f("ck_rental_plea_list")
        ),
        sa.CheckConstraint(
            "(kind = 'review') = (applicant_id IS NOT NULL)", name=op.f("ck_rental_plea_own")
        ),
        sa.CheckConstraint("kind IN ('objection', 'review')", name=op.f("ck_rental_plea_kind")),
        sa.CheckConstraint("upheld IS NULL OR answer <> ''", name=op.f("ck_rental_plea_answer")),
        sa.CheckConstraint(
            "(upheld IS NULL) = (answered_at IS NULL)", name=op.f("ck_rental_plea_answered")
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["rental_allocation.id"],
            name=op.f("fk_rental_plea_allocation_id_rental_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_rental_plea_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"],
            ["rental_applicant.id"],
            name=op.f("fk_rental_plea_applicant_id_rental_applicant"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["rental_frozen_list.id"],
            name=op.f("fk_rental_plea_list_id_rental_frozen_list"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rental_plea_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_plea")),
    )
    with op.batch_alter_table("rental_plea", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rental_plea_allocation_id"), ["allocation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rental_plea_answered_by"), ["answered_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rental_plea_applicant_id"), ["applicant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_rental_plea_list_id"), ["list_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rental_plea_person_id"), ["person_id"], unique=False)

    op.create_table(
        "rental_draw_rank",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("placed_in", sa.String(), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_rental_draw_rank_rank")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["rental_draw.id"], name=op.f("fk_rental_draw_rank_draw_id_rental_draw")
        ),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_rental_draw_rank")),
        sa.UniqueConstraint("draw_id", "rank", name=op.f("uq_rental_draw_rank_draw_id_rank")),
    )
    op.create_table(
        "rental_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_rental_publication_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["rental_draw.id"], name=op.f("fk_rental_publication_draw_id_rental_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_publication")),
        sa.UniqueConstraint("draw_id", name=op.f("uq_rental_publication_draw_id")),
    )
    with op.batch_alter_table("rental_publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rental_publication_by_id"), ["by_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for table, column in GUARDED:
        for statement in guards.refusing(dialect, table, column):
            op.execute(statement)
    for statement in _refusing(dialect):
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("rental_publication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rental_publication_by_id"))

    op.drop_table("rental_publication")
    op.drop_table("rental_draw_rank")
    with op.batch_alter_table("rental_plea", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rental_plea_person_id"))
        batch_op.drop_index(batch_op.f("ix_rental_plea_list_id"))
        batch_op.drop_index(batch_op.f("ix_rental_plea_applicant_id"))
        batch_op.drop_index(batch_op.f("ix_rental_plea_answered_by"))
        batch_op.drop_index(batch_op.f("ix_rental_plea_allocation_id"))

    op.drop_table("rental_plea")
    op.drop_table("rental_list_line")
    with op.batch_alter_table("rental_draw", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rental_draw_list_id"))
        batch_op.drop_index(batch_op.f("ix_rental_draw_by_id"))

    op.drop_table("rental_draw")
    op.drop_table("rental_letting")
    with op.batch_alter_table("rental_ground", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rental_ground_decided_by"))

    op.drop_table("rental_ground")
    with op.batch_alter_table("rental_frozen_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rental_frozen_list_by_id"))

    op.drop_table("rental_frozen_list")
    with op.batch_alter_table("rental_draw_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rental_draw_round_by_id"))

    op.drop_table("rental_draw_round")
    with op.batch_alter_table("rental_doubles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rental_doubles_by_id"))
        batch_op.drop_index(batch_op.f("ix_rental_doubles_allocation_id"))

    op.drop_table("rental_doubles")
    with op.batch_alter_table("rental_applicant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rental_applicant_live",
            sqlite_where=sa.text("state <> 'withdrawn' AND person_id IS NOT NULL"),
            postgresql_where=sa.text("state <> 'withdrawn' AND person_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_rental_applicant_workplace_id"))
        batch_op.drop_index("ix_rental_applicant_state")
        batch_op.drop_index("ix_rental_applicant_phone")
        batch_op.drop_index(batch_op.f("ix_rental_applicant_person_id"))
        batch_op.drop_index(batch_op.f("ix_rental_applicant_community_id"))
        batch_op.drop_index("ix_rental_applicant_address")

    op.drop_table("rental_applicant")
    with op.batch_alter_table("rental_allocation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rental_allocation_listing",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.drop_index(batch_op.f("ix_rental_allocation_listing_id"))
        batch_op.drop_index("ix_rental_allocation_list")
        batch_op.drop_index(batch_op.f("ix_rental_allocation_community_id"))

    op.drop_table("rental_allocation")
    if op.get_bind().dialect.name == "postgresql":
        for name, table, *_ in REFUSED:
            op.execute(f"DROP FUNCTION IF EXISTS {table}_{name}()")
