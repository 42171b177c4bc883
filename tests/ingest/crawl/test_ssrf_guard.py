"""The addresses that we connect to. The local server listens on all of 127.x, so a hole would get an answer."""

import socket
import time
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from threading import Thread

import httpx
import pytest

from quotetrack.ingest.crawl.client import Client, Clock, Politeness, Skipped
from quotetrack.ingest.crawl.ssrf_guard import ForbiddenAddress, GuardedTransport, is_public

pytest_plugins = ("tests.ingest.served",)

HERE = (ip_network("127.0.0.1/32"),)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("127.0.0.2", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # the metadata service of clouds
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
    ],
)
def test_public_and_private_addresses(address, public):
    assert is_public(ip_address(address)) is public


def get(transport: httpx.BaseTransport, url: str) -> httpx.Response:
    response = transport.handle_request(httpx.Request("GET", url))
    response.read()
    return response


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
    ],
)
def test_a_private_address_is_refused_however_it_is_written(news, url):
    news.put("127.0.0.1", "/", "the secret")
    with pytest.raises(ForbiddenAddress, match="private address"):
        get(GuardedTransport(), url.format(port=news.server.port))
    assert news.asked == []


def test_an_allowed_network_gets_the_request_with_its_host_name(news):
    url = news.put("harbour.example", "/", "news")
    transport = GuardedTransport(HERE, resolve=lambda *_: ["127.0.0.1"])
    assert get(transport, url).text == "news"
    assert news.asked[0].host == f"harbour.example:{news.server.port}"


def test_the_checked_address_is_the_connected_address(news):
    url = news.put("harbour.example", "/", "news")
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    transport = GuardedTransport(HERE, resolve=lambda *_: answers.pop(0))
    assert get(transport, url).text == "news"
    with pytest.raises(ForbiddenAddress, match=r"harbour\.example is at 127\.0\.0\.2, a private address"):
        get(transport, url)
    assert answers == []  # one look-up for each request, none after the check


def test_of_several_addresses_only_those_allowed_are_tried(news):
    url = news.put("harbour.example", "/", "news")
    transport = GuardedTransport(HERE, resolve=lambda *_: ["127.0.0.2", "fd00::1", "127.0.0.1"])
    assert get(transport, url).text == "news"


def test_the_next_address_is_tried_where_the_first_does_not_answer(news):
    url = news.put("harbour.example", "/", "news")
    allowed = (*HERE, ip_network("::1/128"))  # the server listens on IPv4 alone
    transport = GuardedTransport(allowed, resolve=lambda *_: ["::1", "127.0.0.1"])
    assert get(transport, url).text == "news"


def test_a_name_that_cannot_be_resolved_is_a_connection_error():
    def unknown(*_):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(httpx.ConnectError, match=r"harbour\.example cannot be resolved"):
        get(GuardedTransport(resolve=unknown), "http://harbour.example/")


def test_tls_gets_the_host_name_and_not_the_address():
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def listen():
            connection, _ = server.accept()
            with connection:
                received.append(connection.recv(4096))

        thread = Thread(target=listen)
        thread.start()
        with pytest.raises(httpx.TransportError):
            get(GuardedTransport(HERE, resolve=lambda *_: ["127.0.0.1"]), f"https://harbour.example:{port}/")
        thread.join(5)
    assert b"harbour.example" in received[0]


def trickle(connection: socket.socket, head: bytes, again: bytes) -> None:
    """Send a byte or a line now and then, until the client hangs up."""
    with connection, suppress(OSError):
        connection.recv(65536)
        connection.sendall(head)
        while True:
            connection.sendall(again)
            time.sleep(0.02)


@pytest.mark.parametrize(
    ("head", "again"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_a_server_that_trickles_does_not_hold_a_request_beyond_its_deadline(head, again):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    Thread(target=trickle, args=(connection, head, again), daemon=True).start()

        Thread(target=serve, daemon=True).start()
        politeness = Politeness("a@b.example", delay=0, timeout=5, patience=0.3, allowed=(ip_network("127.0.0.1/32"),))
        clock = Clock(lambda: datetime.now(UTC), time.monotonic, time.sleep, lambda: 0.0)
        with Client(politeness, clock) as client:
            began = time.monotonic()
            fetched = client.fetch(f"http://127.0.0.1:{server.getsockname()[1]}/a")  # robots.txt is asked for first
        assert isinstance(fetched, Skipped)
        assert "no answer in time" in fetched.reason
        assert time.monotonic() - began < 4
