"""A transport that connects to public addresses only, and to the very address that was checked.

A name may resolve to a public address when it is checked and to the cloud's metadata service a moment later ("DNS
rebinding"). So a name is resolved once, its addresses are checked, and the connection goes to one of these; the name
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
"""The addresses of a host, best first; raises OSError where there are none."""

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last four bytes


class ForbiddenAddress(httpx.TransportError):
    """A host that has no address that we may connect to."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: Address) -> bool:
    """Whether it is out on the internet, also where an IPv4 address is wrapped into an IPv6 one."""
    inner = _wrapped(address)
    return is_public(inner) if inner else address.is_global and not address.is_multicast


class GuardedTransport(httpx.BaseTransport):
    """Resolves, checks, connects to what it checked. `allowed` networks may be private ones.

    One connection pool a host, since two sites at one address must not share a TLS session. Proxies of the
    environment are not used: behind one, nobody could tell which address is connected to.
    """

    def __init__(self, allowed: Sequence[Network] = (), resolve: Resolve = resolve) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._tls = httpx.create_ssl_context(trust_env=False)  # once for all pools: it reads some hundred certificates
        self._pools: dict[tuple[str, str, int | None], httpx.HTTPTransport] = {}
        self._lock = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it to the first of the host's addresses that lets us connect; raises httpx.TransportError."""
        host = request.url.host
        pool = self._pool(request.url)
        refused: httpx.TransportError | None = None
        for address in self._checked(host, request.url.port or (443 if request.url.scheme == "https" else 80)):
            try:
                return pool.handle_request(_sent_to(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                refused = error
        raise refused or httpx.ConnectError(f"{host} has no address")

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"the host name {host} cannot be resolved") from error
        allowed = [address for address in found if self._may_connect(ip_address(address.partition("%")[0]))]
        if found and not allowed:
            raise ForbiddenAddress(f"{host} is at {found[0]}, a private address")
        return allowed

    def _may_connect(self, address: Address) -> bool:
        return is_public(address) or any(address in network for network in self._allowed)

    def _pool(self, url: httpx.URL) -> httpx.HTTPTransport:
        key = (url.scheme, url.host, url.port)
        with self._lock:
            if key not in self._pools:
                self._pools[key] = httpx.HTTPTransport(verify=self._tls, trust_env=False)
            return self._pools[key]


def _wrapped(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return address.ipv4_mapped or address.sixtofour or nat64


def _sent_to(request: httpx.Request, address: str) -> httpx.Request:
    """The same request, with the connection going to an address; its Host header is there already."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )
