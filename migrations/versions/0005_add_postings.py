"""Add the state of the linker (wordings, their word n-grams, applied judgements) and related statements."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("judgements", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("quotations", sa.Column("wording_id", sa.BigInteger(), nullable=True))
    op.add_column("quotations", sa.Column("related_by", sa.Text(), nullable=True))
    op.create_index(op.f("ix_quotations_linked_by"), "quotations", ["linked_by"])
    op.create_index(op.f("ix_quotations_related_by"), "quotations", ["related_by"])
    op.create_index(op.f("ix_quotations_wording_id"), "quotations", ["wording_id"])
    op.create_table(
        "wordings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("linker", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
    )
    op.create_table(
        "postings",
        sa.Column("gram", sa.BigInteger(), nullable=False),
        sa.Column("wording_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "wording_id", name=op.f("pk_postings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "judgements_linked",
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("linker", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judgement_id"], ["judgements.id"], name=op.f("fk_judgements_linked_judgement_id_judgements")
        ),
        sa.PrimaryKeyConstraint("judgement_id", name=op.f("pk_judgements_linked")),
    )
    op.create_table(
        "related",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("cosine", sa.Double(), nullable=False),
        sa.Column("related_by", sa.Text(), nullable=False),
        sa.CheckConstraint("left_id < right_id", name=op.f("ck_related_ordered")),
        sa.ForeignKeyConstraint(["left_id"], ["quotations.id"], name=op.f("fk_related_left_id_quotations")),
        sa.ForeignKeyConstraint(["right_id"], ["quotations.id"], name=op.f("fk_related_right_id_quotations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related")),
        sa.UniqueConstraint("left_id", "right_id", name=op.f("uq_related_left_id_right_id")),
    )
    op.create_index(op.f("ix_related_right_id"), "related", ["right_id"])


def downgrade() -> None:
    op.drop_table("related")
    op.drop_table("judgements_linked")
    op.drop_table("postings")
    op.drop_table("wordings")
    op.drop_index(op.f("ix_quotations_wording_id"), "quotations")
    op.drop_index(op.f("ix_quotations_related_by"), "quotations")
    op.drop_index(op.f("ix_quotations_linked_by"), "quotations")
    op.drop_column("quotations", "related_by")
    op.drop_column("quotations", "wording_id")
    op.drop_column("judgements", "reason")
