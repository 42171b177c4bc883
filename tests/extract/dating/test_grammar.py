"""The clause of a date: whose time it tells, and whether that lies ahead."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.dating.grammar import Clause, DateClause, read_clauses
from quotetrack.extract.extractor import attribute_text


@pytest.fixture
def clause_in(nlp):
    def read(text: str) -> DateClause:
        attributed = attribute_text(text, nlp)
        paragraphs = attributed.paragraphs or [Span(0, len(text))]
        (clause,) = read_clauses(text, paragraphs, attributed.quoted, attributed.readings, nlp).values()
        return clause

    return read


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("“We have the money,” Lena Fors said on Monday.", "said"),
        ("“We have the money,” said Mayor Lena Fors on Monday.", "said"),
        ("In 2023 Lars Holm told Fish Monthly that it was “one bad winter from the wall”.", "told"),
        ("“We have the money,” Fors said in an interview on Monday.", "said"),
        ("Speaking on Monday, Fors said: “We have the money and the will.”", "said"),
        ("Asked on Monday about the pool, Fors said: “We have the money and the will.”", "said"),
        ("Asked in 1961 whether there was enough, Fors said: “We have the money and the will.”", "said"),
        ("“We have the money,” Fors wrote in a letter dated 7 March.", "wrote"),
        ("On Monday, Fors stood at the gate and said: “We have the money and the will.”", "said"),
        ("“We have the money,” Fors said during the 2021 campaign.", "said"),
        ("“We have the money,” Fors said at her swearing-in in May 2021.", "said"),
        ("“We have the money,” Fors said when she took office in 2021.", "said"),
        ("“We have the money,” said Lena Fors, who will face the council on Monday.", "face"),
        ("“We have the money,” said Lena Fors, whose house burned down on Sunday.", "burned"),
        ("“We have the money,” said Lena Fors, sacked as treasurer in January.", "sacked"),
        ("Fors told the court that her brother had warned her in 2014. “I was deaf to it,” she said.", "warned"),
        ("The council meets on Monday.\n\n“We have the money,” Lena Fors said.", "meets"),
        ("The pool opened on Monday.\n\nIt rained.\n\n“We have the money,” Lena Fors said.", "opened"),
    ],
)
def test_a_date_tells_the_time_of_a_verb(clause_in, text, verb):
    assert verb in [span.of(text) for span in clause_in(text).verbs]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“We have the money,” Lena Fors said on Monday.", Clause.MAIN),
        ("“We have the money,” said Lena Fors, who will retire in September.", Clause.RELATIVE),
        ("“We have the money,” said Lena Fors, sacked as treasurer in January.", Clause.PARTICIPLE),
        ("Fors told the court that her brother had warned her in 2014. “I was deaf to it,” she said.", Clause.CONTENT),
        ("“We lost the lot,” farmer Jim Lowe said, after the river broke its bank on Sunday.", Clause.ADVERBIAL),
        ("“We have the money,” said Lena Fors, author of the 2014 report.", Clause.APPOSITION),
    ],
)
def test_a_date_stands_in_a_kind_of_clause(clause_in, text, kind):
    assert clause_in(text).clause is kind


@pytest.mark.parametrize(
    ("text", "is_ahead"),
    [
        ("Parliament is due to vote on Monday.\n\n“We have the money,” Lena Fors said.", True),
        ("Parliament will vote on Monday.\n\n“We have the money,” Lena Fors said.", True),
        ("A hearing is scheduled for Monday.\n\n“We have the money,” Lena Fors said.", True),
        ("Rovers plan to play Hale on Monday.\n\n“We have the money,” Lena Fors said.", True),
        ("The council meets on Monday.\n\n“We have the money,” Lena Fors said.", True),
        ("Voters go to the polls on Sunday.\n\n“We have the money,” Lena Fors said.", True),
        ("Parliament voted on Monday.\n\n“We have the money,” Lena Fors said.", False),
        ("“We have the money,” Lena Fors says in a letter of 7 March.", False),
        ("“We have the money,” Lena Fors said on Monday.", False),
    ],
)
def test_what_is_planned_lies_ahead(clause_in, text, is_ahead):
    assert clause_in(text).is_ahead is is_ahead


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("“We have the money,” said Lena Fors, who will retire in September.", "Fors"),
        ("“We have the money,” said Lena Fors, sacked as treasurer in January.", "Fors"),
        ("“We have the money,” said Lena Fors, author of the 2014 report.", "Fors"),
        ("“We have the money,” said Lena Fors on Monday.", None),
    ],
)
def test_a_clause_beside_a_name_tells_about_it(clause_in, text, about):
    span = clause_in(text).about
    assert (span.of(text) if span else None) == about


@pytest.mark.parametrize(
    "text",
    [
        "Fors defended the 2011 raid. “We have the money,” she said.",
        "“We have the money,” said Fors, a manager of Holm’s 2011 campaign.",
        "“We have the money,” Fors said of the 2011 campaign.",
    ],
)
def test_the_date_of_a_thing_tells_the_time_of_no_verb(clause_in, text):
    assert clause_in(text).verbs == ()


def test_the_noun_between_a_date_and_its_verb_is_kept(clause_in):
    text = "“We have the money,” Lena Fors said in a 2019 interview with the radio."
    assert (clause_in(text).by_way_of, clause_in(text).preposition) == ("interview", "in")
