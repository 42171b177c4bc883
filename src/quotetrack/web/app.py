"""The web application: `create_app` gives it a database, uvicorn runs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from quotetrack.api.database import Database, UtteranceNotFound
from quotetrack.api.runs import RunNotFound
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.texts import ENGLISH, Language, gettext, in_language
from quotetrack.render.pages import page
from quotetrack.review.articles import ArticleNotFound
from quotetrack.review.speakers import SpeakerNotFound
from quotetrack.search.talking_points import PointNotFound
from quotetrack.store import StoreError
from quotetrack.web import machines, metrics, reading, reviewing, sign_in, speakers
from quotetrack.web.guard import API, HEADERS, LOCAL_HOSTS, Guard, wants_json
from quotetrack.web.language import Translated, language_of
from quotetrack.web.tries import Tries
from quotetrack.web.visitors import Gate, owner, signed_in

STATIC = Path(__file__).parent / "static"
THREADS = 10  # that answer requests: fewer than the connections of the database, so that no request waits for one
NOT_FOUND = (UtteranceNotFound, ArticleNotFound, SpeakerNotFound, PointNotFound, RunNotFound)


@asynccontextmanager
async def _with_few_threads(_app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    yield


def create_app(
    database: Database,
    *,
    names: Iterable[str] = (),
    has_sign_in: bool = False,
    decided_by: str | None = None,
    language: Language = ENGLISH,
) -> FastAPI:
    """Return the application over an open database. It answers under names of this machine, and these `names`.

    With `has_sign_in` the users of the database sign in, and decide under their names. Without it everybody who reaches
    it is taken for the owner of the machine: `decided_by` is who decides; by default the user. The pages are in the
    `language`; files and JSON are the same in all.
    """
    app = FastAPI(title="quotetrack", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_with_few_threads)
    counted = metrics.Metrics()
    app.include_router(reading.routes(database))
    app.include_router(reviewing.routes(database))
    app.include_router(speakers.routes(database))
    app.include_router(sign_in.routes(database.users if has_sign_in else None, Tries()))
    app.include_router(machines.routes(database))
    app.include_router(metrics.routes(database, counted))
    api = machines.programs_api(database)
    for each in (app, api):
        _show_errors(each, language)
    app.mount(API, api)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.add_middleware(Gate, find_visitor=signed_in(database.users) if has_sign_in else owner(decided_by))
    app.add_middleware(Guard, hosts=LOCAL_HOSTS.union(names))
    app.add_middleware(Translated, language=language)
    app.add_middleware(metrics.Measured, metrics=counted)
    return app


def serve(
    database: Database,
    *,
    host: str,
    port: int,
    names: Iterable[str] = (),
    has_sign_in: bool = False,
    decided_by: str | None = None,
    language: Language = ENGLISH,
) -> None:
    """Answer until the process is interrupted. Raises OSError if the port is taken."""
    import uvicorn

    app = create_app(database, names=names, has_sign_in=has_sign_in, decided_by=decided_by, language=language)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, access_log=False)


def _show_errors(app: FastAPI, language: Language) -> None:
    """Answer every error with a page that says it, or its JSON."""

    def show(request: Request, error: Exception) -> Response:
        with in_language(
            language_of(request.url.path, language)
        ):  # what is unforeseen is answered outside of `Translated`
            return _show_error(request, error)

    for kind in (QuotetrackError, AnyHTTPException, RequestValidationError, OverflowError, Exception):
        app.add_exception_handler(kind, show)


def _show_error(request: Request, error: Exception) -> Response:
    status, message = _status_and_message(error, request.url.path.startswith(API))
    if wants_json(request):
        return JSONResponse({"error": message}, status, HEADERS)
    return HTMLResponse(
        page("error.html", {"title": gettext("This did not work"), "message": message}), status, HEADERS
    )


def _status_and_message(error: Exception, is_api: bool) -> tuple[int, str]:
    match error:
        case HTTPException(status_code=status, detail=detail) | AnyHTTPException(status_code=status, detail=detail):
            return status, gettext("There is no such page.") if detail == "Not Found" else str(detail)
        case RequestValidationError():
            first = error.errors()[0]
            return 422 if is_api else 400, f"{first['loc'][-1]}: {first['msg']}"
        case OverflowError():
            return 404, gettext("There is nothing with this number: it is greater than any that the database can hold.")
        case StoreError():
            return 503, str(error)
        case QuotetrackError():
            return 404 if isinstance(error, NOT_FOUND) else 400, str(error)
        case _:
            return 500, gettext(
                "Something unforeseen went wrong; the terminal of the server tells what. Nothing was lost."
            )
