"""The invented newspapers as fixtures, for tests that name this plugin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_httpserver import HTTPServer
from tests.ingest.newsserver import CONTACT, FakeClock, NewsServer, resolve_to_loopback

from quotetrack.ingest.crawl.client import Client, Politeness
from quotetrack.ingest.crawl.ssrf_guard import GuardedTransport


@pytest.fixture(scope="session")
def http_server() -> Iterator[HTTPServer]:
    """Run one server for all tests: it takes half a second to stop."""
    # On all addresses of this machine: a request that the guard lets through to 127.0.0.2 gets an answer there.
    with HTTPServer(host="0.0.0.0", port=0, threaded=True) as server:
        yield server


@pytest.fixture
def news(http_server: HTTPServer) -> NewsServer:
    http_server.clear()
    sites = NewsServer(http_server)
    http_server.expect_request(re.compile(".*")).respond_with_handler(sites.handle)
    return sites


@pytest.fixture
def fake_clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def politeness() -> Politeness:
    return Politeness(CONTACT, delay=1.0, timeout=0.5, allowed=(ip_network("127.0.0.1/32"),))


@pytest.fixture
def client(news: NewsServer, fake_clock: FakeClock, politeness: Politeness) -> Iterator[Client]:
    """Return a client that resolves every host name to this machine."""
    transport = GuardedTransport(politeness.allowed, resolve=resolve_to_loopback)
    with Client(politeness, fake_clock.clock(), transport) as client:
        yield client
