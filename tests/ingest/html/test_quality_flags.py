import pytest
from tests.ingest.newsserver import page

from quotetrack.core.domain import Article
from quotetrack.ingest.html.article import read_flagged_page
from quotetrack.ingest.html.quality_flags import FlagKind, QualityFlag

LEAD = "“We will not wait,” said Mayor Quill on Friday, and the bridge was closed for a year by the town."
BODY = f"{LEAD}\nThe ferry is free until the bridge opens again, and it runs through the night, the town said."
LONG = "\n".join(f"{LEAD} That was the {number}. time that the council met about it." for number in range(12))
NOT_FREE = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'
URL = "https://harbour.example/2031/bridge"


@pytest.fixture
def read(outlets):
    def _read(html, url=URL, header_charset=None) -> tuple[Article, tuple[QualityFlag, ...]]:
        data = html.encode() if isinstance(html, str) else html
        return read_flagged_page(data, url=url, outlets=outlets, header_charset=header_charset)

    return _read


def kinds(flags) -> list[FlagKind]:
    return [flag.kind for flag in flags]


def test_an_ordinary_page_has_no_flags(read):
    assert read(page(BODY))[1] == ()


@pytest.mark.parametrize("is_free", ["false", '"False"', '"false"'])
def test_a_page_that_says_it_is_not_free_is_a_stub(read, is_free):
    _, (flag,) = read(page(BODY, head=NOT_FREE % is_free))
    assert flag == QualityFlag(FlagKind.PAYWALL, "says that it is not free, and shows 38 words")


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading.",
        "This article is for subscribers only.",
        "Log in to read the full story.",
        "You have reached your limit of free articles.",
    ],
)
def test_a_short_page_with_a_paywall_prompt_is_a_stub(read, line):
    html = page(BODY).replace("</article>", f"</article><div><span>{line}</span></div>")
    article, flags = read(html)
    assert kinds(flags) == [FlagKind.PAYWALL]
    assert "“" in flags[0].detail
    assert article.text == BODY.replace("\n", "\n\n")


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (BODY, NOT_FREE % "true"),
        (LONG, NOT_FREE % "false"),  # not free, but the whole text was sent
        (LONG, "<div>Subscribe to continue reading</div>"),
        (BODY, "<div>Subscribe</div><div>Log in</div><div>Already subscribed?</div>"),
        (BODY, "<script>var prompt = 'Subscribe to continue reading';</script>"),
    ],
)
def test_a_whole_article_is_no_stub(read, body, more):
    _, flags = read(page(body).replace("</article>", f"</article>{more}"))
    assert flags == ()


@pytest.mark.parametrize(
    ("head", "url", "live"),
    [
        ('<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>', URL, True),
        ('<script type="application/ld+json">{"@type": ["NewsArticle", "LiveBlogPosting"]}</script>', URL, True),
        ("", "https://harbour.example/news/live/bridge", True),
        ("", "https://harbour.example/news/bridge-live-updates", True),
        ("", "https://harbour.example/news/where-we-live", False),
        ("", "https://harbour.example/olive/lively", False),
        ('<script type="application/ld+json">{"@type": "NewsArticle"}</script>', URL, False),
    ],
)
def test_a_live_blog_is_flagged_by_its_type_or_its_url(read, head, url, live):
    _, flags = read(page(BODY, head=head), url)
    assert kinds(flags) == ([FlagKind.LIVE_BLOG] if live else [])


@pytest.mark.parametrize(
    ("encoded", "declared", "header", "detail"),
    [
        ("utf-8", None, None, None),
        ("utf-8", None, "utf-8", None),
        ("utf-8", "utf-8", "UTF8", None),
        ("cp1252", "iso-8859-1", None, None),
        ("cp1252", None, "ISO-8859-1", None),
        ("iso-8859-2", None, "iso-8859-2", None),  # only the header names it
        ("iso-8859-2", "iso-8859-2", None, None),
        ("utf-8", None, "iso-8859-1", "said to be iso-8859-1, read as utf-8"),
        ("cp1252", None, "utf-8", "said to be utf-8, read as cp1252"),
        ("cp1252", "utf-8", "utf-8", "said to be utf-8, read as cp1252"),
        ("utf-8", "iso-8859-1", "utf-8", "said to be iso-8859-1, read as utf-8"),
        ("cp1252", None, "base64", "said to be base64, read as cp1252"),
        ("cp1252", None, "idna", "said to be idna, read as cp1252"),
        ("cp1252", None, "no-such-thing", "said to be no-such-thing, read as cp1252"),
    ],
)
def test_a_charset_is_detected_and_a_wrong_name_of_it_is_flagged(read, encoded, declared, header, detail):
    meta = f'<meta charset="{declared}">' if declared else ""
    body = BODY.replace("Quill", "Köhler") if encoded != "iso-8859-2" else BODY.replace("Quill", "Łukasz")
    body = body if encoded != "iso-8859-2" else body.replace("“", '"').replace("”", '"')
    article, flags = read(page(body, head=meta).encode(encoded), header_charset=header)
    assert article.text == body.replace("\n", "\n\n")
    assert [flag.detail for flag in flags] == ([detail] if detail else [])
