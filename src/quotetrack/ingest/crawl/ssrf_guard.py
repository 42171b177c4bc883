"""A guard against server-side request forgery (SSRF): a transport that connects to public addresses only.

A host name may resolve to a public address when it is checked, and to the cloud's metadata service a moment later
("DNS rebinding"). So the transport resolves a name once, checks its addresses, and connects to one of these. The name
stays in the Host header and in TLS.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Lock, local
from typing import Any

import httpcore
import httpx

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
"""Return the addresses of a host, best first. Raises OSError where there are none."""

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last four bytes


class ForbiddenAddress(httpx.TransportError):
    """The host has no address that we may connect to."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host from the system's resolver, each once."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in answers))


def is_public(address: Address) -> bool:
    """Return whether an address is on the public internet. An IPv4 address inside an IPv6 one is checked itself."""
    inner = _embedded_ipv4(address)
    return is_public(inner) if inner else address.is_global and not address.is_multicast


class GuardedTransport(httpx.BaseTransport):
    """Resolve a host name, check its addresses, and connect to a checked one. `allowed` networks may be private.

    Each host has its own connection pool: two sites at one address must not share a TLS session. Proxies of the
    environment are ignored, because a proxy would choose the address.
    """

    def __init__(self, allowed: Sequence[Network] = (), resolve: Resolve = resolve) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._tls = httpx.create_ssl_context(trust_env=False)  # shared: creating one reads over a hundred certificates
        self._pools: dict[tuple[str, str, int | None], httpx.HTTPTransport] = {}
        self._lock = Lock()
        self._deadline = _Deadline()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first of the host's addresses that accepts. Raises httpx.TransportError.

        The extension `seconds` is the time for all of it: to connect, and to receive the headers and the body. The
        time-outs of httpx are for each step, and a server that sends a byte now and then never runs into one.
        """
        host = request.url.host
        self._deadline.set(request.extensions.get("seconds"))
        pool = self._pool(request.url)
        refused: httpx.TransportError | None = None
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        for address in self._allowed_addresses(host, port):
            try:
                return pool.handle_request(_pin_address(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                refused = error
        raise refused or httpx.ConnectError(f"{host} has no address")

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def _allowed_addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"the host name {host} cannot be resolved") from error
        allowed = [address for address in addresses if self._may_connect(ip_address(address.partition("%")[0]))]
        if addresses and not allowed:
            raise ForbiddenAddress(f"{host} is at {addresses[0]}, a private address")
        return allowed

    def _may_connect(self, address: Address) -> bool:
        return is_public(address) or any(address in network for network in self._allowed)

    def _pool(self, url: httpx.URL) -> httpx.HTTPTransport:
        key = (url.scheme, url.host, url.port)
        with self._lock:
            if key not in self._pools:
                pool = httpx.HTTPTransport(verify=self._tls, trust_env=False)
                network = _NetworkWithDeadline(self._deadline)
                pool._pool = httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network)  # no public way
                self._pools[key] = pool
            return self._pools[key]


class _Deadline(local):
    """The moment by which the request of this thread has to be done."""

    def __init__(self) -> None:
        self._seconds: float | None = None
        self._at = 0.0

    def set(self, seconds: float | None) -> None:
        """Start the time of a request; None: it has none."""
        self._seconds, self._at = seconds, time.monotonic() + (seconds or 0)

    def limit(self, timeout: float | None) -> float | None:
        """Return the seconds for the next step. Raises httpcore.ReadTimeout if none are left."""
        if self._seconds is None:
            return timeout
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(f"not done after {self._seconds:g} seconds")
        return left if timeout is None else min(timeout, left)


class _NetworkWithDeadline(httpcore.NetworkBackend):
    """Connections on which every step has to end before the deadline."""

    def __init__(self, deadline: _Deadline) -> None:
        self._network = httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        limit = self._deadline.limit(timeout)
        stream = self._network.connect_tcp(host, port, limit, local_address, socket_options)
        return _StreamWithDeadline(stream, self._deadline)

    def sleep(self, seconds: float) -> None:
        self._network.sleep(seconds)


class _StreamWithDeadline(httpcore.NetworkStream):
    """A connection on which every step has to end before the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.limit(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.limit(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit = self._deadline.limit(timeout)
        return _StreamWithDeadline(self._stream.start_tls(ssl_context, server_hostname, limit), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _embedded_ipv4(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return address.ipv4_mapped or address.sixtofour or nat64


def _pin_address(request: httpx.Request, address: str) -> httpx.Request:
    """Return the request with its connection going to an address. The Host header keeps the name."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )
