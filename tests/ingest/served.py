"""The invented newspapers as fixtures, for tests that name this plugin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_httpserver import HTTPServer
from tests.ingest.newsserver import CONTACT, NewsServer, Standing, at_home

from quotetrack.ingest.crawl.client import Client, Manners
from quotetrack.ingest.crawl.ssrf_guard import GuardedTransport


@pytest.fixture(scope="session")
def press() -> Iterator[HTTPServer]:
    """One server for all tests: it takes half a second to stop."""
    # On all addresses of this machine: who is not kept from 127.0.0.2 gets an answer there.
    with HTTPServer(host="0.0.0.0", port=0, threaded=True) as server:
        yield server


@pytest.fixture
def news(press: HTTPServer) -> NewsServer:
    press.clear()
    sites = NewsServer(press)
    press.expect_request(re.compile(".*")).respond_with_handler(sites.tell)
    return sites


@pytest.fixture
def standing() -> Standing:
    return Standing()


@pytest.fixture
def manners() -> Manners:
    return Manners(CONTACT, delay=1.0, timeout=0.5, allowed=(ip_network("127.0.0.1/32"),))


@pytest.fixture
def client(news: NewsServer, standing: Standing, manners: Manners) -> Iterator[Client]:
    """Resolves every name that is no address to this machine."""
    with Client(manners, standing.clock(), GuardedTransport(manners.allowed, resolve=at_home)) as polite:
        yield polite
