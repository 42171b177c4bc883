"""The small files of `tests/cases/ingest`: each is read as `expected.jsonl` says."""

import json
from pathlib import Path

import pytest

from quotetrack.core.domain import Failure
from quotetrack.ingest.outlets import Outlets, load_outlets
from quotetrack.ingest.reader import read_path

CASES = Path(__file__).parent / "ingest"
EXPECTED = [json.loads(line) for line in (CASES / "expected.jsonl").read_text("utf-8").splitlines()]
PARAGRAPHS = json.loads((CASES / "paragraphs.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def outlets() -> Outlets:
    return load_outlets()


def reading_of(file: str, outlets: Outlets) -> dict[str, object]:
    """Return the reading of a file, in the form of a line of the table."""
    (article,) = read_path(CASES / file, outlets=outlets)
    if isinstance(article, Failure):
        return {"file": file, "failure": article.reason}
    return {
        "file": file,
        "url": "file:" if article.url.startswith("file:") else article.url,
        "outlet": article.outlet,
        "title": article.title,
        "byline": article.byline,
        "published": article.published_at.isoformat() if article.published_at else None,
        "text": article.text.strip().split("\n\n"),
        "notes": [kind for kind, _ in article.notes],
    }


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: case["file"])
def test_a_file_is_read_as_the_table_says(case, outlets):
    expected = {name: value for name, value in case.items() if name != "why"}
    if "text" in expected:
        expected["text"] = [PARAGRAPHS.get(paragraph, paragraph) for paragraph in expected["text"]]
    assert reading_of(case["file"], outlets) == expected


def test_every_file_is_in_the_table():
    files = {path.relative_to(CASES) for path in CASES.rglob("*") if path.is_file() and path.parent != CASES}
    beside_the_tests_here = {file for file in files if file.parts[0] not in ("formats", "__pycache__")}
    assert {str(file) for file in beside_the_tests_here} == {case["file"] for case in EXPECTED}
