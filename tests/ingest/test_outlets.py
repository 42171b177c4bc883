from zoneinfo import ZoneInfo

import pytest

from quotetrack.ingest.outlets import load_outlets

EXTRA_OUTLETS = """
[[outlet]]
slug = "harbour-post"
name = "The Harbour Post"
domains = ["harbourpost.example", "bbc.com"]

[[wire]]
slug = "HNA"
name = "Harbour News Agency"
patterns = ["Harbour News Agency", "HNA"]
"""


@pytest.mark.parametrize(
    ("url", "given", "name"),
    [
        ("https://www.bbc.co.uk/news/1", None, "bbc"),
        ("https://edition.cnn.com/a", None, "cnn"),
        ("HTTPS://WWW.THEGUARDIAN.COM/a", None, "guardian"),
        ("https://www.bbc.com:443/a", "The Harbour Post", "bbc"),  # a known domain counts before the given name
        ("https://english.harbour.example/a", None, "english.harbour.example"),
        ("https://english.harbour.example/a", "The Harbour Post", "The Harbour Post"),
        ("https://notbbc.com/a", None, "notbbc.com"),
        ("https://thestar.com.my/a", None, "the-star-malaysia"),  # the longest domain, not thestar.com
        ("https://m.harbour.example/a", None, "harbour.example"),
        ("https://amp.harbour.example/a", None, "harbour.example"),
        ("https://web.archive.org/web/2031/https://www.bbc.com/a", None, "bbc"),
        ("file:/tmp/a.txt", None, "unknown"),
        ("file:/tmp/a.txt", "The Harbour Post", "The Harbour Post"),
        ("https://[broken", None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_the_name_of_an_outlet_comes_from_its_domain_or_is_the_given_one_or_the_host(outlets, url, given, name):
    assert outlets.name_for(url, given) == name


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("HARBOUR TOWN (AP) — The bridge is closed.", "AP"),
        ("HARBOUR TOWN, March 4 (Reuters) - The bridge is closed.", "Reuters"),
        ("(Reuters) - The bridge is closed.", "Reuters"),
        ("The bridge is closed.\nSOURCE:AFP\nExplore\nFerry is late\nTown wins cup", "AFP"),
        ("The bridge is closed.\n\nSource: The Associated Press", "AP"),
        ("“It is closed,” she said. — Reuters", "Reuters"),
        ("“It is closed,” she said. (AFP)", "AFP"),
        ("The bridge is closed.\n\nAFP/Reuters", "AFP"),
        ("The bridge is closed.\n\nWith files from The Canadian Press", "CP"),
        ("The bridge is closed.\n\n(With inputs from PTI)", "PTI"),
        ("Mayor Roe on the bridge. / Photo: AP / AP\n\nThe bridge is closed.", None),
        ("Mayor Roe told Reuters that the bridge is closed.", None),
        ("The bridge is closed, the AP reported on Friday.", None),
        ("The AP-style bridge", None),
        ("", None),
    ],
)
def test_the_agency_that_a_text_credits(outlets, text, wire):
    assert outlets.wire_credit(text) == wire


@pytest.mark.parametrize(
    ("byline", "wire"),
    [
        ("The Associated Press", "AP"),
        ("Jane Roe and AFP", "AFP"),
        ("Reuters staff", "Reuters"),
        ("Associated Press in Harbour Town", "AP"),
        ("Jane Roe", None),
        ("Apia Afpor", None),
        ("AP Singh", None),
        ("PA Mwangi", None),
        ("AP Thomas and Jane Roe", None),
        ("AP Singh and Reuters", "Reuters"),
        ("AP Staff", "AP"),
        ("AP Business Writer", "AP"),
        ("Jane Roe, PA Political Editor", "PA"),
        ("Jane Roe AP", "AP"),
        ("AFP Paris", "AFP"),
    ],
)
def test_the_agency_that_a_byline_names(outlets, byline, wire):
    assert outlets.wire_of_byline(byline) == wire


def test_an_article_on_the_site_of_an_agency_credits_it(outlets):
    assert outlets.credit("The bridge is closed.", "Jane Roe", "https://apnews.com/article/1") == "AP"


def test_outlets_of_another_file_override_the_bundled_ones(tmp_path):
    (tmp_path / "extra.toml").write_text(EXTRA_OUTLETS)
    outlets = load_outlets(tmp_path / "extra.toml")
    assert outlets.name_for("https://bbc.com/1", None) == "harbour-post"
    assert outlets.name_for("https://bbc.co.uk/1", None) == "bbc"
    assert outlets.wire_credit("The bridge is closed. — HNA") == "HNA"
    assert outlets.by_slug("harbour-post").timezone is None


def test_bundled_slugs_and_domains_are_unique_and_time_zones_and_wires_exist(outlets):
    slugs = [outlet.slug for outlet in outlets.outlets]
    domains = [domain for outlet in outlets.outlets for domain in outlet.domains]
    wires = {wire.slug for wire in outlets.wires}
    assert len(set(slugs)) == len(slugs)
    assert len(set(domains)) == len(domains)
    assert all(ZoneInfo(outlet.timezone) for outlet in outlets.outlets)
    assert {outlet.wire for outlet in outlets.outlets} - {None} <= wires


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.bbc.co.uk/news/1", True),
        ("https://www.foxnews.com/a", False),
        ("https://www.cbc.ca/a", None),  # Canada prints both
        ("https://harbour.example/a", None),
        ("file:/tmp/a.txt", None),
    ],
)
def test_the_country_of_an_outlet_tells_how_it_prints_numeric_dates(outlets, url, expected):
    assert outlets.is_day_first(url) is expected
