"""Extraction without a store: a file or lines in, quotations out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from quotetrack.core.domain import Article, Failure, Quotation, ReportedStatement, Span
from quotetrack.ingest.characters import Alignment, repair
from quotetrack.ingest.formats.jsonl import read_jsonl
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.reader import read_path

if TYPE_CHECKING:
    from spacy.language import Language

    from quotetrack.extract.explain import Explanation
    from quotetrack.extract.windows import Encoder

_Result = TypeVar("_Result")
_Said = TypeVar("_Said", Quotation, ReportedStatement)


@dataclass(frozen=True, slots=True)
class ExtractionSetup:
    """The models, the outlets and the options with which every article of a call is read.

    `outlet` and `published` are used where an article names none. `everything` includes scare quotes, titles and single
    terms. `min_confidence` is that of `keep_confident`. With `reported` and an encoder, there are reported statements
    too; with `attitudes`, also what people want or think. `explain_file` ignores these three.
    """

    nlp: Language
    outlets: Outlets
    encoder: Encoder | None = None
    outlet: str | None = None
    published: datetime | date | None = None
    everything: bool = False
    min_confidence: float = 0.0
    reported: bool = False
    attitudes: bool = False


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article, its id (given, else the file name or line number), and its quotations.

    `reported` are its reported statements; None where they were not asked for.
    """

    id: str | int | float
    article: Article
    quotations: list[Quotation]
    reported: list[ReportedStatement] | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """An article, its id (given, else the file name), and the explanations of its quotations."""

    id: str
    article: Article
    explanations: list[Explanation]


def extract_file(path: Path, name: str, setup: ExtractionSetup) -> Iterator[Extracted | Failure]:
    """Yield the quotations of each article in a file; `name` stands for the file in failures."""
    for article in _read_articles(path, name, setup):
        yield article if isinstance(article, Failure) else _extract(article.external_id or name, article, setup)


def extract_lines(stream: BinaryIO, name: str, setup: ExtractionSetup) -> Iterator[Extracted | Failure]:
    """Yield the quotations of each line of article JSONL, in order.

    The id is the one that the line gives, in its JSON type; else the line number. Places are those of the text that the
    line gives, also where its characters were repaired.
    """
    for number, line in enumerate(stream, start=1):
        lines = BytesIO(line)
        for article in read_jsonl(lines, name, outlet=setup.outlet, published=setup.published, outlets=setup.outlets):
            if isinstance(article, Failure):
                yield Failure(f"{name}:{number}", article.reason)
            else:
                given = _given(line)
                extracted = _extract(_id_of_line(given, number), article, setup)
                yield extracted if isinstance(extracted, Failure) else _in_given_places(extracted, given.get("text"))


def explain_file(path: Path, name: str, setup: ExtractionSetup) -> Iterator[Explained | Failure]:
    """Yield for each article in a file the same quotations as `extract_file`, each with the reasons for its speaker."""
    from quotetrack.extract.explain import explain

    for article in _read_articles(path, name, setup):
        if isinstance(article, Failure):
            yield article
            continue
        article_id = article.external_id or name
        explanations = _result_or_failure(
            article_id, article, lambda article: explain(article, setup.nlp, setup.encoder, everything=setup.everything)
        )
        yield (explanations if isinstance(explanations, Failure) else Explained(article_id, article, explanations))


def keep_confident(statements: Iterable[_Said], min_confidence: float) -> list[_Said]:
    """Return the quotations or reported statements whose name is right with at least this probability.

    Without a speaker it counts as 0.
    """
    return [s for s in statements if (s.attribution.confidence if s.attribution else 0.0) >= min_confidence]


def _read_articles(path: Path, name: str, setup: ExtractionSetup) -> Iterator[Article | Failure]:
    for article in read_path(path, outlet=setup.outlet, published=setup.published, outlets=setup.outlets):
        if isinstance(article, Failure):
            yield Failure(article.where.replace(str(path), name), article.reason)
        elif isinstance(article, Article):
            yield article


def _extract(article_id: str | int | float, article: Article, setup: ExtractionSetup) -> Extracted | Failure:
    result = _result_or_failure(article_id, article, lambda article: [_read_whole(article, setup)])
    if isinstance(result, Failure):
        return result
    ((quotations, reported),) = result
    kept = keep_confident(reported, setup.min_confidence) if reported is not None else None
    return Extracted(article_id, article, keep_confident(quotations, setup.min_confidence), kept)


def _read_whole(article: Article, setup: ExtractionSetup) -> tuple[list[Quotation], list[ReportedStatement] | None]:
    """Return the quotations of an article, and its reported statements where they are asked for."""
    from quotetrack.extract.extractor import extract
    from quotetrack.extract.reported_speech import extract_with_reported

    if not setup.reported or setup.encoder is None:
        return extract(article, setup.nlp, setup.encoder, everything=setup.everything), None
    return extract_with_reported(
        article, setup.nlp, setup.encoder, everything=setup.everything, attitudes=setup.attitudes
    )


def _result_or_failure(
    article_id: str | int | float, article: Article, work: Callable[[Article], list[_Result]]
) -> list[_Result] | Failure:
    try:
        return work(article)
    except (OSError, ImportError):  # a file of ours is missing: no fault of the article
        raise
    except Exception as error:  # one article may break the extractor in any way; the others are still read
        return Failure(str(article_id), f"extraction failed: {type(error).__name__}: {error}")


def _given(line: bytes) -> Mapping[str, object]:
    """Return the fields of a line that was read without a failure."""
    fields: dict[str, object] = json.loads(line.decode("utf-8-sig"))
    return fields


def _id_of_line(fields: Mapping[str, object], number: int) -> str | int | float:
    """Return the id that a line gives, in its JSON type, because users join by it; else the line number."""
    given = fields.get("id")
    return given if isinstance(given, str | int | float) and not isinstance(given, bool) else number


def _in_given_places(extracted: Extracted, given: object) -> Extracted:
    """Return the same with places in the text that was given; as it is where markup was read, or nothing repaired."""
    text = extracted.article.text
    if not isinstance(given, str) or given == text or repair(given) != text:
        return extracted
    alignment = Alignment(given, text)
    reported = extracted.reported
    return replace(
        extracted,
        quotations=[_moved(quotation, alignment) for quotation in extracted.quotations],
        reported=None
        if reported is None
        else [_moved(replace(s, cue=alignment.in_given(s.cue)), alignment) for s in reported],
    )


def _moved(said: _Said, alignment: Alignment) -> _Said:
    """Return the same with its parts, paragraph, speaker and day at their places in the text that was given."""

    def place(span: Span | None) -> Span | None:
        return None if span is None else alignment.in_given(span)

    attribution = said.attribution
    if attribution is not None:
        attribution = replace(attribution, mention=place(attribution.mention), cue=place(attribution.cue))
    return replace(
        said,
        parts=tuple(alignment.in_given(part) for part in said.parts),
        context=alignment.in_given(said.context),
        attribution=attribution,
        said_evidence=place(said.said_evidence),
    )
