"""Add the view `sightings_v`: one row for each sighting, under the names of the CSV columns.

Its definition is that of `store/sightings.py`, and docs/reference/sql.md explains its columns. DuckDB runs the text of
a view itself, so that it keeps to what SQLite and DuckDB both know.

A view stops SQLite from renaming or rebuilding a table that it reads. A later migration that does so, or that changes
the view, begins with DROP VIEW sightings_v and ends with the whole CREATE VIEW again; its downgrade does the same with
the text from here.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SIGHTINGS_V = """
CREATE VIEW sightings_v AS
SELECT
    q.utterance_id AS utterance,
    q.id AS sighting,
    coalesce(s.name, q.speaker_name) AS speaker,
    q.speaker_name AS speaker_as_printed,
    s.id AS speaker_id,
    s.wikidata_id AS wikidata,
    q.words AS words,
    q.kind AS kind,
    q.said_first AS said_first,
    q.said_last AS said_last,
    q.said_basis AS said_basis,
    q.occasion AS occasion,
    substr(v.text, q.mention_start + 1, q.mention_end - q.mention_start) AS mention,
    q.mention_start AS mention_start,
    q.mention_end AS mention_end,
    substr(v.text, q.cue_start + 1, q.cue_end - q.cue_start) AS cue,
    q.cue_start AS cue_start,
    q.cue_end AS cue_end,
    o.slug AS outlet,
    coalesce(o.name, o.slug) AS outlet_name,
    o.country AS country,
    coalesce(a.decided_url, a.url) AS url,
    coalesce(a.decided_title, v.title) AS title,
    coalesce(a.decided_byline, v.byline) AS author,
    substr(coalesce(a.decided_published_at, v.published_at), 1, 10) AS published,
    CASE
        WHEN substr(coalesce(a.decided_published_at, v.published_at), 20) LIKE '%:%'
        THEN coalesce(a.decided_published_at, v.published_at)
    END AS published_at,
    substr(v.modified_at, 1, 10) AS modified,
    CASE WHEN substr(v.modified_at, 20) LIKE '%:%' THEN v.modified_at END AS modified_at,
    replace(substr(CAST(v.first_seen_at AS TEXT), 1, 19), ' ', 'T') || 'Z' AS fetched_at,
    v.wire_credit AS wire_credit,
    v.content_sha256 AS version_sha256,
    v.evidence_sha256 AS evidence_sha256,
    q.start AS start,
    q."end" AS "end",
    replace(replace(replace(replace(q.parts, '], [', ') ['), '[[', '['), ']]', ')'), ', ', ',') AS parts,
    substr(v.text, q.context_start + 1, q.start - q.context_start) AS context_before,
    substr(v.text, q."end" + 1, q.context_end - q."end") AS context_after,
    q.attribution_method AS method,
    round(coalesce(q.attribution_confidence, 0.0), 4) AS confidence,
    v.extracted_by AS extractor,
    trim(
        coalesce(replace(replace(replace(replace(q.decided, '[', ''), ']', ''), '"', ''), ',', ''), '')
        || CASE WHEN a.decided_outlet_id IS NULL THEN '' ELSE ' outlet' END
        || CASE WHEN a.decided_published_at IS NULL THEN '' ELSE ' published' END
        || CASE WHEN a.decided_title IS NULL THEN '' ELSE ' title' END
        || CASE WHEN a.decided_byline IS NULL THEN '' ELSE ' author' END
        || CASE WHEN a.decided_url IS NULL THEN '' ELSE ' url' END
    ) AS decided,
    v.is_current AS current
FROM quotations q
JOIN article_versions v ON v.id = q.version_id
JOIN articles a ON a.id = v.article_id
JOIN outlets o ON o.id = coalesce(a.decided_outlet_id, a.outlet_id)
LEFT JOIN speakers own ON own.id = q.speaker_id
LEFT JOIN speakers s ON s.id = own.canonical_id
WHERE q.retired_at IS NULL
AND (
    v.is_current = 1
    OR NOT EXISTS (
        SELECT 1
        FROM article_versions other
        JOIN quotations again ON again.version_id = other.id
        WHERE other.article_id = v.article_id
        AND (other.is_current = 1 OR other.id > v.id)
        AND again.wording_key = q.wording_key
        AND again.retired_at IS NULL
    )
)
"""


def upgrade() -> None:
    op.execute(SIGHTINGS_V)


def downgrade() -> None:
    op.execute("DROP VIEW sightings_v")
