"""Let decisions reach every output: canonical speakers, corrections, decisions about articles, judged pairs.

Anchors name their article by URL, so that a decision can be imported before its article.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _follow_merges()
    _name_articles_by_url()
    op.add_column("corrections", sa.Column("target_anchor_id", sa.Integer(), nullable=True))
    op.create_table(
        "article_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_url", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_decisions")),
    )
    op.create_index(op.f("ix_article_decisions_article_url"), "article_decisions", ["article_url"])
    op.add_column("articles", sa.Column("decided_outlet_id", sa.Integer(), nullable=True))
    op.add_column("articles", sa.Column("decided_url", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("decided_title", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("decided_byline", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("decided_published_at", sa.String(), nullable=True))
    op.add_column("articles", sa.Column("removed_at", sa.DateTime(), nullable=True))
    op.execute("ALTER TABLE article_versions RENAME COLUMN raw_ref TO evidence_sha256")
    op.add_column("article_versions", sa.Column("modified_at", sa.String(), nullable=True))
    op.create_index("ix_article_versions_content_sha256", "article_versions", ["content_sha256"])
    op.add_column("quotations", sa.Column("decided", sa.JSON(), nullable=True))
    op.add_column("quotations", sa.Column("extracted", sa.JSON(), nullable=True))
    _queue_judgements()


def downgrade() -> None:
    op.drop_table("judged_pairs")
    op.drop_table("decisions_to_apply")
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
    op.drop_column("quotations", "extracted")
    op.drop_column("quotations", "decided")
    op.drop_index("ix_article_versions_content_sha256", "article_versions")
    op.drop_column("article_versions", "modified_at")
    op.execute("ALTER TABLE article_versions RENAME COLUMN evidence_sha256 TO raw_ref")
    for column in ("outlet_id", "url", "title", "byline", "published_at"):
        op.drop_column("articles", f"decided_{column}")
    op.drop_column("articles", "removed_at")
    op.drop_table("article_decisions")
    op.drop_column("corrections", "target_anchor_id")
    _name_versions_by_id()
    op.drop_index(op.f("ix_speakers_canonical_id"), "speakers")
    op.drop_column("speakers", "canonical_id")


def _follow_merges() -> None:
    op.add_column("speakers", sa.Column("canonical_id", sa.Integer(), nullable=True))
    connection = op.get_bind()
    into = dict(connection.exec_driver_sql("SELECT id, merged_into_id FROM speakers").tuples().all())
    connection.exec_driver_sql("UPDATE speakers SET canonical_id = id")
    for speaker_id in [each for each in into if into[each] is not None]:
        kept = speaker_id
        while into[kept] is not None:
            kept = into[kept]
        connection.exec_driver_sql("UPDATE speakers SET canonical_id = ? WHERE id = ?", (kept, speaker_id))
    op.create_index(op.f("ix_speakers_canonical_id"), "speakers", ["canonical_id"])


def _name_articles_by_url() -> None:
    op.create_table(
        "anchors_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_url", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchors")),
        sa.UniqueConstraint("article_url", "start", "exact", name=op.f("uq_anchors_article_url_start_exact")),
    )
    connection = op.get_bind()
    rows = connection.exec_driver_sql(
        "SELECT anchors.id, articles.url, start, exact, prefix, suffix, version_id FROM anchors"
        " JOIN article_versions ON article_versions.id = version_id JOIN articles ON articles.id = article_id"
        " ORDER BY anchors.id"
    ).all()
    kept: dict[tuple[str, int, str], int] = {}  # the same characters of two versions are one anchor now
    for anchor_id, url, start, exact, prefix, suffix, version_id in rows:
        first = kept.setdefault((url, start, exact), anchor_id)
        if first != anchor_id:
            _replace_anchor(anchor_id, first)
            continue
        quoted = connection.exec_driver_sql(
            'SELECT parts FROM quotations WHERE version_id = ? AND start = ? AND "end" = ?',
            (version_id, start, start + len(exact)),
        ).scalar()
        parts = [[one - start, other - start] for one, other in json.loads(quoted)] if quoted else [[0, len(exact)]]
        connection.exec_driver_sql(
            "INSERT INTO anchors_new VALUES (?, ?, ?, ?, ?, ?, ?)",
            (anchor_id, url, start, exact, prefix, suffix, json.dumps(parts)),
        )
    op.drop_table("anchors")
    op.rename_table("anchors_new", "anchors")


def _replace_anchor(old: int, new: int) -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("UPDATE corrections SET anchor_id = ? WHERE anchor_id = ?", (new, old))
    connection.exec_driver_sql(
        "UPDATE judgements SET left_anchor_id = ? WHERE left_anchor_id = ? AND right_anchor_id != ?", (new, old, new)
    )
    connection.exec_driver_sql(
        "UPDATE judgements SET right_anchor_id = ? WHERE right_anchor_id = ? AND left_anchor_id != ?", (new, old, new)
    )
    connection.exec_driver_sql(
        "DELETE FROM judgements_linked WHERE judgement_id IN"
        " (SELECT id FROM judgements WHERE left_anchor_id = ? OR right_anchor_id = ?)",
        (old, old),
    )
    connection.exec_driver_sql("DELETE FROM judgements WHERE left_anchor_id = ? OR right_anchor_id = ?", (old, old))


def _name_versions_by_id() -> None:
    op.create_table(
        "anchors_old",
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
    op.execute(
        "INSERT INTO anchors_old SELECT anchors.id, article_versions.id, start, exact, prefix, suffix FROM anchors"
        " JOIN articles ON articles.url = article_url"
        " JOIN article_versions ON article_id = articles.id AND is_current"
    )
    op.execute("DELETE FROM corrections WHERE anchor_id NOT IN (SELECT id FROM anchors_old)")
    op.execute(
        "DELETE FROM judgements WHERE left_anchor_id NOT IN (SELECT id FROM anchors_old)"
        " OR right_anchor_id NOT IN (SELECT id FROM anchors_old)"
    )
    op.drop_table("anchors")
    op.rename_table("anchors_old", "anchors")


def _queue_judgements() -> None:
    """Let the next run find the sightings of every judgement again."""
    op.create_table(
        "decisions_to_apply",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "decision_id", name=op.f("pk_decisions_to_apply")),
    )
    op.create_table(
        "judged_pairs",
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judgement_id"], ["judgements.id"], name=op.f("fk_judged_pairs_judgement_id_judgements")
        ),
        sa.ForeignKeyConstraint(["left_id"], ["quotations.id"], name=op.f("fk_judged_pairs_left_id_quotations")),
        sa.ForeignKeyConstraint(["right_id"], ["quotations.id"], name=op.f("fk_judged_pairs_right_id_quotations")),
        sa.PrimaryKeyConstraint("judgement_id", "left_id", "right_id", name=op.f("pk_judged_pairs")),
    )
    op.create_index(op.f("ix_judged_pairs_left_id"), "judged_pairs", ["left_id"])
    op.create_index(op.f("ix_judged_pairs_right_id"), "judged_pairs", ["right_id"])
    op.execute("INSERT INTO decisions_to_apply SELECT 'judgement', id FROM judgements")
    op.drop_table("judgements_linked")
