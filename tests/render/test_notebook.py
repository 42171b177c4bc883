"""The HTML for notebooks: what it says of each sighting, and that no text of an article becomes HTML."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser

import pytest

from quotetrack.core.domain import DateBasis, SaidOn, Sighting, Span, Utterance
from quotetrack.core.worddiff import DiffStep
from quotetrack.render.notebook import answer_html, matches_html, utterance_html
from quotetrack.search.answer import Answer, RankedUtterance
from quotetrack.search.quote_lookup import QuotationMatch
from quotetrack.search.understanding import Understood

WORDS = "The ferry will sail again before the month is out."
DAY = SaidOn(date(2031, 3, 7), date(2031, 3, 7), DateBasis.STATED_HERE)
SIGHTING = Sighting(
    id=1,
    words=WORDS,
    speaker="Orla Venn",
    speaker_as_printed="Orla Venn",
    outlet="harbourpost",
    outlet_name="The Harbour Post",
    url="https://harbourpost.example/ferry",
    title="Ferry returns",
    published_at=datetime(2031, 3, 9, 20, 15),
    said=DAY,
    said_evidence=Span(120, 129),
    said_phrase="on Friday",
    said_paragraph=2,
    parts=(Span(0, len(WORDS)),),
)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&'


class Tags(HTMLParser):
    """The names and attributes of all elements, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.text += data


def answer(*sightings: Sighting, about: str | None = "ferries", total: int = 1) -> Answer:
    utterances = (RankedUtterance(Utterance(12, sightings), 1.0),) if sightings else ()
    return Answer("a question", Understood("Orla Venn", about, speaker_ids=(1,)), utterances, total=total)


def test_a_source_is_a_link_to_the_words_with_the_name_of_the_outlet_and_a_plain_day() -> None:
    html = answer_html(answer(SIGHTING))
    assert Tags(html).links == [
        "https://harbourpost.example/ferry#:~:text=The%20ferry%20will%20sail%20again%20before%20the%20month%20is%20out"
    ]
    assert ">The Harbour Post, 9 March 2031: Ferry returns</a>" in html
    assert "<b>Orla Venn</b>, 7 March 2031 (from “on Friday”, paragraph 2)" in html
    assert "The <mark>ferry</mark> will sail" in html
    assert "<small>Utterance 12</small>" in html


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ((2031, 3, 7), (2031, 3, 9), "7 to 9 March 2031"),
        ((2031, 2, 27), (2031, 3, 9), "27 February to 9 March 2031"),
        ((2030, 12, 31), (2031, 1, 2), "31 December 2030 to 2 January 2031"),
        (None, (2031, 3, 9), "by 9 March 2031"),
        ((2031, 3, 9), None, "since 9 March 2031"),
    ],
)
def test_days_are_plain(first: tuple[int, int, int] | None, last: tuple[int, int, int] | None, days: str) -> None:
    said = SaidOn(date(*first) if first else None, date(*last) if last else None, DateBasis.PAST)
    assert f"</b>, {days} (" in answer_html(answer(replace(SIGHTING, said=said)))


def test_what_may_have_been_said_in_the_days_is_marked_and_counted() -> None:
    shown = answer(SIGHTING, total=26)
    (ranked,) = shown.utterances
    for certain, is_marked in ((False, True), (True, False), (None, False)):
        html = answer_html(replace(shown, utterances=(replace(ranked, certain=certain),)))
        assert ("paragraph 2); may have been said in that time" in html) is is_marked
    assert "1 of 26 utterances; 5 may have been said in that time." in answer_html(replace(shown, uncertain=5))


def test_the_number_of_all_utterances_is_named() -> None:
    assert "1 of 26 utterances." in answer_html(answer(SIGHTING, total=26))
    assert "1 utterance." in answer_html(answer(SIGHTING))
    assert "No utterance matches. Try again without the topic." in answer_html(answer(total=0))


def test_what_differs_from_what_is_shown_is_said() -> None:
    other = replace(
        SIGHTING,
        id=2,
        words="The ferry will sail again",
        speaker_as_printed="Venn",
        wire_credit="XPA",
        is_current=False,
        decided=("speaker", "published"),
    )
    before, _, after = answer_html(answer(SIGHTING, other)).partition("</li>")
    assert not any(text in before for text in ("Printed as", "Named in the article", "Decided", "No longer"))
    assert "The Harbour Post (XPA), 9 March 2031" in after
    assert "Named in the article: “Venn”" in after
    assert "Printed as: “The ferry will sail again”" in after
    assert "No longer in the article." in after
    assert "<b>Decided by a person: speaker, published.</b>" in after


def test_remembered_words_show_what_was_not_printed() -> None:
    steps = (DiffStep("same", "The ferry", "The ferry"), DiffStep("changed", "sails", "will sail"))
    html = matches_html([QuotationMatch(Utterance(12, (SIGHTING,)), SIGHTING, 0.9, steps)])
    assert "2 words differ: The ferry <del>sails </del><ins>will sail </ins>." in html
    exact = QuotationMatch(Utterance(12, (SIGHTING,)), SIGHTING, 1.0, steps[:1])
    assert "<br>Printed as remembered.\n" in matches_html([exact])
    assert "No stored quotation is close to these words." in matches_html([])


@pytest.mark.parametrize(
    "field", ["words", "speaker", "speaker_as_printed", "outlet", "outlet_name", "title", "wire_credit", "url"]
)
def test_text_of_an_article_is_never_html(field: str) -> None:
    url = {"url": f"https://harbourpost.example/{HOSTILE}"}
    hostile = replace(SIGHTING, **(url if field == "url" else {field: HOSTILE}), parts=())
    other = replace(SIGHTING, id=3, words=f"{WORDS} {WORDS} {HOSTILE}", parts=())
    match = QuotationMatch(Utterance(12, (hostile, other)), hostile, 0.9, (DiffStep("changed", HOSTILE, HOSTILE),))
    for html in (
        answer_html(answer(hostile, about=HOSTILE)),
        answer_html(answer(hostile, other, about=HOSTILE)),
        matches_html([match]),
        utterance_html(Utterance(12, (hostile, other)), [HOSTILE]),
    ):
        tags = Tags(html)
        assert not {"script", "img"} & set(tags.names)
        assert tags.attributes <= {"href"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:/home/me/page.html", "data:text/html,x", None])
def test_only_web_pages_are_links(url: str | None) -> None:
    tags = Tags(answer_html(answer(replace(SIGHTING, url=url))))
    assert tags.links == [] and "The Harbour Post, 9 March 2031: Ferry returns" in tags.text
