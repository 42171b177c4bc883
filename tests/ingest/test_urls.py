import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.urls import article_key, canonical_url, is_same_site, is_side_form

STORY = "https://harbour.example/2031/bridge"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (STORY, STORY),
        ("  https://harbour.example/2031/bridge\n", STORY),
        ("HTTPS://Harbour.Example:443/2031/bridge#comments", STORY),
        ("http://harbour.example:80", "http://harbour.example/"),
        ("http://harbour.example:8080/a", "http://harbour.example:8080/a"),
        ("https://reader:secret@harbour.example./2031/bridge", STORY),
        (f"{STORY}?utm_source=rss&utm_medium=feed", STORY),
        (f"{STORY}?fbclid=abc&page=2&gclid=x", f"{STORY}?page=2"),
        (f"{STORY}?at_medium=RSS&at_campaign=rss&CMP=x&smid=tw", STORY),
        (f"{STORY}?id=7&source=home", f"{STORY}?id=7&source=home"),  # these may tell articles apart
        (f"{STORY}?reference=7", f"{STORY}?reference=7"),  # starts like the tracking parameter ref
        (f"{STORY};jsessionid=AB12?id=7", f"{STORY}?id=7"),
        ("https://harbour.example/a/./b/../c", "https://harbour.example/a/c"),
        ("https://harbour.example/../..", "https://harbour.example/"),
        ("https://harbour.example/%7eann/caf%c3%a9", "https://harbour.example/~ann/caf%C3%A9"),
        ("https://harbour.example/café au lait", "https://harbour.example/caf%C3%A9%20au%20lait"),
        ("https://harbour.example/100%", "https://harbour.example/100%25"),
        ("https://straße.example/a", "https://xn--strae-oqa.example/a"),
        ("https://www.google.com/amp/s/harbour.example/2031/bridge", STORY),
        ("https://harbour-example.cdn.ampproject.org/c/s/harbour.example/2031/bridge", STORY),
        ("http://[2001:DB8::1]/a", "http://[2001:db8::1]/a"),
        ("ftp://harbour.example/a", None),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("//harbour.example/a", None),
        ("/2031/bridge", None),
        ("https://", None),
        ("https://:80/", None),
        ("https://a b/", None),
        ("https://harbour.example:99999/", None),
        ("https://[::1/", None),
        ("https://xn--/", None),
        ("", None),
        (f"https://harbour.example/{'a' * 5000}", None),
    ],
)
def test_the_canonical_url_drops_parts_that_tell_readers_apart(url, canonical):
    assert canonical_url(url) == canonical


ADDRESSES = st.one_of(
    st.text(max_size=60),
    st.builds(
        lambda host, path: f"http://{host}/{path}",
        st.sampled_from(["a.example", "Ö.example", "b.c"]),
        st.text("%2eE/.?#&=é;:@ a+", max_size=30),
    ),
)


@settings(deadline=None)
@given(ADDRESSES)
def test_a_canonical_url_is_its_own_canonical_url(url):
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once
    assert article_key(url) == article_key(once or url)


@pytest.mark.parametrize(
    "other",
    [
        "http://www.harbour.example/2031/bridge/",
        "https://amp.harbour.example/2031/bridge",
        "https://m.harbour.example/2031/bridge?utm_source=x",
        "https://www.harbour.example/2031/bridge/amp/",
        "https://harbour.example/amp/2031/bridge",
        "https://harbour.example/2031/bridge.amp",
        "https://harbour.example/2031/bridge?amp=1",
        "https://harbour.example/2031/bridge?outputType=amp",
        "https://harbour.example/2031/bridge/print",
        "https://harbour.example/2031/bridge?print=true",
        "https://harbour.example/2031/bridge/index.html",
    ],
)
def test_amp_print_and_mobile_forms_are_the_same_article(other):
    assert article_key(other) == article_key(STORY)


@pytest.mark.parametrize(
    "other",
    [
        "https://harbour.example/2031/bridges",
        "https://harbour.example/2031/bridge?page=2",
        "https://harbour.example/2031/bridge/amplifier",
        "https://harbour.example/2031/bridge/print-shops",
        "https://courier.example/2031/bridge",
        "https://harbour.example/2031",
    ],
)
def test_similar_urls_are_other_articles(other):
    assert article_key(other) != article_key(STORY)


def test_parameters_in_another_order_are_the_same_article():
    assert article_key(f"{STORY}?a=1&b=2") == article_key(f"{STORY}?b=2&a=1")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (STORY, False),
        (f"{STORY}/", False),
        ("https://www.harbour.example/a", False),
        ("https://m.harbour.example/a", True),
        (f"{STORY}/amp", True),
        (f"{STORY}?print=1", True),
        ("https://m.example/a", False),  # a site with the name m
    ],
)
def test_amp_print_and_mobile_forms_are_recognized(url, expected):
    assert is_side_form(url) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (STORY, "https://www.harbour.example/other", True),
        (STORY, "https://news.harbour.example/other", True),
        (STORY, "https://courier.example/2031/bridge", False),
        (STORY, "https://notharbour.example/", False),
        (STORY, "file:/saved/bridge.html", False),
    ],
)
def test_a_site_includes_its_subdomains(left, right, expected):
    assert is_same_site(left, right) is expected
    assert is_same_site(right, left) is expected
