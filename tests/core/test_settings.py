"""Sources and other settings in quotetrack.toml, and the messages for invalid ones."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from quotetrack.core.settings import Settings, SourceKind, setting_problems
from quotetrack.ingest.crawl.client import ContactMissing, Politeness


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Return a function that reads the settings of a quotetrack.toml with this text."""

    def _settings(toml: str = "") -> Settings:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "quotetrack.toml").write_text(toml, "utf-8")
        return Settings()

    return _settings


def test_sources_are_read_from_tables_of_the_file(settings):
    sources = settings("""
        contact = "crawler@quotes.example"
        fetch_private = ["10.0.0.0/8"]

        [[source]]
        name = "harbour-post"
        kind = "feed"
        url = "https://harbour.example/feed"

        [[source]]
        name = "drop"
        kind = "folder"
        path = "incoming"
        outlet = "harbour-post"
    """).source
    assert [(source.name, source.kind, source.place) for source in sources] == [
        ("harbour-post", SourceKind.FEED, "https://harbour.example/feed"),
        ("drop", SourceKind.FOLDER, "incoming"),
    ]
    assert sources[1].path == Path("incoming") and sources[1].outlet == "harbour-post"


def test_sources_are_read_from_the_environment(settings, monkeypatch):
    monkeypatch.setenv("QUOTETRACK_SOURCE", '[{"name": "a", "kind": "page", "url": "https://harbour.example/a"}]')
    assert settings().source[0].place == "https://harbour.example/a"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('kind = "feed"', "name: Field required"),
        ('name = "a"\nkind = "feeed"', "Input should be 'feed', 'sitemap'"),
        ('name = "a"\nkind = "feed"', "source 'a': a feed needs a url"),
        ('name = "a"\nkind = "warc"', "source 'a': a warc needs a path"),
        (
            'name = "a"\nkind = "warc"\nurl = "https://a.example"\npath = "a"',
            "a warc has a path and no url",
        ),
        ('name = "a"\nkind = "feed"\nurl = "a.example/feed"', "begins with https:// or http:// and a host"),
        ('name = "a"\nkind = "feed"\nurl = "file:///etc/passwd"', "begins with https:// or http:// and a host"),
        ('name = "a b"\nkind = "feed"\nurl = "https://a.example"', "'a b' is not a valid name for a source"),
        ('name = "a"\nkind = "feed"\nurl = "https://a.example"\nuri = "b"', "uri: Extra inputs are not permitted"),
    ],
)
def test_an_invalid_source_is_refused_with_the_reason(settings, source, message):
    with pytest.raises(ValidationError) as raised:
        settings(f"[[source]]\n{source}")
    errors = [f"{error['loc'][-1]}: {error['msg']}" for error in raised.value.errors()]
    assert any(message in error for error in errors), errors


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('contact = ""', "give an e-mail address or the URL of a page about you"),
        ('contact = "a\\r\\nX: b"', "give an e-mail address or the URL of a page about you"),
        ("fetch_delay = -1", "greater than or equal to 0"),
        ("fetch_largest = 0", "greater than or equal to 1"),
        ('fetch_private = ["here"]', "not a valid IPv4 network"),
        (
            '[[source]]\nname = "a"\nkind = "folder"\npath = "x"\n[[source]]\nname = "a"\nkind = "folder"\npath = "y"',
            "two sources are called 'a'",
        ),
    ],
)
def test_an_invalid_setting_is_refused_with_the_reason(settings, toml, message):
    with pytest.raises(ValidationError, match=message):
        settings(toml)


def test_pages_are_kept_by_default_in_another_folder_or_not_at_all(settings):
    assert settings().evidence.name == "evidence"
    assert settings('evidence = "pages"').evidence == Path("pages")
    assert settings('evidence = ""').evidence is None


def test_politeness_is_that_of_the_settings(settings):
    given = settings('contact = "crawler@quotes.example"\nfetch_delay = 5\nfetch_largest = 2')
    politeness = Politeness.from_settings(given)
    assert (politeness.contact, politeness.delay, politeness.largest) == ("crawler@quotes.example", 5.0, 2 * 2**20)
    with pytest.raises(ContactMissing, match="QUOTETRACK_CONTACT"):
        Politeness.from_settings(settings())


def test_there_are_no_sources_and_no_contact_by_default(settings):
    assert (settings().source, settings().contact, settings().fetch_private) == ((), None, ())


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("fetch_privat = []", "fetch_privat is not a setting. Did you mean fetch_private?"),
        ("worker = 2", "worker is not a setting. Did you mean workers?"),
        (
            '[[source]]\nname = "a"\nkind = "feed"\nurl = "https://a.example/feed"\noutlett = "a"',
            "source.0.outlett is not a setting. Did you mean outlet?",
        ),
        ("workers = 0", "workers: Input should be greater than or equal to 1"),
    ],
)
def test_an_unknown_setting_is_refused_with_the_nearest_name(settings, toml, problem):
    with pytest.raises(ValidationError) as caught:
        settings(toml)
    assert setting_problems(caught.value) == [problem]


def test_a_setting_without_a_near_name_is_refused_with_all_names(settings):
    with pytest.raises(ValidationError) as caught:
        settings("zeppelin = 1")
    (problem,) = setting_problems(caught.value)
    assert problem.startswith("zeppelin is not a setting. Settings: database, ")
