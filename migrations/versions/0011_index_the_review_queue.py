"""Add the indexes by which the review queue finds its candidates.

The index of utterances gets the speakers, so that it tells without the rows where an utterance has several.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_quotations_utterance_id_speaker_id", "quotations", ["utterance_id", "speaker_id", "retired_at"])
    op.drop_index(op.f("ix_quotations_utterance_id"), "quotations")
    op.create_index(
        "ix_quotations_attribution_confidence",
        "quotations",
        ["attribution_confidence"],
        sqlite_where=sa.text("retired_at IS NULL"),
    )
    op.create_index("ix_links_reworded_score", "links", ["score"], sqlite_where=sa.text("kind = 'reworded'"))


def downgrade() -> None:
    op.drop_index("ix_links_reworded_score", "links")
    op.drop_index("ix_quotations_attribution_confidence", "quotations")
    op.create_index(op.f("ix_quotations_utterance_id"), "quotations", ["utterance_id"])
    op.drop_index("ix_quotations_utterance_id_speaker_id", "quotations")
