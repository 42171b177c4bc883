import json
from datetime import UTC, date, datetime

import pytest
from lxml import html as lxml_html

from quotetrack.ingest.html.metadata import PageMetadata, read_metadata

URL = "https://harbour.example/2031/bridge"
OWN = {"@type": "NewsArticle", "url": URL, "headline": "Bridge closes for a year", "author": {"name": "Bo Lind"}}
OTHER = {
    "@type": "NewsArticle",
    "url": "https://harbour.example/2031/ferry",
    "headline": "Ferry men go on strike",
    "datePublished": "2030-11-02",
    "author": {"name": "Cy Marsh"},
}
DATED = '<meta property="article:published_time" content="2031-03-04">'
HEADLINE = "<h1>Bridge closes for a year</h1>"


@pytest.fixture
def read(outlets):
    def _read(body=HEADLINE, head=DATED, ld=None, url=URL) -> PageMetadata:
        script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
        page = f"<html><head>{head}{script}</head><body>{body}</body></html>"
        return read_metadata(lxml_html.document_fromstring(page), url, outlets)

    return _read


@pytest.mark.parametrize(
    "ld",
    [
        pytest.param([OWN, OTHER], id="the own one has no date"),
        pytest.param([OTHER, OWN], id="another one stands first"),
        pytest.param([OTHER, {**OWN, "url": None}], id="the own one is known by its headline"),
        pytest.param([OTHER, {**OWN, "url": None, "headline": "Bridge closes for a …"}], id="by a cut headline"),
        pytest.param([OTHER, {**OWN, "url": "/2031/bridge", "headline": "Bridge"}], id="by a relative address"),
        pytest.param(
            [OTHER, {**OWN, "url": None, "mainEntityOfPage": {"@id": "https://www.harbour.example/2031/bridge/"}}],
            id="by the page that it is the main entity of",
        ),
        pytest.param({"@graph": [{"@type": "WebPage", "url": URL, "mainEntity": OWN}, OTHER]}, id="in a graph"),
    ],
)
def test_the_pages_own_article_is_found_among_others(read, ld):
    metadata = read(ld=ld)
    assert (metadata.title, metadata.authors) == ("Bridge closes for a year", ("Bo Lind",))
    assert metadata.published_at == date(2031, 3, 4)


@pytest.mark.parametrize(
    "ld",
    [
        OTHER,
        [OTHER, {**OTHER, "url": "https://harbour.example/2031/cup", "headline": "Cup final tonight"}],
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OTHER}]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {**OTHER, "url": None}}]},
        [{"@type": "WebPage", "url": URL, "name": "Bridge closes for a year"}, OTHER],
        [{**OTHER, "url": None}, {**OTHER, "url": None, "headline": "Cup final tonight"}],
    ],
)
def test_what_is_said_of_other_articles_is_not_taken(read, ld):
    metadata = read(ld=ld)
    assert (metadata.title, metadata.authors) == ("Bridge closes for a year", ())
    assert metadata.published_at == date(2031, 3, 4)
    assert read(ld=ld, head="").published_at is None


def test_a_page_may_tell_its_own_day(read):
    page = {"@type": "WebPage", "url": URL, "datePublished": "2031-03-05T08:00:00Z"}
    assert read(head="", ld=[page, OTHER]).published_at == datetime(2031, 3, 5, 8, tzinfo=UTC)


def test_an_author_may_be_named_by_an_id(read):
    persons = [
        {"@type": "Person", "@id": "#bo", "name": "Bo Lind"},
        {"@type": "Person", "@id": "#cy", "name": "Cy Marsh"},
    ]
    assert read(ld=[{**OWN, "author": [{"@id": "#cy"}, {"@id": "#bo"}]}, *persons]).authors == ("Cy Marsh", "Bo Lind")
    assert read(ld=[{**OWN, "author": {"@id": "#nobody"}}]).authors == ()


def test_authors_in_endless_lists_are_not_followed(read):
    deep = "Bo Lind"
    for _ in range(300):
        deep = [deep]
    assert read(ld=[{**OWN, "author": deep}]).authors == ()


@pytest.mark.parametrize("byline", ["14:20", "2 hours ago", "5 min read", "Friday", "March 2031", "Updated 10.20 am"])
def test_a_date_is_no_author(read, byline):
    assert read(f"{HEADLINE}<p class='byline'>{byline}</p>").authors == ()


def test_the_author_of_a_comment_is_not_the_articles(read):
    assert read(f"{HEADLINE}<div id='comments'><span class='author'>Gull77</span></div>").authors == ()


SITE = '<meta property="og:site_name" content="Harbour Post">'


@pytest.mark.parametrize(
    ("body", "head", "title"),
    [
        ("<h1>The Harbour Post</h1><h1>Bridge closes for a year</h1>", SITE, "Bridge closes for a year"),
        ("<h1 class='site-title'>All the news</h1><h1>Bridge closes for a year</h1>", "", "Bridge closes for a year"),
        (
            "<h1>Harbour</h1>",
            '<meta property="og:title" content="Bridge closes for a year">',
            "Bridge closes for a year",
        ),
        ("<h1 hidden>We value your privacy</h1><h1>Bridge closes for a year</h1>", "", "Bridge closes for a year"),
        (
            "<div style='display:none'><h1>Subscribe to our newsletter</h1></div><h1>Bridge closes for a year</h1>",
            "",
            "Bridge closes for a year",
        ),
        ("<nav><h1>All of our sections</h1></nav><h1>Bridge closes for a year</h1>", "", "Bridge closes for a year"),
        ("<h1>Bridge <em>clos</em>es for a year</h1>", "", "Bridge closes for a year"),
        ("", "<title>Bridge closes - but the ferry is late</title>", "Bridge closes - but the ferry is late"),
        ("", f"<title>Bridge closes - Harbour Post</title>{SITE}", "Bridge closes"),
        ("", f"<title>Harbour Post – Bridge closes</title>{SITE}", "Bridge closes"),
        ("", "<title>Bridge closes for a year - Harbour</title>", "Bridge closes for a year"),  # the host's name
        ("", "<title>Bridge closes | News | Some Paper</title>", "Bridge closes"),
        ("", "<title>Bridge &amp;#8216;closes&amp;#8217; for a year</title>", "Bridge ‘closes’ for a year"),
        ("", '<meta property="og:title" content="Bridge &lt;em&gt;closes&lt;/em&gt;">', "Bridge closes"),
    ],
)
def test_the_title_is_the_headline_that_readers_see(read, body, head, title):
    assert read(body, head).title == title


def test_the_other_titles_are_kept(read):
    metadata = read(head='<meta property="og:title" content="Why the bridge had to close | Harbour Post">', ld=OWN)
    assert metadata.title == "Bridge closes for a year"
    assert metadata.other_titles == ("Why the bridge had to close",)


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ("<time datetime='2031-03-04'>4 March</time>", date(2031, 3, 4)),
        ("<time>4 March 2031</time>", date(2031, 3, 4)),
        ("<div id='comments'><time datetime='2031-03-09'>9 March 2031</time></div>", None),
        ("<div class='comment'><time datetime='2031-03-09'>9 March 2031</time></div>", None),
        ("<aside><time datetime='2031-03-09'>9 March 2031</time></aside>", None),
        ("<time datetime='05-03-2031'>5 March 2031</time>", date(2031, 3, 5)),
        ("<time datetime='PT5M'>5 min read</time>", None),
    ],
)
def test_only_the_articles_own_time_is_its_date(read, body, published):
    assert read(f"<article>{HEADLINE}{body}</article>", head="").published_at == published


@pytest.mark.parametrize(
    ("body", "url", "day"),
    [
        ("<span class='date'>4 March 2031</span>", URL, date(2031, 3, 4)),
        ("<p class='posted'>Posted on 4 March 2031</p>", URL, date(2031, 3, 4)),
        ("<footer><p class='date'>© 2019</p></footer>", URL, None),
        ("<span class='date'>March 2031</span>", URL, None),
        ("<span class='date'>2 hours ago</span>", URL, None),
        ("<span class='date'>05/03/2031</span>", URL, None),
        ("<span class='date'>05/03/2031</span>", "https://www.bbc.co.uk/news/1", date(2031, 3, 5)),
        ("<span class='date'>05/03/2031</span>", "https://www.foxnews.com/a", date(2031, 5, 3)),
        ("", "https://harbour.example/2031/03/04/bridge", date(2031, 3, 4)),
        ("", "https://harbour.example/2031/mar/04/bridge", date(2031, 3, 4)),
        ("", "https://harbour.example/2031/03/bridge", None),
    ],
)
def test_a_line_that_is_called_a_date_or_a_path_tells_the_day(read, body, url, day):
    assert read(f"{HEADLINE}{body}", head="", url=url).printed_day == day


def test_a_date_that_may_be_two_days_is_told(read):
    metadata = read(head='<meta name="date" content="05/03/2031">')
    assert (metadata.published_at, metadata.unread_dates) == (None, ("05/03/2031",))
    british = read(head='<meta name="date" content="05/03/2031">', url="https://www.bbc.co.uk/news/1")
    assert (british.published_at, british.unread_dates) == (date(2031, 3, 5), ())


def test_relative_addresses_begin_at_the_base_of_the_page(read):
    head = '<base href="https://harbour.example/2031/"><link rel="canonical" href="bridge">'
    assert read(head=head, url="file:/saved/a.html").url == URL


def test_an_address_of_many_pages_is_not_taken(read):
    metadata = read(head='<link rel="canonical" href="/news"><meta property="og:url" content="/">')
    assert (metadata.url, metadata.named_url) == (None, "https://harbour.example/news")
