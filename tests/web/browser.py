"""A real browser on the page over the sample newsroom: Debian's Chromium, driven by Playwright.

No browser is ever downloaded. Where there is no Chromium, the tests that ask for one are skipped with the reason.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from quotetrack import Database
from quotetrack.web.app import create_app

NAMES = ("chromium", "chromium-browser", "google-chrome")  # of the program, by distribution
DESK, PHONE = 1280, 360  # pixels of width
START_TIMEOUT = 20  # seconds


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; a test is skipped where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on this machine: .ci/debian installs it")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's own does not start for root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=sandbox)
        yield browser
        browser.close()


_REFUSED = "ERR_CONNECTION_REFUSED"


@contextmanager
def window(browser: Browser, width: int, *, dark: bool = False) -> Iterator[Page]:
    """Open a window of this width. At its end no error may stand in its console."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    # The server may be stopped before the last page has loaded everything.
    page.on(
        "console",
        lambda message: (
            errors.append(message.text) if message.type == "error" and _REFUSED not in message.text else None
        ),
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == [], errors


@contextmanager
def served(database: Database, *, has_sign_in: bool = False) -> Iterator[str]:
    """Serve the page on a free port of this machine, and stop it in the end."""
    app = create_app(database, has_sign_in=has_sign_in, decided_by="ines")
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_TIMEOUT
    while not server.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the page did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(START_TIMEOUT)
