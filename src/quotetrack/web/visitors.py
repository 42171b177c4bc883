"""Who asks for a page, and what this visitor may do.

Without a sign-in there is one visitor, the owner of the machine. With it, a visitor is a user whom a token has signed
in, in a cookie or, for programs, in a header; everybody else sees the page to sign in and nothing more.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from quotetrack.api.users import Users
from quotetrack.core.texts import gettext
from quotetrack.web.guard import FILES, READING, wants_json

SIGN_IN, SIGN_OUT, HEALTH = "/sign-in", "/sign-out", "/health"
FOR_EVERYBODY = (SIGN_IN, HEALTH)
FOR_PROGRAMS = ("/api/", "/metrics")  # a token in a header is taken here


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: the name beside decisions, whether they may be made, and the secret that every form carries.

    No other site can read the secret, and so can send a form in the visitor's name.
    """

    name: str | None
    may_decide: bool
    form_token: str

    @property
    def deciding_token(self) -> str:
        """The secret for forms that decide; empty for a reader, who is shown none of them."""
        return self.form_token if self.may_decide else ""


def visitor_of(request: Request) -> Visitor:
    """Return who asks; a dependency of the routes."""
    visitor = request.state.visitor
    assert isinstance(visitor, Visitor)
    return visitor


GivenVisitor = Annotated[Visitor, Depends(visitor_of)]


def check_form(visitor: GivenVisitor, token: Annotated[str, Form()] = "") -> None:
    """Refuse a form without the visitor's secret; a dependency of every route that changes something."""
    if not visitor.form_token or not secrets.compare_digest(token.encode(), visitor.form_token.encode()):
        raise HTTPException(403, gettext("This form is too old: open the page again, and repeat what you did."))


def form_token_of(secret: str) -> str:
    """Return the secret of the forms of somebody who holds the secret of a cookie. It does not tell the latter."""
    return hashlib.sha256(b"form:" + secret.encode("utf-8", "replace")).hexdigest()


def owner(name: str | None) -> Callable[[Request], Visitor]:
    """Return what takes every visitor for the owner of the machine, by whom decisions are."""
    visitor = Visitor(name, may_decide=True, form_token=secrets.token_urlsafe(32))
    return lambda _request: visitor


def signed_in(users: Users) -> Callable[[Request], Visitor | None]:
    """Return what tells by a request which user asks; None for nobody."""

    def find(request: Request) -> Visitor | None:
        token = _token_of(request)
        user = users.signed_in(token) if token else None
        return Visitor(user.name, user.may_decide, form_token_of(token)) if user else None

    return find


def session_cookie(request: Request) -> str:
    """Return the name of the cookie of those who signed in. Behind https no other site of the domain can set it."""
    return "__Host-quotetrack" if request.url.scheme == "https" else "quotetrack"


def _token_of(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.url.path.startswith(FOR_PROGRAMS):
        return token.strip()
    return request.cookies.get(session_cookie(request), "")


class Gate:
    """Lets in who may come in: readers read, reviewers decide, and everybody may sign in."""

    def __init__(self, app: ASGIApp, find_visitor: Callable[[Request], Visitor | None]) -> None:
        self._app = app
        self._find_visitor = find_visitor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its visitor, or answer that it is refused."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if scope["path"].startswith("/static/") or scope["path"] in FOR_EVERYBODY:
            await self._app(scope, receive, send)
            return
        visitor = await run_in_threadpool(self._find_visitor, request)
        if visitor is None:
            await _ask_to_sign_in(request)(scope, receive, send)
        elif request.method not in READING and not visitor.may_decide and scope["path"] != SIGN_OUT:
            refusal = JSONResponse({"error": "A reader cannot decide: ask for the role of a reviewer."}, 403)
            await refusal(scope, receive, send)
        else:
            request.state.visitor = visitor
            await self._app(scope, receive, send)


def _ask_to_sign_in(request: Request) -> Response:
    """Lead a person to the page to sign in, and from there back; tell a program that it needs a token."""
    path = request.url.path
    if request.method not in READING or wants_json(request) or path.endswith(FILES) or path.startswith(FOR_PROGRAMS):
        headers = {"WWW-Authenticate": 'Bearer realm="quotetrack"'} if path.startswith(FOR_PROGRAMS) else None
        return JSONResponse({"error": "Sign in first."}, 401, headers)
    target = f"{path}?{request.url.query}" if request.url.query else path
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': target})}", 303)
