"""Commands that read start soon: they load neither torch, nor spaCy, nor what comes with them."""

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
