"""Add the confidence of the day of speaking, and show it with the phrase that tells the day.

`said_confidence` is NULL in rows of extractors before `reader-7`, until their articles are read again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COLUMNS = """
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
    v.is_current AS current"""

_COLUMNS_OF_THE_NAME = """,
    round(coalesce(q.attribution_confidence, 0.0), 4) AS speaker_confidence,
    round(q.mention_confidence, 4) AS mention_confidence,
    coalesce({first}, '')
        || coalesce('; ' || {second}, '')
        || coalesce('; ' || {third}, '') AS alternatives,
    coalesce(s.name, q.speaker_name) IS NULL AND q.alternatives IS NOT NULL AS unsure"""

_COLUMNS_OF_THE_DAY = """,
    round(q.said_confidence, 4) AS said_confidence,
    substr(v.text, q.said_evidence_start + 1, q.said_evidence_end - q.said_evidence_start) AS said_phrase,
    q.said_evidence_start AS said_phrase_start,
    q.said_evidence_end AS said_phrase_end"""

_TABLES = """
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


def _alternative(place: int) -> str:
    """Return "Orla Venn (0.48)" for the alternative at this place, NULL where there is none.

    DuckDB's `json_extract` leaves the marks around a text, hence the `trim`.
    """
    name, confidence = (f"json_extract(q.alternatives, '$[{place}][{column}]')" for column in range(2))
    return f"trim({name}, '\"') || ' (' || printf('%.2f', CAST({confidence} AS DOUBLE)) || ')'"


_COLUMNS_BEFORE = _COLUMNS + _COLUMNS_OF_THE_NAME.format(
    first=_alternative(0), second=_alternative(1), third=_alternative(2)
)
SIGHTINGS_V_BEFORE = _COLUMNS_BEFORE + _TABLES
SIGHTINGS_V = _COLUMNS_BEFORE + _COLUMNS_OF_THE_DAY + _TABLES


def upgrade() -> None:
    op.execute("DROP VIEW sightings_v")
    # In plain SQL, because Alembic would add the check to the table, which SQLite cannot do.
    op.execute(
        "ALTER TABLE quotations ADD COLUMN said_confidence DOUBLE"
        " CONSTRAINT ck_quotations_said_confidence CHECK (said_confidence BETWEEN 0 AND 1)"
    )
    op.create_index(
        "ix_quotations_said_confidence", "quotations", ["said_confidence"], sqlite_where=sa.text("retired_at IS NULL")
    )
    op.execute(SIGHTINGS_V)


def downgrade() -> None:
    op.execute("DROP VIEW sightings_v")
    op.execute("UPDATE quotations SET extracted = json_remove(extracted, '$.said_confidence')")
    op.drop_index("ix_quotations_said_confidence", "quotations")
    op.drop_column("quotations", "said_confidence")
    op.execute(SIGHTINGS_V_BEFORE)
