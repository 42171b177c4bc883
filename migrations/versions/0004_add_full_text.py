"""Add full text over words, paragraph and title of each quotation, and index the stored quotations."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without content, because the words are in the tables already. `porter` finds "sanctions" for "sanction".
    op.execute(
        "CREATE VIRTUAL TABLE quotation_text USING fts5("
        "words, context, title, content='', tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute(
        "INSERT INTO quotation_text (rowid, words, context, title)"
        " SELECT q.id, q.words, substr(v.text, q.context_start + 1, q.context_end - q.context_start),"
        " coalesce(v.title, '')"
        " FROM quotations q JOIN article_versions v ON v.id = q.version_id"
    )


def downgrade() -> None:
    op.execute("DROP TABLE quotation_text")
