import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.crawl.robots import ALLOW_ALL, disallow_all, parse_robots

RULES = b"""User-agent: *
Crawl-delay: 3
Disallow: /members/
Allow: /members/open

User-agent: quotetrack
Disallow: /drafts/
Crawl-delay: 7

Sitemap: https://harbour.example/news-sitemap.xml
"""


@pytest.mark.parametrize(
    ("path", "allowed"), [("/", True), ("/2031/bridge", True), ("/drafts/bridge", False), ("/members/bridge", True)]
)
def test_rules_for_us_take_precedence_over_those_for_all(path, allowed):
    assert parse_robots(RULES).allows(f"https://harbour.example{path}") is allowed


def test_the_delay_and_the_sitemaps_are_read():
    robots = parse_robots(RULES)
    assert (robots.delay, robots.sitemaps) == (7.0, ("https://harbour.example/news-sitemap.xml",))


def test_rules_for_all_apply_where_none_are_for_us():
    robots = parse_robots(RULES.replace(b"quotetrack", b"otherbot"))
    assert not robots.allows("https://harbour.example/members/bridge")
    assert robots.allows("https://harbour.example/members/open")
    assert robots.delay == 3.0


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        (b"User-agent: *\nRequest-rate: 1/10", 10.0),
        (b"User-agent: *\nCrawl-delay: soon", 0.0),
        (b"User-agent: *\nCrawl-delay: -4", 0.0),
        (b"User-agent: *\nCrawl-delay: nan", 0.0),
        (b"User-agent: *\nCrawl-delay: inf", 0.0),
        (b"User-agent: *\nCrawl-delay: 0.5", 0.5),
        (b"", 0.0),
        (b"<html>There is no such page</html>", 0.0),
    ],
)
def test_the_delay_is_read_from_crawl_delay_or_request_rate(rules, delay):
    assert parse_robots(rules).delay == delay


def test_nothing_is_allowed_while_robots_txt_cannot_be_fetched():
    robots = disallow_all("the server answered 503")
    assert not robots.allows("https://harbour.example/")
    assert robots.refusal == "robots.txt cannot be fetched for now: the server answered 503"
    assert ALLOW_ALL.allows("https://harbour.example/")


@settings(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_are_rules(data, path):
    robots = parse_robots(b"User-agent: *\nDisallow: " + data)
    assert robots.allows(f"https://harbour.example/{path}") in (True, False)
    assert 0 <= robots.delay < float("inf")


@pytest.mark.parametrize("name", ["quotetrack", "quotetrack/0.1", "QuoteTrack/9.9 (+https://a.example)", "quotetrack/"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_a_group_that_names_a_version_of_us_is_ours(name, charset):
    rules = parse_robots(f"User-agent: {name}\nDisallow: /a/\n\nUser-agent: *\nDisallow:\n".encode(charset))
    assert not rules.allows("https://h.example/a/b")
    assert rules.allows("https://h.example/b")
