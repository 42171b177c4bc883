"""Invented news in any number, and the rows of a store in a form that can be compared with another store."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from quotetrack.store import close_store, open_store, url_of
from quotetrack.store.tables import Base

FIRST_NAMES = ("Orla", "Tadeo", "Mirela", "Bastian", "Noor", "Ingrith", "Caspar", "Yelda", "Fenn", "Lovisa")
SURNAMES = ("Venn", "Brisk", "Quill", "Tarrow", "Hask", "Obrin", "Selwick", "Marn", "Dovery", "Kessel", "Aldane")
OFFICES = ("harbour master", "mayor", "minister of fisheries", "head of the dockers’ union", "chief engineer")
THINGS = ("ferry", "bridge", "crane", "lighthouse", "dredger", "market hall", "tram line", "cannery", "sea wall")
WHEN = ("before winter", "by the end of May", "when the money is there", "within a year", "after the election")
WANTS = ("will open again", "cannot wait any longer", "has to be paid for by somebody", "is safer than it ever was")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
OUTLETS = ("harbourpost", "islandecho", "courier", "tribune", "northernpost")
COPIES = 5  # every fifth article is a copy of the one before, word for word, by another outlet


def invented(number: int) -> dict[str, str]:
    """Return the article of this number with the fields of article JSONL; every fifth is a copy of the one before."""
    chance = random.Random(number - (number % COPIES == COPIES - 1))
    name, other = (f"{chance.choice(FIRST_NAMES)} {chance.choice(SURNAMES)}" for _ in range(2))
    thing, day = chance.choice(THINGS), chance.choice(DAYS)
    said = (
        f"The {thing} of ward {chance.randrange(9_999)} {chance.choice(WANTS)}, and {chance.choice(WHEN)} we shall know"
    )
    outlet = OUTLETS[number % len(OUTLETS)]
    text = (
        f"The {thing} was the talk of the town on {day}.\n\n"
        f"“{said},” said {name}, the {chance.choice(OFFICES)}, on {day}. “Nobody here has forgotten the year of the "
        f"{chance.choice(THINGS)} and its {chance.randrange(2, 99)} owners.”\n\n"
        f"{other} of the opposition was not convinced. “We have heard that song about the {thing} "
        f"{chance.randrange(2, 999)} times,” {other.split()[1]} said.\n\nHigh water is at noon."
    )
    published = date(2031, 3, 3) + timedelta(days=chance.randrange(20))
    return {
        "url": f"https://{outlet}.example/{number}",
        "outlet": outlet,
        "title": f"The {thing}, number {number}",
        "published": published.isoformat(),
        "text": text,
    }


def write_invented(path: Path, count: int, first: int = 0) -> Path:
    """Write this number of articles as article JSONL, and return the path."""
    with path.open("w", encoding="utf-8") as out:
        for number in range(first, first + count):
            out.write(json.dumps(invented(number)) + "\n")
    return path


_VERSION = "a.url || ' ' || v.content_sha256"
_QUOTATION = "a.url || ' ' || v.content_sha256 || ' ' || {q}.start"
_ROWS = {
    "articles": "SELECT o.slug, a.url, a.external_id FROM articles a JOIN outlets o ON o.id = a.outlet_id",
    "versions": f"SELECT {_VERSION}, v.is_current, v.title, v.byline, v.language, v.wire_credit, v.published_at,"
    " v.evidence_sha256, v.extracted_by, v.extract_error, v.text"
    " FROM article_versions v JOIN articles a ON a.id = v.article_id",
    "quotations": f"SELECT {_QUOTATION.format(q='q')}, q.end, q.parts, q.words, q.kind, q.wording_key, q.words_sha256,"
    " q.context_sha256, q.context_start, q.context_end, q.speaker_name, s.name, q.mention_start, q.mention_end,"
    " q.cue_start, q.cue_end, q.attribution_method, round(q.attribution_confidence, 4), q.said_first, q.said_last,"
    " q.said_basis, q.said_evidence_start, q.said_evidence_end, q.occasion, q.linked_by, q.related_by, q.wording_id,"
    " q.retired_at FROM quotations q JOIN article_versions v ON v.id = q.version_id"
    " JOIN articles a ON a.id = v.article_id LEFT JOIN speakers s ON s.id = q.speaker_id",
    "utterances": f"SELECT group_concat(place, ', ') FROM (SELECT q.utterance_id, {_QUOTATION.format(q='q')} AS place"
    " FROM quotations q JOIN article_versions v ON v.id = q.version_id JOIN articles a ON a.id = v.article_id"
    " ORDER BY place) GROUP BY utterance_id",
    "links": "SELECT min(l.words, r.words), max(l.words, r.words), k.kind, k.score, k.flags, k.linker FROM links k"
    " JOIN quotations l ON l.id = k.left_id JOIN quotations r ON r.id = k.right_id",
    "related": "SELECT min(l.words, r.words), max(l.words, r.words), round(k.cosine, 2), k.related_by FROM related k"
    " JOIN quotations l ON l.id = k.left_id JOIN quotations r ON r.id = k.right_id",
    "speakers": "SELECT s.name, s.kind, n.name, n.key FROM speakers s JOIN speaker_names n ON n.speaker_id = s.id",
    "embeddings": "SELECT text_key, model FROM embeddings",
    "wordings": "SELECT id, words, tokens, linker FROM wordings",
    "postings": "SELECT gram, wording_id FROM postings",
    "full text": "SELECT count(*) FROM quotation_text WHERE quotation_text MATCH 'town OR noon OR wait'",
    "pages": "SELECT p.key, p.url, p.source, p.state, p.reason, p.tries, p.etag, p.last_modified, p.moved_to, a.url"
    " FROM pages p LEFT JOIN articles a ON a.id = p.article_id",
    "fetches": f"SELECT p.key, f.final_url, f.status, f.body_sha256, {_VERSION} FROM fetches f"
    " JOIN pages p ON p.id = f.page_id LEFT JOIN article_versions v ON v.id = f.version_id"
    " LEFT JOIN articles a ON a.id = v.article_id",
    "notes": f"SELECT {_VERSION}, n.kind, n.detail FROM notes n JOIN article_versions v ON v.id = n.version_id"
    " JOIN articles a ON a.id = v.article_id",
    "files": "SELECT source, size, next_offset, next_line, is_done FROM files",
    "listings": "SELECT url, etag, last_modified FROM listings",
    "failures": "SELECT place, reason FROM failures",
}


def rows_of(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows without ids, runs and moments of our own clock, in an order that does not depend on ids."""
    with closing(sqlite3.connect(database)) as connection:
        return {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in _ROWS.items()}


def every_row(database: str | Path, but: tuple[str, ...] = ("runs",)) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables of a store, given by path or URL, as they are, ids and moments included."""
    sessions = open_store(url_of(database), read_only=True)
    with sessions() as session:
        rows = {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in but
        }
    close_store(sessions)
    return rows
