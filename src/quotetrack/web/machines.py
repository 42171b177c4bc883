"""The interface for programs: `/api/v1`, `/health` and `/metrics`.

An answer is the JSON that the command line prints with `--json`, by the same models. It carries an ETag: a program that
sends it back in If-None-Match is told 304 while nothing has changed. `/api/v1/openapi.json` describes all of it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request
from pydantic import StringConstraints
from starlette.responses import Response

from quotetrack.api.database import Database
from quotetrack.core.versions import package_version
from quotetrack.render.schemas import (
    AnswerSchema,
    ArticleRecordSchema,
    ErrorSchema,
    HealthSchema,
    MatchesSchema,
    Schema,
    SightingSchema,
    SightingsPageSchema,
    SpeakerSchema,
    SpeakersSchema,
    UtteranceSchema,
)
from quotetrack.search.answer import LIMIT, SOME_REPORTED

LONGEST_QUESTION = 500  # characters
MOST_ANSWERS, MOST_MATCHES, MOST_SPEAKERS, MOST_UTTERANCES = 100, 50, 500, 200  # of a page
MOST_PAGES = 10_000
GREATEST_ID = 2**63 - 1  # that SQLite can hold
REFUSALS: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since the answer with this ETag"},
    400: {"model": ErrorSchema, "description": "The database knows no such outlet, or an argument cannot be used"},
    401: {"model": ErrorSchema, "description": "The page has a sign-in, and no token was sent"},
    403: {"model": ErrorSchema, "description": "The Host header is none of the names of this page"},
    404: {"model": ErrorSchema, "description": "There is nothing with this id"},
    422: {"model": ErrorSchema, "description": "An argument is unknown, or has the wrong form"},
    503: {"model": ErrorSchema, "description": "The database cannot be used now"},
}

Text = Annotated[str, Query(max_length=LONGEST_QUESTION), StringConstraints(strip_whitespace=True)]
Page = Annotated[int, Query(ge=1, le=MOST_PAGES, description="Pages count from 1.")]
Id = Annotated[int, Path(ge=1, le=GREATEST_ID)]


def programs_api(database: Database) -> FastAPI:
    """Return the application that is mounted at `/api/v1`."""
    api = FastAPI(
        title="quotetrack",
        version=package_version(),
        summary="Who said what and when in the news",
        description=__doc__,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=REFUSALS,
        dependencies=[Depends(_refuse_unknown_arguments)],
    )
    for add in (_add_questions, _add_records, _add_speakers, _add_everything):
        add(api, database)
    return api


def _add_questions(api: FastAPI, database: Database) -> None:
    @api.get("/ask", response_model=AnswerSchema)
    def ask(
        request: Request,
        q: Annotated[str, Query(max_length=LONGEST_QUESTION, description="A question, as for `quotetrack ask`.")] = "",
        speaker: Text = "",
        about: Text = "",
        since: date | None = None,
        until: date | None = None,
        outlet: Text = "",
        newest: bool = False,
        certain: bool = False,
        page: Page = 1,
        limit: Annotated[int, Query(ge=1, le=MOST_ANSWERS)] = LIMIT,
        reported: Annotated[int, Query(ge=0, le=MOST_ANSWERS, description="Most reported statements.")] = SOME_REPORTED,
    ) -> Response:
        """Answer a question; the other arguments override what it says. The days are those of speaking."""
        answer = database.ask(
            q,
            speaker=speaker or None,
            about=about or None,
            since=since,
            until=until,
            outlet=outlet or None,
            newest=newest,
            certain=certain,
            reported=reported,
            limit=limit,
            page=page,
        )
        return _answer(request, AnswerSchema.of(answer))

    @api.get("/find", response_model=MatchesSchema)
    def find(
        request: Request,
        words: Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION, description="Remembered words.")],
        limit: Annotated[int, Query(ge=1, le=MOST_MATCHES)] = 10,
    ) -> Response:
        """Find who said these words: the printed quotations that come nearest, and how they differ."""
        return _answer(request, MatchesSchema.of({"matches": list(database.find(words, limit=limit))}))


def _add_records(api: FastAPI, database: Database) -> None:
    @api.get("/utterances/{number}", response_model=UtteranceSchema)
    def utterance(request: Request, number: Id) -> Response:
        """Return an utterance, or the one that it was merged into, with all its sightings."""
        shown = database.show(number)
        corrections, judgements = list(shown.corrections), list(shown.judgements)
        links, related, checks = list(shown.links), list(shown.related), list(shown.checks)
        return _answer(
            request, UtteranceSchema.linked(shown.utterance, links, related, checks, corrections, judgements)
        )

    @api.get("/articles/{number}", response_model=ArticleRecordSchema)
    def article(request: Request, number: Id) -> Response:
        """Return what is stored about an article: metadata, versions, quotations, decisions. Its text is not."""
        return _answer(request, ArticleRecordSchema.checked(database.articles.show(number), {}))


def _add_speakers(api: FastAPI, database: Database) -> None:
    @api.get("/speakers", response_model=SpeakersSchema)
    def speakers(
        request: Request,
        name: Annotated[str, Query(max_length=LONGEST_QUESTION, description="Only who may have this name.")] = "",
        limit: Annotated[int, Query(ge=1, le=MOST_SPEAKERS)] = 50,
    ) -> Response:
        """List the speakers, most quoted first, without the decisions about them."""
        found = database.speakers.list(name or None, limit=limit)
        return _answer(request, SpeakersSchema(speakers=[SpeakerSchema.decided(each) for each in found]))

    @api.get("/speakers/{number}", response_model=SpeakerSchema)
    def speaker(request: Request, number: Id) -> Response:
        """Return a speaker: all names, the number of quotations, and what people decided."""
        found = database.speakers.show(number)
        return _answer(request, SpeakerSchema.decided(found, database.speakers.decisions(found.id)))


def _add_everything(api: FastAPI, database: Database) -> None:
    @api.get("/sightings", response_model=SightingsPageSchema)
    def sightings(
        request: Request,
        after: Annotated[int, Query(ge=0, le=GREATEST_ID, description="`next` of the page before.")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_UTTERANCES, description="Utterances of a page.")] = 50,
    ) -> Response:
        """Return the sightings of all utterances in order of the utterance's id, page by page: all that is on file."""
        found = database.utterances(after=after, limit=limit)
        rows = [sighting for utterance in found for sighting in SightingSchema.all_of(utterance)]
        next_id = found[-1].id if len(found) == limit else None
        return _answer(request, SightingsPageSchema(sightings=rows, next=next_id))

    @api.get("/health", response_model=HealthSchema)
    def health(request: Request) -> Response:
        """Tell whether the database answers."""
        return _answer(request, _health(database))


def _refuse_unknown_arguments(request: Request) -> None:
    """Answer 422 to an argument that the path does not have: without it the answer would be to another question."""
    known = [argument.alias for argument in request.scope["route"].dependant.query_params]
    for name in request.query_params:
        if name not in known:
            arguments = f"the arguments are {', '.join(known)}" if known else "this path has no arguments"
            raise HTTPException(422, f"{name[:LONGEST_QUESTION]}: unknown argument; {arguments}")


def routes(database: Database) -> APIRouter:
    """Return the route that tells everybody, also without a sign-in, whether the page works."""
    router = APIRouter()

    @router.get("/health")
    def health(request: Request) -> Response:
        return _answer(request, _health(database))

    return router


def _health(database: Database) -> HealthSchema:
    database.runs.list(limit=1)  # raises StoreError, which is answered with 503
    return HealthSchema(status="ok", version=package_version())


def _answer(request: Request, schema: Schema) -> Response:
    """Return an answer with its ETag; only that it has not changed where the program has it already."""
    body = json.dumps(schema.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
