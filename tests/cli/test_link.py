"""The commands `link --jsonl`, `show` and `review judge`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

pytest_plugins = ("tests.filled_store",)

WHOLE = "We will not close the harbour before the last trawler is home."
CUT = "before the last trawler is home"
OTHER = "The ferry has sailed every winter since my mother was a girl."


def lines(*sightings: dict[str, object]) -> str:
    return "".join(json.dumps(sighting) + "\n" for sighting in sightings)


def groups(stdout: str) -> dict[object, int]:
    return {row["id"]: row["utterance"] for row in map(json.loads, stdout.splitlines())}


# link


def test_sightings_are_linked_and_printed_in_their_order() -> None:
    given = lines(
        {"id": "b", "words": CUT, "speaker": "Brandvold", "published": "2031-05"},
        {"id": "a", "words": WHOLE, "speaker": "Ilse Brandvold", "published": "2031-05-04", "title": "ignored"},
        {"id": 7, "words": OTHER, "speaker": None, "outlet": None, "article": None, "published": None, "said": None},
        {"id": "c", "words": WHOLE, "published": "2031"},
    )
    result = quotetrack("link", "--jsonl", "-", given=given)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["b", "a", 7, "c"]
    found = groups(result.stdout)
    assert found["a"] == found["b"] == found["c"] != found[7]


def test_stated_days_keep_the_same_words_apart() -> None:
    def said(day: str) -> dict[str, str]:
        return {"first": day, "last": day, "basis": "stated_here"}

    given = lines(
        {"id": 1, "words": WHOLE, "said": said("2031-05-01")}, {"id": 2, "words": WHOLE, "said": said("2031-05-09")}
    )
    assert groups(quotetrack("link", "--jsonl", "-", given=given).stdout) == {1: 1, 2: 2}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not JSON", "not valid JSON at column 1"),
        ("[1]", "not a JSON object"),
        ('{"words": "a"}', 'no "id"'),
        ('{"id": true, "words": "a"}', '"id" is neither text nor a whole number'),
        ('{"id": 1}', 'no "words"'),
        ('{"id": 1, "words": 5}', '"words" is not a string'),
        ('{"id": 1, "words": "a", "speaker": ["b"]}', '"speaker" is not a string'),
        ('{"id": 1, "words": "a", "published": "the other day"}', "write a day, a month or a year"),
        ('{"id": 1, "words": "a", "said": "2031"}', '"said" is no object'),
        ('{"id": 1, "words": "a", "said": {"first": "May"}}', '"said" cannot be used'),
        ('{"id": "ok", "words": "again"}', "a second sighting with the id 'ok'"),
    ],
)
def test_a_malformed_line_is_reported_and_skipped(line: str, reason: str) -> None:
    given = '\ufeff{"id": "ok", "words": "We are here."}\n\n' + line + "\n"
    result = quotetrack("link", "--jsonl", "-", given=given)
    assert (result.exit_code, groups(result.stdout)) == (3, {"ok": 1})
    assert "failed: -:3: " in result.stderr and reason in result.stderr


def test_a_missing_file_is_an_error_and_an_empty_one_is_not(tmp_path: Path) -> None:
    missing = quotetrack("link", "--jsonl", tmp_path / "none.jsonl")
    assert missing.exit_code == 1 and "none.jsonl" in missing.stderr
    (tmp_path / "empty.jsonl").write_bytes(b"")
    assert quotetrack("link", "--jsonl", tmp_path / "empty.jsonl").stdout == ""
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\x00\xfe\n")
    assert "not UTF-8" in quotetrack("link", "--jsonl", tmp_path / "binary.jsonl").stderr


# show


def barrier(newsroom: Path) -> dict:
    question = "What did Ragna Telle say about the storm barrier?"
    answer = json.loads(quotetrack("ask", question, "--json", "--database", newsroom).stdout)
    return json.loads(quotetrack("show", answer["utterances"][0]["id"], "--json", "--database", newsroom).stdout)


def test_each_wording_is_compared_with_the_fullest(newsroom: Path) -> None:
    shown = barrier(newsroom)
    text = quotetrack("show", shown["id"], "--database", newsroom).stdout
    assert "First seen: 2026-03-11, " in text and "5 outlets, 2 independent sources" in text
    assert "[-not-]" in text and "Wording differs: not." in text
    assert "\x1b[" not in text
    fullest, *others = shown["wordings"]
    assert fullest["words"] == shown["words"] and {"Saltmere Courier", "Ember Daily"} <= set(fullest["outlets"])
    altered = next(other for other in others if other["flags"] == ["not"])
    assert (altered["outlets"], altered["cut"], altered["added"], altered["changed"]) == (
        ["Varland Tribune"],
        1,
        0,
        0,
    )
    assert [step for step in altered["aligned"] if step["change"] != "same"] == [
        {"change": "cut", "fullest": "not", "here": ""}
    ]
    for wording in shown["wordings"]:
        assert " ".join(step["here"] for step in wording["aligned"] if step["here"]) == wording["words"]
    assert len(shown["pick_up"]) == 5 and shown["pick_up"][-1]["outlet"] == "Varland Tribune"


# review judge


def test_a_judgement_overrides_the_linker_until_it_is_revoked(newsroom: Path) -> None:
    shown = barrier(newsroom)
    left, right = (sighting["id"] for sighting in shown["sightings"][:2])
    database = ("--database", str(newsroom))
    said = quotetrack("review", "judge", left, right, "different", "--by", "M. K.", "--reason", "two", *database)
    assert said.exit_code == 0 and f"j1: {left} and {right} are different" in said.stderr
    assert {s["id"] for s in barrier(newsroom)["sightings"]} & {left, right} != {left, right}
    (listed,) = json.loads(quotetrack("review", "list", "--json", *database).stdout)["judgements"]
    assert (listed["same"], listed["decided_by"], listed["reason"], listed["orphan"]) == (False, "M. K.", "two", False)
    assert [half["sightings"] for half in listed["halves"]] == [[left], [right]]
    assert "j1. different, by M. K." in quotetrack("review", "list", *database).stdout
    back = quotetrack("review", "judge", left, right, "--revoke", *database)
    assert back.exit_code == 0 and "Revoked the judgement" in back.stderr
    assert barrier(newsroom)["sightings"] == shown["sightings"]
    assert json.loads(quotetrack("review", "list", "--json", *database).stdout) == {
        "corrections": [],
        "judgements": [],
        "articles": [],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "Missing argument"),
        (("1",), 2, "Missing argument"),
        (("1", "2"), 2, "say same or different"),
        (("1", "2", "same", "--revoke"), 2, "say same or different"),
        (("1", "2", "perhaps"), 2, "perhaps"),
        (("1", "1", "same"), 1, "give two different sightings"),
        (("1", "4711", "same"), 1, "There is no sighting 4711"),
        (("1", "2", "--revoke"), 1, "There is no judgement about 1 and 2"),
    ],
)
def test_a_wrong_judgement_is_refused(newsroom: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    result = quotetrack("review", "judge", *arguments, "--database", newsroom)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
