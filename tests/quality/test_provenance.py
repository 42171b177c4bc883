"""The saved pages through the command line: every exported row verifies against their bytes, and types are uniform."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.quality.gold_sets import SHARED

from quotetrack.export.data_package import table_schema

FEWEST_ROWS = 350  # reached 370
DAYS = [field["name"] for field in table_schema()["fields"] if field["type"] in ("date", "datetime")]

pytestmark = [
    pytest.mark.gate_full,
    pytest.mark.skipif(not (SHARED / "pages").is_dir(), reason=f"no measuring data at {SHARED}"),
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    pages = sorted((SHARED / "pages").glob("*.html.gz"))
    assert quotetrack("ingest", *pages, "--database", folder / "pages.db").exit_code == 0
    assert quotetrack("export", "--csv", folder / "pages.csv", "--database", folder / "pages.db").exit_code == 0
    return folder / "pages.csv"


def test_every_row_verifies(exported: Path) -> None:
    result = quotetrack("verify", exported, "--json")
    found = json.loads(result.stdout)
    assert [each for each in found["results"] if each["verdict"] != "holds"] == []
    assert result.exit_code == 0 and found["holds"] >= FEWEST_ROWS


def test_a_column_of_days_or_moments_has_one_form(exported: Path) -> None:
    with exported.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    forms = {column: {len(row[column]) for row in rows if row[column]} for column in DAYS}
    assert {column: lengths for column, lengths in forms.items() if len(lengths) > 1} == {}
    assert forms["published"] == {len("2031-03-10")} and forms["published_at"] == {len("2031-03-10T17:40:00Z")}


def test_the_whole_database_verifies(exported: Path) -> None:
    result = quotetrack("verify", "--database", exported.with_suffix(".db"))
    assert (result.exit_code, "0 fail, 0 cannot" in result.stdout) == (0, True)
