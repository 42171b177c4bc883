"""The reference is complete: every command and option, every column of the CSV, every setting, every link of README."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from quotetrack.core.settings import Settings
from quotetrack.export.codebook import column_table
from quotetrack.export.corpus_tables import COLUMNS, Column
from quotetrack.export.link_tables import LINKS, UTTERANCES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MOST_README_LINES = 130


def test_the_reference_of_commands_is_that_of_the_program(tmp_path: Path) -> None:
    made = tmp_path / "commands.md"
    generate = "import sys; from typer.cli import main; sys.argv = ['typer', *sys.argv[1:]]; main()"
    arguments = ["quotetrack.cli.app", "utils", "docs", "--name", "quotetrack", "--output", str(made)]
    subprocess.run([sys.executable, "-c", generate, *arguments], check=True, capture_output=True, cwd=tmp_path)
    assert made.read_text("utf-8") == (DOCS / "reference/commands.md").read_text("utf-8"), "run `make docs`"


def test_the_reference_of_the_csv_has_the_table_of_the_codebook() -> None:
    assert column_table() in (DOCS / "reference/csv.md").read_text("utf-8"), "copy it from any .codebook.md"


@pytest.mark.parametrize("columns", [*COLUMNS.values(), UTTERANCES, LINKS])
def test_every_column_of_a_corpus_is_explained(columns: tuple[Column, ...]) -> None:
    page = (DOCS / "how-to/corpus.md").read_text("utf-8")
    assert [c.name for c in columns if f"| `{c.name}` | {c.type} | {c.description} |" not in page] == []


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_explained(setting: str) -> None:
    assert f"`QUOTETRACK_{setting.upper()}`" in (DOCS / "reference/settings.md").read_text("utf-8")


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= MOST_README_LINES


def test_every_file_that_the_readme_links_to_exists() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    linked = [target for target in re.findall(r"\]\(([^)#]+)", readme) if "://" not in target]
    assert linked and [target for target in linked if not (ROOT / target).exists()] == []


def test_every_page_of_a_decision_is_listed() -> None:
    listed = (DOCS / "decisions/index.md").read_text("utf-8")
    assert [page.name for page in sorted((DOCS / "decisions").glob("0*.md")) if page.name not in listed] == []
