"""Explanations as domain types, text, JSON and HTML; and quotations left out by --min-confidence."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from spacy.language import Language
from tests.cli_runner import quotetrack

from quotetrack.core.domain import Article, Sighting, Utterance
from quotetrack.core.settings import Settings
from quotetrack.extract.explain import MOST_OPTIONS, Explanation, explain
from quotetrack.extract.extractor import extract
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path
from quotetrack.lang import sections
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.models.trees import load_trees
from quotetrack.sample import folder
from quotetrack.search.answer import ask, only_sure
from quotetrack.store import open_store

pytest_plugins = ("tests.filled_store",)

TEXT = (
    "Mayor Orla Venn opened the pier on Monday. “We have waited long enough,” she said. “We will not wait again.”\n\n"
    "Her rival, Tadeo Brisk, called the pier “a very costly plank”.\n\n"
    "“It will sink us all,” he told reporters <on the beach> on Tuesday.\n\n"
    "Nobody else was there but a dog."
)
ARTICLE = Article(url="file:pier", outlet="harbourpost", text=TEXT, title="A pier", published_at=date(2031, 3, 12))


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_language(Settings().spacy_model)


@pytest.fixture(scope="module")
def explained(nlp: Language) -> list[Explanation]:
    return explain(ARTICLE, nlp)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pier.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


# The nouns


def sample_articles() -> Iterator[Article]:
    found = read_path(folder(), outlet=None, published=None, outlets=load_outlets(None))
    return (one for one in found if isinstance(one, Article))


def test_explain_returns_the_quotations_of_extract(nlp: Language) -> None:
    for article in sample_articles():
        assert [e.quotation for e in explain(article, nlp)] == extract(article, nlp)


def test_the_mention_of_the_attribution_is_the_chosen_one(nlp: Language) -> None:
    for article in sample_articles():
        for one in explain(article, nlp):
            found = one.quotation.attribution
            chosen = {option.mention for option in one.mentions if option.is_chosen}
            assert chosen == ({found.mention} if found else set())


def test_mentions_are_few_and_best_first(explained: list[Explanation]) -> None:
    for one in explained:
        scores = [option.score for option in one.mentions]
        assert scores == sorted(scores, reverse=True)
        assert 2 <= len(scores) <= MOST_OPTIONS + 1


def test_the_reasons_say_how_the_chosen_mention_differs(explained: list[Explanation]) -> None:
    chosen = explained[0].mentions[0]
    assert chosen.mention.of(TEXT) == "she"
    assert chosen.cue is not None and chosen.cue.of(TEXT) == "said"
    assert sum(reason.effect for reason in chosen.reasons) > 0
    effects = [abs(reason.effect) for reason in chosen.reasons]
    assert effects == sorted(effects, reverse=True)
    assert all(reason.value != reason.rival_value for reason in chosen.reasons)


@pytest.mark.parametrize(
    ("weights", "trees", "kind"), [("attribution", "speaker", "mention"), ("coreference", "person", "name")]
)
def test_every_feature_has_a_phrase(weights: str, trees: str, kind: str) -> None:
    phrased = {entry.split("\t")[0] for entry in sections("reasons.txt")[kind]}
    missing = set(load_trees(weights)[trees].features) - phrased
    assert missing == set(), "add a phrase for each of these features to lang/en/reasons.txt"


def test_a_pronoun_has_the_names_that_it_may_mean(explained: list[Explanation]) -> None:
    names = {option.name: option.is_chosen for option in explained[0].names}
    assert names == {"Orla Venn": True, None: False}
    assert explained[1].names == ()  # a full name leaves no choice


def test_an_article_without_quotations_needs_no_reasons(nlp: Language) -> None:
    assert explain(Article(url="", outlet="", text="The ferry did not sail."), nlp) == []


# For people


def test_the_text_has_words_speaker_day_and_reasons(file: Path) -> None:
    result = quotetrack("explain", file, "--published", "2031-03-12")
    assert result.exit_code == 0
    text = result.stdout
    assert re.search(
        r"1\. “We have waited long enough, We will not wait again\.”\n"
        r"   Orla Venn, (probably )?10 Mar 2031 \(from “Monday”, paragraph 1, not beside the words\)\n",
        text,
    )
    assert re.search(r"\n   day: stated_nearby(, confidence [01]\.\d\d)?\n", text)
    assert re.search(
        r"mention “she”, cue “said”, rule \w+, confidence [01]\.\d\d \(of the mention [01]\.\d\d\)\n", text
    )
    assert re.search(r"\n   -> \+\d+\.\d\d she \(rule \w+\)\n {12}[+-]\d+\.\d\d \w", text)
    assert "   Which person the mention means:\n   -> " in text
    assert "“Tuesday”" in text


def test_the_json_has_all_options_with_features_and_reasons(file: Path) -> None:
    answer = json.loads(quotetrack("explain", file, "--json").stdout)
    first = answer["quotations"][0]
    assert answer["text"] == TEXT
    assert [option["chosen"] for option in first["mentions"]].count(True) == 1
    option = first["mentions"][0]
    assert TEXT[slice(*option["mention"])] == "she"
    assert option["features"]
    assert set(option["reasons"][0]) == {"feature", "says", "value", "rival", "effect"}
    assert [name["name"] for name in first["names"] if name["chosen"]] == ["Orla Venn"]


class Page(HTMLParser):
    """A parsed page: its ids, its links, and its highlights with their class. Asserts that all tags are closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.addresses: list[str] = []
        self.marked: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in ("meta", "link", "img", "br"):
            self.open.append(tag)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        self.addresses += [values["src"] or ""] if "src" in values else []
        if tag == "span":
            self.marked.append((values.get("class") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "span":
            self.marked[-1] = (self.marked[-1][0], self.marked[-1][1] + data)


@pytest.fixture
def page(file: Path, tmp_path: Path) -> str:
    result = quotetrack("explain", file, "--published", "2031-03-12", "--html", tmp_path / "why.html")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Wrote the explanations of 3 quotations to" in result.stderr
    return (tmp_path / "why.html").read_text(encoding="utf-8")


def test_the_page_needs_no_network(page: str) -> None:
    assert "http:" not in page and "https:" not in page and "<script" not in page and "@import" not in page
    assert Page(page).addresses == []


def test_every_link_of_the_page_has_its_target(page: str) -> None:
    read = Page(page)
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    assert {"#q1", "#q2", "#q3", "#w1", "#w2", "#w3"} == set(read.links)
    assert {link.removeprefix("#") for link in read.links} == set(read.ids)


def test_words_mention_and_cue_are_marked_with_their_number(page: str) -> None:
    marked = Page(page).marked
    for highlight in (
        ("words n1", "We have waited long enough,"),
        ("words n1", "We will not wait again."),
        ("mention n1", "she"),
        ("cue n1", "said"),
        ("words n2", "a very costly plank"),
        ("words n3", "It will sink us all,"),
        ("mention n3", "he"),
    ):
        assert highlight in marked


def test_tags_in_an_article_are_escaped(page: str) -> None:
    assert "&lt;on the beach&gt;" in page and "<on the beach>" not in page


def test_the_page_can_be_written_to_standard_output(file: Path) -> None:
    result = quotetrack("explain", file, "--html", "-")
    assert result.stdout.startswith("<!doctype html>")
    assert quotetrack("explain", file, "--html", "-", "--json").exit_code == 2


def test_the_quotations_of_several_articles_share_one_numbering(tmp_path: Path) -> None:
    rows = [{"id": name, "text": "“The ferry will sail again,” said Orla Venn."} for name in ("one", "two")]
    path = tmp_path / "two.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    page = quotetrack("explain", path, "--html", "-").stdout
    assert "id='q1'" in page and "id='q2'" in page and page.count("<article>") == 2
    assert quotetrack("explain", path, "--json").exit_code == 2


def test_a_missing_file_is_an_error() -> None:
    result = quotetrack("explain", "nowhere.txt")
    assert (result.exit_code, result.stdout) == (1, "")


# How sure

SURE = 0.95


def test_extract_leaves_out_lower_confidences(file: Path) -> None:
    every = json.loads(quotetrack("extract", file, "--json").stdout)["quotations"]
    highest = max(one["confidence"] for one in every)
    sure = json.loads(quotetrack("extract", file, "--json", "--min-confidence", str(highest)).stdout)["quotations"]
    assert sure == [one for one in every if one["confidence"] >= highest]
    assert 0 < len(sure) < len(every)
    assert quotetrack("extract", file, "--min-confidence", "1.5").exit_code == 2


def test_an_article_without_confident_quotations_keeps_its_line(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"id": "dog", "text": TEXT}), encoding="utf-8")
    result = quotetrack("extract", path, "--jsonl", "--min-confidence", "1")
    assert json.loads(result.stdout) == {"id": "dog", "quotations": []}


def test_export_leaves_out_lower_confidences(newsroom: Path) -> None:
    def rows(*options: str) -> list[dict[str, str]]:
        out = quotetrack("export", "--csv", "-", "--database", newsroom, *options).stdout
        return list(csv.DictReader(io.StringIO(out)))

    every, sure = rows(), rows("--min-confidence", str(SURE))
    places = ("url", "start", "confidence")
    kept = [[row[c] for c in places] for row in every if float(row["confidence"]) >= SURE]
    assert [[row[c] for c in places] for row in sure] == kept
    assert 0 < len(sure) < len(every)


@pytest.mark.parametrize("question", ["what was said about the storm barrier", "what did Ragna Telle say"])
def test_an_answer_leaves_out_lower_confidences(newsroom: Path, question: str) -> None:
    with open_store(f"sqlite:///{newsroom}", read_only=True)() as session:
        every = ask(session, question, limit=100)
        sure = ask(session, question, limit=100, min_confidence=SURE)
        expected = {u.id for u in only_sure((found.utterance for found in every.utterances), SURE)}
        best = ask(session, question, limit=len(expected), min_confidence=SURE)
    confidences = [s.speaker_confidence for found in sure.utterances for s in found.utterance.sightings]
    assert confidences and min(confidences) >= SURE
    assert {found.utterance.id for found in sure.utterances} == expected
    assert {found.utterance.id for found in best.utterances} == expected  # no lower confidence took a place
    answered = quotetrack("ask", question, "--json", "--min-confidence", "1", "--database", newsroom)
    assert json.loads(answered.stdout)["utterances"] == []


def test_an_utterance_keeps_its_confident_sightings() -> None:
    sightings = tuple(Sighting(i, "Promises float.", speaker_confidence=sure) for i, sure in enumerate((0.2, 0.5, 0.9)))
    (kept,) = only_sure([Utterance(1, sightings), Utterance(2, sightings[:1])], 0.5)
    assert (kept.id, kept.sightings) == (1, sightings[1:])
    assert len(list(only_sure([Utterance(2, sightings[:1])], 0.0))) == 1
