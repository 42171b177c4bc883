"""Add talking points: statements of any speakers to one effect, and those that contradict them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

POINTS, MEMBERS = "talking_points", "talking_point_members"


def upgrade() -> None:
    op.create_table(
        POINTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("merged_into_id != id", name=op.f(f"ck_{POINTS}_not_into_itself")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], [f"{POINTS}.id"], name=op.f(f"fk_{POINTS}_merged_into_id_{POINTS}")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{POINTS}")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{POINTS}_merged_into_id"), POINTS, ["merged_into_id"])
    op.create_table(
        MEMBERS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("utterance_id", sa.Integer(), nullable=True),
        sa.Column("reported_id", sa.Integer(), nullable=True),
        sa.Column("words_sha256", sa.String(length=64), nullable=False),
        sa.Column("contradicts", sa.Boolean(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.Column("grouped_by", sa.Text(), nullable=False),
        sa.CheckConstraint("(utterance_id IS NULL) != (reported_id IS NULL)", name=op.f(f"ck_{MEMBERS}_one_statement")),
        sa.CheckConstraint("chance BETWEEN 0 AND 1", name=op.f(f"ck_{MEMBERS}_chance")),
        sa.ForeignKeyConstraint(["point_id"], [f"{POINTS}.id"], name=op.f(f"fk_{MEMBERS}_point_id_{POINTS}")),
        sa.ForeignKeyConstraint(
            ["utterance_id"], ["utterances.id"], name=op.f(f"fk_{MEMBERS}_utterance_id_utterances")
        ),
        sa.ForeignKeyConstraint(
            ["reported_id"], ["reported_statements.id"], name=op.f(f"fk_{MEMBERS}_reported_id_reported_statements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{MEMBERS}")),
        sa.UniqueConstraint("point_id", "contradicts", "place", name=op.f(f"uq_{MEMBERS}_point_id_contradicts_place")),
    )
    for column in ("utterance_id", "reported_id"):
        condition = sa.text(f"{column} IS NOT NULL AND NOT contradicts")
        op.create_index(
            f"ix_{MEMBERS}_{column}",
            MEMBERS,
            [column],
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )


def downgrade() -> None:
    op.drop_table(MEMBERS)
    op.drop_table(POINTS)
