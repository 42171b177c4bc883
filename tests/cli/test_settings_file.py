"""The option --config and the variable QUOTETRACK_CONFIG."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.ingest.newsserver import CONTACT, NewsServer, entry, page, rss

pytest_plugins = ("tests.ingest.served",)

SITE = "127.0.0.1"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with settings, and others in the folder `etc`; the variable is unset after the test."""
    monkeypatch.setenv("QUOTETRACK_CONFIG", "")
    (tmp_path / "work").mkdir()
    (tmp_path / "etc").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "work" / "quotetrack.toml").write_text('database = "here.db"\n')
    (tmp_path / "etc" / "news.toml").write_text('database = "there.db"\n')
    return tmp_path


def database() -> str:
    return str(json.loads(quotetrack("db", "current", "--json").stdout)["database"])


def test_the_settings_file_can_be_named_by_option_or_variable(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert database() == "sqlite:///here.db"
    named = quotetrack("--config", home / "etc" / "news.toml", "db", "current", "--json")
    assert json.loads(named.stdout)["database"] == "sqlite:///there.db"  # relative to the working directory
    monkeypatch.setenv("QUOTETRACK_CONFIG", str(home / "etc" / "news.toml"))
    assert database() == "sqlite:///there.db"
    other = quotetrack("--config", "quotetrack.toml", "db", "current", "--json")
    assert json.loads(other.stdout)["database"] == "sqlite:///here.db"


@pytest.mark.parametrize("name", ["gone.toml", "../etc"])
def test_a_settings_file_that_does_not_exist_is_an_error(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    message = (
        f"quotetrack: The settings cannot be used: there is no file {name}: correct --config or QUOTETRACK_CONFIG\n"
    )
    result = quotetrack("--config", name, "sources", "list")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)
    monkeypatch.setenv("QUOTETRACK_CONFIG", name)
    assert quotetrack("sources", "list").stderr == message


def test_a_source_is_added_to_the_named_file(home: Path, news: NewsServer) -> None:
    bridge = news.put(SITE, "/bridge", page("“We will not wait,” said Mayor Ottilie Quill on Friday."))
    feed = news.put(SITE, "/feed", rss(entry(bridge)))
    named = home / "etc" / "news.toml"
    named.write_text(f'contact = "{CONTACT}"\nfetch_delay = 0\nfetch_private = ["127.0.0.1/32"]\n')
    here = (home / "work" / "quotetrack.toml").read_text()
    assert quotetrack("--config", named, "sources", "add", feed, "--name", "harbour").exit_code == 0
    assert f'name = "harbour"\nkind = "feed"\nurl = "{feed}"\n' in named.read_text()
    assert (home / "work" / "quotetrack.toml").read_text() == here
