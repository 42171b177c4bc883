"""Verify quotations against the bytes from which they were read: an exported CSV, without any database, or a store.

    evidence bytes -> their hash -> title and text -> the version's hash -> characters -> words

Only what follows from the bytes is verified. Who said the words, and when, is a conclusion, and is not.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.core.domain import Article, ArticleField, Failure, Span, hull_of
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.normalize import version_sha256
from quotetrack.core.parts import ATTRIBUTION, OMISSION, reported_words, split_parts
from quotetrack.core.rows import PARTS_PATTERN, SHA256_PATTERN, RowKind
from quotetrack.export.csv import cell_text
from quotetrack.extract.quotes import has_other_words
from quotetrack.ingest.crawl.page_archive import read_archived
from quotetrack.ingest.formats.detect import SNIFFED, Kind, UnreadableFile, decode_text, detect_kind
from quotetrack.ingest.formats.jsonl import Line, read_article_line
from quotetrack.ingest.formats.plaintext import read_text
from quotetrack.ingest.outlets import Outlets

if TYPE_CHECKING:
    from quotetrack.store import Session
    from quotetrack.store.verification import StoredQuotation, StoredVersion

NEEDED = ("words", "parts", "version_sha256", "evidence_sha256")  # columns without which nothing can be verified
DELIMITERS = ",;\t"  # Excel saves with any of them
LONGEST_CELL = 2**24  # characters: a paragraph may be as long as an article
ARTICLES_IN_MEMORY = 500  # most articles have a few rows, not far from one another
SHOWN = 60  # characters of words in a reason

_NO_OUTLETS = Outlets((), ())  # who published an article changes nothing about its title and text
_PART = re.compile(r"\[(\d+),(\d+)\)")


class NotAnExport(QuotetrackError):
    """The file is no CSV of quotetrack, or lacks columns that are needed."""


class Verdict(StrEnum):
    """The result of a check. `UNCHECKED`: what is needed for it is missing."""

    HOLDS = "holds"
    FAILS = "fails"
    UNCHECKED = "unchecked"


class Step(StrEnum):
    """What is checked, in this order."""

    FORM = "form"  # hashes and parts are there, and the parts have the lengths of the words
    EVIDENCE = "evidence"  # the bytes have their hash
    VERSION = "version"  # title and text that are read from the bytes have theirs
    WORDS = "words"  # the characters at the parts are the words
    CONTEXT = "context"  # the characters around the words
    MENTION = "mention"  # the characters of mention, cue and phrase of the day
    ARTICLE = "article"  # title, author, day of publication and URL


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its result, and the reason where it does not hold."""

    step: Step
    verdict: Verdict
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """The checks of one row of a file, of one version, or of one statement of a store; `where` names it."""

    where: str
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """Return `FAILS` if any check fails, else `UNCHECKED` if any could not be made, else `HOLDS`."""
        verdicts = {check.verdict for check in self.checks}
        return next((v for v in (Verdict.FAILS, Verdict.UNCHECKED) if v in verdicts), Verdict.HOLDS)


# The rows of a CSV


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row that can be verified. Text is compared without regard to the form of line ends."""

    cells: Mapping[str, str]
    parts: tuple[Span, ...]

    def text(self, column: str) -> str:
        """Return the text of a cell; empty for a column that the file does not have."""
        return cell_text(self.cells.get(column) or "")

    def span(self, column: str) -> Span | None:
        """Return the characters of a mention, cue or phrase; None where the cells are empty or no numbers."""
        try:
            return Span(int(self.text(f"{column}_start")), int(self.text(f"{column}_end")))
        except ValueError:
            return None

    @property
    def is_reported(self) -> bool:
        """Return whether the words are the reporter's, with single spaces."""
        return self.text("kind") == RowKind.REPORTED

    @property
    def decided(self) -> set[str]:
        """Return what a person decided, which the bytes need not have."""
        return set(self.text("decided").split())


def verify_csv(lines: Iterable[str], evidence: Path | None) -> Iterator[Verified]:
    """Yield the checks of each row of a CSV; `lines` keep their line ends, and `evidence` is the folder of the bytes.

    Rows are counted as spreadsheets do: the header is row 1. The file may have been opened and saved in a spreadsheet:
    with a byte-order mark, semicolons or tabs, and other line ends. Raises NotAnExport, and UnicodeDecodeError from
    `lines`.
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = iter(lines)
    header = next(lines, "").lstrip("\ufeff")
    columns = next(csv.reader([header], delimiter=max(DELIMITERS, key=header.count)), [])
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise NotAnExport(
            f"no column `{missing[0]}`: give a CSV that `quotetrack export --csv` or `quotetrack ask --csv` wrote"
        )
    reader = csv.DictReader(lines, columns, delimiter=max(DELIMITERS, key=header.count), restval="")
    read = lru_cache(ARTICLES_IN_MEMORY)(_read_article)
    number = 1
    try:
        for number, cells in enumerate(reader, start=2):
            sighting = f", sighting {cells['sighting']}" if cells.get("sighting") else ""
            yield Verified(f"row {number}{sighting}", tuple(_walk(cells, evidence, read)))
    except csv.Error as error:
        raise NotAnExport(f"row {number + 1} is no row of a CSV: {error}") from error


_ReadArticle = Callable[[Path, str, str, str, str], Article | Check]


def _walk(cells: Mapping[str, str], evidence: Path | None, read: _ReadArticle) -> Iterator[Check]:
    """Yield the checks of a row. Those that need the article are left unchecked where it cannot be read."""
    row = _Row(cells, _parts(cells["parts"]))
    yield _checked(Step.FORM, _form_problem(row))
    rest = iter((Step.VERSION, Step.WORDS, Step.CONTEXT, Step.MENTION, Step.ARTICLE))
    if not re.fullmatch(SHA256_PATTERN, row.text("evidence_sha256")):
        article: Article | Check = Check(Step.EVIDENCE, Verdict.UNCHECKED, "the row names no evidence")
    elif evidence is None:
        article = Check(Step.EVIDENCE, Verdict.UNCHECKED, "no evidence folder")
    else:
        hints = (row.text("version_sha256"), row.text("url"), row.text("published"))
        article = read(evidence, row.text("evidence_sha256"), *hints)
    if isinstance(article, Check):
        yield article
        yield from (Check(step, Verdict.UNCHECKED, "the evidence cannot be read") for step in rest)
        return
    yield Check(Step.EVIDENCE, Verdict.HOLDS)
    yield _checked(Step.VERSION, _version_problem(row, article))
    if not row.parts:
        yield from (Check(step, Verdict.UNCHECKED, "the row names no characters") for step in rest)
        return
    words_problem = _reported_problem if row.is_reported else _words_problem
    yield _checked(Step.WORDS, words_problem(article.text, row.text("words"), row.parts))
    yield _checked(Step.CONTEXT, _context_problem(article.text, row))
    yield _checked(Step.MENTION, _mention_problem(article.text, row))
    yield _checked(Step.ARTICLE, _article_problem(article, row))


def _parts(cell: str) -> tuple[Span, ...]:
    """Return the parts; none if the cell is not written as parts are, or they are out of order."""
    if not re.fullmatch(PARTS_PATTERN, cell):
        return ()
    try:
        parts = tuple(Span(int(start), int(end)) for start, end in _PART.findall(cell))
    except ValueError:
        return ()
    return parts if all(left.end <= right.start for left, right in pairwise(parts)) else ()


def _checked(step: Step, problem: str | None) -> Check:
    return Check(step, Verdict.FAILS if problem else Verdict.HOLDS, problem)


def _form_problem(row: _Row) -> str | None:
    """Return what is wrong with a row by itself. Lengths of words with line breaks are left to the text."""
    if not re.fullmatch(SHA256_PATTERN, row.text("version_sha256")):
        return "`version_sha256` is no SHA-256"
    if row.text("evidence_sha256") and not re.fullmatch(SHA256_PATTERN, row.text("evidence_sha256")):
        return "`evidence_sha256` is no SHA-256"
    if not row.parts:
        return "`parts` are not [start,end) in order"
    hull = hull_of(row.parts)
    if (row.text("start") or str(hull.start), row.text("end") or str(hull.end)) != (str(hull.start), str(hull.end)):
        return "`start` and `end` are not those of `parts`"
    words = row.text("words")
    is_compared = not row.is_reported and len(words.splitlines()) <= 1
    if is_compared and split_parts(words, [len(part) for part in row.parts]) is None:
        return "the words have not the lengths of `parts`"
    url, link = row.text("url"), row.text("link")
    if link.partition(":~:")[0].rstrip("#") != url.partition(":~:")[0].rstrip("#") and link:
        return "`link` leads to another page than `url`"
    return None


def _version_problem(row: _Row, article: Article) -> str | None:
    if version_sha256(article.title, article.text) == row.text("version_sha256"):
        return None
    return (
        "the evidence gives another title or text than the version has: it is the evidence of another version, or "
        "another version of quotetrack reads it differently"
    )


def _words_problem(text: str, words: str, parts: Sequence[Span]) -> str | None:
    """Return why the words are not those of the text."""
    if parts[-1].end > len(text):
        return f"the article ends at character {len(text)}"
    printed = [_plain(part.of(text)) for part in parts]
    quoted = split_parts(_plain(words), [len(part) for part in printed])
    if quoted is None:
        return f"the words are not the characters at `parts`, “{_shortened(' / '.join(printed))}”"
    for number, (there, here) in enumerate(zip(printed, quoted, strict=True), start=1):
        if there != here:
            return f"part {number} is “{_shortened(there)}” in the article, and “{_shortened(here)}” here"
    at = len(printed[0])
    for (left, right), part in zip(pairwise(parts), printed[1:], strict=True):
        is_marked = _plain(words).startswith(OMISSION, at)
        gap = [Span(left.end, right.start)] if left.end < right.start else []
        if not is_marked and has_other_words(text, left, right, gap):
            return f"the article has other words before “{_shortened(part)}”, and ` […] ` is missing"
        at += len(OMISSION if is_marked else ATTRIBUTION) + len(part)
    return None


def _reported_problem(text: str, words: str, parts: Sequence[Span]) -> str | None:
    """Return why the words of a reported statement are not those of the text, with single spaces."""
    if parts[-1].end > len(text):
        return f"the article ends at character {len(text)}"
    printed = reported_words([part.of(text) for part in parts])
    if printed == words:
        return None
    return f"the words are “{_shortened(printed)}” in the article, and “{_shortened(words)}” here"


def _context_problem(text: str, row: _Row) -> str | None:
    hull = hull_of(row.parts)
    if not _plain(text[: hull.start]).endswith(_plain(row.text("context_before"))):
        return "other characters stand before the words"
    if not _plain(text[hull.end :]).startswith(_plain(row.text("context_after"))):
        return "other characters stand behind the words"
    return None


def _mention_problem(text: str, row: _Row) -> str | None:
    for column, name in (("mention", "mention"), ("cue", "cue"), ("said_phrase", "phrase of the day")):
        span = row.span(column)
        printed = _plain(text[span.start : span.end]) if span else ""
        if printed != _plain(row.text(column)):
            return f"the {name} is “{_shortened(printed)}” in the article, and “{_shortened(row.text(column))}” here"
    return None


def _article_problem(article: Article, row: _Row) -> str | None:
    """Return which fact about the article the evidence gives otherwise. What it does not tell cannot be wrong."""
    moment = article.published_at if isinstance(article.published_at, datetime) else None
    is_exact = moment is not None and moment.tzinfo is not None and row.text("published_at") != ""
    facts = (
        (ArticleField.TITLE, "title", article.title or ""),
        (ArticleField.AUTHOR, "author", article.byline or ""),
        (ArticleField.PUBLISHED, "published", str(article.published_on or "")),
        (ArticleField.PUBLISHED, "published_at", _utc(moment) if moment and is_exact else row.text("published_at")),
        (ArticleField.URL, "url", row.text("url") if article.url.startswith("file:") else article.url),
    )
    for field, column, printed in facts:
        if column in row.cells and field not in row.decided and _plain(printed) != _plain(row.text(column)):
            return f"`{column}` is “{_shortened(printed)}” in the evidence"
    return None


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def _plain(text: str) -> str:
    """Return the text with one form of line end: spreadsheets change it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN else f"{flat[: SHOWN - 1]}…"


# The article in the evidence


def _read_article(evidence: Path, evidence_sha256: str, version: str, url: str, published: str) -> Article | Check:
    """Return the article of evidence, or why it cannot be read.

    The kind of the bytes is not stored. So each reader is tried, until one gives the version; if none does, the article
    by the likeliest reader is returned.
    """
    body = _read_evidence(evidence, evidence_sha256)
    if isinstance(body, Check):
        return body
    articles: list[Article] = []
    likely = detect_kind(Path(url), body[:SNIFFED])
    for kind in sorted((Kind.JSONL, Kind.HTML, Kind.TEXT), key=lambda kind: kind is not likely):
        article = _article_of(kind, body, url, _day(published))
        if article is not None:
            articles.append(replace(article, evidence=None))
            if version_sha256(article.title, article.text) == version:
                return articles[-1]
    return articles[0] if articles else Check(Step.EVIDENCE, Verdict.FAILS, "no article can be read from the evidence")


def _read_evidence(evidence: Path, evidence_sha256: str) -> bytes | Check:
    """Return the bytes with a hash, or why there are none."""
    try:
        body = read_archived(evidence, evidence_sha256)
    except UnreadableFile as problem:
        return Check(Step.EVIDENCE, Verdict.FAILS, f"the file in the evidence folder is damaged: {problem}")
    if body is None:
        return Check(Step.EVIDENCE, Verdict.UNCHECKED, "the evidence folder does not have it")
    if hashlib.sha256(body).hexdigest() != evidence_sha256:
        return Check(Step.EVIDENCE, Verdict.FAILS, "the file in the evidence folder has other bytes than its hash says")
    return body


def _article_of(kind: Kind, body: bytes, url: str, published: date | None) -> Article | None:
    try:
        match kind:
            case Kind.JSONL:
                line = Line(1, body, len(body), is_whole=True)
                article = read_article_line(line, "", published=published, outlets=_NO_OUTLETS)
                return None if isinstance(article, Failure) else article
            case Kind.HTML:
                from quotetrack.ingest.html.article import read_page  # imports lxml, which only pages need

                return read_page(body, url=url, published=published, outlets=_NO_OUTLETS)
            case _:
                return read_text(decode_text(body), url=url, published=published, outlets=_NO_OUTLETS)
    except UnreadableFile:
        return None


def _day(published: str) -> date | None:
    try:
        return date.fromisoformat(published)
    except ValueError:
        return None


# A store


def verify_store(session: Session, evidence: Path | None) -> Iterator[Verified]:
    """Yield the checks of each version of a store, and of each of its quotations and reported statements."""
    from quotetrack.store.verification import stored_versions  # loads SQLAlchemy, which a CSV does not need

    for version in stored_versions(session):
        yield Verified(f"version {version.id}, {version.url}", tuple(_version_checks(version, evidence)))
        for quotation in version.quotations:
            words = _checked(Step.WORDS, _words_problem(version.text, quotation.words, quotation.parts))
            yield Verified(f"quotation {quotation.id}", (words, _place_check(version.text, quotation)))
        for statement in version.reported:
            words = _checked(Step.WORDS, _reported_problem(version.text, statement.words, statement.parts))
            yield Verified(f"reported statement {statement.id}", (words, _place_check(version.text, statement)))


def _version_checks(version: StoredVersion, evidence: Path | None) -> Iterator[Check]:
    yield _evidence_check(version.evidence_sha256, evidence)
    is_right = version_sha256(version.title, version.text) == version.content_sha256
    yield _checked(Step.VERSION, None if is_right else "title and text have another hash than is stored")


def _evidence_check(evidence_sha256: str | None, evidence: Path | None) -> Check:
    if evidence_sha256 is None:
        return Check(Step.EVIDENCE, Verdict.UNCHECKED, "the version names no evidence")
    if evidence is None:
        return Check(Step.EVIDENCE, Verdict.UNCHECKED, "no evidence folder")
    body = _read_evidence(evidence, evidence_sha256)
    return body if isinstance(body, Check) else Check(Step.EVIDENCE, Verdict.HOLDS)


def _place_check(text: str, statement: StoredQuotation) -> Check:
    spans = (statement.context, statement.mention, statement.cue, statement.said_evidence)
    outside = [span for span in spans if span and span.end > len(text)]
    return _checked(Step.CONTEXT, f"characters {outside[0]} lie behind the text" if outside else None)
