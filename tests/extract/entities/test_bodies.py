"""Which organisation "it", "the ministry" and "the statement" mean."""

from __future__ import annotations

import re

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.bodies import Bodies
from quotetrack.extract.entities.organisations import organisations_of
from quotetrack.extract.entities.people import People
from quotetrack.extract.entities.reporter import ReporterText


def meant(text: str, mention: str, cue: str = "said") -> str | None:
    """Return the name that the last place of a mention means; the words between “ and ” are quoted."""
    start, head = text.rindex(mention), mention.split()[-1]
    span = Span(start, start + len(mention))
    cue_start = text.find(cue, span.end)
    cue_span = Span(cue_start, cue_start + len(cue)) if cue_start >= 0 else None
    found = FoundMention(span, Span(span.end - len(head), span.end), cue_span, "after_cue", 0.9, True)
    quoted = [Span(match.start() + 1, match.end() - 1) for match in re.finditer("“[^”]*”", text)]
    people = People(text)
    organisations = organisations_of(text, [Span(0, len(text))], (), people.persons)
    names = ArticleNames(text, people, quoted, None, None, organisations)
    given = Bodies(names, ReporterText(names)).meant_by(found)
    return given.name if given is not None else None


@pytest.mark.parametrize(
    ("text", "noun", "name"),
    [
        ("Tarn Valley Police held a man. The force said so.", "The force", "Tarn Valley Police"),
        ("The Harbour Committee wrote to Brightline. The lawmakers said so.", "The lawmakers", "Harbour Committee"),
        ("The Harbour Ministry wrote to Brightline. The lawmakers said so.", "The lawmakers", None),
        ("The Tarn Police Federation held a vote. The force said so.", "The force", None),
    ],
)
def test_a_noun_may_mean_a_body_by_another_word_in_its_name(text: str, noun: str, name: str | None) -> None:
    assert meant(text, noun) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Harbour Ministry closed the port. It said “Go home.”", "Harbour Ministry"),
        ("The Orle army in a statement said the hill was taken. It said the men were “well.”", "Orle army"),
        ("The port is shut, the Harbour Ministry said.\n\nIn a statement, it said “Go home.”", "Harbour Ministry"),
        ("Brightline has said that trains stop. “We are sorry,” it said.", "Brightline"),
        ("On Monday, Harbour Bank cut its rate.\n\n“We had to. Rates fell,” it said.", "Harbour Bank"),
        ("The Orle brewery announced that prices rise. It said “malt and glass” cost more.", "The Orle brewery"),
        ("Harbour Bank cut its rate. The bank said it would lend. It said “Come in.”", "Harbour Bank"),
        # Something else that it may mean stands in between, or the last to act is too far above.
        ("Harbour Bank cut its rate. The letter came on Friday. It said “Come in.”", None),
        ("Harbour Bank cut its rate. Rain fell. Snow fell. Hail fell. It said “Come in.”", None),
        ("Harbour Bank cut its rate.\n\nRain fell.\n\nIt said “Come in.”", None),
        ("The chair of the bank resigned. It said “Come in.”", None),
        ("Rain fell. It said “Come in.”", None),
        ("He saw Harbour Bank. It said “Come in.”", None),
        ("HARBOUR BANK — Rain fell. It said “Come in.”", None),
    ],
)
def test_it_means_the_organisation_that_acted_last(text: str, name: str | None) -> None:
    assert meant(text, "It" if "It said" in text else "it") == name


def test_it_that_reads_is_no_organisation() -> None:
    assert meant("Harbour Bank shut its door. “Closed,” it read.", "it", cue="read") is None


@pytest.mark.parametrize(
    ("text", "cue", "name"),
    [
        ("Harbour Bank put up a sign. “Closed,” it read.", "read", "a sign"),
        (
            "He read aloud from a report that an engineer gave the town in 2006. “It may fall,” it said.",
            "said",
            "a report",
        ),
        ("The mayor sent back a short statement. “No,” it said.", "said", "a short statement"),
        ("Harbour Bank sent a letter. “No,” it said.", "said", "Harbour Bank"),
        ("The council said in a statement that it would pay. “No,” it said.", "said", "The council"),
        ("Harbour Bank issued a statement. Later a letter by its clerks came. “No,” it said.", "said", "a letter"),
        ("Harbour Bank issued a statement. The letter of its clerks came. “No,” it said.", "said", None),
        ("He read a report. Rain fell. Snow fell. “No,” it said.", "said", None),
        ("He made a decision. “No,” it said.", "said", None),
    ],
)
def test_it_means_a_writing_that_the_sentence_before_introduces(text: str, cue: str, name: str | None) -> None:
    assert meant(text, "it", cue=cue) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        (
            "The Harbour Ministry met.\n\nRain fell.\n\nHail fell.\n\n“No,” the ministry said.",
            "the ministry",
            "Harbour Ministry",
        ),
        ("Valden said on Monday that games stop. “No,” the company said.", "the company", "Valden"),
        ("Harbour Bank fell. “No,” the company said.", "the company", "Harbour Bank"),
        # Two of a kind, a kind that the name excludes, a noun of many others, another one in between.
        ("The Harbour Ministry met the Works Ministry. Rain fell. “No,” the ministry said.", "the ministry", None),
        ("The Harbour Ministry met. “No,” the company said.", "the company", None),
        (
            "The Harbour Government met. Rain fell. Hail fell. Snow fell. “No,” the government said.",
            "the government",
            None,
        ),
        ("The Harbour Group met. A trade group was angry. “No,” the group said.", "the group", None),
        ("Earlier this year it sold ships. “No,” the company said.", "the company", None),
        ("Rain fell. “No,” the company said.", "the company", None),
    ],
)
def test_a_noun_means_the_only_organisation_of_its_kind_or_the_last_that_acted(
    text: str, mention: str, name: str | None
) -> None:
    assert meant(text, mention) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "The Harbour Committee, chaired by Ann Vale, said in a statement that it met. “No,” the statement said.",
            "Harbour Committee",
        ),
        ("In a statement on the accounts Valden said it knew. “No,” the statement said.", "Valden"),
        ("Ann Vale said in a statement that Peter Berg is ill. “No,” the statement said.", "Ann Vale"),
        ("Harbour Bank fell. The bank denied it in a statement. “No,” the statement said.", "Harbour Bank"),
        (
            "The Harbour Ministry met. In a statement, it said no.\n\nA man was told that “no,” the statement said.",
            "Harbour Ministry",
        ),
        ("Ann Vale said in a statement to Harbour Bank, Valden said, that rain fell. “No,” the statement said.", None),
        ("Harbour Bank fell. “No,” the statement said.", None),
    ],
)
def test_a_statement_is_of_the_one_who_issued_it(text: str, name: str | None) -> None:
    assert meant(text, "the statement") == name


@pytest.mark.parametrize("mention", ["they", "the old bank", "a bank", "the rain", "Harbour Bank"])
def test_other_mentions_are_left_to_others(mention: str) -> None:
    assert meant(f"Harbour Bank fell. “No,” {mention} said.", mention) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A statement by Mrs Ann Lee was read to the court. “I wept,” it said.", "Ann Lee"),
        ("Police found a note from the baker, Ann Lee. “I wept,” it said.", "Ann Lee"),
        ("Ann Lee left. Police found a note from her. “I wept,” it said.", "a note"),
        ("A report by Ann Lee came out. “It leaks,” it said.", "A report"),
        ("Police found a letter to Ann Lee. “You must go,” it said.", "a letter"),
    ],
)
def test_a_letter_says_what_its_author_says(text: str, name: str) -> None:
    assert meant(text, "it") == name
