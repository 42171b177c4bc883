"""The linker on judged pairs and clusters of real news, by the scores of `score.py`."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from quotetrack.link import link_sightings
from quotetrack.model import Sighting, Utterance

SHARED = Path(os.environ.get("QUOTETRACK_SHARED", "../shared"))
GOLD = SHARED / "gold"
# The floors are the cross-validated figures (`python -m quotetrack.fit.links`); the shipped weights saw these pairs.
FLOORS = json.loads(Path(__file__).with_name("baseline.json").read_text("utf-8"))["links"]

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not (GOLD / "links_dev.jsonl").is_file(), reason=f"no measuring data at {SHARED}"),
]


@pytest.fixture(scope="module")
def utterances() -> list[Utterance]:
    rows = [json.loads(line) for line in (GOLD / "sightings_dev.jsonl").read_text("utf-8").splitlines()]
    return link_sightings([sighting(row) for row in rows])


def sighting(row: dict[str, str]) -> Sighting:
    day = date.fromisoformat(row["published"]) if row["published"].count("-") == 2 else None  # some tell the year alone
    return Sighting(row["id"], row["words"], row["speaker"], row["outlet"], row["article"], day)


@pytest.fixture(scope="module")
def scores(utterances: list[Utterance], tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("links")
    found = [{"id": s.id, "utterance": u.id} for u in utterances for s in u.sightings]
    (folder / "found.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")
    judged = [GOLD / "links_dev.jsonl", folder / "found.jsonl", "--clusters", GOLD / "clusters_dev.jsonl"]
    subprocess.run(
        [sys.executable, GOLD / "score.py", "links", *judged, "--json", folder / "scores.json"],
        check=True,
        capture_output=True,
    )
    return json.loads((folder / "scores.json").read_text("utf-8"))


def test_pairs_and_clusters_hold_their_floors(scores: dict) -> None:
    assert 100 * scores["f1"] >= FLOORS["pair_f1"]
    assert 100 * scores["b3_f"] >= FLOORS["b_cubed_f"]


def test_the_same_claim_on_another_day_is_seldom_linked(scores: dict) -> None:
    assert scores["by_label"]["same_speaker_similar_claim"][0] <= FLOORS["similar_claims_linked"]


def test_no_utterance_swallows_others(utterances: list[Utterance]) -> None:
    assert max(len(utterance.sightings) for utterance in utterances) <= FLOORS["largest_utterance"]
