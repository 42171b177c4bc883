"""Keep other sites out of the page: foreign hosts, foreign forms, and scripts in what was printed.

The page has no sign-in, and so is served on this machine alone. A site that a reader visits could still try to reach
it: by a name of its own that leads to this machine (DNS rebinding), by a form of its own, or by a script in an article.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Annotated

from fastapi import Form, HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
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
    """Answers only what is asked under a name of this machine, and adds the headers that browsers obey."""

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
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        answer = self._app if refusal is None else PlainTextResponse(refusal, status_code=403)
        await answer(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> str | None:
        """Return why a request is refused; None where it is answered."""
        host = headers.get("host", "")
        if _without_port(host) not in self._hosts:
            return "This page is served under a name of this machine only: http://127.0.0.1\n"
        if method in READING:
            return None
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return "A form of another site changes nothing here.\n"
        return None


def _without_port(host: str) -> str:
    """Return the name of a host in lower case: "[::1]:8710" is "[::1]"."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()


class Token:
    """A secret of this process, which every form carries: no other site can read it, and so can send none."""

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(32)

    def check(self, token: Annotated[str, Form()] = "") -> None:
        """Refuse a form without the secret; a dependency of every route that changes something."""
        if not secrets.compare_digest(token.encode(), self.value.encode()):
            raise HTTPException(403, "This form is too old: open the page again, and repeat what you did.")


def wants_json(request: Request) -> bool:
    """Return whether the address of a page asks for its JSON."""
    return request.url.path.endswith(".json")


def own_path(path: str) -> str:
    """Return a path of this site to which a form leads back; the front page for anything else, such as another site."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"
