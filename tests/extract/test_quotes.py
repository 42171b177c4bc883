"""Quoted words are found with each kind of mark, and not where a character only looks like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quotetrack.core.domain import QuotationKind
from quotetrack.core.paragraphs import split_paragraphs
from quotetrack.extract.quotes import find_quotations

FULL, MIXED = QuotationKind.FULL, QuotationKind.MIXED


def found_in(text: str) -> list[list[str]]:
    """Return the parts of each quotation of a text."""
    return [[part.of(text) for part in quotation.parts] for quotation in find_quotations(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('Nora "Pip" Pike sold the boat.', []),
        ("Nora “Pip” Pike sold the boat.", []),
        ("Nora ‘Pip’ Pike sold the boat.", []),
        ("Nora 'Pip' Pike sold the boat.", []),
        ("Nora “The Keel” Pike sold the boat.", []),
        ("Mayor N. “Big Pip” Pike sold the boat.", []),
        ('Nora "Pip" Pike said: "We sold the boat."', ["We sold the boat."]),
        ("“We sold the boat,” Nora ‘Pip’ Pike said.", ["We sold the boat,"]),
        ("Nora “Pip” Pike and Tom “Tug” Lund said “never” twice.", ["never"]),
        # no names
        ("Nora Pike called it “Pip” on Monday.", ["Pip"]),
        ("She told Nora “Never” Monday.", ["Never"]),
        ("In “Hamlet” Pike plays the ghost.", ["Hamlet"]),
        ("Nora Pike said: “Never.” Tom Lund left.", ["Never."]),
        ("Nora Pike: “Never” Tom Lund: “Always”", ["Never", "Always"]),
        ("Pike Says “Never” After Storm", ["Never"]),
        ("Nora’s “Pip” Pike", ["Pip"]),
    ],
)
def test_a_nickname_inside_a_name_is_no_quotation(text, words):
    assert [part for parts in found_in(text) for part in parts] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"We sold the boat," Nora Pike said.', "We sold the boat,"),
        ("“We sold the boat,” Nora Pike said.", "We sold the boat,"),
        ("„We sold the boat“, Nora Pike said.", "We sold the boat"),
        ("„We sold the boat,” Nora Pike said.", "We sold the boat,"),
        ("«We sold the boat», Nora Pike said.", "We sold the boat"),
        ("« We sold the boat », Nora Pike said.", "We sold the boat"),
        ("»We sold the boat«, Nora Pike said.", "We sold the boat"),
        ("‹We sold the boat›, Nora Pike said.", "We sold the boat"),
        ("‚We sold the boat‘, Nora Pike said.", "We sold the boat"),
        ("''We sold the boat,'' Nora Pike said.", "We sold the boat,"),
        ("``We sold the boat,'' Nora Pike said.", "We sold the boat,"),
        ("'We sold the boat,' Nora Pike said.", "We sold the boat,"),
        ("‘We sold the boat,’ Nora Pike said.", "We sold the boat,"),
        ("(“We sold the boat.”)", "We sold the boat."),
        ("“We sold the boat”—her very words—was all she said.", "We sold the boat"),
    ],
)
def test_every_style_of_marks_is_taken_off(text, words):
    assert found_in(text) == [[words]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("‘The dockers’ patience is gone,’ Nora Pike said.", ["The dockers’ patience is gone,"]),
        ("'The dockers' patience is gone,' Nora Pike said.", ["The dockers' patience is gone,"]),
        ("‘It’s the dockers’ bell’, said Nora Pike.", ["It’s the dockers’ bell"]),
        ("‘Tell ’em the shop is shut,’ Nora Pike said.", ["Tell ’em the shop is shut,"]),
        ("'Tell 'em the shop is shut,' Nora Pike said.", ["Tell 'em the shop is shut,"]),
        ("‘He told me “never again” and left,’ Nora Pike said.", ["He told me “never again” and left,"]),
        ("The dockers' bell rang. 'It rang all night long,' Nora Pike said.", ["It rang all night long,"]),
        ("The dockers' patience and the bakers' bread were gone.", []),
        ("The dockers’ patience and the bakers’ bread were gone.", []),
        ("It was the sound of the '90s and of rock 'n' roll.", []),
        ("It was the sound of the ’90s, and ’twas loud.", []),
        ("Nora Pike's boat isn't O'Dowd's boat, y'all.", []),
        ("‘We want fish ’n’ chips,’ Nora Pike said. ‘Now.’", ["We want fish ’n’ chips,", "Now."]),
        ("'We want fish 'n' chips,' Nora Pike said.", ["We want fish 'n' chips,"]),
        (
            "‘Play ’em rock ’n’ roll like it’s the ’60s,’ Nora Pike said.",
            ["Play ’em rock ’n’ roll like it’s the ’60s,"],
        ),
        ("‘The dockers’ Christmas bell’s gone,’ Nora Pike said.", ["The dockers’ Christmas bell’s gone,"]),
        ("‘It is the dockers’, not mine,’ Nora Pike said.", ["It is the dockers’, not mine,"]),
        ("‘We like the dockers’, said Nora Pike of the sailors’ strike.", ["We like the dockers"]),
        (
            "‘No good shuttin’ the door,’ she said. ‘It’s the waitin’.’",
            ["No good shuttin’ the door,", "It’s the waitin’."],
        ),
        ("‘A pint o’ milk,’ Nora Pike said.", ["A pint o’ milk,"]),
        ("‘The wall is 6’ high and 12’ long,’ Nora Pike said.", ["The wall is 6’ high and 12’ long,"]),
        ("‘The pipe is 6” wide and I’m 5’4”,’ Nora Pike said.", ["The pipe is 6” wide and I’m 5’4”,"]),
        ("‘We won in 1990’ is all she wrote.", ["We won in 1990"]),
    ],
)
def test_apostrophes_are_no_quotation_marks(text, words):
    assert found_in(text) == [[part] for part in words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“He told me ‘never again’ and left,” Pike said.", "He told me ‘never again’ and left,"),
        ("“He told me “never again” and left,” Pike said.", "He told me “never again” and left,"),
        ('"He told me "never again" and left," Pike said.', 'He told me "never again" and left,'),
        ("\"He told me 'never again' and left,\" Pike said.", "He told me 'never again' and left,"),
        ("«He told me “never again” and left», Pike said.", "He told me “never again” and left"),
    ],
)
def test_marks_inside_marks_make_no_separate_quotation(text, words):
    assert found_in(text) == [[words]]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“We sold it.\n\n“We kept the oars,” Pike said.", [["We sold it.", "We kept the oars,"]]),
        ('"We sold it.\n\n"We kept the oars," Pike said.', [["We sold it.", "We kept the oars,"]]),
        ("‘We sold the boat.\n\n‘We kept the oars,’ Pike said.", [["We sold the boat.", "We kept the oars,"]]),
        ("“We sold it.\n“We kept the oars.\n“We are done.”", [["We sold it.", "We kept the oars.", "We are done."]]),
        ("“We sold it.”\n\n“We kept the oars,” Pike said.", [["We sold it."], ["We kept the oars,"]]),
        ('"We sold it."\n\n"We kept the oars," Pike said.', [["We sold it."], ["We kept the oars,"]]),
        ("“We sold it,” she said. “We kept the oars.”", [["We sold it,"], ["We kept the oars."]]),
        ("Pike said: “We sold it in the end.\n\nThe market was shut.", [["We sold it in the end."]]),
        ("Pike said: ‘We sold it in the end.\n\nThe market was shut.", []),
        (
            "“We sold it in the end.\n\nThen she added: “We kept the oars.”",
            [["We sold it in the end."], ["We kept the oars."]],
        ),
    ],
)
def test_a_quotation_continues_where_its_marks_are_reopened(text, parts):
    assert found_in(text) == parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“We sold the boat,”Nora Pike said.", ["We sold the boat,"]),
        ('"We sold the boat,"Nora Pike said. "We kept the oars."', ["We sold the boat,", "We kept the oars."]),
        ("Nora Pike said,“We sold the boat.”", ["We sold the boat."]),
        ('Nora Pike said,"We sold the boat."', ["We sold the boat."]),
        ("“We sold the boat,“ Nora Pike said.", ["We sold the boat,"]),
        ("”We sold the boat,” Nora Pike said.", ["We sold the boat,"]),
        ('“We sold the boat," Nora Pike said.', ["We sold the boat,"]),
        ("The harbour ” is shut, “we think,” Pike said.", ["we think,"]),
        ("“We sold […] the boat … for less,” Pike said.", ["We sold […] the boat … for less,"]),
        ("“… and we kept the oars,” Pike said.", ["… and we kept the oars,"]),
        ("He called it a “wreck” and a “disgrace”.", ["wreck", "disgrace"]),
        ('The board is 6" wide and the other 8" wide.', []),
        ('He is 6\'2" tall, and said: "I am not tall."', ["I am not tall."]),
        ('See <a href="http://tarn.example" class="x">the boat</a>, which Pike called "a wreck".', ["a wreck"]),
        ('It sold for "10 crowns" in the end.', ["10 crowns"]),
        ("She said ” and left.", []),
        ("They played rock''n''roll all night.", []),
        ("She wrote “” and “…” and left.", []),
        ('"', []),
        ("", []),
    ],
)
def test_odd_marks_are_read_as_the_printer_meant_them(text, words):
    assert found_in(text) == [[part] for part in words]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“We sold the boat and kept the oars,” Pike said.", FULL),
        ("Pike said: “Sold.”", FULL),
        ("Pike said, “sold, and good riddance.”", FULL),
        ("“We sold the boat.\n\n“We kept the oars,” Pike said.", FULL),
        ("Pike said that the boat was “a wreck”.", MIXED),
        ("Pike called it “the worst boat that has ever left the harbour of Tarn”.", MIXED),
        ("Her new book, “Boat”, is out.", MIXED),
    ],
)
def test_a_fragment_of_the_reporters_sentence_is_mixed(text, kind):
    assert [quotation.kind for quotation in find_quotations(text)] == [kind]


def test_the_context_is_the_paragraph_or_paragraphs():
    text = "It rained.\n\nPike said: “We sold the boat.\n\n“We kept the oars.” She left.\n\nIt rained."
    (quotation,) = find_quotations(text)
    assert quotation.context.of(text) == "Pike said: “We sold the boat.\n\n“We kept the oars.” She left."


def test_only_the_given_paragraphs_are_read():
    text = "“We sold the boat,” Pike said.\n\nOther news: “We bought it.”"
    assert [q.words for q in find_quotations(text, split_paragraphs(text)[:1])] == ["We sold the boat,"]


def test_hard_wrapped_lines_are_one_paragraph_until_a_blank_line():
    first = (
        "The old ferry between the islands and Tarn was sold on Monday to a\n"
        "company that wants to turn it into a floating hotel, said its captain\n"
        "Nora Pike, who has been on its bridge for twenty years and will not\n"
        "move to the new one."
    )
    second = "She said that the new ferry was “a bathtub with a flag, and a slow\nbathtub at that”."
    text = f"{first}\n\n{second}\n"
    assert [span.of(text) for span in split_paragraphs(text)] == [first, second]
    assert found_in(text) == [["a bathtub with a flag, and a slow\nbathtub at that"]]


PIECES = [
    *"\"“”„‟«»‘’‚‛‹›'`",
    "''",
    "``",
    " ",
    "\n",
    "\n\n",
    ",",
    ".",
    "—",
    "[…]",
    '="',
    "We sold it",
    "dockers’ ",
    "6",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@example("‘\n\n‘")
@example('"a,"b "c')
def test_parts_are_always_spans_of_the_text_in_order(text):
    parts = [part for quotation in find_quotations(text) for part in quotation.parts]
    assert all(left.end <= right.start for left, right in pairwise(parts))
    for quotation in find_quotations(text):
        assert quotation.words == " ".join(part.of(text) for part in quotation.parts)
        assert all(part.of(text).strip() == part.of(text) for part in quotation.parts)
        assert quotation.context.start <= quotation.span.start and quotation.span.end <= quotation.context.end
