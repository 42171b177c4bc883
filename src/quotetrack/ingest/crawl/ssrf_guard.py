"""A guard against server-side request forgery (SSRF): a transport that connects to public addresses only.

A host name may resolve to a public address when it is checked, and to the cloud's metadata service a moment later
("DNS rebinding"). So the transport resolves a name once, checks its addresses, and connects to one of these. The name
stays in the Host header and in TLS.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Lock

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

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first of the host's addresses that accepts. Raises httpx.TransportError."""
        host = request.url.host
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
                self._pools[key] = httpx.HTTPTransport(verify=self._tls, trust_env=False)
            return self._pools[key]


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
