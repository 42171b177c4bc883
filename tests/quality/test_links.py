"""The linker on judged pairs and clusters of real news: the output of the command line, scored by `score.py`."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.quality.gold_sets import GOLD, SCORER, SHARED, lines_of
from tests.quality.minimal_edits import minimal_edits

from quotetrack.core.domain import Sighting
from quotetrack.ingest.formats.sightings_jsonl import read_sightings
from quotetrack.linking.wordings import differences

# The floors are cross-validated (`python -m quotetrack.training.links`), since the shipped weights saw these pairs.
EDITS = 80  # of each kind
FLOORS = json.loads(Path(__file__).with_name("baseline.json").read_text("utf-8"))["links"]

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not (GOLD / "links_dev.jsonl").is_file(), reason=f"no measuring data at {SHARED}"),
]


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    """The rows that the command line prints, one a sighting."""
    result = quotetrack("link", "--jsonl", GOLD / "sightings_dev.jsonl")
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def sightings() -> list[Sighting]:
    with (GOLD / "sightings_dev.jsonl").open("rb") as lines:
        return [sighting for sighting in read_sightings(lines, "dev") if isinstance(sighting, Sighting)]


@pytest.fixture(scope="module")
def scores(rows: list[dict], tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("links")
    (folder / "found.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    judged = [GOLD / "links_dev.jsonl", folder / "found.jsonl", "--clusters", GOLD / "clusters_dev.jsonl"]
    subprocess.run(
        [sys.executable, SCORER, "links", *judged, "--json", folder / "scores.json"],
        check=True,
        capture_output=True,
    )
    return json.loads((folder / "scores.json").read_text("utf-8"))


def test_pairs_and_clusters_reach_their_floors(scores: dict) -> None:
    assert 100 * scores["f1"] >= FLOORS["pair_f1"]
    assert 100 * scores["b3_f"] >= FLOORS["b_cubed_f"]


def test_the_same_claim_on_another_day_is_seldom_linked(scores: dict) -> None:
    assert scores["by_label"]["same_speaker_similar_claim"][0] <= FLOORS["similar_claims_linked"]


def test_no_utterance_is_larger_than_the_largest_real_one(rows: list[dict]) -> None:
    assert max(Counter(row["utterance"] for row in rows).values()) <= FLOORS["largest_utterance"]


def test_a_changed_negation_opposite_number_or_name_raises_its_flag(sightings: list[Sighting]) -> None:
    made = minimal_edits([s.words for s in sightings], [s.speaker for s in sightings if s.speaker], EDITS)
    assert {flag: len(pairs) for flag, pairs in made.items()} == dict.fromkeys(
        ("not", "opposite", "number", "name"), EDITS
    )
    raised = {flag: sum(flag in differences(*pair) for pair in pairs) for flag, pairs in made.items()}
    assert {flag: count / EDITS for flag, count in raised.items() if count / EDITS < FLOORS["flags_raised"]} == {}


def test_few_true_pairs_are_flagged(sightings: list[Sighting]) -> None:
    by_id = {sighting.id: sighting.words for sighting in sightings}
    judged = [json.loads(line) for line in lines_of(GOLD / "links_dev.jsonl")]
    same = [row for row in judged if row["label"].startswith("same_utterance")]
    flagged = sum(bool(differences(by_id[row["left"]], by_id[row["right"]])) for row in same)
    assert flagged / len(same) <= FLOORS["true_pairs_flagged"]
