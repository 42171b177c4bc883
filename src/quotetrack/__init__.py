"""Attributed, dated quotations from news, linked across the outlets that print them.

    import quotetrack

    db = quotetrack.open("news.db")
    print(db.ask("What did Orla Venn say about the ferry?"))

    for quotation in quotetrack.extract_quotations(text, published=date(2026, 3, 11)):
        print(quotation.attribution, quotation.words, quotation.said)

`import quotetrack` loads nothing else: each name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # true for type checkers; from `typing` it would be most of what `import quotetrack` loads
if TYPE_CHECKING:
    from datetime import date, datetime

    from quotetrack.api.database import Database, open
    from quotetrack.api.shown import ask
    from quotetrack.core.domain import (
        Alternative,
        Article,
        Attribution,
        DateBasis,
        Failure,
        Link,
        LinkKind,
        Quotation,
        QuotationKind,
        ReportedStatement,
        ReportedWords,
        SaidOn,
        Sighting,
        Span,
        StatementKind,
        Utterance,
    )
    from quotetrack.core.errors import QuotetrackError
    from quotetrack.export import write_csv
    from quotetrack.linking.clusters import link_sightings
    from quotetrack.search.answer import Answer

    __version__: str

__all__ = [
    "Alternative",
    "Answer",
    "Article",
    "Attribution",
    "Database",
    "DateBasis",
    "Failure",
    "Link",
    "LinkKind",
    "Quotation",
    "QuotationKind",
    "QuotetrackError",
    "ReportedStatement",
    "ReportedWords",
    "SaidOn",
    "Sighting",
    "Span",
    "StatementKind",
    "Utterance",
    "__version__",
    "ask",
    "extract_quotations",
    "extract_reported",
    "link_sightings",
    "open",
    "write_csv",
]

_MODULE_OF = {
    "Answer": "quotetrack.search.answer",
    "Database": "quotetrack.api.database",
    "QuotetrackError": "quotetrack.core.errors",
    "ask": "quotetrack.api.shown",
    "link_sightings": "quotetrack.linking.clusters",
    "open": "quotetrack.api.database",
    "write_csv": "quotetrack.export",
}


def extract_quotations(
    text: str,
    *,
    published: datetime | date | None = None,
    title: str | None = None,
    byline: str | None = None,
    everything: bool = False,
    model: str | None = None,
    fast: bool = False,
) -> list[Quotation]:
    """Return the attributed and dated quotations of one article, in order. Offsets are characters of `text`.

    Without `published`, no quotation is dated by the day of publication. With `everything`, scare quotes, titles and
    single terms are included. `model` is a spaCy pipeline, by default the one in the settings; it is loaded once.
    With `fast`, the neural model for close choices is skipped (see `quotetrack.models.pointer`). Raises
    `quotetrack.models.spacy_pipeline.LanguageModelMissing` and `quotetrack.models.embedder.EmbeddingModelMissing`.
    """
    from quotetrack.core.domain import Article
    from quotetrack.core.settings import Settings
    from quotetrack.extract.extractor import extract
    from quotetrack.models.spacy_pipeline import kept_language

    article = Article(url="", outlet="", text=text, title=title, published_at=published, byline=byline)
    nlp = kept_language(model or Settings().spacy_model)
    if fast:
        return extract(article, nlp, everything=everything)
    from quotetrack.models.pointer import load_pointer

    return extract(article, nlp, load_pointer(), everything=everything)


def extract_reported(
    text: str,
    *,
    published: datetime | date | None = None,
    title: str | None = None,
    byline: str | None = None,
    attitudes: bool = False,
    model: str | None = None,
) -> list[ReportedStatement]:
    """Return the reported statements of one article, in order: what it says, without marks, that somebody said.

    With `attitudes`, what people are said to want, think or plan is included. The other arguments and the errors are
    those of `extract_quotations`.
    """
    from quotetrack.core.domain import Article
    from quotetrack.core.settings import Settings
    from quotetrack.extract.reported_speech import extract_with_reported
    from quotetrack.models.pointer import load_pointer
    from quotetrack.models.spacy_pipeline import kept_language

    article = Article(url="", outlet="", text=text, title=title, published_at=published, byline=byline)
    nlp = kept_language(model or Settings().spacy_model)
    return extract_with_reported(article, nlp, load_pointer(), attitudes=attitudes)[1]


def __getattr__(name: str) -> object:
    """Import a public name from its module."""
    if name == "__version__":
        from quotetrack.core.versions import package_version

        return package_version()
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF.get(name, "quotetrack.core.domain")), name)


def __dir__() -> list[str]:
    return __all__
