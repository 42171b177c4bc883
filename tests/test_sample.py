"""The sample newsroom holds every case that it is meant to show, and every pair of marks in it is labelled."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from quotetrack.core.domain import DateBasis, QuotationKind, SaidOn
from quotetrack.sample import folder

EXPECTED = json.loads(Path(__file__).with_name("sample_expected.json").read_text(encoding="utf-8"))
ARTICLES = EXPECTED["articles"]
QUOTATIONS = [(article, quotation) for article in ARTICLES for quotation in article["quotations"]]
JSONL_KEYS = {"id", "url", "outlet", "title", "author", "published", "fetched", "language", "text"}
FRESH = timedelta(days=3)

# An opening mark and the words up to its closing mark or the end of the paragraph. A ’ before a letter is an apostrophe
# and closes nothing.
CURLY, STRAIGHT, SINGLE = r"“([^”\n]*)", r'"([^"\n]*)"', r"(?<!\w)‘((?:[^’\n]|’(?=\w))*)"


@dataclass(frozen=True, slots=True)
class Printed:
    """An article as its file prints it. The `text` of a page is its paragraphs and list items, one a line."""

    text: str
    title: str
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    fetched: str | None = None


@cache
def lines_of(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder() / name).read_text(encoding="utf-8").splitlines()]


def printed(article: dict) -> Printed:
    name = article["file"]
    if name.endswith(".jsonl"):
        (line,) = [line for line in lines_of(name) if line["id"] == article["article"]]
        return Printed(*(line[key] for key in ("text", "title", "url", "outlet", "published", "fetched")))
    text = (folder() / name).read_text(encoding="utf-8")
    if name.endswith(".html"):
        page = html.fromstring(text)
        lines = [str(element.text_content()) for element in page.xpath("//p | //li")]
        return Printed("\n\n".join(lines), page.findtext(".//h1"), page.xpath("string(//link[@rel='canonical']/@href)"))
    return Printed(text, text.splitlines()[0])


def article(name: str, edition: int | None = None) -> dict:
    (expected,) = [a for a in ARTICLES if a["article"] == name and a.get("edition") == edition]
    return expected


def sightings(utterance: str) -> dict[str, dict]:
    """Return the quotations of an utterance by the article that prints them."""
    return {a["article"]: q for a, q in QUOTATIONS if q["utterance"] == utterance}


def test_a_dozen_articles_of_six_outlets_and_nothing_else_in_the_folder():
    assert {path.name for path in folder().iterdir()} == {a["file"] for a in ARTICLES}
    assert len({a["article"] for a in ARTICLES}) == 12
    assert len({a["outlet"] for a in ARTICLES if a["outlet"]}) == 6
    for name in ("morning.jsonl", "evening.jsonl"):
        lines = lines_of(name)
        assert all(set(line) == JSONL_KEYS for line in lines)
        assert len({line["id"] for line in lines}) == len({line["url"] for line in lines}) == len(lines)
        assert [line["id"] for line in lines] == [a["article"] for a in ARTICLES if a["file"] == name]


@pytest.mark.parametrize("expected", ARTICLES, ids=lambda a: f"{a['file']}:{a['article']}")
def test_an_article_has_a_usual_length_and_holds_its_labels(expected):
    in_file = printed(expected)
    assert 150 <= len(in_file.text.split()) <= 350
    assert in_file.title == expected["title"]
    if expected["file"].endswith(".jsonl"):
        assert in_file.outlet == expected["outlet"]
        assert datetime.fromisoformat(in_file.published) == datetime.fromisoformat(expected["published"])
    assert expected["wire_credit"] is None or expected["wire_credit"] in in_file.text
    for quotation in expected["quotations"]:
        assert quotation["words"] == " ".join(quotation["parts"])
        assert all(in_file.text.count(part) == 1 for part in quotation["parts"])
    assert all(trap in in_file.text for trap in expected["not_quotations"])


@pytest.mark.parametrize("expected", ARTICLES, ids=lambda a: f"{a['file']}:{a['article']}")
def test_every_pair_of_outer_marks_is_a_quotation_or_a_trap(expected):
    text = printed(expected).text
    marked = [words for marks in (CURLY, STRAIGHT, SINGLE) for words in re.findall(marks, text)]
    outer = [trap for trap in expected["not_quotations"] if f"'{trap}'" not in text]  # straight singles are nested here
    assert Counter(marked) == Counter([part for q in expected["quotations"] for part in q["parts"]] + outer)


@pytest.mark.parametrize(("expected", "quotation"), QUOTATIONS, ids=lambda x: x.get("utterance", x.get("article")))
def test_the_labels_fit_our_types(expected, quotation):
    published = date.fromisoformat(expected["published"][:10])
    days = {end: day and date.fromisoformat(day) for end, day in quotation["said"].items() if end != "basis"}
    said = SaidOn(days["first"], days["last"], DateBasis(quotation["said"]["basis"]))
    assert QuotationKind(quotation["kind"])
    assert quotation["speaker"].lower() in printed(expected).text.lower()
    assert said.last is None or said.last <= published
    match said.basis:
        case DateBasis.IMPLIED:
            assert (said.first, said.last) == (published - FRESH, published)
        case DateBasis.UNKNOWN:
            assert (said.first, said.last) == (None, None)
        case DateBasis.STATED_HERE | DateBasis.STATED_NEARBY:
            assert said.is_a_day()


def test_four_outlets_carry_one_wire_report_whole_cut_edited_and_split():
    cracks, hammer = sightings("barrier-cracks"), sightings("barrier-hammer")
    carriers = {name: article(name) for name in hammer}
    assert {a["wire_credit"] for a in carriers.values()} == {"AFP"}
    assert len({a["outlet"] for a in carriers.values()}) == 4
    whole = cracks["courier-barrier"]["words"].removesuffix(",")
    assert cracks["ember-barrier"]["words"].split(" […] ")[0] == whole.split(",")[0]
    split = cracks["barrier_cracks.html"]["parts"]
    between = printed(article("barrier_cracks.html")).text.split(split[0])[1].split(split[1])[0]
    assert between == "” she said. “" and [p.rstrip(",.").lower() for p in split] == whole.lower().split(", ", 1)
    cut = sightings("barrier-winter")["post-barrier"]["words"]
    assert len(cut) < len(sightings("barrier-winter")["courier-barrier"]["words"])
    assert sightings("barrier-winter")["courier-barrier"]["words"].startswith(cut)


def test_a_misquote_drops_not():
    winter = sightings("barrier-winter")
    (misquote,) = [q for q in winter.values() if "differs" in q]
    assert misquote["words"] == winter["ember-barrier"]["words"].replace("will not hold", "will hold")
    assert misquote["differs"] == ["not"]


def test_an_article_is_edited_between_morning_and_evening():
    first, second = (printed(article("ledger-ferry", edition)) for edition in (1, 2))
    assert first.url == second.url and first.fetched < second.fetched
    utterances = [{q["utterance"] for q in article("ledger-ferry", edition)["quotations"]} for edition in (1, 2)]
    assert utterances[0] - utterances[1] and utterances[1] - utterances[0] and utterances[0] & utterances[1]


def test_a_stump_line_is_said_on_two_stated_days():
    first, second = (*sightings("stump-saltmere").values(), *sightings("stump-kelmouth").values())
    assert first["words"] == second["words"] and first["speaker"] == second["speaker"]
    assert [q["said"]["first"] for q in (first, second)] == ["2026-03-07", "2026-03-12"]


def test_people_share_a_surname_within_an_article_and_across_two():
    speakers = {q["speaker"] for q in article("post-quill-cousins")["quotations"]}
    assert speakers == {"Lucia Quill", "Anders Quill"}
    lindqvists = {(a["article"], q["speaker"]) for a, q in QUOTATIONS if q["speaker"].endswith("Lindqvist")}
    assert lindqvists == {("tribune-barrier-row", "Peter Lindqvist"), ("tribune-glacier", "Amara Lindqvist")}


def test_a_pronoun_is_two_paragraphs_from_the_name():
    paragraphs = printed(article("tribune-glacier")).text.split("\n\n")
    (quoted,) = [i for i, paragraph in enumerate(paragraphs) if paragraph.startswith('"I stopped being surprised')]
    assert "Amara Lindqvist" in paragraphs[quoted - 2]
    assert "Lindqvist" not in paragraphs[quoted - 1] + paragraphs[quoted]
    assert "she said" in paragraphs[quoted]


def test_words_of_friday_are_printed_on_sunday():
    (quotation,) = sightings("good-headlines").values()
    assert date.fromisoformat(article("ember-rates")["published"]).strftime("%A") == "Sunday"
    assert date.fromisoformat(quotation["said"]["first"]).strftime("%A") == "Friday"
    assert f'{quotation["words"]}" Idris Calloway said on Friday' in printed(article("ember-rates")).text


@pytest.mark.parametrize(
    ("name", "utterance", "passage"),
    [
        ("courier-barrier", "barrier-request", "”, a spokeswoman for the Treasury said"),
        ("tribune-barrier-row", "every-letter", "According to Lene Akers, a spokeswoman for the Harbour Board"),
        ("tribune-barrier-row", "mend-the-gates", 'the senator was brief: "'),
        ("tribune-barrier-row", "monument", 'He once described the barrier as "'),
        ("herring_talks.txt", "better-shape", "In April, Moor told parliament"),
        ("herring_talks.txt", "passports", '" he once told'),
        ("school_reopens.html", "school-letter", ".\n\n“We are not going"),
    ],
)
def test_the_harder_cases_are_printed_as_in_news(name, utterance, passage):
    assert utterance in {q["utterance"] for q in article(name)["quotations"]}
    assert passage in printed(article(name)).text


@pytest.mark.parametrize(
    ("name", "trap", "passage"),
    [
        ("tribune-barrier-row", "hammer gate", 'The so-called "hammer gate"'),
        ("tribune-barrier-row", "trust me", "she said 'trust me', and"),
        ("tribune-glacier", "The Drowned Parish", 'Her new book, "The Drowned Parish"'),
        ("ember-rates", "There was a bang", 'More from Ember Daily\n\nFerry strikes pier in fog: "There was a bang"\n'),
        ("post-quill-cousins", "supper pact", "Party workers speak of a ‘supper pact’"),
    ],
)
def test_the_traps_are_printed(name, trap, passage):
    assert trap in article(name)["not_quotations"]
    assert passage in printed(article(name)).text


def test_the_question_names_a_speaker_and_her_utterances():
    question = EXPECTED["question"]
    assert question["speaker"] in question["text"] and question["about"] in question["text"]
    assert set(question["first"]) == {q["utterance"] for _, q in QUOTATIONS if q["speaker"] == question["speaker"]}
