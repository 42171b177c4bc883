"""quotetrack as a component of another spaCy pipeline."""

from __future__ import annotations

from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from quotetrack import extract_quotations
from quotetrack.core.settings import Settings
from quotetrack.models.spacy_pipeline import LanguageModelMissing

MODEL = Settings().spacy_model
TEXT = (
    "Orla Venn opened the pier on Monday. “We have waited long enough,” she said. “We will not wait again.”\n\n"
    "Her rival, Tadeo Brisk, called it “a very costly plank”."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.load(MODEL)
    nlp.add_pipe("quotetrack", config={"model": MODEL})
    return nlp


def test_spacy_finds_the_component_by_its_entry_point() -> None:
    (found,) = entry_points(group="spacy_factories", name="quotetrack")
    assert found.value == "quotetrack.extract.spacy_component:make_component"


def test_a_document_carries_its_quotations(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert doc._.quotations == extract_quotations(TEXT, model=MODEL, fast=True)
    assert [(q.attribution.name, q.kind) for q in doc._.quotations] == [("Orla Venn", "full"), ("Tadeo Brisk", "mixed")]


def test_the_spans_are_the_parts_with_kind_and_number(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert [(span.text, span.label_, span.id_) for span in doc.spans["quotations"]] == [
        ("We have waited long enough,", "full", "0"),
        ("We will not wait again.", "full", "0"),
        ("a very costly plank", "mixed", "1"),
    ]


def test_the_config_may_name_the_encoder() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotetrack", config={"encoder": {"@misc": "quotetrack.pointer.v1"}})
    assert blank(TEXT)._.quotations == extract_quotations(TEXT, model=MODEL)


def test_the_pipeline_itself_may_be_blank() -> None:
    blank = spacy.blank("en")
    blank.add_pipe("quotetrack")
    assert [q.words for q in blank(TEXT)._.quotations] == [
        q.words for q in extract_quotations(TEXT, model=MODEL, fast=True)
    ]


def test_the_annotations_of_the_other_components_stay(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert doc.has_annotation("DEP") and any(ent.label_ == "PERSON" for ent in doc.ents)


@pytest.mark.parametrize("published", ["2031-03-12", date(2031, 3, 12)])
def test_days_need_the_day_of_publication(nlp: Language, published: str | date) -> None:
    doc = nlp.make_doc(TEXT)
    doc._.published = published
    assert nlp(doc)._.quotations[0].said.first == date(2031, 3, 10)
    assert nlp(TEXT)._.quotations[0].said.first is None


def test_a_span_takes_whole_tokens_with_their_marks() -> None:
    blank = spacy.blank("en")
    blank.tokenizer = spacy.tokenizer.Tokenizer(blank.vocab)  # splits at spaces only
    blank.add_pipe("quotetrack")
    doc = blank("“We will not wait again,” said Orla Venn.")
    (span,) = doc.spans["quotations"]
    assert span.text == "“We will not wait again,”"


def test_a_document_without_quotations_has_none(nlp: Language) -> None:
    for text in ("", "The ferry did not sail."):
        doc = nlp(text)
        assert (doc._.quotations, len(doc.spans["quotations"])) == ([], 0)
    assert nlp.make_doc("Not read yet.")._.quotations == []


def test_a_document_survives_its_bytes(nlp: Language) -> None:
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.quotations == doc._.quotations
    assert [span.text for span in again.spans["quotations"]] == [span.text for span in doc.spans["quotations"]]


def test_documents_come_back_from_other_processes(nlp: Language) -> None:
    assert [len(doc._.quotations) for doc in nlp.pipe([TEXT, "Nothing."], n_process=2)] == [2, 0]


def test_a_pipeline_on_disk_has_the_component(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    assert len(spacy.load(tmp_path / "pipeline")(TEXT)._.quotations) == 2


def test_with_everything_scare_quotes_are_quotations() -> None:
    text = "The so-called “miracle ship” is forty years old."
    blank = spacy.blank("en")
    blank.add_pipe("quotetrack", config={"everything": True})
    doc = blank(text)
    assert [span.text for span in doc.spans["quotations"]] == ["miracle ship"]
    assert extract_quotations(text, model=MODEL) == []


def test_a_missing_model_is_an_error_when_the_pipeline_is_made() -> None:
    with pytest.raises(LanguageModelMissing, match="no_such_model"):
        spacy.blank("en").add_pipe("quotetrack", config={"model": "no_such_model"})
