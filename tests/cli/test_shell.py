"""The shell answers line after line, and nothing that a line asks for ends it."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.cli import shell as shell_module
from quotetrack.search import answer

pytest_plugins = ("tests.filled_store",)

LONGEST_WAIT = 60  # seconds without any output
BARRIER = "what did Ragna Telle say about the storm barrier"


def shell(database: Path, *lines: str) -> tuple[str, str]:
    """Return the output and standard error of a shell that is given these lines."""
    result = quotetrack("shell", "--database", database, given="".join(f"{line}\n" for line in lines))
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def test_one_question_follows_another(ingested: Path) -> None:
    printed, _ = shell(ingested, BARRIER, "", "and about the money?", "quit", "never read")
    first, second = (line for line in printed.splitlines() if line.startswith("Speaker: "))
    assert first == "Speaker: Ragna Telle. Topic: the storm barrier."
    assert second == "Speaker: Ragna Telle. Topic: the money."


def test_the_model_is_loaded_once(ingested: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[None] = []
    monkeypatch.setattr(shell_module, "_embedder", shell_module.cache(lambda: loaded.append(None)))
    shell(ingested, BARRIER, BARRIER)
    assert loaded == [None]


def test_words_of_the_shell(ingested: Path) -> None:
    printed, errors = shell(ingested, "more", "show 1", "show 999", "find paint and promises", "find zeppelins", "help")
    assert "Ask a question first." in errors and "There is no utterance 999." in errors
    assert "5 outlets, 2 independent sources; utterance 1" in printed
    assert "Printed as remembered." in printed and "No stored quotation is close to these words." in errors
    assert "  show N      the utterance N" in printed


def test_more_shows_the_next_page(ingested: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "LIMIT", 1)
    printed, _ = shell(ingested, BARRIER, "more")
    assert "Utterances 1 to 1 of 2; " in printed and "Utterances 2 to 2 of 2." in printed


def test_bad_lines_do_not_end_it(ingested: Path) -> None:
    result = quotetrack("shell", "--database", ingested, given=b"say \xff\x1b[2J about the ferry\n" + BARRIER.encode())
    assert result.exit_code == 0 and "\x1b" not in result.output
    assert "“The barrier will not hold" in result.stdout


def test_on_a_terminal_ctrl_c_drops_a_line_and_ctrl_d_ends(ingested: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path), "TERM": "dumb"}
    command = [sys.executable, "-m", "quotetrack", "shell", "--database", str(ingested)]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, preexec_fn=_heed_ctrl_c
    )
    try:
        assert _read_until_prompt(ours)
        os.write(ours, b"half a ques")
        assert _read_until(ours, b"half a ques")
        assert _interrupted(process, ours)
        os.write(ours, b"show 1\n")
        assert "independent sources; utterance 1" in _read_until_prompt(ours)
        os.write(ours, b"\x04")
        assert process.wait(timeout=LONGEST_WAIT) == 0
    finally:
        process.kill()
        process.wait()
    assert (tmp_path / "quotetrack" / "history").read_text() == "show 1\n"


def _heed_ctrl_c() -> None:
    """Heed Ctrl-C although the tests may run in the background, where programs ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _interrupted(process: subprocess.Popen[bytes], terminal: int) -> bool:
    """Tell whether Ctrl-C brings a new prompt.

    Python waits for the next key if the signal comes while it is still echoing the last one (an open race in
    its readline module), so the key is pressed again until it is heeded.
    """
    for _ in range(20):
        process.send_signal(signal.SIGINT)
        if _read_until(terminal, b"> ", longest_wait=3):
            return True
    return False


def _read_until_prompt(terminal: int) -> str:
    """Return what the shell printed before its next prompt; an empty text if no prompt comes."""
    return _read_until(terminal, b"> ")


def _read_until(terminal: int, ending: bytes, longest_wait: float = LONGEST_WAIT) -> str:
    """Return what the shell printed, with an ending; an empty text if that does not come."""
    read = b""
    while select.select([terminal], [], [], longest_wait)[0]:
        read += os.read(terminal, 4096)
        if read.endswith(ending):
            return read.decode()
    return ""
