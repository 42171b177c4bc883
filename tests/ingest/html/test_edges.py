"""Where an article begins and ends, on pages that are invented."""

import pytest
from lxml import html as lxml_html

from quotetrack.ingest.html.main_text import Body, read_body
from quotetrack.ingest.html.page_parts import PageParts

FIRST = "“We will not wait for it to fall,” said Mayor Ada Quill on Friday, when she closed the bridge."
SECOND = "The ferry will be free until the bridge opens again, and it will run through the night."
THIRD = "“Two boats cannot carry a town,” said Bo Lind, who has worked in the harbour for thirty years."
LAST = "The pillars were built a hundred years ago, and engineers warned of cracks every year since then."
TEXT = [FIRST, SECOND, THIRD, LAST]
BODY = "".join(f"<p>{text}</p>" for text in TEXT)
STANDFIRST = "The mayor sends a town of nine thousand people to its boats"


def body_of(page: str, *more: str, descriptions: tuple[str, ...] = ()) -> Body:
    """Return the body of a page of which trafilatura selected the four paragraphs and `more`."""
    selected = [*more, *TEXT]
    return read_body(lxml_html.document_fromstring(page), selected, "Bridge closes", descriptions, PageParts())


@pytest.mark.parametrize(
    "above",
    [
        f"<header><h1>Bridge closes</h1><h2>{STANDFIRST}</h2></header>",
        f"<header><h1>Bridge closes</h1><p class='article-dek'>{STANDFIRST}</p></header>",
        f"<h1>Bridge closes</h1><div><p class='sub-headline'>{STANDFIRST}</p></div>",
        f"<div><h1>Bridge closes</h1></div><div><span>{STANDFIRST}</span></div>",
        f"<h1>Bridge closes</h1><div class='ferry'><h4>{STANDFIRST}</h4></div>",
    ],
)
@pytest.mark.parametrize("is_selected", [True, False])
def test_a_standfirst_that_quotes_nobody_announces_the_article(above, is_selected):
    selected = [STANDFIRST] if is_selected and "span" not in above else []
    body = body_of(f"{above}<div class='text'>{BODY}</div>", *selected, descriptions=(STANDFIRST,))
    assert list(body.paragraphs) == TEXT


@pytest.mark.parametrize("words", ["“to its boats”", "‘to its boats’", "'to its boats'", '"to its boats"'])
def test_a_standfirst_with_somebodys_words_is_kept(words):
    standfirst = f"The mayor sends a town of nine thousand people {words}"
    page = f"<header><h1>Bridge closes</h1><h2>{standfirst}</h2></header><div class='text'>{BODY}</div>"
    assert list(body_of(page, standfirst).paragraphs) == [standfirst, *TEXT]
    assert list(body_of(page, descriptions=(standfirst,)).paragraphs) == [standfirst, *TEXT]


def test_a_heading_among_the_paragraphs_is_kept_also_above_the_first():
    heading = "How a hundred years of a bridge at Quillhaven began"
    assert list(body_of(f"<div><h2>{heading}</h2>{BODY}</div>", heading).paragraphs) == [heading, *TEXT]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(
            f"<div>{BODY}<p>Tickets cost nothing.</p></div>",
            [*TEXT, "Tickets cost nothing."],
            id="a short last paragraph",
        ),
        pytest.param(
            f"<div><p>What did the town know, and since when?</p>{BODY}</div>",
            ["What did the town know, and since when?", *TEXT],
            id="a question above the first paragraph",
        ),
        pytest.param(
            f"<div><p>What did the town know, and since when?</p><ul><li>Cracks in a pillar</li></ul>{BODY}</div>",
            ["What did the town know, and since when?", "Cracks in a pillar", *TEXT],
            id="items of a list between two paragraphs",
        ),
        pytest.param(
            f"<div>The bridge at Quillhaven is closed.<figure><img></figure>{'<br><br>'.join(TEXT)}</div>",
            ["The bridge at Quillhaven is closed.", *TEXT],
            id="text above a picture, in an element without paragraphs",
        ),
        pytest.param(f"<div><p>Bo Lind</p>{BODY}</div>", TEXT, id="a name above the first paragraph is a byline"),
        pytest.param(f"<div>{BODY}<p class='tags'>Bridges.</p></div>", TEXT, id="a paragraph of another class"),
        pytest.param(f"<div>{BODY}</div><div><p>All our ferries.</p></div>", TEXT, id="a paragraph of another element"),
        pytest.param(f"<div>{BODY}<p>Read more</p></div>", TEXT, id="a stock phrase of pages"),
        pytest.param(f"<div>{BODY}<p>See <a href='/'>all that we wrote</a></p></div>", TEXT, id="mostly a link"),
        pytest.param(f"<div>{BODY}<ul><li>Ferries of the town</li></ul></div>", TEXT, id="a list below the article"),
    ],
)
def test_short_paragraphs_of_the_article_s_own_element_are_kept(page, text):
    assert list(body_of(page).paragraphs) == text


@pytest.mark.parametrize(
    "credit",
    [
        "(Reporting by Cy Marsh and Dee Roe; editing by Eve Poole)",
        "Additional reporting by Cy Marsh in Quillhaven and Dee Roe in Dunmere",
        "Harbour Press writers Cy Marsh and Dee Roe contributed to this report.",
        "Harbour News’ Cy Marsh contributed to this story",
        "Follow HP’s full coverage of the bridge at https://harbour.example/bridge",
        "More HP bridges: https://harbour.example/bridges and https://harbour.example/boats",
    ],
)
def test_a_credit_below_the_article_is_not_its_text_and_is_handed_on(credit):
    body = body_of(f"<div>{BODY}<p>{credit}</p></div>", credit)
    assert (list(body.paragraphs), list(body.credits)) == (TEXT, [credit])


@pytest.mark.parametrize(
    "last",
    [
        "Cracks, she said, contributed to this decision.",
        "“Reporting by the town was late,” said Bo Lind.",
        "The report was written by Cy Marsh, an engineer, in May.",
        "Follow the river to the ferry.",
    ],
)
def test_a_sentence_that_begins_or_ends_like_a_credit_is_text(last):
    assert list(body_of(f"<div>{BODY}<p>{last}</p></div>", last).paragraphs) == [*TEXT, last]


def test_a_credit_between_paragraphs_is_text():
    credit = "Additional reporting by Cy Marsh"
    page = f"<div><p>{FIRST}</p><p>{credit}</p><p>{SECOND}</p><p>{THIRD}</p><p>{LAST}</p></div>"
    assert credit in body_of(page, credit).paragraphs


def test_a_heading_below_the_last_paragraph_is_not_of_the_article():
    assert list(body_of(f"<div>{BODY}<h3>Popular in Quillhaven</h3></div>", "Popular in Quillhaven").paragraphs) == TEXT


ABOUT = "Harbour Works is a builder of bridges with nine hundred people in four towns on the coast."


@pytest.mark.parametrize(
    ("page", "is_kept"),
    [
        pytest.param(f"<div>{BODY}</div><div><hr><p>{ABOUT}</p></div>", False, id="a note in an element of its own"),
        pytest.param(f"<div>{BODY}<hr><p class='about'>{ABOUT}</p></div>", False, id="a note with a class of its own"),
        pytest.param(f"<div>{BODY}<hr><p>{ABOUT}</p></div>", True, id="a paragraph like those above"),
        pytest.param(f"<div>{BODY}</div><div><p>{ABOUT}</p></div>", True, id="no line is drawn"),
        pytest.param(
            f"<div><p>{FIRST}</p><p>{SECOND}</p><hr><p>{THIRD}</p><p>{LAST}</p></div><div><hr><p>{ABOUT}</p></div>",
            True,
            id="the article is divided by lines",
        ),
    ],
)
def test_a_note_below_a_line_is_not_of_the_article(page, is_kept):
    assert list(body_of(page, ABOUT).paragraphs) == [*TEXT, *([ABOUT] if is_kept else [])]


def test_a_note_below_a_line_that_quotes_somebody_is_kept():
    said = "“We build bridges in four towns on the coast,” said Cy Marsh of Harbour Works."
    assert list(body_of(f"<div>{BODY}</div><div><hr><p>{said}</p></div>", said).paragraphs) == [*TEXT, said]


def test_what_stands_below_a_line_and_is_most_of_the_article_is_kept():
    page = f"<div><p>{FIRST}</p></div><div><hr><p>{SECOND}</p><p>{LAST}</p></div>"
    assert list(body_of(page).paragraphs) == [FIRST, SECOND, LAST]
