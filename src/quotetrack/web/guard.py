"""Keep other sites out of the page: foreign hosts, foreign forms, and scripts in what was printed.

A site that a reader visits could try to reach the page: by a name of its own that leads to this machine (DNS
rebinding), by a form of its own, or by a script in an article. `visitors.py` tells who may come in.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quotetrack.core.texts import gettext

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
API = "/api/v1"
FILES = (".csv", ".bib", ".ris", ".jsonld")  # ends of the addresses of files, beside those of JSON
READING = frozenset({"GET", "HEAD"})  # methods that change nothing
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # not "no-referrer": a browser would send our own forms with "Origin: null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Answers only what is asked under a name of this page, and adds the headers that browsers obey."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = LOCAL_HOSTS) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({name: value for name, value in HEADERS.items() if name not in headers})
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        answer = self._app if refusal is None else PlainTextResponse(refusal, status_code=403)
        await answer(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> str | None:
        """Return why a request is refused; None where it is answered."""
        host = headers.get("host", "")
        if _without_port(host) not in self._hosts:
            names = gettext("This page answers under its own names only. The setting QUOTETRACK_SERVE_NAMES adds one.")
            return f"{names}\n"
        if method in READING:
            return None
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return gettext("A form of another site changes nothing here.") + "\n"
        return None


def _without_port(host: str) -> str:
    """Return the name of a host in lower case: "[::1]:8710" is "[::1]"."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()


def wants_json(request: Request) -> bool:
    """Return whether the address is that of JSON."""
    return is_of_json(request.url.path)


def is_of_json(path: str) -> bool:
    """Return whether a path is that of JSON."""
    return path.endswith(".json") or path.startswith(API) or path == "/health"


def own_path(path: str) -> str:
    """Return a path of this site to which a form leads back; the front page for anything else, such as another site."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"
