"""The command `doctor`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.cli import checks

pytest_plugins = ("tests.filled_store",)

NOBODY = 65534  # the user without rights on Linux


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(settings: str = "") -> dict[str, tuple[bool, str, str | None]]:
    """Return what doctor says with these settings: whether all is well, what was found, and the advice, by name."""
    Path("quotetrack.toml").write_text(f'database = "news.db"\n{settings}', "utf-8")
    checked = json.loads(quotetrack("doctor", "--json").stdout)
    return {check["what"]: (check["well"], check["found"], check["advice"]) for check in checked}


def test_the_doctor_finds_everything_installed(newsroom: Path) -> None:
    result = quotetrack("doctor", "--json", "--database", newsroom)
    assert result.exit_code == 0
    checks = {check["what"]: check for check in json.loads(result.stdout)}
    assert {"python", "torch", "language model", "embedding model", "database", "write access", "disk"} <= set(checks)
    assert all(check["well"] for check in checks.values())


def test_the_doctor_says_how_to_fix_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTETRACK_SPACY_MODEL", "xx_no_such_model")
    monkeypatch.setenv("QUOTETRACK_EMBEDDING_MODEL", "no/such-model")
    result = quotetrack("doctor", "--database", tmp_path / "news.db")
    assert result.exit_code == 1
    assert "FAILED   language model: xx_no_such_model is not installed" in result.stdout
    assert "QUOTETRACK_EMBEDDING_MODEL" in result.stdout


def test_the_doctor_works_without_torch(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['torch'] = None; sys.modules['sentence_transformers'] = None\n"
        f"sys.argv = ['quotetrack', 'doctor', '--json', '--database', {str(tmp_path / 'news.db')!r}]\n"
        "from quotetrack.cli.main import main; main()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("settings", "problems"),
    [
        ("database = ", ["quotetrack.toml is not valid TOML: "]),
        (
            "worker = 2\nfetch_delay = -1",
            ["fetch_delay: Input should be greater", "worker is not a setting. Did you mean workers?"],
        ),
    ],
)
def test_a_bad_setting_is_a_failed_check_of_the_doctor_and_ends_other_commands(
    home: Path, settings: str, problems: list[str]
) -> None:
    (home / "quotetrack.toml").write_text(settings, "utf-8")
    result = quotetrack("doctor", "--json")
    failed = [check["found"] for check in json.loads(result.stdout) if not check["well"]]
    assert (result.exit_code, result.stderr, len(failed)) == (1, "", len(problems))
    for problem, line in zip(problems, failed, strict=True):
        assert line.startswith(problem)
    other = quotetrack("sources", "list")
    assert (other.exit_code, other.stdout) == (1, "")
    assert other.stderr.startswith("quotetrack: The settings cannot be used: ")
    assert all(problem in other.stderr for problem in problems) and other.stderr.count("\n") == 1


@pytest.mark.parametrize(("name", "value"), [("QUOTETRACK_SOURCE", "harbour"), ("QUOTETRACK_CONFIG", "gone.toml")])
def test_a_bad_variable_is_a_failed_check_too(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert found()["settings"][0] is False


FEED = '[[source]]\nname = "harbour"\nkind = "feed"\nurl = "https://harbour.example/feed"\n'


@pytest.mark.parametrize(
    ("settings", "is_well"),
    [("", True), (FEED, False), (f'contact = "desk@quotes.example"\n{FEED}', True)],
)
def test_a_contact_is_needed_for_sources_on_the_web(home: Path, settings: str, is_well: bool) -> None:
    assert found(settings)["contact"][0] is is_well


def test_every_source_of_files_is_looked_at(home: Path) -> None:
    (home / "drop").mkdir()
    checked = found(
        f'contact = "desk@quotes.example"\n{FEED}'
        '[[source]]\nname = "drop"\nkind = "folder"\npath = "drop"\n'
        '[[source]]\nname = "archive"\nkind = "jsonl"\npath = "archive.jsonl"\n'
    )
    assert "source harbour" not in checked
    assert checked["source drop"] == (True, "drop", None)
    assert checked["source archive"][:2] == (False, "archive.jsonl does not exist")


@pytest.fixture
def unprivileged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a working folder, with the rights of an unprivileged user: root may read and write anything."""
    folder = Path(tempfile.mkdtemp())
    monkeypatch.chdir(folder)
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield folder
    if is_root:
        os.seteuid(0)
    shutil.rmtree(folder)


def test_what_may_not_be_read_or_written_is_named(unprivileged: Path) -> None:
    for folder in ("drop", "evidence", "data"):
        (unprivileged / folder).mkdir()
    settings = (
        'evidence = "evidence"\n[[source]]\nname = "drop"\nkind = "folder"\npath = "drop"\n'
        '[[source]]\nname = "archive"\nkind = "jsonl"\npath = "archive.jsonl"\n'
    )
    (unprivileged / "archive.jsonl").touch()
    names = ("source drop", "source archive", "evidence", "write access")
    assert all(found(settings)[name][0] for name in names)
    for name, mode in (("drop", 0o000), ("archive.jsonl", 0o000), ("evidence", 0o555), (".", 0o555)):
        (unprivileged / name).chmod(mode)
    (unprivileged / "quotetrack.toml").chmod(0o644)
    checked = found(settings)
    (unprivileged).chmod(0o755)
    (unprivileged / "drop").chmod(0o755)
    assert [name for name in names if checked[name][0]] == []


def test_what_lies_in_a_folder_that_may_not_be_entered_is_reported(unprivileged: Path) -> None:
    (unprivileged / "closed").mkdir(mode=0o000)
    checked = found(
        'evidence = "closed/evidence"\nembedding_model = "closed/model"\nspacy_model = "closed/language"\n'
        '[[source]]\nname = "drop"\nkind = "folder"\npath = "closed/drop"\n'
    )
    names = ("evidence", "embedding model", "language model", "source drop")
    assert [name for name in names if checked[name][0]] == []
    (unprivileged / "quotetrack.toml").write_text('database = "closed/news.db"')
    result = quotetrack("doctor")
    assert "FAILED   database: " in result.stdout and "Permission denied" in result.stdout


def test_a_database_file_that_may_only_be_read_is_named(unprivileged: Path) -> None:
    (unprivileged / "news.db").touch(mode=0o444)
    assert found()["write access"][:2] == (False, "news.db or its folder cannot be written: only questions work")


def test_evidence_is_kept_where_a_folder_can_be_made_or_not_at_all(home: Path) -> None:
    assert found('evidence = "new/folder"')["evidence"] == (True, "new/folder", None)
    assert found('evidence = ""')["evidence"][0] is True
    (home / "file").touch()
    assert found('evidence = "file/folder"')["evidence"][:2] == (False, "file/folder cannot be written")
    assert sorted(path.name for path in home.iterdir()) == ["file", "quotetrack.toml"]


def test_a_disk_that_is_nearly_full_is_a_warning(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found()["disk"][2] is None
    monkeypatch.setattr(checks, "LEAST_FREE", 2**60)
    is_well, _, advice = found()["disk"]
    assert is_well and advice
    result = quotetrack("doctor")
    assert result.exit_code == 0
    assert "warning  disk: " in result.stdout


@pytest.mark.parametrize(
    ("setting", "check", "files", "missing"),
    [
        ("spacy_model", "language model", [], "meta.json, config.cfg, tokenizer"),
        ("spacy_model", "language model", ["meta.json", "tokenizer"], "config.cfg"),
        ("spacy_model", "language model", ["meta.json", "config.cfg", "tokenizer"], None),
        ("embedding_model", "embedding model", [], "config.json, weights, tokenizer"),
        ("embedding_model", "embedding model", ["config.json", "tokenizer.json"], "weights"),
        ("embedding_model", "embedding model", ["config.json", "model.safetensors"], "tokenizer"),
        ("embedding_model", "embedding model", ["config.json", "model.safetensors", "vocab.txt"], None),
        ("embedding_model", "embedding model", ["modules.json", "0/model.safetensors", "0/tokenizer.json"], None),
    ],
)
def test_a_model_folder_that_is_empty_or_incomplete_is_named(
    home: Path, setting: str, check: str, files: list[str], missing: str | None
) -> None:
    (home / "model" / "0").mkdir(parents=True)
    (home / "model" / "README.md").write_text("A model.")
    (home / "model" / "pytorch_model.bin").touch()  # an empty file is none
    for name in files:
        (home / "model" / name).write_text("{}")
    is_well, what, _ = found(f'{setting} = "model"')[check]
    assert (is_well, what) == (False, f"model lacks {missing}") if missing else is_well
