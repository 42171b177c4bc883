"""The tables of a new PostgreSQL database: what the declared tables do not say.

A migration that changes the view `sightings_v`, or adds to the full-text index, does so in the words of both systems,
and here.
"""

from __future__ import annotations

from quotetrack.store.backends import FULL_TEXT_TABLE

# A token of ours has letters and digits only; which of these kinds the parser takes it for makes no difference.
_TOKENS = "asciiword, word, numword, asciihword, hword, numhword, int, uint, float, sfloat, version"

TEXT_SEARCH = (
    "CREATE TEXT SEARCH DICTIONARY quotetrack_porter (TEMPLATE = snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION quotetrack (PARSER = default)",
    f"ALTER TEXT SEARCH CONFIGURATION quotetrack ADD MAPPING FOR {_TOKENS} WITH quotetrack_porter",
    f"CREATE TABLE {FULL_TEXT_TABLE} ("
    " quotation_id INTEGER PRIMARY KEY REFERENCES quotations (id),"
    " document TSVECTOR NOT NULL, tokens INTEGER NOT NULL)",
    f"CREATE INDEX ix_{FULL_TEXT_TABLE}_document ON {FULL_TEXT_TABLE} USING gin (document)",
)

LONG_ANCHORS = (
    # A row of an index has at most 2,704 bytes, and a quotation may have more.
    "ALTER TABLE anchors DROP CONSTRAINT uq_anchors_article_url_start_exact",
    "CREATE UNIQUE INDEX uq_anchors_article_url_start_exact ON anchors (article_url, start, md5(exact))",
)

# The same columns as in SQLite (docs/reference/sql.md), in the same types.
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
    CAST(q.said_first AS TEXT) AS said_first,
    CAST(q.said_last AS TEXT) AS said_last,
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
    replace(replace(replace(replace(CAST(q.parts AS TEXT), '], [', ') ['), '[[', '['), ']]', ')'), ', ', ',') AS parts,
    substr(v.text, q.context_start + 1, q.start - q.context_start) AS context_before,
    substr(v.text, q."end" + 1, q.context_end - q."end") AS context_after,
    q.attribution_method AS method,
    CAST(round(CAST(coalesce(q.attribution_confidence, 0) AS NUMERIC), 4) AS DOUBLE PRECISION) AS confidence,
    v.extracted_by AS extractor,
    trim(
        coalesce(replace(replace(replace(replace(CAST(q.decided AS TEXT), '[', ''), ']', ''), '"', ''), ',', ''), '')
        || CASE WHEN a.decided_outlet_id IS NULL THEN '' ELSE ' outlet' END
        || CASE WHEN a.decided_published_at IS NULL THEN '' ELSE ' published' END
        || CASE WHEN a.decided_title IS NULL THEN '' ELSE ' title' END
        || CASE WHEN a.decided_byline IS NULL THEN '' ELSE ' author' END
        || CASE WHEN a.decided_url IS NULL THEN '' ELSE ' url' END
    ) AS decided,
    CAST(v.is_current AS INTEGER) AS current,
    CAST(round(CAST(coalesce(q.attribution_confidence, 0) AS NUMERIC), 4) AS DOUBLE PRECISION) AS speaker_confidence,
    CAST(round(CAST(q.mention_confidence AS NUMERIC), 4) AS DOUBLE PRECISION) AS mention_confidence,
    (
        SELECT coalesce(string_agg(
            format('%s (%s)', pair.value ->> 0, to_char(CAST(pair.value ->> 1 AS NUMERIC), 'FM0.00')),
            '; ' ORDER BY pair.place), '')
        FROM json_array_elements(q.alternatives) WITH ORDINALITY AS pair(value, place)
        WHERE pair.place <= 3
    ) AS alternatives,
    CAST(coalesce(s.name, q.speaker_name) IS NULL AND q.alternatives IS NOT NULL AS INTEGER) AS unsure,
    CAST(round(CAST(q.said_confidence AS NUMERIC), 4) AS DOUBLE PRECISION) AS said_confidence,
    substr(v.text, q.said_evidence_start + 1, q.said_evidence_end - q.said_evidence_start) AS said_phrase,
    q.said_evidence_start AS said_phrase_start,
    q.said_evidence_end AS said_phrase_end
FROM quotations q
JOIN article_versions v ON v.id = q.version_id
JOIN articles a ON a.id = v.article_id
JOIN outlets o ON o.id = coalesce(a.decided_outlet_id, a.outlet_id)
LEFT JOIN speakers own ON own.id = q.speaker_id
LEFT JOIN speakers s ON s.id = own.canonical_id
WHERE q.retired_at IS NULL
AND (
    v.is_current
    OR NOT EXISTS (
        SELECT 1
        FROM article_versions other
        JOIN quotations again ON again.version_id = other.id
        WHERE other.article_id = v.article_id
        AND (other.is_current OR other.id > v.id)
        AND again.wording_key = q.wording_key
        AND again.retired_at IS NULL
    )
)
"""
