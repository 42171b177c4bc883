"""Control characters of data are shown, not obeyed."""

from __future__ import annotations

import json

import pytest
from rich.console import Console
from tests.cli_runner import quotetrack

from quotetrack.core.controls import json_on_one_line, visible
from quotetrack.core.domain import Article, Quotation, QuotationKind, Span
from quotetrack.pipeline.standalone import Explained
from quotetrack.render.explain_html import page
from quotetrack.render.quotations import quotations_table

HOSTILE = (
    ("\x1b[31mred", "\\x1b[31mred"),
    ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
    ("\x9b2J", "\\x9b2J"),
    ("real\rfake", "real\\x0dfake"),
    ("abc\u202ecod.exe", "abc\\u202ecod.exe"),
    ("\u2066isolated\u2069", "\\u2066isolated\\u2069"),
    ("two\u2028lines\x85here", "two\\u2028lines\\x85here"),
    ("[bold]not bold[/bold] [link=https://evil.example]here[/link]", None),
    ("José “Pepe” Ñandú\tעברית\u200f 👩‍🚒", None),
)


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_a_control_character_is_shown(text, shown):
    assert visible(text) == (shown or text)
    written = json_on_one_line(json.dumps({"title": text}, ensure_ascii=False))
    assert json.loads(written) == {"title": text}
    assert len(written.splitlines()) == 1
    assert visible(written) == written


def test_our_own_highlighting_is_kept():
    assert visible("a \x1b[1;4mferry\x1b[0m\x1b[2J", ("\x1b[1;4m", "\x1b[0m")) == "a \x1b[1;4mferry\x1b[0m\\x1b[2J"


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_a_table_and_a_page_show_a_quotation_as_it_is(text, shown):
    quotation = Quotation((Span(0, len(text)),), text, QuotationKind.FULL, Span(0, len(text)))
    console = Console(width=200, markup=False, highlight=False, force_terminal=False)
    with console.capture() as captured:
        console.print(quotations_table([quotation], text))
    assert (shown or text.replace("\t", " "))[:9] in captured.get().replace("\t", " ")
    assert "\x1b" not in captured.get()
    html = page([Explained(text, Article(url="file:x", outlet="x", text=text, title=text), [])])
    assert (shown or text) in html


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_messages_show_the_name_of_a_file_as_it_is(tmp_path, monkeypatch, text, shown):
    monkeypatch.chdir(tmp_path)
    name = text.replace("/", "_")
    result = quotetrack("ingest", name, "--database", tmp_path / "news.db")
    assert f"failed: {(shown or text).replace('/', '_')}: no such file" in result.stderr
