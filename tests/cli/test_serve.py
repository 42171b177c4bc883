"""The command `serve`: it answers on this machine, refuses other addresses, and ends on Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

pytest_plugins = ("tests.filled_store",)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_page_answers_and_ends_on_an_interrupt(ingested: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "quotetrack", "serve", "--database", str(ingested), "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            assert re.match(rf"Open http://127\.0\.0\.1:{port}/ ", server.stderr.readline())
            page = wait_for(f"http://127.0.0.1:{port}/speakers")
            assert "Ragna Telle" in page
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=20) == 0
            assert "Traceback" not in server.stderr.read()
        finally:
            server.kill()


def wait_for(address: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


@pytest.mark.parametrize("names", ["", '["quotes.example.org"]'])
def test_what_others_can_reach_needs_users(newsroom: Path, names: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On another address than that of this machine, and on this one where a proxy passes others on to it."""
    if names:
        monkeypatch.setenv("QUOTETRACK_SERVE_NAMES", names)
    address = "127.0.0.1" if names else "0.0.0.0"
    result = quotetrack("serve", "--host", address, "--database", newsroom)
    assert result.exit_code == 1
    assert "Add a user: quotetrack serve users add NAME" in result.stderr
    quotetrack("serve", "users", "add", "ines", "--database", newsroom, given="a long password\n")
    result = quotetrack("serve", "--host", address, "--by", "ines", "--database", newsroom)
    assert result.exit_code == 1
    assert "leave out --by" in result.stderr


def test_a_taken_port_is_told(ingested: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = quotetrack("serve", "--port", taken.getsockname()[1], "--database", ingested)
    assert result.exit_code == 1
    assert "Choose another with --port" in result.stderr


def test_a_database_that_does_not_exist_is_told(tmp_path: Path) -> None:
    result = quotetrack("serve", "--database", tmp_path / "none.db", "--port", free_port())
    assert result.exit_code == 1
    assert "no database" in result.stderr
