"""Extraction without a store: a file or lines in, quotations out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from quotetrack.core.domain import Article, Failure, Quotation
from quotetrack.ingest.formats.jsonl import read_jsonl
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.reader import read_path

if TYPE_CHECKING:
    from spacy.language import Language

    from quotetrack.extract.explain import Explanation
    from quotetrack.extract.windows import Encoder

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article, the id that it was given or goes by, and its quotations."""

    id: str | int | float
    article: Article
    quotations: list[Quotation]


@dataclass(frozen=True, slots=True)
class Explained:
    """An article, the id that it was given or goes by, and the explanations of its quotations."""

    id: str
    article: Article
    explanations: list[Explanation]


def extract_file(
    path: Path,
    name: str,
    nlp: Language,
    encoder: Encoder | None = None,
    *,
    outlets: Outlets,
    outlet: str | None = None,
    published: datetime | date | None = None,
    everything: bool = False,
    min_confidence: float = 0.0,
) -> Iterator[Extracted | Failure]:
    """The quotations of each article in a file, which a message calls `name`; `min_confidence` as in `sure_of`."""
    for found in _articles(path, name, outlets, outlet, published):
        if isinstance(found, Failure):
            yield found
        else:
            yield _extracted(found.external_id or name, found, nlp, encoder, everything, min_confidence)


def explain_file(
    path: Path,
    name: str,
    nlp: Language,
    encoder: Encoder | None = None,
    *,
    outlets: Outlets,
    outlet: str | None = None,
    published: datetime | date | None = None,
    everything: bool = False,
) -> Iterator[Explained | Failure]:
    """The same quotations, each with the reasons for its speaker."""
    from quotetrack.extract.explain import explain

    for found in _articles(path, name, outlets, outlet, published):
        if isinstance(found, Failure):
            yield found
        else:
            given = found.external_id or name
            reasons = _unless_broken(
                given, found, lambda article: explain(article, nlp, encoder, everything=everything)
            )
            yield reasons if isinstance(reasons, Failure) else Explained(given, found, reasons)


def extract_lines(
    stream: BinaryIO,
    name: str,
    nlp: Language,
    encoder: Encoder | None = None,
    *,
    outlets: Outlets,
    outlet: str | None = None,
    published: datetime | date | None = None,
    everything: bool = False,
    min_confidence: float = 0.0,
) -> Iterator[Extracted | Failure]:
    """The quotations of each line of article JSONL, in order; `id` is the given one as given, else the line number."""
    for number, line in enumerate(stream, start=1):
        for found in read_jsonl(BytesIO(line), name, outlet=outlet, published=published, outlets=outlets):
            if isinstance(found, Failure):
                yield Failure(f"{name}:{number}", found.reason)
            else:
                yield _extracted(_given_id(line, number), found, nlp, encoder, everything, min_confidence)


def sure_of(quotations: Iterable[Quotation], min_confidence: float) -> list[Quotation]:
    """Those whose mention is right with at least this probability; a quotation that names nobody has none."""
    return [q for q in quotations if (q.attribution.confidence if q.attribution else 0.0) >= min_confidence]


def _articles(
    path: Path, name: str, outlets: Outlets, outlet: str | None, published: datetime | date | None
) -> Iterator[Article | Failure]:
    for found in read_path(path, outlet=outlet, published=published, outlets=outlets):
        if isinstance(found, Failure):
            yield Failure(found.where.replace(str(path), name), found.reason)
        else:
            yield found


def _extracted(
    given: str | int | float,
    article: Article,
    nlp: Language,
    encoder: Encoder | None,
    everything: bool,
    min_confidence: float,
) -> Extracted | Failure:
    from quotetrack.extract.extractor import extract

    found = _unless_broken(given, article, lambda article: extract(article, nlp, encoder, everything=everything))
    return found if isinstance(found, Failure) else Extracted(given, article, sure_of(found, min_confidence))


def _unless_broken(
    given: str | int | float, article: Article, read: Callable[[Article], list[_Result]]
) -> list[_Result] | Failure:
    try:
        return read(article)
    except (OSError, ImportError):  # something of ours is missing: no fault of the article
        raise
    except Exception as error:  # whatever one article does to the extractor, the rest goes on
        return Failure(str(given), f"the extractor broke: {type(error).__name__}: {error}")


def _given_id(line: bytes, number: int) -> str | int | float:
    """What the line gives as id, in its own type: who joins by it must find it again."""
    given: object = json.loads(line.decode("utf-8-sig")).get("id")
    return given if isinstance(given, str | int | float) and not isinstance(given, bool) else number
