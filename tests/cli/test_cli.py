"""The output, the messages and the exit codes of the commands."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.cli.app import app
from quotetrack.cli.main import MODULE_OF
from quotetrack.export import COLUMNS
from quotetrack.sample import folder
from quotetrack.search.answer import LIMIT

pytest_plugins = ("tests.filled_store",)

COMMANDS = (
    "ingest",
    "extract",
    "explain",
    "ask",
    "find",
    "shell",
    "timeline",
    "compare",
    "changes",
    "speakers list",
    "speakers top",
    "speakers show",
    "speakers merge",
    "speakers split",
    "speakers rename",
    "speakers import",
    "export",
    "show",
    "verify",
    "review correct",
    "review judge",
    "review undo",
    "review list",
    "link",
    "nightly",
    "sources list",
    "sources check",
    "sources add",
    "watch add",
    "watch list",
    "watch remove",
    "watch report",
    "serve",
    "serve users add",
    "serve users list",
    "serve users remove",
    "serve users password",
    "serve users token",
    "runs list",
    "runs show",
    "evaluate quotations",
    "db upgrade",
    "db current",
    "db backup",
    "db restore",
    "db prune",
    "doctor",
    "demo",
)
QUESTION = "What did Ragna Telle say about the storm barrier?"
TEXT = "“The ferry will sail again,” said Orla Venn, the harbour master, on Monday.\n\nNobody believed it."


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = quotetrack(*command.split(), "--help")
    assert result.exit_code == 0
    assert f"Example: quotetrack {command}" in " ".join(result.stdout.split())


def test_a_paragraph_of_help_is_broken_where_the_terminal_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    whole, _, _ = quotetrack("checks", "match", "--help").stdout.partition("Options")
    lines = [line.strip() for line in whole.splitlines()]
    ends = [len(line) for line, following in pairwise(lines) if line and following]
    assert len(ends) > 5 and min(ends[1:]) > 60
    assert "Find who said what" in quotetrack("--help").stdout


def test_importing_the_command_line_loads_no_heavy_library() -> None:
    heavy = {"spacy", "torch", "trafilatura", "sqlalchemy", "alembic", "numpy", "pydantic", "lxml", "jinja2", "httpx"}
    code = f"import sys, quotetrack.cli.app; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


@pytest.mark.parametrize(("command", "module"), MODULE_OF.items())
def test_a_command_that_is_loaded_alone_stands_in_its_module(command: str, module: str) -> None:
    callbacks = {each.name or each.callback.__name__: each.callback for each in app.registered_commands}
    assert callbacks[command].__module__ == f"quotetrack.cli.{module}"


@pytest.mark.parametrize(("arguments", "is_loaded"), [(["show", "1"], False), (["--config", "x", "show", "1"], True)])
def test_only_a_command_that_comes_first_is_loaded_alone(arguments: list[str], is_loaded: bool) -> None:
    code = (
        f"import sys; from quotetrack.cli.main import load_commands; load_commands({arguments})\n"
        "print('quotetrack.cli.export' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == f"{is_loaded}\n"


@pytest.mark.parametrize("noun", ["articles", "speakers"])
def test_a_list_that_is_cut_says_so(ingested: Path, noun: str) -> None:
    cut = quotetrack(noun, "list", "--limit", "2", "--database", ingested)
    assert cut.stderr == "There are more. To show them: --limit 4\n"
    whole = quotetrack(noun, "list", "--limit", "999", "--database", ingested)
    assert whole.stderr == "" and whole.stdout.startswith(cut.stdout) and cut.stdout.count("\n") == 2
    as_json = quotetrack(noun, "list", "--limit", "2", "--json", "--database", ingested)
    assert len(json.loads(as_json.stdout)) == 2


def test_the_version_is_that_of_the_package() -> None:
    result = quotetrack("--version")
    assert (result.exit_code, result.stdout) == (0, f"quotetrack {version('quotetrack')}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("sing",),
        ("ingest",),
        ("ask",),
        ("export",),
        ("show", "twelve"),
        ("ask", "What?", "--since", "yesterday"),
        ("ask", "What?", "--since", "2026-03-02", "--until", "2026-03-01"),
        ("ingest", "articles", "--published", "the other day"),
        ("extract", "article.txt", "--json", "--jsonl"),
    ],
)
def test_wrong_usage_has_exit_code_2(arguments: tuple[str, ...]) -> None:
    result = quotetrack(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


# ingest


def test_ingest_prints_its_counts(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text("The ferry did not sail.\n", encoding="utf-8")
    database = tmp_path / "news.db"
    result = quotetrack("ingest", tmp_path / "ferry.txt", "--database", database)
    assert result.stdout == (
        "1 new, 0 unchanged, 0 edited, 0 failed; 0 quotations; 0 utterances; 1 article from an unknown outlet\n"
    )
    again = quotetrack("ingest", tmp_path / "ferry.txt", "--json", "--database", f"sqlite:///{database}")
    assert json.loads(again.stdout) == {
        "new": 0,
        "unchanged": 1,
        "edited": 0,
        "completed": 0,
        "kept": 0,
        "removed": 0,
        "left_out": 0,
        "failed": 0,
        "quotations": 0,
        "reported_statements": 0,
        "utterances": 0,
        "unknown_outlet": 1,
        "notices": [],
        "failures": [],
    }


def test_the_outlet_can_be_given_as_an_option(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text("The ferry did not sail.\n", encoding="utf-8")
    result = quotetrack("ingest", tmp_path / "ferry.txt", "--outlet", "harbourpost", "--database", tmp_path / "news.db")
    assert "unknown outlet" not in result.stdout


def test_an_empty_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = quotetrack("ingest", tmp_path / "empty", "--database", tmp_path / "news.db")
    assert result.exit_code == 0
    assert "no articles found" in result.stderr


def test_stale_articles_are_reported_until_they_are_processed_again(newsroom: Path) -> None:
    with closing(sqlite3.connect(newsroom)) as connection:
        connection.execute("UPDATE article_versions SET extracted_by = 'rules-0' WHERE id <= 2")
        connection.commit()
    hint = "2 article versions were processed by an older extractor. Update: quotetrack ingest --stale PATH"
    page = folder() / "barrier_cracks.html"
    assert hint in quotetrack("ask", "what did Ragna Telle say", "--database", newsroom).stderr
    assert hint in quotetrack("ingest", page, "--database", newsroom).stderr
    assert quotetrack("ingest", page, "--stale", "--database", newsroom).stderr == ""
    assert quotetrack("ask", "what did Ragna Telle say", "--database", newsroom).stderr == ""


# extract


def lines_of(stdout: str) -> list[dict]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_extract_prints_a_table() -> None:
    result = quotetrack("extract", "-", "--published", "2031-03-12", given=TEXT)
    assert result.exit_code == 0
    table = " ".join(result.stdout.split())
    assert "Orla Venn" in table and "10 Mar" in table and "“Monday”" in table


def test_extract_prints_one_json_object() -> None:
    result = quotetrack("extract", "-", "--json", given=TEXT)
    found = json.loads(result.stdout)
    (quotation,) = found["quotations"]
    ((start, end),) = quotation["parts"]
    assert found["text"][start:end] == quotation["words"] == "The ferry will sail again,"


def test_the_parts_of_a_page_point_into_its_main_text() -> None:
    result = quotetrack("extract", folder() / "barrier_cracks.html", "--json")
    found = json.loads(result.stdout)
    assert found["title"] and found["quotations"]
    for quotation in found["quotations"]:
        assert " ".join(found["text"][start:end] for start, end in quotation["parts"]) == quotation["words"]


def test_jsonl_prints_one_line_for_each_article_in_order() -> None:
    given = "\n".join(
        json.dumps(article, ensure_ascii=False)
        for article in ({"id": "ferry", "text": TEXT}, {"text": "Nobody spoke."}, {"id": 7, "text": TEXT})
    )
    result = quotetrack("extract", "-", "--jsonl", given=given)
    assert result.exit_code == 0
    found = lines_of(result.stdout)
    assert [line["id"] for line in found] == ["ferry", 2, 7]
    assert [len(line["quotations"]) for line in found] == [1, 0, 1]
    assert found[0]["quotations"][0] == {
        "parts": [[1, 27]],
        "words": "The ferry will sail again,",
        "kind": "full",
        "speaker": {
            "name": "Orla Venn",
            "mention": [34, 43],
            "confidence": found[0]["quotations"][0]["confidence"],
            "mention_confidence": found[0]["quotations"][0]["speaker"]["mention_confidence"],
            "unsure": False,
            "alternatives": found[0]["quotations"][0]["speaker"]["alternatives"],
        },
        "cue": [29, 33],
        "said": {"first": None, "last": None, "basis": "unknown", "confidence": None},
        "said_evidence": None,
        "method": found[0]["quotations"][0]["method"],
        "confidence": found[0]["quotations"][0]["confidence"],
    }
    assert list(found[0]) == ["id", "quotations"]
    assert 0 <= found[0]["quotations"][0]["confidence"] <= 1


def test_the_places_of_jsonl_are_those_of_the_text_that_was_given() -> None:
    text = f"FranÃ§ois sold the cafe\u0301 on 10 March 2026.\n\n{TEXT}"
    (line,) = lines_of(quotetrack("extract", "-", "--jsonl", given=json.dumps({"text": text})).stdout)
    (quotation,) = line["quotations"]
    assert [text[start:end] for start, end in quotation["parts"]] == [quotation["words"]]
    assert text[slice(*quotation["speaker"]["mention"])] == "Orla Venn"
    assert text[slice(*quotation["cue"])] == "said"


def test_a_malformed_line_is_reported_and_skipped() -> None:
    given = '{"id": "a", "text": "Nobody spoke."}\nnot JSON\n\n{"text": "Nobody spoke."}\n'
    result = quotetrack("extract", "-", "--jsonl", given=given)
    assert result.exit_code == 3
    assert [line["id"] for line in lines_of(result.stdout)] == ["a", 4]
    assert "failed: -:2: not valid JSON" in result.stderr


def test_scare_quotes_are_included_with_all() -> None:
    text = "The so-called “hammer gate” closed on Sunday."
    assert json.loads(quotetrack("extract", "-", "--json", given=text).stdout)["quotations"] == []
    everything = json.loads(quotetrack("extract", "-", "--json", "--all", given=text).stdout)
    assert [quotation["words"] for quotation in everything["quotations"]] == ["hammer gate"]


# ask, show


def test_the_json_of_an_answer_has_its_keys_in_order(newsroom: Path) -> None:
    result = quotetrack("ask", QUESTION, "--since", "2026-03-01", "--json", "--database", newsroom)
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert list(answer) == [
        "question",
        "understood",
        "utterances",
        "total",
        "months",
        "unsure",
        "uncertain",
        "mentions",
        "near",
        "days",
        "answer",
        "table",
    ]
    assert answer["question"] == QUESTION
    assert answer["understood"] == {
        "form": "statements",
        "speaker": "Ragna Telle",
        "speakers": ["Ragna Telle"],
        "called": None,
        "about": "the storm barrier",
        "quoted": None,
        "since": "2026-03-01",
        "until": None,
        "outlet": None,
        "published_since": None,
        "published_until": None,
        "candidates": [],
        "near_names": [],
        "holders": [],
        "corrected": [],
        "mentions": 0,
    }
    best = answer["utterances"][0]
    assert list(best) == [
        "id",
        "words",
        "speaker",
        "unsure",
        "said",
        "certain",
        "score",
        "hits",
        "sightings",
        "related",
        "mentions",
        "checks",
    ]
    assert (best["certain"], answer["uncertain"]) == (True, sum(not each["certain"] for each in answer["utterances"]))
    assert best["speaker"] == "Ragna Telle"
    day = {"first": "2026-03-10", "last": "2026-03-10", "basis": "stated_here"}
    assert best["said"] == {**day, "confidence": best["said"]["confidence"]}
    assert best["words"].startswith("The barrier will not hold")
    columns = [column for column in COLUMNS if column != "fact_checks"]  # the utterance has them, as "checks"
    assert all(list(sighting) == [*columns, "id", "article", "said"] for sighting in best["sightings"])
    post = next(sighting for sighting in best["sightings"] if sighting["article"] == "post-barrier")
    assert (post["outlet"], post["wire_credit"], post["published"]) == ("Northern Post", "AFP", "2026-03-11")


def test_an_answer_shows_every_source_with_its_link_and_wording(newsroom: Path) -> None:
    result = quotetrack("ask", QUESTION, "--limit", "1", "--database", newsroom)
    assert result.stdout.startswith("Speaker: Ragna Telle. Topic: the storm barrier.\n")
    assert "Ragna Telle, 10 Mar 2026 (from “Tuesday”, paragraph 2)" in result.stdout
    assert "5 outlets, 2 independent sources" in result.stdout
    assert re.search(
        r"- Northern Post \(AFP\), 2026-03-11, “.+”: https://northernpost\.example/[^ #]+\n", result.stdout
    )
    assert "Printed as: “The barrier will hold another winter" in result.stdout


@pytest.mark.parametrize("as_json", [False, True])
def test_an_unknown_speaker_is_reported_with_similar_names(newsroom: Path, as_json: bool) -> None:
    arguments = ["--json"] if as_json else []
    result = quotetrack("ask", "what did Ragnar Tell say about gates", *arguments, "--database", newsroom)
    assert result.exit_code == 0
    assert "No speaker is called Ragnar Tell." in result.stderr
    assert "Ragna Telle" in result.stderr


def test_remembered_words_are_compared_with_the_printed_ones(newsroom: Path) -> None:
    found = quotetrack("find", "the barrier will hold another winter like the last", "--database", newsroom)
    assert found.exit_code == 0
    assert "Ragna Telle" in found.stdout and "Printed as remembered." in found.stdout
    nobody = quotetrack("find", "zeppelins over the fish market", "--json", "--database", newsroom)
    assert (nobody.exit_code, json.loads(nobody.stdout)) == (0, [])


def test_an_answer_can_be_footnotes_a_timeline_or_csv(newsroom: Path, tmp_path: Path) -> None:
    cited = quotetrack("ask", QUESTION, "--cite", "--database", newsroom).stdout
    assert cited.startswith("Ragna Telle (probably), “")  # this outlet names "the minister" only
    assert "Ragna Telle, “" in cited and "10 March 2026" in cited and "https://" in cited
    assert ",”," not in cited
    assert "2026-03  █" in quotetrack("ask", QUESTION, "--timeline", "--database", newsroom).stdout
    quotetrack("ask", QUESTION, "--csv", tmp_path / "answer.csv", "--database", newsroom)
    assert "Ragna Telle" in (tmp_path / "answer.csv").read_text("utf-8")
    assert quotetrack("ask", QUESTION, "--cite", "--json", "--database", newsroom).exit_code == 2


def test_csv_and_footnotes_have_all_that_was_found(newsroom: Path, tmp_path: Path) -> None:
    question = ("ask", "what did anyone say", "--database", newsroom)
    found = json.loads(quotetrack(*question, "--json", "--limit", "99").stdout)["utterances"]
    number = len(found)
    assert number > LIMIT
    result = quotetrack(*question, "--csv", tmp_path / "answer.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "answer.csv").read_text("utf-8"), newline="")))
    assert [int(row["sighting"]) for row in rows] == [s["id"] for utterance in found for s in utterance["sightings"]]
    assert result.stderr == f"Wrote {len(rows)} rows to {tmp_path / 'answer.csv'}.\n"
    assert len(quotetrack(*question, "--cite").stdout.splitlines()) == len(rows)
    some = quotetrack(*question, "--csv", tmp_path / "answer.csv", "--limit", "2")
    assert f"Utterances 1 to 2 of {number}; see more with --page 2. Leave out --limit and --page" in some.stderr
    assert f"Utterances 3 to 4 of {number}" in quotetrack(*question, "--cite", "--limit", "2", "--page", "2").stderr


def test_a_csv_file_has_its_description_beside_it(newsroom: Path, tmp_path: Path) -> None:
    for name in ("first.csv", "second.csv"):
        assert quotetrack("export", "--csv", tmp_path / name, "--database", newsroom).exit_code == 0
    names = {"first.csv", "first.codebook.md", "second.csv", "second.codebook.md", "datapackage.json"}
    assert names <= {file.name for file in tmp_path.iterdir()}
    (tmp_path / "datapackage.json").write_text("mine", encoding="utf-8")
    again = quotetrack("export", "--csv", tmp_path / "first.csv", "--database", newsroom)
    assert again.exit_code == 0 and "is not a data package, and stays as it is" in again.stderr
    assert (tmp_path / "datapackage.json").read_text("utf-8") == "mine"


def test_speakers_are_merged_and_separated_by_their_ids(newsroom: Path) -> None:
    listed = json.loads(quotetrack("speakers", "list", "Lindqvist", "--json", "--database", newsroom).stdout)
    one, other = listed[0], listed[1]
    merged = quotetrack("speakers", "merge", str(other["id"]), str(one["id"]), "--by", "ada", "--database", newsroom)
    assert merged.exit_code == 0
    shown = json.loads(quotetrack("speakers", "show", str(one["id"]), "--json", "--database", newsroom).stdout)
    assert shown["quotations"] == one["quotations"] + other["quotations"]
    assert [decision["by"] for decision in shown["decisions"]] == ["ada"]
    revoked = quotetrack("speakers", "merge", str(other["id"]), "--revoke", "--database", newsroom)
    assert revoked.exit_code == 0
    assert quotetrack("speakers", "merge", "nobody at all", "Lindqvist", "--database", newsroom).exit_code == 1
    assert quotetrack("speakers", "merge", "Telle", "--database", newsroom).exit_code == 2


def test_no_match_is_not_an_error(newsroom: Path) -> None:
    result = quotetrack("ask", "what did Ragna Telle say in 1999", "--database", newsroom)
    assert result.exit_code == 0
    assert "No utterance matches. Try again without the days." in result.stderr


def test_show_prints_the_evidence(newsroom: Path) -> None:
    answer = json.loads(quotetrack("ask", QUESTION, "--json", "--database", newsroom).stdout)
    utterance = answer["utterances"][0]["id"]
    result = quotetrack("show", str(utterance), "--database", newsroom)
    assert result.exit_code == 0
    assert "differs in: not" in result.stdout
    shown = json.loads(quotetrack("show", str(utterance), "--json", "--database", newsroom).stdout)
    assert len(shown["variants"]) >= 3
    assert {link["kind"] for link in shown["links"]} == {"exact", "contained", "reworded"}
    assert all(sighting["link"].startswith("https://") for sighting in shown["sightings"])


def test_an_unknown_utterance_is_an_error(newsroom: Path) -> None:
    result = quotetrack("show", "4711", "--database", newsroom)
    assert result.exit_code == 1
    assert result.stderr == "quotetrack: There is no utterance 4711. See the ids that `quotetrack ask` prints.\n"


# export


def test_the_csv_is_the_same_on_standard_output_and_in_a_file(newsroom: Path, tmp_path: Path) -> None:
    printed = quotetrack("export", "--csv", "-", "--database", newsroom)
    written = quotetrack("export", "--csv", tmp_path / "quotations.csv", "--database", newsroom)
    assert (printed.exit_code, written.exit_code, written.stdout) == (0, 0, "")
    assert (tmp_path / "quotations.csv").read_bytes() == printed.stdout_bytes
    rows = list(csv.DictReader(io.StringIO(printed.stdout_bytes.decode("utf-8"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert {row["link_kind"] for row in rows} == {"itself", "exact", "contained", "reworded"}


def test_a_csv_for_excel_starts_with_a_byte_order_mark(newsroom: Path) -> None:
    result = quotetrack("export", "--csv", "-", "--excel", "--database", newsroom)
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbfutterance,")


def test_a_closed_pipe_is_not_an_error(newsroom: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "quotetrack", "export", "--csv", "-", "--database", str(newsroom)]
    result = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (result.returncode, result.stderr) == (0, "")
