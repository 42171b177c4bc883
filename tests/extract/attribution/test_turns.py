"""Who asks and who answers, where marks stand alone."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Article
from quotetrack.extract.extractor import extract


def speakers_in(text, nlp):
    """Return the name of each quotation's speaker."""
    quotations = extract(Article(url="https://tarn.example/mill", outlet="Tarn Post", text=text), nlp)
    return [q.attribution.name if q.attribution else None for q in quotations]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            "“Was the mill paid for?” asked Tomas Berg.\n\n“Not in May.”\n\n“And in June?”\n\n"
            "“I did not ask,” Ingrid Vale said.",
            ["Tomas Berg", "Ingrid Vale", "Tomas Berg", "Ingrid Vale"],
        ),
        (
            "“Was the mill paid for?” Tomas Berg asked Ingrid Vale.\n\n“It was paid for in May.”",
            ["Tomas Berg", "Ingrid Vale"],
        ),
        (
            "“Will it grind?” a farmer asked.\n\n“It is old,” Ingrid Vale said. “It will.”\n\n“When?”\n\n"
            "“In May,” she said.",
            ["a farmer", "Ingrid Vale", "a farmer", "Ingrid Vale"],
        ),
        (
            "“Which door?” asked Tomas Berg.\n\n“The one by the river,” Ingrid Vale said.\n\n"
            "“It was shut, wasn’t it? It has been shut since March.”\n\n“Then it was the other one.”",
            ["Tomas Berg", "Ingrid Vale", "Tomas Berg", "Ingrid Vale"],
        ),
        (
            "“We grind in May,” Ingrid Vale said.\n\n“And in June?” asked the miller, Tomas Berg.\n\n"
            "“We will not grind in June.”",
            ["Ingrid Vale", "Tomas Berg", "Ingrid Vale"],
        ),
        ("“Does it grind?” asked Tomas Berg.\n\n“Not in June.”\n\nThe mill is old.", ["Tomas Berg", None]),
        (
            "“Where was it, Mr Berg?” asked the coroner, Ingrid Vale.\n\n“In my head.”\n\n"
            "“And where in your head was it?”",
            ["Ingrid Vale", None, "Ingrid Vale"],
        ),
        ("“How many are you?” “We are nine,” Tomas Berg told Ingrid Vale.", ["Ingrid Vale", "Tomas Berg"]),
    ],
)
def test_who_asks_is_another_than_who_answers(nlp, text, speakers):
    assert speakers_in(text, nlp) == speakers


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("“Is it open?” Ingrid Vale asked.\n\n“It is,” she said.\n\n“It was shut for years.”", ["Ingrid Vale"] * 3),
        ("“The mill is open,” Ingrid Vale said.\n\n“It was shut for years.”", ["Ingrid Vale"] * 2),
        (
            "“Is it open?” asked Ingrid Vale.\n\nThe mill has stood in Tarn since 1811.\n\n“It is,” said Tomas Berg.",
            ["Ingrid Vale", "Tomas Berg"],
        ),
        ("“Is it open?” asked Ingrid Vale. “I have corn to grind.”", ["Ingrid Vale"]),
        (
            "“Is it open?” asked Ingrid Vale.\n\n“It is,” said Tomas Berg.\n\n"
            "“It was shut for years.”\n\n“It was a ruin.”",
            ["Ingrid Vale", *["Tomas Berg"] * 3],
        ),
        ("“Is it open?” Ingrid Vale asked.\n\n“Who knows?” she said.\n\n“It was shut for years.”", ["Ingrid Vale"] * 3),
    ],
)
def test_without_a_question_nobody_takes_turns(nlp, text, speakers):
    assert speakers_in(text, nlp) == speakers


def test_an_answer_is_not_by_whom_a_question_names_for_the_first_time(nlp):
    answers = "What made you leave?\n\n“My back did that.”\n\nAnd you built a boat?\n\n“I built a small one.”\n\n"
    foreman = "Your foreman, Tomas Berg, was hard on you.\n\n“He was hard on everyone.”"
    text = f"A boat filled the workshop.\n\n{answers}{foreman}"
    assert speakers_in(text, nlp)[-1] is None
    assert speakers_in(f"The foreman was Tomas Berg. {text}", nlp)[-1] == "Tomas Berg"
