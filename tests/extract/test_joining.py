"""Which parts of a paragraph are one quotation, and which are two."""

from __future__ import annotations

import pytest

from quotetrack.extract.extractor import attribute_text


def words_in(text, nlp):
    """Return the words of each quotation of a text."""
    return [quotation.words for quotation in attribute_text(text, nlp).quotations]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“The mill is open,” Ingrid Vale said. “Bring corn.”", "The mill is open, Bring corn."),
        ("“The mill is open,” Ingrid Vale told the Post, laughing. “Bring corn.”", "The mill is open, Bring corn."),
        (
            "“The mill is open,” said Ingrid Vale, referring to the old one in Tarn. “Bring your corn.”",
            "The mill is open, Bring your corn.",
        ),
        (
            "“The mill is open,” said Capt. Ingrid Vale, who led the work. “Bring your corn.”",
            "The mill is open, Bring your corn.",
        ),
        ("“Is it true,” asked Ingrid Vale, “that you were paid?”", "Is it true, that you were paid?"),
        ("“Is it open?” asked Ingrid Vale. “I have corn to grind.”", "Is it open? I have corn to grind."),
        ("“Thank God,” Ingrid Vale said, “and then I was ashamed of it.”", "Thank God, and then I was ashamed of it."),
        (
            "“The mill is open,” Ingrid Vale said. She shut the gate and looked at the sea. “Bring your corn.”",
            "The mill is open, […] Bring your corn.",
        ),
        ("“One,” said Tomas Berg, her husband. “Mine.”", "One, Mine."),
        ("“The mill,” Ingrid Vale said at the opening of “The Dry Year”, “is open.”", "The mill, is open."),
    ],
)
def test_words_behind_the_tag_go_on_with_those_before_it(nlp, text, words):
    assert words_in(text, nlp) == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Ingrid Vale shook her head. “We had no choice at all.” Tomas Berg shrugged. “You had eleven.”",
            ["We had no choice at all.", "You had eleven."],
        ),
        (
            "“The mill is open,” Ingrid Vale said. The bill was paid, and Tomas Berg was glad. “I can sleep again.”",
            ["The mill is open,", "I can sleep again."],
        ),
        (
            "“The mill is open,” Ingrid Vale said, to which Tomas Berg replied that it “should never have been shut”.",
            ["The mill is open,", "should never have been shut"],
        ),
        ("“How many are you?” “We are nine,” Tomas Berg replied.", ["How many are you?", "We are nine,"]),
        ("“How many are you?” asked Ingrid Vale. “Nine,” said Tomas Berg.", ["How many are you?", "Nine,"]),
        (
            "“Is it true,” asked Ingrid Vale, “that you were paid?” — “It is,” answered Tomas Berg.",
            ["Is it true, that you were paid?", "It is,"],
        ),
        (
            "Asked “Are you sure that nobody knew?”, Ingrid Vale said: “I have answered that question.”",
            ["Are you sure that nobody knew?", "I have answered that question."],
        ),
        (
            "Ingrid Vale called the plan “a ruin and a disgrace” and told the board it would “cost the town its mill”.",
            ["a ruin and a disgrace", "cost the town its mill"],
        ),
    ],
)
def test_words_of_two_people_or_two_claims_are_two_quotations(nlp, text, words):
    assert words_in(text, nlp) == words


def test_words_that_run_on_over_paragraphs_are_joined_to_those_before_the_tag(nlp):
    text = "“The water rises,” Ingrid Vale said. “The cellars fill.\n\n“We wait for the wind.”"
    assert words_in(text, nlp) == ["The water rises, The cellars fill. We wait for the wind."]
