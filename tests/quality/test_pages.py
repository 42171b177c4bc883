"""The saved pages and the two seed articles: our reading, compared with the metadata and texts of their publishers."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from lxml import html as lxml_html
from tests.quality.gold_sets import SHARED, lines_of

from quotetrack.core.domain import Article
from quotetrack.ingest.outlets import Outlets, load_outlets
from quotetrack.ingest.reader import read_path

PAGES = 29
RIGHT_METADATA = 29  # of 29
LOWEST_SHARE = 0.998  # of quoted spans over all pages; reached 417 of 417
LOWEST_SHARE_OF_A_PAGE = 0.9
HIGHEST_JUNK = 0.05  # share of the stored characters that the publishers' texts do not have; reached 0.031

_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"\n]+)\"")
_HEADLINE = re.compile(r'"headline"\s*:\s*("(?:[^"\\]|\\.)*")')

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not (SHARED / "pages").is_dir(), reason=f"no measuring data at {SHARED}"),
]


@pytest.fixture(scope="module")
def outlets() -> Outlets:
    return load_outlets()


@pytest.fixture(scope="module")
def pages(outlets: Outlets) -> list[tuple[dict, Article]]:
    """The metadata of each page by its publisher, and the article that we read from it."""
    published = [json.loads(line) for line in lines_of(SHARED / "pages" / "pages.jsonl")]
    read = [list(read_path(SHARED / "pages" / page["file"], outlets=outlets)) for page in published]
    return [(page, articles[0]) for page, articles in zip(published, read, strict=True)]


def test_every_page_is_read(pages):
    assert len(pages) == PAGES
    assert [page["file"] for page, article in pages if not isinstance(article, Article)] == []


def test_titles_are_right(pages):
    wrong = [page["file"] for page, article in pages if _bare(article.title) not in set(_titles(page))]
    assert len(wrong) <= PAGES - RIGHT_METADATA, wrong


def test_outlets_are_right(pages, outlets):
    wrong = [page["file"] for page, article in pages if article.outlet != outlets.of_url(page["url"]).slug]
    assert len(wrong) <= PAGES - RIGHT_METADATA, wrong


def test_days_of_publication_are_right(pages):
    wrong = [page["file"] for page, article in pages if str(article.published_on) != page["published"][:10]]
    assert len(wrong) <= PAGES - RIGHT_METADATA, wrong


def test_quoted_spans_are_in_the_stored_text(pages):
    counts = {page["file"]: _count_spans(page, article) for page, article in pages}
    stored, spans = (sum(column) for column in zip(*counts.values(), strict=True))
    assert stored >= LOWEST_SHARE * spans, (stored, spans)
    assert [file for file, (some, total) in counts.items() if some < LOWEST_SHARE_OF_A_PAGE * total] == []


def test_the_quotation_marks_of_the_published_text_are_stored_or_their_loss_is_noted(pages):
    unsaid = []
    for page, article in pages:
        published, stored = _count_marks(page["text"]), _count_marks(article.text)
        if stored < published and "marks" not in dict(article.notes):
            unsaid.append((page["file"], published, stored))
    assert unsaid == []


def test_little_text_is_stored_that_is_not_the_article(pages):
    junk = stored = 0
    for page, article in pages:
        published = _spaced(page["text"])
        paragraphs = [_spaced(paragraph) for paragraph in article.text.splitlines()]
        junk += sum(len(paragraph) for paragraph in paragraphs if paragraph not in published)
        stored += len(article.text)
    assert junk <= HIGHEST_JUNK * stored, (junk, stored)


def test_no_paragraph_is_stored_twice(pages):
    for page, article in pages:
        long = [paragraph for paragraph in article.text.split("\n\n") if len(paragraph.split()) > 8]
        assert len(set(long)) == len(long), page["file"]


@pytest.mark.parametrize(
    ("file", "title", "byline", "published", "wire"),
    [
        ("000_f2203e5ac2dc685f.txt", (10, 80), None, datetime(2024, 11, 7, 20, 13), None),
        ("003_ef5823c0d4c3fa5b.txt", (17, 89), "Ali Topchi", date(2024, 11, 23), "AFP"),
    ],
)
def test_the_metadata_of_the_seeds_is_right(outlets, file, title, byline, published, wire):
    path = SHARED / "seeds" / file
    (article,) = read_path(path, outlets=outlets)
    assert article.text == path.read_bytes().decode("utf-8")
    assert article.title == article.text[slice(*title)]
    assert (article.byline, article.published_at, article.wire_credit) == (byline, published, wire)


def _count_marks(text: str) -> int:
    return len(re.findall('[“”"«»„]', text))


def _titles(page: dict) -> Iterator[str]:
    """Yield the titles of the page or its metadata, reduced to letters and digits."""
    source = gzip.decompress((SHARED / "pages" / page["file"]).read_bytes()).decode("utf-8")
    tree = lxml_html.fromstring(source.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    yield _bare(page["title"])
    yield from (_bare(h1.text_content()) for h1 in tree.iter("h1"))
    yield from (_bare(title) for title in tree.xpath("//meta[@property='og:title']/@content"))
    yield from (_bare(json.loads(headline, strict=False)) for headline in _HEADLINE.findall(source))


def _bare(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", text or "").casefold()


def _count_spans(page: dict, article: Article) -> tuple[int, int]:
    """Return how many of the quoted spans of the published text are stored, and how many there are."""
    stored = _spaced(article.text)
    spans = [_spaced(curly or straight) for curly, straight in _QUOTED.findall(page["text"])]
    return sum(span in stored for span in spans), len(spans)


def _spaced(text: str) -> str:
    return " ".join(text.split())
