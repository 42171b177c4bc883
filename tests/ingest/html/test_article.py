import json
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from quotetrack.ingest.html.article import NotAnArticle, read_page

SENTENCES = (
    "“We will not wait for it to fall,” said Mayor Ada Quill on Friday, when she closed the bridge to all traffic.",
    "The ferry will be free until the bridge opens again, and it will run through the night, the town said.",
    "Ferrymen doubt it. “Two boats cannot carry a town,” said Bo Lind, who has worked in the harbour for thirty years.",
    "The pillars were built a hundred years ago, and engineers warned of cracks in the concrete every year since then.",
)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
TEXT = "\n\n".join(SENTENCES)
NEWS = {
    "@type": "NewsArticle",
    "headline": "Bridge to close for a year",
    "datePublished": "2031-03-04T20:13:00-05:00",
    "author": [{"@type": "Person", "name": "Bo Lind"}, {"@type": "Person", "name": "Cy Marsh"}],
}


def a_page(body=f"<article><h1>Bridge closes</h1>{BODY}</article>", head="", news=None, lang="en-GB"):
    ld = (
        f'<script type="application/ld+json">{news if isinstance(news, str) else json.dumps(news)}</script>'
        if news
        else ""
    )
    return f'<!doctype html><html lang="{lang}"><head><title>Bridge</title>{head}{ld}</head><body>{body}</body></html>'


@pytest.fixture
def read(outlets):
    def _read(html, url="file:/saved.html", **options):
        return read_page(html, url=url, outlets=outlets, **options)

    return _read


def test_metadata_are_read_from_json_ld(read):
    canonical = '<link rel="canonical" href="https://www.bbc.com/news/1#top">'
    article = read(a_page(head=canonical, news=NEWS))
    assert article.title == "Bridge to close for a year"
    assert article.byline == "Bo Lind, Cy Marsh"
    assert article.published_at == datetime(2031, 3, 4, 20, 13, tzinfo=timezone(timedelta(hours=-5)))
    assert article.published_on == date(2031, 3, 4)  # the printed day, not the day in UTC
    assert (article.url, article.outlet, article.language) == ("https://www.bbc.com/news/1", "bbc", "en")
    assert article.text == TEXT


@pytest.mark.parametrize(
    "news",
    [
        [{"@type": "WebSite", "headline": "Harbour Post"}, NEWS],
        {"@graph": [{"@type": "BreadcrumbList"}, NEWS]},
        {"@type": "WebPage", "mainEntity": {**NEWS, "@type": ["Thing", "ReportageNewsArticle"]}},
        {**NEWS, "@type": "LiveBlogPosting", "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "Ferry sails"}]},
        [
            {**NEWS, "headline": "Cup final tonight", "url": "https://harbour.example/cup"},
            {**NEWS, "url": "https://harbour.example/1/"},
        ],
        json.dumps(NEWS)[:-1] + ",}",
        json.dumps(NEWS).replace("Bridge to", "Bridge\\u0020to").replace("a year", "a&#32;year"),
        "<!--\n" + json.dumps(NEWS) + "\n-->",
        {**NEWS, "url": "https://[broken"},
    ],
)
def test_json_ld_is_read_in_all_its_forms(read, news):
    article = read(a_page(news=news), url="https://harbour.example/1")
    assert (article.title, article.published_on) == ("Bridge to close for a year", date(2031, 3, 4))


def test_meta_elements_are_read_if_json_ld_is_broken(read):
    head = (
        '<meta property="og:title" content="Bridge to close | Harbour Post">'
        '<meta property="article:published_time" content="2031-03-04T20:13:00Z">'
        '<meta name="author" content="https://harbour.example/bo"><meta name="byl" content="By Bo Lind">'
    )
    article = read(a_page(head=head, news='{"headline": "cut', body=f"<article>{BODY}</article>"))
    assert (article.title, article.byline) == ("Bridge to close", "Bo Lind")
    assert article.published_at == datetime(2031, 3, 4, 20, 13, tzinfo=UTC)


def test_the_printed_page_is_read_if_its_head_says_nothing(read):
    body = (
        "<nav><ul><li><time datetime='2031-03-09'>Today</time></li></ul></nav><article><h1>Bridge closes</h1>"
        f"<span class='byline'>By Bo Lind</span><time>March 4, 2031 8:13 PM</time>{BODY}</article>"
    )
    article = read(a_page(body))
    assert (article.title, article.byline) == ("Bridge closes", "Bo Lind")
    assert article.published_at == datetime(2031, 3, 4, 20, 13)


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2031-03-04T00:00:00Z", date(2031, 3, 4)),  # written by systems that store only the day
        ("2031-03-04", date(2031, 3, 4)),
        ("2031-03-04T00:00:00+09:00", datetime(2031, 3, 4, tzinfo=timezone(timedelta(hours=9)))),
        ("soon", date(2030, 1, 1)),  # the given day fills a missing one
    ],
)
def test_an_hour_is_kept_only_if_it_is_known(read, printed, moment):
    article = read(a_page(news={**NEWS, "datePublished": printed}), published=date(2030, 1, 1))
    assert article.published_at == moment


@pytest.mark.parametrize(
    ("head", "changed", "moment"),
    [
        ("", "2031-03-07T08:00:00Z", datetime(2031, 3, 7, 8, tzinfo=UTC)),
        ("", "2031-03-04T20:00:00-05:00", None),  # before its publication: a fault of the template
        ('<meta property="article:modified_time" content="2031-03-06">', None, date(2031, 3, 6)),
        ('<meta property="og:updated_time" content="2031-03-04T20:13:00-05:00">', None, None),  # never changed
        ('<meta property="article:modified_time" content="2031-03-06">', "2031-03-07", date(2031, 3, 7)),
        ("", None, None),
    ],
)
def test_a_page_says_when_it_was_changed_last(read, head, changed, moment):
    article = read(a_page(head=head, news={**NEWS, "dateModified": changed}))
    assert article.modified_at == moment
    assert article.published_on == date(2031, 3, 4)


def test_a_canonical_url_may_be_relative_and_may_not_be_the_front_page(read):
    def url(head):
        return read(a_page(head=head), url="https://harbour.example/1?ref=rss").url

    assert url('<link rel="canonical" href="/2031/bridge">') == "https://harbour.example/2031/bridge"
    assert url('<link rel="canonical" href="https://harbour.example/">') == "https://harbour.example/1"
    assert url('<meta property="og:url" content="https://harbour.example/og">') == "https://harbour.example/og"
    assert url("") == "https://harbour.example/1"


def test_a_canonical_url_of_another_site_is_ignored(read):
    def url(canonical, found_at):
        return read(a_page(head=f'<link rel="canonical" href="{canonical}">'), url=found_at).url

    own_url = "https://harbour.example/2031/bridge"
    assert url("https://wire.example/bridge-closes", own_url) == own_url
    assert url("https://www.harbour.example/bridge", own_url) == "https://www.harbour.example/bridge"
    assert url(own_url, "https://amp.harbour.example/2031/bridge") == own_url
    assert url(own_url, "file:/saved/bridge.html") == own_url
    assert url("https://www.bbc.co.uk/news/1", "https://www.bbc.com/news/1") == "https://www.bbc.co.uk/news/1"


def test_an_agency_is_credited_in_any_byline(read):
    staff = {**NEWS, "author": {"name": "Harbour Post staff"}}
    credited = read(
        a_page(news=staff, head='<meta property="article:author" content="Associated Press in Harbour Town">')
    )
    assert (credited.byline, credited.wire_credit) == ("Harbour Post staff", "AP")
    assert read(a_page(news=staff)).wire_credit is None


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><ul><li><a href='/'>Home</a></li></ul></nav>",
        "<p>Advertisement</p>",
        "<p>17:41 GMT, March 4, 2031</p>",
        "<p><strong><a href='/2'>READ MORE: Ferry men go on strike</a></strong></p>",
        "<p><a href='/2'>FERRY MEN GO ON STRIKE</a></p>",
        "<div class='newsletter-signup'><p>Get the “best of the harbour” every morning, for nothing at all.</p></div>",
        "<aside><p>“Ferries are the future,” said the captain of the night boat in an interview.</p></aside>",
        "<section class='related'><ul><li><a href='/3'>“Never again,” says captain</a></li></ul></section>",
        "<p>Sign up for our daily newsletter</p>",
        "<script>var a = '“no”';</script><style>p {}</style>",
        "<p style='display: none'>“Words that no reader of this page has ever seen,” said a voice.</p>",
        "<figure><img src='a.jpg'><figcaption>Mayor Quill at the bridge. Photograph: Cy Marsh</figcaption></figure>",
    ],
)
def test_furniture_is_not_part_of_the_article(read, furniture):
    middle = "".join(f"<p>{s}</p>{furniture if nth == 1 else ''}" for nth, s in enumerate(SENTENCES))
    assert read(a_page(f"<article><h1>Bridge closes</h1>{middle}</article>", news=NEWS)).text == TEXT


def test_words_that_a_page_prints_twice_are_kept_once(read):
    pull_quote = "<blockquote class='quote'>“Two boats cannot carry a town,” said Bo Lind</blockquote>"
    with_pull_quote = BODY.replace("<p>The ferry", f"{pull_quote}<p>The ferry")
    body = f"<article><h1>Bridge closes</h1>{with_pull_quote}</article><div>{BODY}</div>"
    text = read(a_page(body, news=NEWS)).text
    assert text.count("Two boats cannot carry a town") == 1
    assert text.count("We will not wait") == 1


def test_a_sentence_with_a_link_a_comment_or_a_soft_hyphen_is_whole(read):
    broken = BODY.replace("to fall,”", "to <a href='/f'>fall</a><!-- -->,”").replace(
        "closed the", "clo\u00adsed\n  the"
    )
    assert read(a_page(f"<article>{broken}</article>", news=NEWS)).text == TEXT


def test_a_sentence_that_is_mostly_a_link_is_kept(read):
    linked = "<p>It also <a href='/f'>promised the ferrymen two new boats before the winter</a>.</p>"
    body = BODY.replace("<p>Ferrymen", f"{linked}<p>Ferrymen")
    text = read(a_page(f"<article><h1>Bridge closes</h1>{body}</article>", news=NEWS)).text
    assert "\n\nIt also promised the ferrymen two new boats before the winter.\n\n" in text


@pytest.mark.parametrize("said", ["“Listen here, all of you,” she told the crowd.", "‘Join or leave,’ she told them."])
def test_quoted_words_that_sound_like_a_prompt_are_kept(read, said):
    body = BODY.replace("<p>Ferrymen", f"<p>{said}</p><p>Ferrymen")
    assert f"\n\n{said}\n\n" in read(a_page(f"<article><h1>Bridge closes</h1>{body}</article>", news=NEWS)).text


def test_line_breaks_divide_paragraphs_on_old_pages(read):
    old = f"<div class='story'>{'<br><br>'.join(SENTENCES)}</div>"
    assert read(a_page(old, news=NEWS)).text == TEXT


def test_a_standfirst_is_part_of_the_article(read):
    standfirst = "Mayor says “enough” after warnings of cracks"
    body = f"<header><h1>Bridge closes</h1><div><span>{standfirst}</span></div></header><article>{BODY}</article>"
    head = f"<meta name='description' content='{standfirst}'>"
    assert read(a_page(body, head=head, news=NEWS)).text == f"{standfirst}\n\n{TEXT}"


def test_the_text_of_a_page_filled_by_scripts_is_read_from_json_ld(read):
    article = read(a_page("<div id='app'></div>", news={**NEWS, "articleBody": TEXT}))
    assert article.text == TEXT


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html></html>",
        a_page("<h1>404</h1><p>This page does not exist.</p>"),
        a_page(
            "<ul>"
            + "".join(f"<li><a href='/{n}'>Bridge story number {n} of the day</a></li>" for n in range(40))
            + "</ul>"
        ),
        a_page("<article></article>", news=NEWS),
        a_page(f"<main><h1>Checking your browser</h1><p>{SENTENCES[1]}</p><p>{SENTENCES[3]}</p></main>"),
        a_page(f"<article><h1>Your privacy choices</h1><p>{SENTENCES[1]}</p></article>"),
        a_page(f"<article><h1>Page not found</h1><p>{SENTENCES[1]}</p></article>"),
        a_page(
            "<main><h1>News</h1>"
            + "".join(
                f"<div><h2><a href='/{n}'>Story {n}</a></h2><p>{text}</p></div>" for n, text in enumerate(SENTENCES)
            )
            + "</main>"
        ),
    ],
)
def test_a_page_without_an_article_is_refused(read, html):
    with pytest.raises(NotAnArticle, match=r"no article|empty"):
        read(html)


@pytest.mark.parametrize(
    ("below", "credit"),
    [
        ("<p>Source: AFP</p>", "AFP"),
        ("<p>Source: the harbour office</p>", None),
        ("<figure><p>Source: AFP</p></figure>", None),  # credits the picture, not the text
    ],
)
def test_a_source_line_below_the_text_is_its_wire_credit(read, below, credit):
    article = read(a_page(f"<article><h1>Bridge closes</h1>{BODY}{below}</article>", news=NEWS))
    assert (article.wire_credit, "Source" in article.text) == (credit, False)


REACTION = "<p>Old Salt wrote: “This council never told us the truth,” and I agree with all that he wrote of it.</p>"
FERRY = (
    "<p>Ferrymen went on strike on Monday after the town had cut the evening boat without a word to any of them.</p>"
    "<p>“We leave with a clear conscience,” said Cy Marsh, who speaks for all of the crews in the harbour town.</p>"
)


@pytest.mark.parametrize(
    "other",
    [
        f"</article><article><h1>Ferrymen strike</h1>{FERRY}</article><article hidden>",
        f"</article><article class='story'><h2>Ferrymen strike</h2>{FERRY}</article><article hidden>",
        f"</article><div class='infinite-scroll'><h2>Ferrymen strike</h2>{FERRY}</div><article hidden>",
        f"</article><div><h1>Ferrymen strike</h1><time>4 March 2031</time>{FERRY}</div><article hidden>",
        "<ul><li><a href='/a'>“We leave with a clear conscience,” says Cy Marsh</a></li></ul>",
        "<ol><li><a href='/a'>“We leave,” says Marsh</a></li><li><a href='/b'>“Boats are life”</a></li></ol>",
        "<h3>You might also like</h3><ul><li><a href='/a'>“We leave,” says Marsh as he quits</a></li></ul>",
        "<p><strong>MORE: </strong><a href='/a'>“We leave with a clear conscience,” says Marsh</a></p>",
        "<p>Also read: <a href='/a'>“We leave with a clear conscience,” says Marsh</a></p>",
        "<p>EXPLAINER | <a href='/a'>Why the “evening boat” was cut</a></p>",
        f"<section id='responses'>{REACTION}</section>",
        f"<div class='discussion'>{REACTION}</div>",
        f"<div class='replies'>{REACTION}</div>",
        f"<div id='disqus_thread'>{REACTION}</div>",
        f"<ol class='commentlist'><li>{REACTION}</li></ol>",
        f"<section><h2>Readers respond</h2>{REACTION}</section>",
        f"<section><h3>12 comments</h3>{REACTION * 12}</section>",
    ],
)
def test_the_words_of_other_pieces_are_not_filed_here(read, other):
    assert read(a_page(f"<article><h1>Bridge closes</h1>{BODY}{other}</article>", news=NEWS)).text == TEXT


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("<blockquote>“We leave at six,” said Cy Marsh of the ferry crews.</blockquote>", None),
        ("<table><tr><td>“We leave at six,” said Cy Marsh of the ferry crews.</td></tr></table>", None),
        (
            "<p><q>We leave at six</q>, said Cy Marsh of the crews.</p>",
            "“We leave at six”, said Cy Marsh of the crews.",
        ),
        (
            "<p><q>He said <q>no</q> to it</q>, said Cy Marsh of the ferry crews.</p>",
            "“He said ‘no’ to it”, said Cy Marsh of the ferry crews.",
        ),
        ("<p>“We leave at six,” said Jose\u0301 Marti\u0301n.</p>", "“We leave at six,” said José Martín."),
        ("<p>\u202b“We leave at six,”\u202c said \u200eCy Marsh\u200e.</p>", "“We leave at six,” said Cy Marsh."),
    ],
)
def test_a_quotation_is_read_as_a_browser_shows_it(read, said, text):
    first, *others = BODY.split("</p>", 1)
    article = read(a_page(f"<article><h1>Bridge closes</h1>{first}</p>{said}{others[0]}</article>", news=NEWS))
    assert (text or "“We leave at six,” said Cy Marsh of the ferry crews.") in article.text.split("\n\n")
    assert "marks" not in dict(article.notes)


@pytest.mark.parametrize(
    "data",
    [
        "<p>“We leave,” said Cy Marsh of the crews.</p>".encode() + b"<p>It costs 12\xa3.</p>",
        b"<p>\x93We leave,\x94 said Cy Marsh of the crews.</p>" + "<footer>Café Öl Süd</footer>".encode(),
        b"<p>&#147;We leave,&#148; said Cy Marsh of the crews.</p>",
        "<p>\x93We leave,\x94 said Cy Marsh of the crews.</p>".encode(),
        "<p>â€œWe leave,â€\x9d said Cy Marsh of the crews.</p>".encode(),
    ],
)
@pytest.mark.parametrize("label", ["", '<meta charset="utf-8">', '<meta charset="iso-8859-1">'])
def test_broken_bytes_do_not_cost_a_quotation(read, data, label):
    start, end = a_page("<article><h1>Bridge closes</h1>HERE</article>", head=label, news=NEWS).encode().split(b"HERE")
    text = read(start + data + f"<p>{SENTENCES[1]}</p>".encode("ascii") + end).text
    assert "“We leave,” said Cy Marsh of the crews." in text.split("\n\n")


@pytest.mark.parametrize("body", ["&ldquo;We leave,&rdquo; he said.", "<p>&#8220;We leave,&#8221; he said.</p>"])
def test_the_text_in_json_ld_is_read_without_entities_and_markup(read, body):
    assert read(a_page("<div id='app'></div>", news={**NEWS, "articleBody": body})).text == "“We leave,” he said."


def test_marks_that_are_not_in_the_text_are_noted(read):
    hidden = "<div style='display:none'><p>“Nobody asked us,” said Cy Marsh.</p></div>"
    notes = dict(read(a_page(f"<article><h1>Bridge closes</h1>{BODY}{hidden}</article>", news=NEWS)).notes)
    assert notes["marks"] == "the page has 2 more quotation marks in hidden parts of it than the text"
    longer = {**NEWS, "articleBody": f"{TEXT}\n“Nobody asked us,” said Cy Marsh."}
    assert "6 quotation marks in its JSON-LD" in dict(read(a_page(news=longer)).notes)["marks"]


@pytest.mark.parametrize(
    ("named", "found_at", "url"),
    [
        ("/news", "https://harbour.example/news/bridge", "https://harbour.example/news/bridge"),
        ("/world", "https://harbour.example/a/bridge-closes", "https://harbour.example/a/bridge-closes"),
        ("/stories", "https://harbour.example/stories/2031-bridge", "https://harbour.example/stories/2031-bridge"),
        ("/{{ page.url }}", "https://harbour.example/1", "https://harbour.example/1"),
        ("/story.php?ref=1001", "file:/saved.html", "https://harbour.example/story.php?ref=1001"),
        ("https://web.archive.org/web/2031/https://harbour.example/1", "file:/saved.html", "https://harbour.example/1"),
        ("https://harbour.example/en/", "file:/saved.html", "file:/saved.html"),
        ("https://harbour.example/bridge", "https://harbour.example/bridge/amp", "https://harbour.example/bridge"),
    ],
)
def test_an_address_of_many_articles_is_not_the_articles(read, named, found_at, url):
    canonical = named if "://" in named else f"https://harbour.example{named}"
    assert read(a_page(head=f'<link rel="canonical" href="{canonical}">'), url=found_at).url == url


def test_a_saved_page_has_the_address_that_the_browser_noted(read):
    page = a_page(news=NEWS).replace("<html", "<!-- saved from url=(0025)https://harbour.example/1 -->\n<html")
    assert read(page).url == "https://harbour.example/1"


def paragraphs(number):
    return "".join(
        f"<p>Crews at shed {n} worked through the night while the town slept behind shutters.</p>"
        for n in range(number)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        paragraphs,
        lambda n: BODY + "<p>Crews worked through the night while the town slept behind its shutters.</p>" * n,
        lambda n: BODY + "<table>" + "<tr><td>Shed</td><td>7</td></tr>" * n + "</table>",
        lambda n: f"<div>{paragraphs(n // 4).replace('<p>', '').replace('</p>', '<br><br>')}</div>",
        lambda n: "<h1>Bridge closes</h1>" * n + BODY,
        lambda n: "<div><h2><a href='/a'>Shed</a></h2><p>Crews worked through the night.</p></div>" * n + BODY,
        lambda n: f"{BODY}<p class='{'a ' * n}'>Crews worked.</p>" * 20,
        lambda n: BODY + "<hr><ul><li><a href='/a'><p>Crews worked through the night.</p></a></li></ul><p>Why?</p>" * n,
        lambda n: BODY + "<h3>Reporting by</h3><p>More HP: https://harbour.example</p>" * n,
    ],
    ids=["paragraphs", "one paragraph", "rows", "line breaks", "headings", "teasers", "long class", "cards", "credits"],
)
def test_four_times_as_long_a_page_takes_four_times_as_long(read, body):
    def seconds(number):
        html = a_page(f"<article><h1>Bridge closes</h1>{body(number)}</article>", news=NEWS)
        began = time.process_time()
        read(html)
        return time.process_time() - began

    read(a_page())  # what is loaded once
    assert seconds(16_000) < 8 * max(seconds(4_000), 0.25)  # linear is 4, quadratic 16
