"""The web application: `create_app` gives it a database, uvicorn runs it."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from quotetrack.api.database import Database, UtteranceNotFound
from quotetrack.api.runs import RunNotFound
from quotetrack.core.errors import QuotetrackError
from quotetrack.render.pages import page
from quotetrack.review.articles import ArticleNotFound
from quotetrack.review.speakers import SpeakerNotFound
from quotetrack.store import StoreError
from quotetrack.web import reading, reviewing
from quotetrack.web.guard import Guard, Token, wants_json

STATIC = Path(__file__).parent / "static"
NOT_FOUND = (UtteranceNotFound, ArticleNotFound, SpeakerNotFound, RunNotFound)


def create_app(database: Database, *, decided_by: str | None = None) -> FastAPI:
    """Return the application over an open database. `decided_by` is who decides; by default the user.

    It is for one person on one machine: there is no sign-in, and other hosts are refused.
    """
    app = FastAPI(title="quotetrack", docs_url=None, redoc_url=None, openapi_url=None)
    token = Token()
    app.include_router(reading.routes(database, token))
    app.include_router(reviewing.routes(database, token, decided_by))
    app.mount("/static", StaticFiles(directory=STATIC))
    app.add_exception_handler(QuotetrackError, _show_error)
    app.add_exception_handler(AnyHTTPException, _show_error)
    app.add_exception_handler(RequestValidationError, _show_error)
    app.add_exception_handler(Exception, _show_error)
    app.add_middleware(Guard)
    return app


def serve(database: Database, *, host: str, port: int, decided_by: str | None = None) -> None:
    """Answer until the process is interrupted. Raises OSError if the port is taken."""
    import uvicorn

    app = create_app(database, decided_by=decided_by)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, access_log=False)


def _show_error(request: Request, error: Exception) -> Response:
    status, message = _status_and_message(error)
    if wants_json(request):
        return JSONResponse({"error": message}, status)
    return HTMLResponse(page("error.html", {"title": "This did not work", "message": message}), status)


def _status_and_message(error: Exception) -> tuple[int, str]:
    match error:
        case HTTPException(status_code=status, detail=detail) | AnyHTTPException(status_code=status, detail=detail):
            return status, "There is no such page." if detail == "Not Found" else str(detail)
        case RequestValidationError():
            first = error.errors()[0]
            return 400, f"{first['loc'][-1]}: {first['msg']}"
        case StoreError():
            return 503, str(error)
        case QuotetrackError():
            return 404 if isinstance(error, NOT_FOUND) else 400, str(error)
        case _:
            return 500, "Something unforeseen went wrong; the terminal of the server tells what. Nothing was lost."
