"""Extraction without a store: a file or lines in, quotations out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from quotetrack.model import Article, Failure, Quotation
from quotetrack.sources import Outlets, read_jsonl, read_path

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article, the id that it was given or goes by, and its quotations."""

    id: str | int | float
    article: Article
    quotations: list[Quotation]


def extract_file(
    path: Path,
    name: str,
    nlp: Language,
    *,
    outlets: Outlets,
    outlet: str | None = None,
    published: datetime | date | None = None,
    everything: bool = False,
) -> Iterator[Extracted | Failure]:
    """The quotations of each article in a file, which a message calls `name`."""
    for found in read_path(path, outlet=outlet, published=published, outlets=outlets):
        if isinstance(found, Failure):
            yield Failure(found.where.replace(str(path), name), found.reason)
        else:
            yield _extracted(found.external_id or name, found, nlp, everything)


def extract_lines(
    stream: BinaryIO,
    name: str,
    nlp: Language,
    *,
    outlets: Outlets,
    outlet: str | None = None,
    published: datetime | date | None = None,
    everything: bool = False,
) -> Iterator[Extracted | Failure]:
    """The quotations of each line of article JSONL, in order; `id` is the given one as given, else the line number."""
    for number, line in enumerate(stream, start=1):
        for found in read_jsonl(BytesIO(line), name, outlet=outlet, published=published, outlets=outlets):
            if isinstance(found, Failure):
                yield Failure(f"{name}:{number}", found.reason)
            else:
                yield _extracted(_given_id(line, number), found, nlp, everything)


def _extracted(given: str | int | float, article: Article, nlp: Language, everything: bool) -> Extracted | Failure:
    from quotetrack.extract import extract

    try:
        return Extracted(given, article, extract(article, nlp, everything=everything))
    except (OSError, ImportError):  # something of ours is missing: no fault of the article
        raise
    except Exception as error:  # whatever one article does to the extractor, the rest goes on
        return Failure(str(given), f"the extractor broke: {type(error).__name__}: {error}")


def _given_id(line: bytes, number: int) -> str | int | float:
    """What the line gives as id, in its own type: who joins by it must find it again."""
    given: object = json.loads(line.decode("utf-8-sig")).get("id")
    return given if isinstance(given, str | int | float) and not isinstance(given, bool) else number
