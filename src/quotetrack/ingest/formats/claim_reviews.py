"""Read published fact-checks: schema.org ClaimReview as JSON, in pages, and in tables.

JSON is a DataFeed, as Data Commons and Google publish it, a list, an `@graph`, one ClaimReview, or an answer of
Google's Fact Check Tools. A page has its ClaimReviews as JSON-LD. A table is CSV whose columns are named like the
fields of a fact-check, or are mapped to them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from html import unescape
from typing import BinaryIO

from quotetrack.core.domain import FactCheck, Failure, day_of
from quotetrack.core.urls import LONGEST_URL, canonical_url
from quotetrack.ingest.characters import repair
from quotetrack.ingest.formats.compression import empty_file, too_large
from quotetrack.ingest.formats.detect import UnreadableFile, decode_text, detect_charset
from quotetrack.ingest.formats.jsonl import Json
from quotetrack.ingest.timestamps import read_moment

LARGEST_FEED = 512 * 2**20  # bytes after decompression; the feed of Data Commons has some 200 MiB
LONGEST_TEXT = 5_000  # characters of a claim, title, name or verdict; a longer one is an article
DEEPEST = 8  # levels of JSON in which a ClaimReview may stand

COLUMNS = tuple(field.name for field in fields(FactCheck) if field.name not in ("id", "rating"))
# Names that other tables give to these columns: those of schema.org.
ALSO_CALLED = {
    "claimReviewed": "claim",
    "name": "title",
    "headline": "title",
    "itemReviewed.author.name": "claimant",
    "reviewRating.alternateName": "verdict",
    "author.name": "publisher",
    "datePublished": "published",
}
_LISTED_IN = ("@graph", "dataFeedElement", "item", "mainEntity", "hasPart", "itemListElement", "claims", "review")
_SCRIPT = re.compile(r"<script\b[^>]*\bld\+json\b[^>]*>(?P<json>.*?)</script", re.I | re.S)
_TAG = re.compile(r"<[^<>]{0,500}>")


def read_claim_reviews(
    stream: BinaryIO, where: str, columns: Mapping[str, str] | None = None
) -> Iterator[FactCheck | Failure]:
    """Yield the fact-checks of a file, in order. A record that cannot be used is a Failure at `where, record N`.

    The kind of the file is detected from its first characters. `columns` maps fields of a fact-check (`COLUMNS`) to the
    columns of a table; without it the columns are found by their names. Raises UnreadableFile for a file without any
    record.
    """
    data = stream.read(LARGEST_FEED + 1)
    if len(data) > LARGEST_FEED:
        raise too_large(LARGEST_FEED)
    if not data.strip():
        raise empty_file()
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if head in (b"{", b"["):
        records = _in_json(_parsed(data))
    elif head == b"<":
        records = _in_page(data.decode(detect_charset(data), "replace"))
    else:
        records = _in_table(decode_text(data), columns or {})
    number = 0
    for number, record in enumerate(records, start=1):
        try:
            yield _fact_check(record)
        except UnreadableFile as problem:
            yield Failure(f"{where}, record {number}", str(problem))
    if not number:
        raise UnreadableFile("no ClaimReview in it: give a feed of schema.org ClaimReview, a page with one, or CSV")


# The three kinds of files, as records: one text a field of a fact-check, and the scale of the rating

_Record = Mapping[str, Json]


def _parsed(data: bytes) -> Json:
    try:
        value: Json = json.loads(data.decode("utf-8-sig"), strict=False)
        return value
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"not UTF-8 at byte {error.start + 1}: save it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise UnreadableFile(f"not JSON that we can read: {error}") from error


def _in_page(page: str) -> Iterator[_Record]:
    for script in _SCRIPT.finditer(page):
        try:
            yield from _in_json(json.loads(script["json"], strict=False))
        except (ValueError, RecursionError):
            yield {"broken": "the JSON-LD of the page is not valid JSON"}


def _in_json(value: Json, depth: int = DEEPEST) -> Iterator[_Record]:
    """Yield a record for each ClaimReview in a value; one for an element of a feed that has none."""
    if isinstance(value, list):
        for each in value:
            yield from _in_json(each, depth)
    elif not isinstance(value, dict) or depth == 0:
        yield {"broken": "not an object of schema.org"}
    elif _is_a(value, "ClaimReview"):
        yield _of_claim_review(value)
    elif isinstance(value.get("claimReview"), list):
        yield from _of_fact_check_tools(value)
    else:
        for key in _LISTED_IN:
            if isinstance(value.get(key), dict | list):
                yield from _in_json(value[key], depth - 1)
        if _is_a(value, "DataFeedItem") and not value.get("item"):
            yield {"broken": "an element of the feed without an item"}


def _is_a(value: dict[str, Json], kind: str) -> bool:
    kinds = value.get("@type")
    return kind in (kinds if isinstance(kinds, list) else [kinds])


def _of_claim_review(review: dict[str, Json]) -> _Record:
    item, rating = _first(review.get("itemReviewed")), _first(review.get("reviewRating"))
    claimant = _name(item.get("author")) or _name(item.get("creator"))
    return {
        "url": review.get("url") or review.get("mainEntityOfPage") or review.get("@id"),
        "claim": review.get("claimReviewed") or (item.get("name") if _is_a(item, "Claim") else None),
        "title": review.get("name") or review.get("headline"),
        "claimant": claimant,
        "verdict": rating.get("alternateName") or rating.get("name"),
        "scale": [rating.get("worstRating"), rating.get("ratingValue"), rating.get("bestRating")],
        "publisher": _name(review.get("author")) or _name(review.get("publisher")),
        "published": review.get("datePublished"),
    }


def _of_fact_check_tools(claim: dict[str, Json]) -> Iterator[_Record]:
    """Yield the reviews of one claim, in the form that Google's Fact Check Tools answer with."""
    reviews = claim["claimReview"]
    for review in reviews if isinstance(reviews, list) else []:
        if isinstance(review, dict):
            yield {
                "url": review.get("url"),
                "claim": claim.get("text"),
                "title": review.get("title"),
                "claimant": claim.get("claimant"),
                "verdict": review.get("textualRating"),
                "publisher": _name(review.get("publisher")),
                "published": review.get("reviewDate"),
            }


def _first(value: Json) -> dict[str, Json]:
    """Return an object, or the first of a list; an empty one for anything else."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, dict) else {}


def _name(value: Json) -> Json:
    return value if isinstance(value, str) else _first(value).get("name") or _first(value).get("site")


def _in_table(text: str, columns: Mapping[str, str]) -> Iterator[_Record]:
    try:
        rows = csv.DictReader(io.StringIO(text), dialect=csv.Sniffer().sniff(text.partition("\n")[0], ",;\t"))
    except csv.Error:
        rows = csv.DictReader(io.StringIO(text))
    names = list(rows.fieldnames or ())
    if missing := [name for name in columns.values() if name not in names]:
        raise UnreadableFile(f"no column {missing[0]!r}: the columns are {', '.join(names)}")
    by_field = {ALSO_CALLED.get(name, name): name for name in names} | dict(columns)
    if lacking := [field for field in ("url", "claim") if field not in by_field]:
        raise UnreadableFile(f"no column for the {lacking[0]}: map one, as --column {lacking[0]}=NAME")
    for row in rows:
        yield {field: row.get(by_field[field]) for field in COLUMNS if field in by_field}


# One record


def _fact_check(record: _Record) -> FactCheck:
    """Return the fact-check of a record, with its URL as printed. Raises UnreadableFile without a URL or a claim."""
    if broken := record.get("broken"):
        raise UnreadableFile(str(broken))
    printed = record.get("url")
    url = printed.strip() if isinstance(printed, str) else None
    if not url:
        raise UnreadableFile("it has no url")
    if canonical_url(url) is None:
        raise UnreadableFile(f"its url {url[:LONGEST_URL]!r} is no web address")
    claim = _text(record.get("claim"))
    if claim is None:
        raise UnreadableFile("it has no claim (claimReviewed)")
    return FactCheck(
        url,
        claim,
        title=_text(record.get("title")),
        claimant=_text(record.get("claimant")),
        verdict=_text(record.get("verdict")),
        rating=_rating(record.get("scale")),
        publisher=_text(record.get("publisher")),
        published=_day(record.get("published")),
    )


def _text(value: Json) -> str | None:
    """Return a text on one line, without tags and entities; None for a blank one and for another type."""
    if not isinstance(value, str):
        return None
    bare = repair(unescape(_TAG.sub(" ", value[:LONGEST_TEXT])).encode("utf-8", "replace").decode("utf-8"))
    return " ".join(bare.replace('""', '"').split()) or None


def _rating(scale: Json) -> float | None:
    """Return where the value lies between the worst (0) and the best (1) rating; None without a usable scale."""
    if not isinstance(scale, list):
        return None
    try:
        worst, value, best = (float(str(number)) for number in scale)
    except ValueError:
        return None
    is_on_scale = min(worst, best) <= value <= max(worst, best)  # False for NaN
    return round((value - worst) / (best - worst), 4) if worst != best and is_on_scale else None


def _day(value: Json) -> date | None:
    printed = _text(value)
    return day_of(read_moment(printed)) if printed else None
