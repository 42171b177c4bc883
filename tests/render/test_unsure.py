"""A quotation of which no name is sure enough: no output has a name for it, and each says who may be meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.store.newsroom import (
    ALTERNATIVES,
    UNSURE,
    UNSURE_SPEAKER,
    UNSURE_WORDS,
    ferry,
    ferry_quotations,
    filed,
    filed_unsure,
    unsure,
)

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.core.rows import rows_of
from quotetrack.extract.explain import Explanation
from quotetrack.pipeline.standalone import Explained, keep_confident
from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.render import explain_html
from quotetrack.render.answers import citation
from quotetrack.render.notebook import utterance_html
from quotetrack.render.quotations import explanation_lines, provenance_lines, quotations_table, utterance_lines
from quotetrack.render.schemas import QuotationSchema, SightingSchema
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.sightings import read_sightings

OTHERS = [{"name": "Ada Roth", "confidence": 0.4812}, {"name": "Orla Venn", "confidence": 0.31}]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'news.db'}"


@pytest.fixture
def sessions(url: str) -> Iterator[Sessions]:
    """A store with the unsure quotation, and one each of Orla Venn and Tadeo Brisk."""
    opened = open_store(url)
    with opened.begin() as session:
        filed_unsure(session)
        filed(session, ferry(), ferry_quotations())
    resolve_speakers.run(opened)
    link.run(opened)
    yield opened
    close_store(opened)


@pytest.fixture
def sighting(sessions: Sessions) -> Sighting:
    with sessions() as session:
        return read_sightings(session, ids=[1])[0]


def test_the_lines_of_an_utterance(sighting: Sighting) -> None:
    assert list(utterance_lines(Utterance(1, (sighting,))))[:3] == [
        f"“{UNSURE_WORDS.rstrip(',')}”",
        f"  {UNSURE_SPEAKER}, day not told",
        "  In the article: “[…]” she told the Post on Friday.",
    ]
    assert f"  - Sighting 1: {UNSURE_SPEAKER}, rule by_hand (0.48)" in "\n".join(
        provenance_lines(Utterance(1, (sighting,)), [])
    )


def test_an_utterance_has_the_name_of_another_sighting(sighting: Sighting) -> None:
    named = replace(sighting, id=2, speaker="Ada Roth", alternatives=())
    lines = list(utterance_lines(Utterance(1, (sighting, named))))
    assert lines[1].startswith("  Ada Roth (probably), ")
    assert f"    Named in the article: {UNSURE_SPEAKER}" in lines


@pytest.mark.parametrize(
    ("mention", "names", "text"),
    [
        (None, ["Ada Roth", "Orla Venn"], "Ada Roth or Orla Venn (unsure)"),
        ("the union’s\nleader", ["Ada Roth"], "the union’s leader: Ada Roth (unsure)"),
        ("he", ["Iven Roth", "Tadeo Brisk", "Bo Lund"], "he: Iven Roth, Tadeo Brisk or Bo Lund (unsure)"),
        ("he", [], "(no speaker named)"),
    ],
)
def test_a_footnote(sighting: Sighting, mention: str | None, names: list[str], text: str) -> None:
    others = tuple(replace(ALTERNATIVES[0], name=name) for name in names)
    assert citation(replace(sighting, mention_words=mention, alternatives=others)).startswith(
        f"{text}, “Nobody repairs"
    )


def test_a_notebook(sighting: Sighting) -> None:
    html = utterance_html(Utterance(1, (sighting,)), [])
    assert f"<b>{UNSURE_SPEAKER}</b>" in html
    assert "<br>In the article: “[…]” she told the Post on Friday." in html


def test_a_row(sighting: Sighting) -> None:
    (row,) = rows_of(Utterance(1, (sighting,)))
    flat = row.flat()
    assert (flat["speaker"], flat["speaker_as_printed"], flat["speaker_id"]) == (None, None, None)
    assert (flat["unsure"], flat["alternatives"]) == (True, "Ada Roth (0.48); Orla Venn (0.31)")
    assert (flat["speaker_confidence"], flat["mention_confidence"]) == (0.4812, 0.97)


def test_the_json_of_a_sighting(sighting: Sighting) -> None:
    (written,) = (each.to_json() for each in SightingSchema.all_of(Utterance(1, (sighting,))))
    assert (written["speaker"], written["unsure"], written["alternatives"]) == (None, True, OTHERS)
    assert (written["confidence"], written["speaker_confidence"], written["mention_confidence"]) == (
        0.4812,
        0.4812,
        0.97,
    )


def test_the_json_of_a_quotation() -> None:
    written = QuotationSchema.of(unsure()).to_json()
    start = UNSURE.index("she told")
    assert written["speaker"] == {
        "name": None,
        "mention": [start, start + 3],
        "confidence": 0.4812,
        "mention_confidence": 0.97,
        "unsure": True,
        "alternatives": OTHERS,
    }
    assert written["confidence"] == 0.4812


def test_the_table_of_extract_and_the_text_of_explain() -> None:
    (speaker,) = quotations_table([unsure()], UNSURE).columns[0].cells
    assert str(speaker) == UNSURE_SPEAKER
    lines = list(explanation_lines(1, Explanation(unsure(), (), ()), UNSURE))
    assert lines[1].startswith(f"   {UNSURE_SPEAKER}, ")
    assert lines[2] == "   mention “she”, cue “told”, rule by_hand, confidence 0.48 (of the mention 0.97)"
    assert lines[3] == "   Unsure; it may be: Ada Roth (0.48), Orla Venn (0.31)"


def test_the_page_of_explain() -> None:
    page = explain_html.page([Explained("quay", ferry(UNSURE), [Explanation(unsure(), (), ())])])
    assert f"</a> {UNSURE_SPEAKER}</h2>" in page
    assert "confidence 0.48 (of the mention 0.97)" in page


def test_a_least_confidence_is_of_the_name() -> None:
    assert keep_confident([unsure()], 0.9) == [] and keep_confident([unsure()], 0.4) == [unsure()]


def test_the_commands(sessions: Sessions, url: str) -> None:
    asked = quotetrack("ask", "who said anything", "--about", "harbour", "--database", url)
    assert f"  {UNSURE_SPEAKER}, day not told" in asked.stdout
    cited = quotetrack("ask", "the harbour", "--cite", "--database", url).stdout
    assert f"{UNSURE_SPEAKER}, “Nobody repairs" in cited
    exported = quotetrack("export", "--csv", "-", "--database", url).stdout
    assert ",Ada Roth (0.48); Orla Venn (0.31),yes," in exported
    assert UNSURE_SPEAKER in quotetrack("articles", "show", "1", "--database", url).stdout
    assert UNSURE_SPEAKER in quotetrack("show", "1", "--database", url).stdout


def test_the_words_are_no_answer_about_a_possible_speaker_but_are_counted(sessions: Sessions, url: str) -> None:
    asked = quotetrack("ask", "what did Orla Venn say", "--database", url)
    assert UNSURE_WORDS not in asked.stdout and "The ferry will sail again" in asked.stdout
    assert "And 1 more that may be Orla Venn’s: unsure who spoke.\n" in asked.stderr
    assert "unsure who spoke" not in quotetrack("ask", "what did Tadeo Brisk say", "--database", url).stderr
    sure = quotetrack("ask", "what did Orla Venn say", "--min-confidence", "0.9", "--database", url)
    assert "unsure who spoke" not in sure.stderr
