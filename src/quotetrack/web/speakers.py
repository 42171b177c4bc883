"""The forms of a speaker's page: merge, split, rename. Each is a use case of `review/`, as on the command line."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse

from quotetrack.api.connection import WrongArgument
from quotetrack.api.database import Database
from quotetrack.core.texts import gettext
from quotetrack.store.speakers import StoredSpeaker
from quotetrack.web.visitors import GivenVisitor, check_form

Name = Annotated[str, Form(max_length=300)]


def routes(database: Database) -> APIRouter:
    """Return the routes that decide about a speaker. They lead to the page of the speaker who results."""
    router = APIRouter(dependencies=[Depends(check_form)])
    speakers = database.speakers

    @router.post("/speakers/{number}/rename")
    def rename(number: int, visitor: GivenVisitor, name: Name = "") -> RedirectResponse:
        return _page_of(speakers.rename(number, _given(name), by=visitor.name))

    @router.post("/speakers/{number}/merge")
    def merge(number: int, visitor: GivenVisitor, into: Name = "") -> RedirectResponse:
        return _page_of(speakers.merge(number, _given(into), by=visitor.name))

    @router.post("/speakers/{number}/revoke-merge")
    def revoke_merge(number: int, visitor: GivenVisitor) -> RedirectResponse:
        return _page_of(speakers.revoke_merge(number, by=visitor.name))

    @router.post("/speakers/{number}/split")
    def split(number: int, visitor: GivenVisitor, name: Name = "") -> RedirectResponse:
        shown = speakers.show(number)
        if name not in shown.names:
            told = gettext("%(speaker)s has no name %(name)r that could be split off.", speaker=shown.name, name=name)
            raise WrongArgument(told)
        return _page_of(speakers.split(name, by=visitor.name))

    return router


def _given(name: str) -> str:
    if not name.strip():
        raise WrongArgument(gettext("Give a name."))
    return " ".join(name.split())


def _page_of(speaker: StoredSpeaker) -> RedirectResponse:
    return RedirectResponse(f"/speakers/{speaker.id}", 303)
