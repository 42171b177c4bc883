import pytest
from lxml import html as lxml_html

from quotetrack.ingest.html.main_text import read_body
from quotetrack.ingest.html.page_parts import PageParts

FIRST = "“We will not wait for it to fall,” said Mayor Ada Quill on Friday, when she closed the bridge."
SECOND = "The ferry will be free until the bridge opens again, and it will run through the night."
THIRD = "“Two boats cannot carry a town,” said Bo Lind, who has worked in the harbour for thirty years."
LAST = "The pillars were built a hundred years ago, and engineers warned of cracks every year since then."


def paragraphs(body, selected):
    page = lxml_html.document_fromstring(body)
    return list(read_body(page, selected, "Bridge closes", [], PageParts()).paragraphs)


@pytest.mark.parametrize(
    ("body", "selected", "kept"),
    [
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{LAST}</p></div>",
            [FIRST, SECOND, LAST],
            [FIRST, SECOND, THIRD, LAST],
            id="a paragraph dropped between two others is restored",
        ),
        pytest.param(
            "".join(f"<div class='row'><p>{text}</p></div>" for text in (FIRST, SECOND, THIRD, LAST)),
            [FIRST, SECOND, LAST],
            [FIRST, SECOND, THIRD, LAST],
            id="a dropped paragraph is restored if each has its own frame",
        ),
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p></div>",
            [SECOND, LAST],
            [FIRST, SECOND, LAST],
            id="a dropped first paragraph is restored",
        ),
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><p><a href='/2'>Ferrymen go on strike for a week</a></p></div>"
            f"<p>{LAST}</p>",
            [FIRST, SECOND, LAST],
            [FIRST, SECOND, LAST],
            id="a headline of another article is not restored",
        ),
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p></div>",
            [FIRST.replace("to fall,” said", "said"), SECOND, LAST],
            [FIRST, SECOND, LAST],
            id="a lost clause is restored, since the characters are those of the page",
        ),
        pytest.param(
            f"<div id='a'><p>{LAST}</p></div><main><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></main>",
            [LAST],
            [FIRST, SECOND, THIRD],
            id="the fullest container is taken if the wrong part was selected",
        ),
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p></div>",
            [],
            [FIRST, SECOND],
            id="the fullest container is taken if nothing was selected",
        ),
        pytest.param("<div><a href='/'>Home</a></div>", [], [], id="an empty page has no paragraphs"),
    ],
)
def test_the_selection_is_corrected(body, selected, kept):
    assert paragraphs(body, selected) == kept


def test_a_heading_with_words_of_the_text_is_kept_and_a_pull_quote_is_not():
    words = "Two boats cannot carry a town"
    body = f"<div><p>{FIRST}</p><h2>‘{words}’</h2><blockquote>{words}</blockquote><p>{THIRD}</p></div>"
    assert paragraphs(body, [FIRST, words, THIRD]) == [FIRST, f"‘{words}’", THIRD]
