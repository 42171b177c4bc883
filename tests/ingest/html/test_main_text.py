import pytest
from lxml import html as lxml_html

from quotetrack.ingest.html.main_text import read_paragraphs

FIRST = "“We will not wait for it to fall,” said Mayor Ada Quill on Friday, when she closed the bridge."
SECOND = "The ferry will be free until the bridge opens again, and it will run through the night."
THIRD = "“Two boats cannot carry a town,” said Bo Lind, who has worked in the harbour for thirty years."
LAST = "The pillars were built a hundred years ago, and engineers warned of cracks every year since then."


def paragraphs(body, judged):
    return read_paragraphs(lxml_html.document_fromstring(body), judged, "Bridge closes", [])


@pytest.mark.parametrize(
    ("body", "judged", "kept"),
    [
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{LAST}</p></div>",
            [FIRST, SECOND, LAST],
            [FIRST, SECOND, THIRD, LAST],
            id="a paragraph dropped between two that were kept is put back",
        ),
        pytest.param(
            "".join(f"<div class='row'><p>{text}</p></div>" for text in (FIRST, SECOND, THIRD, LAST)),
            [FIRST, SECOND, LAST],
            [FIRST, SECOND, THIRD, LAST],
            id="also where each stands in a frame of its own",
        ),
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p></div>",
            [SECOND, LAST],
            [FIRST, SECOND, LAST],
            id="and the first one",
        ),
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><p><a href='/2'>Ferrymen go on strike for a week</a></p></div>"
            f"<p>{LAST}</p>",
            [FIRST, SECOND, LAST],
            [FIRST, SECOND, LAST],
            id="but no headline of another article",
        ),
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p></div>",
            [FIRST.replace("to fall,” said", "said"), SECOND, LAST],
            [FIRST, SECOND, LAST],
            id="a clause that was lost is there: the characters are those of the page",
        ),
        pytest.param(
            f"<div id='a'><p>{LAST}</p></div><main><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></main>",
            [LAST],
            [FIRST, SECOND, THIRD],
            id="the wrong part of the page was taken",
        ),
        pytest.param(f"<div><p>{FIRST}</p><p>{SECOND}</p></div>", [], [FIRST, SECOND], id="nothing was taken"),
        pytest.param("<div><a href='/'>Home</a></div>", [], [], id="there is nothing"),
    ],
)
def test_what_the_judgement_is_corrected_to(body, judged, kept):
    assert paragraphs(body, judged) == kept


def test_a_heading_may_repeat_words_of_the_text_but_a_pull_quote_may_not():
    words = "Two boats cannot carry a town"
    body = f"<div><p>{FIRST}</p><h2>‘{words}’</h2><blockquote>{words}</blockquote><p>{THIRD}</p></div>"
    assert paragraphs(body, [FIRST, words, THIRD]) == [FIRST, f"‘{words}’", THIRD]
