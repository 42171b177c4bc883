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


QUESTION = "What did you do on the night when the bridge was closed?"
ANSWERS = [
    "I walked down to the harbour and asked for a place in the boat.",
    "I slept at the house of my sister on the other side of the river.",
    "I stood on the quay until the morning, since nobody told us anything.",
]


def test_a_question_to_many_people_is_kept_each_time():
    interview = [line for answer in ANSWERS for line in (QUESTION, answer)]
    body = "<div>" + "".join(f"<p>{line}</p>" for line in interview) + "</div>"
    assert paragraphs(body, interview) == interview


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            f"<div>{''.join(f'<p>{line}</p>' for line in ANSWERS)}</div>" * 2, id="a body that is printed twice"
        ),
        pytest.param(
            "<div>" + "".join(f"<p>{line}</p>" * 3 for line in ANSWERS) + "</div>",
            id="each three times, with nothing between",
        ),
    ],
)
def test_a_repeated_paragraph_is_kept_once(body):
    assert paragraphs(body, ANSWERS) == ANSWERS


def test_repeated_words_of_somebody_are_kept_once():
    body = "<div>" + "".join(f"<p>{line}</p><p>{FIRST}</p>" for line in ANSWERS) + "</div>"
    assert paragraphs(body, [FIRST, *ANSWERS]).count(FIRST) == 1


@pytest.mark.parametrize(
    "card",
    [
        "<ul><li><a href='/2'><p>Ferrymen went on strike for a week, and the town ran its boats.</p></a></li></ul>",
        "<a href='/2'><h3>Strike</h3><p>Ferrymen went on strike for a week, and the town ran its boats.</p></a>",
    ],
)
def test_what_stands_inside_of_a_link_is_another_article(card):
    selected = [FIRST, SECOND, THIRD, LAST, "Ferrymen went on strike for a week, and the town ran its boats."]
    body = f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{LAST}</p></div>{card}"
    assert paragraphs(body, selected) == [FIRST, SECOND, THIRD, LAST]


def test_a_heading_that_is_a_link_into_the_article_is_kept():
    heading = "The hundred years of the bridge at Quillhaven were not all good ones."
    body = f"<div><p>{FIRST}</p><a href='#years'><h2>{heading}</h2></a><p>{SECOND}</p><p>{LAST}</p></div>"
    assert heading in paragraphs(body, [FIRST, heading, SECOND, LAST])


def test_a_link_that_is_never_closed_is_no_card():
    body = (
        f"<a href='/'><div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{LAST}</p>"
        + f"<p>{SECOND[:-1]} again.</p>" * 4
    )
    assert paragraphs(body, [FIRST, SECOND, THIRD, LAST])[:4] == [FIRST, SECOND, THIRD, LAST]


@pytest.mark.parametrize(
    "links",
    [
        "DON'T MISS<br><a href='/2'>Ferry on strike</a> [VIDEO]<br><a href='/3'>Town runs out of boats</a> [INSIGHT]",
        "<a href='/2'>Ferry on strike for a week</a> [PICTURES]|<br><a href='/3'>Town runs out of boats</a> [LATEST]",
        "<br>".join(f"<a href='/{n}'>Ferrymen of shed {n} go on strike for a week over a boat</a>" for n in range(4)),
    ],
)
def test_lines_of_links_to_other_articles_are_dropped(links):
    body = f"<div><p>{FIRST}</p><p>{SECOND}</p><p>{links}</p><p>{LAST}</p></div>"
    lines = lxml_html.fromstring(f"<p>{links}</p>").text_content()
    assert paragraphs(body, [FIRST, SECOND, lines, LAST]) == [FIRST, SECOND, LAST]
