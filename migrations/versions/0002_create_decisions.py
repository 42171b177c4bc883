"""Create the tables of decisions of people about quotations and speakers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speakers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wikidata_id", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("merged_into_id != id", name=op.f("ck_speakers_not_into_itself")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["speakers.id"], name=op.f("fk_speakers_merged_into_id_speakers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speakers")),
        sa.UniqueConstraint("wikidata_id", name=op.f("uq_speakers_wikidata_id")),
    )
    op.create_index(op.f("ix_speakers_merged_into_id"), "speakers", ["merged_into_id"])
    op.create_table(
        "speaker_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_speaker_names_speaker_id_speakers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_names")),
        sa.UniqueConstraint("key", "speaker_id", name=op.f("uq_speaker_names_key_speaker_id")),
    )
    op.create_index(op.f("ix_speaker_names_key"), "speaker_names", ["key"])
    op.create_index(op.f("ix_speaker_names_speaker_id"), "speaker_names", ["speaker_id"])
    op.create_table(
        "anchors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_versions.id"], name=op.f("fk_anchors_version_id_article_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchors")),
        sa.UniqueConstraint("version_id", "start", "exact", name=op.f("uq_anchors_version_id_start_exact")),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("anchor_id", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["anchor_id"], ["anchors.id"], name=op.f("fk_corrections_anchor_id_anchors")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_anchor_id"), "corrections", ["anchor_id"])
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("left_anchor_id", sa.Integer(), nullable=False),
        sa.Column("right_anchor_id", sa.Integer(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("left_anchor_id != right_anchor_id", name=op.f("ck_judgements_two")),
        sa.ForeignKeyConstraint(["left_anchor_id"], ["anchors.id"], name=op.f("fk_judgements_left_anchor_id_anchors")),
        sa.ForeignKeyConstraint(
            ["right_anchor_id"], ["anchors.id"], name=op.f("fk_judgements_right_anchor_id_anchors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    op.create_index(op.f("ix_judgements_left_anchor_id"), "judgements", ["left_anchor_id"])
    op.create_index(op.f("ix_judgements_right_anchor_id"), "judgements", ["right_anchor_id"])


def downgrade() -> None:
    op.drop_table("judgements")
    op.drop_table("corrections")
    op.drop_table("anchors")
    op.drop_table("speaker_names")
    op.drop_table("speakers")
