"""Create the derived tables: quotations, their utterances and links, and embeddings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "utterances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("merged_into_id != id", name=op.f("ck_utterances_not_into_itself")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["utterances.id"], name=op.f("fk_utterances_merged_into_id_utterances")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterances")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_utterances_merged_into_id"), "utterances", ["merged_into_id"])
    op.create_table(
        "quotations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wording_key", sa.String(length=64), nullable=False),
        sa.Column("words_sha256", sa.String(length=64), nullable=False),
        sa.Column("context_sha256", sa.String(length=64), nullable=False),
        sa.Column("context_start", sa.Integer(), nullable=False),
        sa.Column("context_end", sa.Integer(), nullable=False),
        sa.Column("speaker_name", sa.Text(), nullable=True),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("mention_start", sa.Integer(), nullable=True),
        sa.Column("mention_end", sa.Integer(), nullable=True),
        sa.Column("cue_start", sa.Integer(), nullable=True),
        sa.Column("cue_end", sa.Integer(), nullable=True),
        sa.Column("attribution_method", sa.Text(), nullable=True),
        sa.Column("attribution_confidence", sa.Double(), nullable=True),
        sa.Column("said_first", sa.Date(), nullable=True),
        sa.Column("said_last", sa.Date(), nullable=True),
        sa.Column("said_basis", sa.Text(), nullable=False),
        sa.Column("said_evidence_start", sa.Integer(), nullable=True),
        sa.Column("said_evidence_end", sa.Integer(), nullable=True),
        sa.Column("occasion", sa.Text(), nullable=True),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.Column("utterance_id", sa.Integer(), nullable=True),
        sa.Column("linked_by", sa.Text(), nullable=True),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("attribution_confidence BETWEEN 0 AND 1", name=op.f("ck_quotations_confidence")),
        sa.CheckConstraint("said_first <= said_last", name=op.f("ck_quotations_said_in_order")),
        sa.CheckConstraint('start < "end"', name=op.f("ck_quotations_some_characters")),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_quotations_correction_id_corrections")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_quotations_run_id_runs")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_quotations_speaker_id_speakers")),
        sa.ForeignKeyConstraint(
            ["utterance_id"], ["utterances.id"], name=op.f("fk_quotations_utterance_id_utterances")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_versions.id"], name=op.f("fk_quotations_version_id_article_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotations")),
        sa.UniqueConstraint("version_id", "start", "end", name=op.f("uq_quotations_version_id_start_end")),
    )
    op.create_index(op.f("ix_quotations_correction_id"), "quotations", ["correction_id"])
    op.create_index(op.f("ix_quotations_run_id"), "quotations", ["run_id"])
    op.create_index(op.f("ix_quotations_speaker_id"), "quotations", ["speaker_id"])
    op.create_index(op.f("ix_quotations_speaker_name"), "quotations", ["speaker_name"])
    op.create_index(op.f("ix_quotations_utterance_id"), "quotations", ["utterance_id"])
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("linker", sa.Text(), nullable=False),
        sa.CheckConstraint("left_id < right_id", name=op.f("ck_links_ordered")),
        sa.ForeignKeyConstraint(["left_id"], ["quotations.id"], name=op.f("fk_links_left_id_quotations")),
        sa.ForeignKeyConstraint(["right_id"], ["quotations.id"], name=op.f("fk_links_right_id_quotations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("left_id", "right_id", name=op.f("uq_links_left_id_right_id")),
    )
    op.create_index(op.f("ix_links_right_id"), "links", ["right_id"])
    op.create_table(
        "embeddings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_key", sa.String(length=64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embeddings")),
        sa.UniqueConstraint("text_key", "model", name=op.f("uq_embeddings_text_key_model")),
    )


def downgrade() -> None:
    op.drop_table("embeddings")
    op.drop_table("links")
    op.drop_table("quotations")
    op.drop_table("utterances")
