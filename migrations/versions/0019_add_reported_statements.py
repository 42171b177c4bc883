"""Add the reported statements of versions and what read them, and what people decided about fact-check matches."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = "reported_statements"
CONFIDENCES = ("confidence", "attribution_confidence", "mention_confidence", "said_confidence")


def upgrade() -> None:
    op.add_column("fact_check_matches", sa.Column("decided", sa.Boolean(), nullable=True))
    op.add_column("article_versions", sa.Column("reported_by", sa.Text(), nullable=True))
    op.create_index(op.f("ix_article_versions_reported_by"), "article_versions", ["reported_by"])
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("wording_key", sa.String(length=64), nullable=False),
        sa.Column("words_sha256", sa.String(length=64), nullable=False),
        sa.Column("context_sha256", sa.String(length=64), nullable=False),
        sa.Column("context_start", sa.Integer(), nullable=False),
        sa.Column("context_end", sa.Integer(), nullable=False),
        sa.Column("speaker_name", sa.Text(), nullable=True),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("mention_start", sa.Integer(), nullable=True),
        sa.Column("mention_end", sa.Integer(), nullable=True),
        sa.Column("cue_start", sa.Integer(), nullable=False),
        sa.Column("cue_end", sa.Integer(), nullable=False),
        sa.Column("attribution_method", sa.Text(), nullable=True),
        sa.Column("attribution_confidence", sa.Double(), nullable=True),
        sa.Column("mention_confidence", sa.Double(), nullable=True),
        sa.Column("alternatives", sa.JSON(), nullable=True),
        sa.Column("said_first", sa.Date(), nullable=True),
        sa.Column("said_last", sa.Date(), nullable=True),
        sa.Column("said_basis", sa.Text(), nullable=False),
        sa.Column("said_evidence_start", sa.Integer(), nullable=True),
        sa.Column("said_evidence_end", sa.Integer(), nullable=True),
        sa.Column("said_confidence", sa.Double(), nullable=True),
        sa.Column("decided", sa.JSON(), nullable=True),
        sa.Column("extracted", sa.JSON(), nullable=True),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint('start < "end"', name=op.f(f"ck_{TABLE}_some_characters")),
        *(sa.CheckConstraint(f"{each} BETWEEN 0 AND 1", name=op.f(f"ck_{TABLE}_{each}")) for each in CONFIDENCES),
        sa.CheckConstraint("said_first <= said_last", name=op.f(f"ck_{TABLE}_said_in_order")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_versions.id"], name=op.f(f"fk_{TABLE}_version_id_article_versions")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f(f"fk_{TABLE}_run_id_runs")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f(f"fk_{TABLE}_speaker_id_speakers")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "version_id", "start", "end", "cue_start", name=op.f(f"uq_{TABLE}_version_id_start_end_cue_start")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{TABLE}_run_id"), TABLE, ["run_id"])
    op.create_index(op.f(f"ix_{TABLE}_speaker_name"), TABLE, ["speaker_name"])
    op.create_index(f"ix_{TABLE}_speaker_id_retired_at", TABLE, ["speaker_id", "retired_at"])


def downgrade() -> None:
    op.drop_column("fact_check_matches", "decided")
    op.drop_table(TABLE)
    op.drop_index(op.f("ix_article_versions_reported_by"), "article_versions")
    op.drop_column("article_versions", "reported_by")
