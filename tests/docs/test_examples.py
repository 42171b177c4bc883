"""Every console session in README and the documentation is run, and prints what the page says; Python pages run.

A block that begins with `$ quotetrack` is a session. A line of `...` stands for any lines. The sessions of a page
run in order in one folder, in which `newsroom` is the sample newsroom.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.sample import folder

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "docs/tutorial.md",
    "docs/reviewing.md",
    "docs/how-to/asking.md",
    "docs/how-to/exporting.md",
    "docs/how-to/corpus.md",
)
PYTHON_PAGE = "docs/how-to/notebook.md"
_FENCE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PYTHON_FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sessions(page: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a page with the lines that it should print."""
    for block in _FENCE.findall((ROOT / page).read_text("utf-8")):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *printed = step.rstrip().split("\n")
            if command.startswith("quotetrack "):
                yield command, printed


def is_printed(expected: list[str], lines: list[str]) -> bool:
    """Return whether the lines are the expected ones, where `...` stands for any number of lines."""
    if not expected:
        return not lines
    if expected[0].strip() == "...":
        return any(is_printed(expected[1:], lines[skipped:]) for skipped in range(len(lines) + 1))
    return bool(lines) and lines[0].rstrip() == expected[0].rstrip() and is_printed(expected[1:], lines[1:])


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_each_session_prints_what_the_page_says(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(folder(), tmp_path / "newsroom")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOTETRACK_DATABASE", "newsroom.db")
    ran = 0
    for command, expected in sessions(page):
        result = quotetrack(*shlex.split(command)[1:])
        lines = (result.stdout + result.stderr).rstrip().split("\n")
        assert is_printed(expected, lines), f"$ {command}\n{result.stdout}{result.stderr}"
        ran += 1
    assert ran, f"{page} shows no session"


@pytest.mark.slow
def test_the_python_of_the_page_runs_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder(), tmp_path / "newsroom")
    monkeypatch.chdir(tmp_path)
    blocks = _PYTHON_FENCE.findall((ROOT / PYTHON_PAGE).read_text("utf-8"))
    exec(compile("\n".join(blocks), PYTHON_PAGE, "exec"), {})
    printed = capsys.readouterr().out
    assert all(part in printed for part in ("'new': 12", "1 of 2 utterances.", "2 words differ", "  Minister Telle, "))
    assert "there is no utterance 999" in printed and "Orla Venn" in printed


@pytest.mark.parametrize(
    ("expected", "lines", "agrees"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "..."], ["a", "b", "c"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["a", "...", "c"], ["a", "c"], True),
        (["a"], ["a", "b"], False),
        (["...", "d"], ["a", "b", "c"], False),
    ],
)
def test_dots_stand_for_any_lines(expected: list[str], lines: list[str], agrees: bool) -> None:
    assert is_printed(expected, lines) is agrees
