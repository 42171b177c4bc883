"""Add the fact-checks that stored quotations match, and which matcher compared each quotation and fact-check."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quotations", sa.Column("matched_by", sa.Text(), nullable=True))
    op.create_index(op.f("ix_quotations_matched_by"), "quotations", ["matched_by"])
    op.add_column("fact_checks", sa.Column("matched_by", sa.Text(), nullable=True))
    op.create_table(
        "fact_check_matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quotation_id", sa.Integer(), nullable=False),
        sa.Column("fact_check_id", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.Column("matched_by", sa.Text(), nullable=False),
        sa.CheckConstraint("chance BETWEEN 0 AND 1", name=op.f("ck_fact_check_matches_chance")),
        sa.ForeignKeyConstraint(
            ["quotation_id"], ["quotations.id"], name=op.f("fk_fact_check_matches_quotation_id_quotations")
        ),
        sa.ForeignKeyConstraint(
            ["fact_check_id"], ["fact_checks.id"], name=op.f("fk_fact_check_matches_fact_check_id_fact_checks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_check_matches")),
        sa.UniqueConstraint(
            "quotation_id", "fact_check_id", name=op.f("uq_fact_check_matches_quotation_id_fact_check_id")
        ),
    )
    op.create_index(op.f("ix_fact_check_matches_fact_check_id"), "fact_check_matches", ["fact_check_id"])


def downgrade() -> None:
    op.drop_table("fact_check_matches")
    op.drop_column("fact_checks", "matched_by")
    op.drop_index(op.f("ix_quotations_matched_by"), "quotations")
    op.drop_column("quotations", "matched_by")
