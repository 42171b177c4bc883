"""Furniture of a page is skipped, and an ordinary article loses nothing."""

from __future__ import annotations

import pytest

from quotetrack.extract.paragraphs import article_paragraphs
from quotetrack.extract.quotes import find_quotations

LEAD = "The ferry to Tarn will not sail before spring, the council decided on Monday evening after a long debate."
VOTE = "Councillors voted nine to four against a plan to open the northern quay for smaller boats in the winter."
WORDS = "“We have no choice,” said Nora Pike, who led the debate in the old customs house beside the market."
ARTICLE = [LEAD, VOTE, WORDS]
HEADLINES = [
    "Why the bridge at Orle fell on a calm day",
    "Fishermen found safe after a night at sea",
    "Mayor calls the budget “a joke” again",
]
TEASER = "Buyers at the fish market say that they have seen nothing like it “since the flood”."


def article_of(lines: list[str], separator: str = "\n\n") -> list[str]:
    """Return the lines that are kept of a page that consists of these."""
    text = separator.join(lines)
    return [paragraph.of(text) for paragraph in article_paragraphs(text)]


@pytest.mark.parametrize("separator", ["\n\n", "\n"])
@pytest.mark.parametrize(
    "lines",
    [
        ["Edit post", *ARTICLE],
        ["2 min read", *ARTICLE],
        [LEAD, "5 MIN READ", VOTE, WORDS],
        [LEAD, "Advertisement", VOTE, "Share this article", WORDS],
        [LEAD, "RelatedWhy the bridge at Orle fell", VOTE, WORDS],
        [LEAD, "READ MORE: Why the “safe” bridge at Orle fell", VOTE, WORDS],
        [LEAD, "Most popular", VOTE, WORDS],
        [*ARTICLE, "SOURCE:AFP"],
        [*ARTICLE, "Photo: Ola Berg/Tarn Press"],
        [*ARTICLE, *HEADLINES],
        [*ARTICLE, "Related stories", *HEADLINES],
        [*ARTICLE, "Most popular", "Herring prices double “in a week”", TEASER, "Ferry sails again"],
        [*ARTICLE, "Herring prices double “in a week”", TEASER, "Most popular", "Ferry sails again"],
        [*ARTICLE, "SOURCE:AFP", "Most read", *HEADLINES],
    ],
)
def test_furniture_is_skipped(lines, separator):
    assert article_of(lines, separator) == ARTICLE


@pytest.mark.parametrize("separator", ["\n\n", "\n"])
@pytest.mark.parametrize(
    "lines",
    [
        ARTICLE,
        ["Ferry to Tarn stays in port", "By Ola Berg", *ARTICLE],
        [*ARTICLE, *HEADLINES[:2]],
        [LEAD, "What happens next", VOTE, "Who pays", WORDS],
        [LEAD, "Related questions were left for another day.", VOTE, WORDS],
        [LEAD, "Watchmen found the gate of the quay open at dawn", VOTE, WORDS],
        [*ARTICLE, "Blue boats on the bay", "Red boats on the quay", "My boat far away", "Nora Pike wrote the poem."],
        [*ARTICLE, "“It is over” - Nora Pike", "“We will see” - Jo Berg", "“Let us go” - Kim Doe"],
        [*ARTICLE, "“We have no choice”", "“None at all, I say”", "“Let us all go home”"],
        ["Ferry to Tarn stays in port", "Council votes against plan", "Pike: “No choice”"],
        ["“We won.”"],
        [],
    ],
)
def test_an_ordinary_article_loses_no_paragraph(lines, separator):
    assert article_of(lines, separator) == lines


def test_no_quotation_comes_from_a_list_of_other_headlines():
    text = "\n\n".join([*ARTICLE, "Most popular", *HEADLINES])
    assert [q.words for q in find_quotations(text, article_paragraphs(text))] == ["We have no choice,"]


def test_paragraphs_are_spans_of_the_whole_text():
    text = "\n\n".join(["Edit post", *ARTICLE, "SOURCE:AFP"])
    assert [text[p.start : p.end] for p in article_paragraphs(text)] == ARTICLE
