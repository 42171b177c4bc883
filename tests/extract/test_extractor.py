"""Extraction end to end, on sentences so plain that every fitted choice has to get them right."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotetrack.core.domain import Article, QuotationKind
from quotetrack.core.parts import split_parts
from quotetrack.extract.extractor import extract
from quotetrack.models.spacy_pipeline import LanguageModelMissing, load_language

PUBLISHED = date(2031, 3, 16)


def article(text: str) -> Article:
    return Article(url="https://tarn.example/mill", outlet="Tarn Post", text=text, published_at=PUBLISHED)


@pytest.fixture(scope="module")
def said_in(nlp):
    """Return a function that gives the words of each quotation of a text with the name of its speaker."""

    def read(text, *, everything=False):
        quotations = extract(article(text), nlp, everything=everything)
        return [(q.words, q.attribution.name if q.attribution else None) for q in quotations]

    return read


@pytest.mark.parametrize(
    ("text", "speaker", "mention", "cue"),
    [
        ("“The mill will open in May,” Ingrid Vale said.", "Ingrid Vale", "Ingrid Vale", "said"),
        ("“The mill will open in May,” said Ingrid Vale.", "Ingrid Vale", "Ingrid Vale", "said"),
        ("Ingrid Vale said: “The mill will open in May.”", "Ingrid Vale", "Ingrid Vale", "said"),
        ("“The mill will open in May,” Ingrid Vale told reporters in Tarn.", "Ingrid Vale", "Ingrid Vale", "told"),
        ("Speaking in Tarn, Ingrid Vale said: “The mill will open in May.”", "Ingrid Vale", "Ingrid Vale", "said"),
        ("Ingrid Vale walked through the mill, saying: “It will open in May.”", "Ingrid Vale", "Ingrid Vale", "saying"),
        ("Ingrid Vale said that the mill was “a ruin and a disgrace”.", "Ingrid Vale", "Ingrid Vale", "said"),
        ("‘The mill will open in May,’ said Ingrid Vale.", "Ingrid Vale", "Ingrid Vale", "said"),
        ("“The mill will open in May,” said a farmer who would not be named.", "a farmer", "a farmer", "said"),
        ("“Nobody was hurt,” police said on Tuesday.", "police", "police", "said"),
        ("“We shall pay for the mill,” the Grain Board said in a statement.", "Grain Board", "the Grain Board", "said"),
    ],
)
def test_a_quotation_has_its_speaker_mention_and_cue(nlp, text, speaker, mention, cue):
    (quotation,) = extract(article(text), nlp)
    attribution = quotation.attribution
    assert (attribution.name, attribution.mention.of(text), attribution.cue.of(text)) == (speaker, mention, cue)
    assert attribution.method and 0 < attribution.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "According to Ingrid Vale, “the mill will open in May”.",
        "“The mill will open in May,” according to Ingrid Vale.",
        "Ingrid Vale: “The mill will open in May.”",
    ],
)
def test_a_speaker_is_found_without_a_verb(said_in, text):
    ((_, speaker),) = said_in(text)
    assert speaker == "Ingrid Vale"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("One of the women, now 44, said outside: “I waited thirty years to hear it.”", "One of the women"),
        ("Several of the drivers told reporters: “We will not move an inch.”", "Several of the drivers"),
        ("Two of the parents, who asked not to be named, said: “We knew nothing at all.”", "Two of the parents"),
        (
            "The other tenant, whose statement was read by the clerk, Daniel Firth, wrote: “I cannot go back there.”",
            "The other tenant",
        ),
    ],
)
def test_some_of_many_and_who_is_told_about_speak_themselves(nlp, text, speaker):
    (quotation,) = extract(article(text), nlp)
    assert quotation.attribution.name == speaker


def test_according_to_is_a_cue(nlp):
    text = "“The mill will open in May,” according to Ingrid Vale."
    (quotation,) = extract(article(text), nlp)
    assert quotation.attribution.cue.of(text) == "according to"


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("“It will open in May,” Ingrid Vale said.\n\n“We are ready and the corn is ripe.”", ["Ingrid Vale"] * 2),
        ("Ingrid Vale bought the mill in March. “It will open in May,” she said.", ["Ingrid Vale"]),
        (
            "Ingrid Vale bought the mill in March.\n\nThe roof had fallen in long ago.\n\n“It will open,” she said.",
            ["Ingrid Vale"],
        ),
        ("Ingrid Vale bought the mill from Tomas Berg.\n\n“I was glad to be rid of it,” he said.", ["Tomas Berg"]),
        ("Ingrid Vale bought the mill. The farmers were glad.\n\n“It will open in May,” Vale said.", ["Ingrid Vale"]),
        ("“It will open in May,” Vale said. Ingrid Vale is the miller of Tarn.", ["Ingrid Vale"]),
        ("Mayor Ingrid Vale met the farmers of Tarn.\n\n“The mill will open in May,” the mayor said.", ["Ingrid Vale"]),
        (
            "Sen. Ruth Okafor met Gov. Daniel Lund in Tarn.\n\n“We agree on nothing,” the senator said.\n\n"
            "“That at least is true,” the governor said.",
            ["Ruth Okafor", "Daniel Lund"],
        ),
        (
            "“The seed is safe,” a spokeswoman for the ministry said.\n\n"
            "“We have enough for the winter,” Lena Moss said in a statement.",
            ["a spokeswoman for the ministry", "Lena Moss"],
        ),
        ("“We will fight it,” said Ingrid Vale. “We have no choice,” said Tomas Berg.", ["Ingrid Vale", "Tomas Berg"]),
        (
            "Ingrid Vale and her cousin Tomas Vale run the mill.\n\n“It will open in May,” Tomas Vale said.\n\n"
            "“He is wrong about that,” Ingrid Vale said.",
            ["Tomas Vale", "Ingrid Vale"],
        ),
    ],
)
def test_the_name_is_the_fullest_that_the_article_gives(said_in, text, speakers):
    assert [speaker for _, speaker in said_in(text)] == speakers


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("“We sold the boat,” she said. “We kept the oars.”", [["We sold the boat,", "We kept the oars."]]),
        ("“The boat,” said Ingrid Vale, “is sold.”", [["The boat,", "is sold."]]),
        ("“The boat is sold.\n\n“We kept the oars,” Ingrid Vale said.", [["The boat is sold.", "We kept the oars,"]]),
        (
            "“We sold the old boat,” Ingrid Vale said.\n\n“We kept the oars and the sail,” she said.",
            [["We sold the old boat,"], ["We kept the oars and the sail,"]],
        ),
        (
            "Ingrid Vale said: “We sold the old boat for nothing.”\n\n“We kept the oars and the sail,” she added.",
            [["We sold the old boat for nothing."], ["We kept the oars and the sail,"]],
        ),
        (
            "“We sold the old boat,” Ingrid Vale said, adding: “We kept the oars and the sail.”",
            [["We sold the old boat,"], ["We kept the oars and the sail."]],
        ),
        (
            "“We sold the boat,” said Ingrid Vale. “We bought it,” said Tomas Berg.",
            [["We sold the boat,"], ["We bought it,"]],
        ),
    ],
)
def test_parts_under_one_cue_are_one_quotation(nlp, text, quotations):
    found = extract(article(text), nlp)
    assert [[part.of(text) for part in quotation.parts] for quotation in found] == quotations
    assert [quotation.words for quotation in found] == [" ".join(parts) for parts in quotations]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("The so-called “corn tax” divides the valley. “It is a bad tax,” Ingrid Vale said.", "corn tax"),
        ("Her new book, “The Drowned Parish”, is out. “I wrote it at night,” Ingrid Vale said.", "The Drowned Parish"),
        ("They sang “Blue Mill” at the end. “I love that song,” Ingrid Vale said.", "Blue Mill"),
        ("The word “mill” is older than the valley. “Nobody knows,” Ingrid Vale said.", "mill"),
        ("He won the “Golden Ear” award. “I did not expect it,” Tomas Berg said.", "Golden Ear"),
    ],
)
def test_titles_and_terms_are_left_out_unless_everything_is_asked_for(said_in, text, left_out):
    own = [words for words, _ in said_in(text)]
    everything = [words for words, _ in said_in(text, everything=True)]
    assert left_out not in own and left_out in everything
    assert len(own) == 1 and set(own) < set(everything)


def test_a_fragment_is_mixed_and_a_sentence_full(nlp):
    text = "“We are ready for the winter,” Ingrid Vale said. Tomas Berg called the mill “a ruin and a disgrace”."
    kinds = [quotation.kind for quotation in extract(article(text), nlp)]
    assert kinds == [QuotationKind.FULL, QuotationKind.MIXED]


def test_no_quotation_comes_from_furniture(said_in):
    text = "\n\n".join(
        [
            "Edit post",
            "Ingrid Vale opened the mill of Tarn on Monday before a crowd of farmers and their children.",
            "“The mill is open,” she said, and the wheel began to turn for the first time since the flood.",
            "SOURCE:AFP",
            "Most popular",
            "Herring prices double: “We cannot pay”, says baker",
            "Bridge falls: “There was a bang”, says ferryman",
        ]
    )
    assert said_in(text) == [("The mill is open,", "Ingrid Vale")]


@pytest.mark.parametrize("text", ["", " \n\n ", "No marks at all, said Ingrid Vale.", "“", "“”", "\x00“\ud800”\x00"])
def test_a_text_without_quoted_words_has_no_quotations(said_in, text):
    assert said_in(text, everything=True) in ([], [("\ud800", None)])


def test_a_text_without_marks_costs_no_parse():
    nothing_may_be_parsed = None
    assert extract(article("The mill opened on Monday. Nobody’s boat was there."), nothing_may_be_parsed) == []


@pytest.mark.slow
def test_a_huge_paragraph_with_one_quotation_is_read(said_in):
    rain = "It rained on the quay of Tarn. " * 5_000
    assert said_in("“We sold the old boat,” Ingrid Vale said. " + rain) == [("We sold the old boat,", "Ingrid Vale")]


PIECES = [
    *"\"“”„«»‘’'`", "''", " ", ", ", ". ", ": ", "\n", "\n\n", "—", "[…]", "Ingrid Vale ", "she ", "said ", "told ",
    "according to ", "the mayor ", "who ", "we sold the boat", "on Friday ", "Mr. ", "the dockers’ ", "\x00", "😀",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.booleans())
def test_words_are_always_those_of_the_parts(nlp, text, everything):
    found = extract(article(text), nlp, everything=everything)
    for quotation in found:
        parts = [part.of(text) for part in quotation.parts]
        assert split_parts(quotation.words, [len(part) for part in parts]) == parts
        for span in (quotation.context, *_attributed_spans(quotation)):
            assert span.of(text).strip()
    parts = [part for quotation in found for part in quotation.parts]
    assert all(left.end <= right.start for left, right in pairwise(parts))


def _attributed_spans(quotation):
    attribution = quotation.attribution
    spans = [attribution.mention, attribution.cue] if attribution else []
    return [span for span in [*spans, quotation.said_evidence] if span is not None]


def test_a_missing_model_is_named_in_the_error():
    with pytest.raises(LanguageModelMissing, match="no_such_model"):
        load_language("no_such_model")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“The ferry will sail,” Orla Venn said. “It is ready.”", ["The ferry will sail, It is ready."]),
        ("“The ferry,” Orla Venn, the harbour master, told the board on Monday, “is ready.”", ["The ferry, is ready."]),
        ("“The ferry is ready!” said Mr. Venn. “It will sail.”", ["The ferry is ready! It will sail."]),
        (
            "Orla Venn called the plan “a leaking bucket” and its authors “sea dogs of the worst kind”.",
            ["a leaking bucket […] sea dogs of the worst kind"],
        ),
        (
            "“The ferry is ready,” Orla Venn said. She shut the gate and looked at the sea. “It will sail.”",
            ["The ferry is ready, […] It will sail."],
        ),
        (
            "The “leaking bucket of a plan,” Orla Venn said of what the board had sent her, was “worse than none”.",
            ["leaking bucket of a plan, […] worse than none"],
        ),
    ],
)
def test_words_that_stand_between_the_parts_of_a_quotation_are_marked_as_left_out(nlp, text, words):
    article = Article(url="", outlet="", text=text)
    assert [quotation.words for quotation in extract(article, nlp)] == words


def test_fragments_with_a_sentence_between_them_are_two_quotations(nlp):
    text = (
        "Orla Venn said the plan “might surprise everyone on the pier.” The board meets in the old town hall, and it "
        "has asked for “a fair hearing of all the fishermen”."
    )
    found = extract(Article(url="", outlet="", text=text), nlp)
    assert [len(quotation.parts) for quotation in found] == [1, 1]
