"""Commands that read start soon: they load neither torch, nor spaCy, nor what comes with them.

Ctrl-C before a command begins ends the program without a word.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ("tests.filled_store",)

# torch and spaCy take seconds; each of the others takes a tenth of a second and more.
HEAVY = {"torch", "spacy", "sentence_transformers", "transformers", "sklearn", "scipy", "pandas", "trafilatura"}
HEAVY |= {"alembic", "lxml", "httpx", "jinja2"}
QUESTION = "What did Ragna Telle say about the storm barrier?"
_IMPORTED = re.compile(r"^import time: .*\| +(\S+)$", re.MULTILINE)


# A process that is interrupted where it begins to import the first argument; the others are those of the command line.
INTERRUPTED_AT = """
import runpy, sys

class Interrupting:
    def find_spec(name, path=None, target=None):
        if name == interrupted_at:
            raise KeyboardInterrupt

interrupted_at = sys.argv.pop(1)
sys.meta_path.insert(0, Interrupting)
runpy.run_module("quotetrack", run_name="__main__")
"""


def run_cold(*arguments: str, database: Path, model: str | None = None) -> tuple[str, str]:
    """Return the output and standard error, with the imports, of a new process. `model` is not the usual one."""
    environment = os.environ | {"QUOTETRACK_DATABASE": str(database)}
    if model is not None:
        environment["QUOTETRACK_EMBEDDING_MODEL"] = model
    command = [sys.executable, "-X", "importtime", "-m", "quotetrack", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return ran.stdout, ran.stderr


def loaded(errors: str) -> set[str]:
    return {name.partition(".")[0] for name in _IMPORTED.findall(errors)}


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", QUESTION),
        ("ask", QUESTION, "--json"),
        ("find", "paint and promises keep the sea out"),
        ("show", "1"),
        ("speakers", "list"),
        ("--help",),
    ],
    ids=" ".join,
)
def test_no_heavy_library_is_loaded(arguments: tuple[str, ...], ingested: Path) -> None:
    printed, errors = run_cold(*arguments, database=ingested)
    assert printed and "typer" in loaded(errors)
    assert loaded(errors) & HEAVY == set()


def test_a_question_is_embedded_all_the_same(ingested: Path) -> None:
    _, errors = run_cold("ask", QUESTION, database=ingested)
    assert {"tokenizers", "safetensors"} <= loaded(errors)
    assert "words only" not in errors


@pytest.mark.parametrize("model", ["no_such_package", "nobody/no-such-model"])
def test_where_no_model_is_words_are_searched_at_once_and_that_is_said(ingested: Path, model: str) -> None:
    printed, errors = run_cold("ask", QUESTION, database=ingested, model=model)
    assert "“The barrier will not hold another winter" in printed
    assert f"Searching by words only: The embedding model '{model}' is not on this machine." in errors
    assert loaded(errors) & HEAVY == set()


@pytest.mark.parametrize(
    "module",
    ["quotetrack.cli.console", "typer", "quotetrack.core.domain", "quotetrack.cli.root", "quotetrack.cli.ask"],
)
def test_ctrl_c_before_a_command_begins_ends_without_a_word(module: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED_AT, module, "ask", QUESTION]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "")


def test_ctrl_c_while_a_command_imports_says_what_is_kept(ingested: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED_AT, "sqlalchemy", "ask", QUESTION, "--database", ingested]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (130, "") and ran.stderr.startswith("Interrupted.")


def test_nothing_that_takes_time_is_loaded_before_ctrl_c_is_awaited() -> None:
    code = "import sys, quotetrack.cli.main; print(*sys.modules)"
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    ours = {"quotetrack", "quotetrack.cli", "quotetrack.cli.main", "quotetrack.cli.exit_codes"}
    assert {name for name in names if name.partition(".")[0] == "quotetrack"} == ours
    assert not {"typer", "importlib.metadata", "typing", "re", "signal"} & set(names)
