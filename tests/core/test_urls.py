import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.core.urls import (
    article_key,
    canonical_url,
    is_same_site,
    is_side_form,
    names_an_article,
    original_url,
)

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
        ("https://harbour.example/story.php?ref=1001", "https://harbour.example/story.php?ref=1001"),
        ("https://harbour.example/view.aspx?cmp=77&utm_source=x", "https://harbour.example/view.aspx?cmp=77"),
        ("https://harbour.example/story.php?ref=fb", "https://harbour.example/story.php"),
        ("https://harbour.example/story.php?id=7&ref=1001", "https://harbour.example/story.php?id=7"),
        (f"{STORY}?ref=1001", STORY),  # the path says which article it is
        ("https://harbour.example/#!/story/1", "https://harbour.example/#!/story/1"),
        ("https://harbour.example/app#/story/1", "https://harbour.example/app#/story/1"),
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


@pytest.mark.parametrize(
    "copy",
    [
        f"https://web.archive.org/web/20310310090000/{STORY}",
        f"https://web.archive.org/web/20310310090000id_/{STORY}",
        "https://web.archive.org/web/2031/https:/harbour.example/2031/bridge",
        "https://web.archive.org/web/2031/harbour.example/2031/bridge",
        f"https://archive.today/2031.03.10-090000/{STORY}",
        f"https://archive.ph/o/aB3cD/{STORY}",
        f"https://webarchive.nationalarchives.example/ukgwa/20310310090000/{STORY}",
        f"https://arquivo.example/wayback/20310310090000/{STORY}",
        f"http://webcache.googleusercontent.com/search?q=cache:aB3:{STORY}",
        f"https://webcache.googleusercontent.com/search?q=cache:{STORY}+bridge&hl=en",
        "https://harbour-example.translate.goog/2031/bridge?_x_tr_sl=en&_x_tr_tl=de",
    ],
)
def test_a_copy_in_an_archive_has_the_key_of_its_original(copy):
    assert article_key(original_url(copy)) == article_key(copy) == article_key(STORY)


@pytest.mark.parametrize("url", [STORY, "https://archive.ph/aB3cD", f"https://harbour.example/share?to={STORY}", ""])
def test_an_address_that_is_no_copy_is_its_own_original(url):
    assert original_url(url) == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (STORY, True),
        ("https://harbour.example/1", True),
        ("https://harbour.example/?p=12", True),
        ("https://harbour.example/en/bridge-closes", True),
        ("https://harbour.example/#!/story/1", True),
        ("https://harbour.example/", False),
        ("https://harbour.example/en/", False),
        ("https://harbour.example/pt-br", False),
        ("https://harbour.example/index.php", False),
        ("https://harbour.example/?lang=en", False),
        ("https://harbour.example/news", False),
        ("https://harbour.example/en/sport/", False),
        ("https://harbour.example/news#story-1", False),
        ("https://harbour.example/{{ page.url }}", False),
        ("https://harbour.example/%7B%7Burl%7D%7D", False),
        ("https://harbour.example/<%= url %>", False),
        ("https://harbour.example/undefined", False),
        ("https://harbour.example/story/null", False),
        ("N/A", False),
        ("/2031/bridge", False),
        ("javascript:void(0)", False),
    ],
)
def test_an_address_of_many_pages_names_no_article(url, expected):
    assert names_an_article(url) is expected
