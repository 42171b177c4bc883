"""The pages to sign in and out, and to see who is signed in."""

from __future__ import annotations

import math
import secrets
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from quotetrack.api.users import Users
from quotetrack.core.texts import gettext, ngettext
from quotetrack.render.pages import page
from quotetrack.review.users import LONGEST_PASSWORD, SIGNED_IN
from quotetrack.web.guard import own_path
from quotetrack.web.tries import Tries
from quotetrack.web.visitors import SIGN_IN, SIGN_OUT, GivenVisitor, check_form, form_token_of, session_cookie

FORM_COOKIE = "quotetrack-form"  # of somebody who is not signed in yet
LONGEST_PATH = 5000  # characters

NamedText = Annotated[str, Form(max_length=200)]
Path = Annotated[str, Form(max_length=LONGEST_PATH)]


def routes(users: Users | None, tries: Tries) -> APIRouter:
    """Return the routes; without users, only the page that says so."""
    router = APIRouter()

    @router.get("/account")
    def account(visitor: GivenVisitor) -> HTMLResponse:
        return HTMLResponse(page("account.html", {"visitor": visitor, "has_sign_in": users is not None}))

    if users is not None:
        _add_sign_in(router, users, tries)
    return router


def _add_sign_in(router: APIRouter, users: Users, tries: Tries) -> None:
    hashing = Lock()  # Argon2 takes 64 MiB and all processors: one password at a time

    @router.get(SIGN_IN)
    def form(request: Request, next: Annotated[str, Query(max_length=LONGEST_PATH)] = "/") -> HTMLResponse:
        return _form(request, own_path(next))

    @router.post(SIGN_IN)
    def sign_in(
        request: Request,
        name: NamedText = "",
        password: Annotated[str, Form(max_length=LONGEST_PASSWORD)] = "",
        token: NamedText = "",
        next: Path = "/",
    ) -> Response:
        _check_sign_in_form(request, token)
        wait = tries.begin(name, request.client.host if request.client else "")
        if wait:
            minutes = math.ceil(wait / 60)
            message = ngettext(
                "Too many tries. Wait %(num)s minute, and try again.",
                "Too many tries. Wait %(num)s minutes, and try again.",
                minutes,
            )
            return _form(request, own_path(next), message, 429, {"Retry-After": str(math.ceil(wait))})
        with hashing:
            session = users.sign_in(name, password)
        if session is None:
            return _form(request, own_path(next), gettext("The name or the password is wrong."), 401)
        tries.succeeded(name)
        if before := request.cookies.get(session_cookie(request)):
            users.sign_out(before)
        answer = RedirectResponse(own_path(next), 303)
        answer.set_cookie(
            session_cookie(request), session, max_age=round(SIGNED_IN.total_seconds()),
            httponly=True, samesite="lax", secure=request.url.scheme == "https",
        )  # fmt: skip
        answer.delete_cookie(FORM_COOKIE, path=SIGN_IN)
        return answer

    @router.post(SIGN_OUT, dependencies=[Depends(check_form)])
    def sign_out(request: Request) -> RedirectResponse:
        users.sign_out(request.cookies.get(session_cookie(request), ""))
        answer = RedirectResponse(SIGN_IN, 303)
        answer.delete_cookie(session_cookie(request), secure=request.url.scheme == "https", httponly=True)
        return answer


def _form(
    request: Request, next: str, message: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """Return the page to sign in. Its form works only with the cookie that it sets."""
    secret = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    values = {"next": next, "message": message, "token": form_token_of(secret)}
    answer = HTMLResponse(page("sign_in.html", values), status, headers)
    answer.set_cookie(
        FORM_COOKIE, secret, path=SIGN_IN, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return answer


def _check_sign_in_form(request: Request, token: str) -> None:
    secret = request.cookies.get(FORM_COOKIE)
    if not secret or not secrets.compare_digest(token.encode(), form_token_of(secret).encode()):
        message = gettext("This form is too old, or the browser keeps no cookies: open the page again.")
        raise HTTPException(403, message)
