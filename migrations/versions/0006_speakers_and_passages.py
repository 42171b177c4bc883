"""Add decisions about speakers, and index the paragraph before each quotation too."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speaker_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_speaker_decisions_speaker_id_speakers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_decisions")),
    )
    op.create_index(op.f("ix_speaker_decisions_speaker_id"), "speaker_decisions", ["speaker_id"])
    op.drop_index("ix_quotations_speaker_id", "quotations")
    op.create_index("ix_quotations_speaker_id_retired_at", "quotations", ["speaker_id", "retired_at"])
    _index_anew(from_paragraph_before=True)


def downgrade() -> None:
    _index_anew(from_paragraph_before=False)
    op.drop_index("ix_quotations_speaker_id_retired_at", "quotations")
    op.create_index("ix_quotations_speaker_id", "quotations", ["speaker_id"])
    op.drop_table("speaker_decisions")


def _index_anew(*, from_paragraph_before: bool) -> None:
    """Fill the full-text index and the text keys of the passages. The next ingest makes the vectors of the passages."""
    connection = op.get_bind()
    # This empties an FTS5 table without content.
    connection.exec_driver_sql("INSERT INTO quotation_text (quotation_text) VALUES ('delete-all')")
    versions = connection.exec_driver_sql("SELECT id FROM article_versions ORDER BY id").scalars().all()
    for version_id in versions:
        title, text = connection.exec_driver_sql(
            "SELECT coalesce(title, ''), text FROM article_versions WHERE id = ?", (version_id,)
        ).one()
        quotations = connection.exec_driver_sql(
            "SELECT id, words, context_start, context_end FROM quotations WHERE version_id = ?", (version_id,)
        ).all()
        for quotation_id, words, start, end in quotations:
            passage = text[_paragraph_before(text, start) if from_paragraph_before else start : end]
            connection.exec_driver_sql(
                "INSERT INTO quotation_text (rowid, words, context, title) VALUES (?, ?, ?, ?)",
                (quotation_id, words, passage, title),
            )
            connection.exec_driver_sql(
                "UPDATE quotations SET context_sha256 = ? WHERE id = ?",
                (sha256(passage.encode("utf-8", "surrogatepass")).hexdigest(), quotation_id),
            )


def _paragraph_before(text: str, start: int) -> int:
    before = text[:start].rstrip()
    return before.rfind("\n\n") + 2 if "\n\n" in before else 0
