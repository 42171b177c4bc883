"""The two seed articles through the command line: ingest, ask, export. Places, names, days and counts are fixed."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.quality.gold_sets import SHARED

from quotetrack.core.parts import OMISSION, split_parts

SEEDS = SHARED / "seeds"
FILES = {"kyiv-independent": "000_f2203e5ac2dc685f.txt", "trt-world": "003_ef5823c0d4c3fa5b.txt"}

KYIV_ON_TECHNOLOGY = ("kyiv-independent", "[829,950)")
KYIV_ON_TRUMP = ("kyiv-independent", "[962,1114)")
AFP_ON_ALLIES = ("trt-world", "[1414,1549)")
AFP_ON_TECHNOLOGY = ("trt-world", "[1617,1739) [1782,1825)")
AFP_ON_TRUMP = ("trt-world", "[1830,1933)")

SPEAKERS = {
    KYIV_ON_TECHNOLOGY: "Mark Rutte",
    KYIV_ON_TRUMP: "Mark Rutte",
    ("kyiv-independent", "[1502,1529)"): "Donald Trump",
    ("kyiv-independent", "[1957,2016)"): "Volodymyr Zelensky",
    ("trt-world", "[530,572)"): "Farah Dakhlallah",
    AFP_ON_ALLIES: "Mark Rutte",
    AFP_ON_TECHNOLOGY: "Mark Rutte",
    AFP_ON_TRUMP: "Mark Rutte",
}
ON_NORTH_KOREA = {KYIV_ON_TECHNOLOGY, AFP_ON_ALLIES, AFP_ON_TECHNOLOGY}
UTTERANCES = 7
SAID = "2024-11-07"
AFP_PUBLISHED = "2024-11-23"

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no seeds at {SEEDS}"),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> str:
    """Both seeds, each ingested under the name of its outlet."""
    url = f"sqlite:///{tmp_path_factory.mktemp('seeds') / 'seeds.db'}"
    for outlet, file in FILES.items():
        _quotetrack("ingest", str(SEEDS / file), "--outlet", outlet, "--database", url)
    return url


@pytest.fixture(scope="module")
def rows(database) -> list[dict[str, str]]:
    """The exported CSV."""
    return list(csv.DictReader(io.StringIO(_quotetrack("export", "--csv", "-", "--database", database), newline="")))


@pytest.fixture(scope="module")
def answer(database) -> dict:
    question = "what did Rutte say about North Korea"
    return json.loads(_quotetrack("ask", question, "--json", "--database", database))


def test_eight_quotations_have_the_right_speakers(rows):
    assert {(row["outlet"], row["parts"]): row["speaker"] for row in rows} == SPEAKERS
    assert len(rows) == len(SPEAKERS)


def test_the_words_are_the_characters_of_the_files(rows):
    for row in rows:
        text = (SEEDS / FILES[row["outlet"]]).read_bytes().decode("utf-8")
        spans = [(int(start), int(end)) for start, end in re.findall(r"\[(\d+),(\d+)\)", row["parts"])]
        parts = [text[start:end] for start, end in spans]
        assert split_parts(row["words"], [len(part) for part in parts]) == parts
        assert (int(row["start"]), int(row["end"])) == (spans[0][0], spans[-1][1])


def test_every_row_verifies_against_the_files(database, tmp_path):
    _quotetrack("export", "--csv", str(tmp_path / "seeds.csv"), "--database", database)
    assert _quotetrack("verify", str(tmp_path / "seeds.csv")).startswith(f"{len(SPEAKERS)} rows: {len(SPEAKERS)} hold")


def test_fragments_with_other_words_between_them_are_not_run_together(rows):
    assert any(OMISSION in row["words"] for row in rows)


def test_the_wire_agency_is_credited(rows):
    assert {(row["outlet"], row["wire_credit"]) for row in rows} == {("kyiv-independent", ""), ("trt-world", "AFP")}


def test_one_utterance_is_in_both_articles(rows):
    utterance = {(row["outlet"], row["parts"]): row["utterance"] for row in rows}
    assert len(set(utterance.values())) == UTTERANCES
    assert utterance[KYIV_ON_TRUMP] == utterance[AFP_ON_TRUMP]


def test_the_day_is_the_day_of_the_speech_and_not_of_the_report(rows):
    said = {(row["outlet"], row["parts"]): (row["said_first"], row["said_last"]) for row in rows}
    assert said[KYIV_ON_TRUMP] == (SAID, SAID)
    first, last = said[AFP_ON_TRUMP]
    assert not first or last < AFP_PUBLISHED


def test_the_answer_begins_with_north_korea(answer):
    found = [{_place(sighting) for sighting in utterance["sightings"]} for utterance in answer["utterances"]]
    assert set.union(*found[: len(ON_NORTH_KOREA)]) == ON_NORTH_KOREA
    assert {KYIV_ON_TRUMP, AFP_ON_TRUMP} in found
    assert {utterance["speaker"] for utterance in answer["utterances"]} == {"Mark Rutte"}


def test_the_answer_says_how_the_question_was_understood(answer):
    assert "Rutte" in answer["understood"]["speaker"]
    assert answer["understood"]["about"] == "North Korea"


def test_every_sighting_has_its_url_and_day(answer):
    for sighting in (sighting for utterance in answer["utterances"] for sighting in utterance["sightings"]):
        assert sighting["url"] == f"file:{(SEEDS / FILES[sighting['outlet']]).as_posix()}"
        assert sighting["published"].startswith(SAID if sighting["outlet"] == "kyiv-independent" else AFP_PUBLISHED)


def _place(sighting: dict) -> tuple[str, str]:
    """Return the outlet and the characters of a sighting of `ask --json`, as the CSV writes them."""
    return sighting["outlet"], " ".join(f"[{start},{end})" for start, end in sighting["parts"])


def _quotetrack(*arguments: str) -> str:
    """Return the output of the command; fails if its exit code is not 0."""
    command = Path(sys.executable).with_name("quotetrack")
    run = subprocess.run([command, *arguments], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return run.stdout
