"""The pages that decide: the review queue, and the forms beside a quotation.

Each decision is a use case of `review/`, the same as on the command line, and leads back to the page it was made on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Query
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse

from quotetrack.api.database import Database
from quotetrack.core.doubts import DoubtKind
from quotetrack.core.texts import gettext
from quotetrack.render.pages import page
from quotetrack.render.schemas import DoubtSchema
from quotetrack.review.apply import Recorded
from quotetrack.web.guard import own_path
from quotetrack.web.visitors import GivenVisitor, check_form

QUEUE = 20  # doubts of a page
MOST_WAITING = 500  # doubts that are counted
SUGGESTED = 300  # names that the field of a speaker completes

FormText = Annotated[str, Form(max_length=2000)]


def routes(database: Database) -> APIRouter:
    """Return the routes of review. Every form carries the secret of its visitor, who decides."""
    router = APIRouter()
    _add_queue(router, database)
    _add_decisions(router, database)
    return router


def _add_queue(router: APIRouter, database: Database) -> None:
    @router.get("/review")
    def queue(visitor: GivenVisitor, at: Annotated[int, Query(ge=1, le=QUEUE)] = 1, done: str = "") -> HTMLResponse:
        doubts = database.review.queue(QUEUE)
        at = min(at, max(1, len(doubts)))
        kind, _, number = done.partition("-")
        values = {
            "doubts": doubts,
            "at": at,
            "doubt": doubts[at - 1] if doubts else None,
            "is_pair": bool(doubts) and doubts[at - 1].kind is DoubtKind.REWORDED,
            "names": [speaker.name for speaker in database.speakers.list(limit=SUGGESTED)],
            "token": visitor.deciding_token,
            "back": f"/review?at={at}",
            "done": (kind, int(number)) if number.isdecimal() else None,
        }
        return HTMLResponse(page("review.html", values))

    @router.get("/review.json")
    def queue_as_json() -> JSONResponse:
        return JSONResponse([DoubtSchema.of(doubt).to_json() for doubt in database.review.queue(QUEUE)])

    @router.get("/review/progress")
    def progress() -> HTMLResponse:
        reviewers, agreements = database.review.progress()
        waiting = len(database.review.queue(MOST_WAITING))
        values = {"reviewers": reviewers, "agreements": agreements, "waiting": waiting, "most": MOST_WAITING}
        return HTMLResponse(page("progress.html", values))

    @router.get("/decisions")
    def decisions(visitor: GivenVisitor) -> HTMLResponse:
        values = {
            "corrections": database.review.corrections(),
            "judgements": database.review.judgements(),
            "token": visitor.deciding_token,
        }
        return HTMLResponse(page("decisions.html", values))


def _add_decisions(router: APIRouter, database: Database) -> None:
    protected = [Depends(check_form)]

    @router.post("/corrections", dependencies=protected)
    def correct(
        visitor: GivenVisitor,
        sighting: Annotated[str, Form(pattern=r"^r?[0-9]{1,18}$")],
        speaker: FormText = "",
        day: FormText = "",
        words: FormText = "",
        not_a_quotation: Annotated[bool, Form()] = False,
        everywhere: Annotated[bool, Form()] = False,
        reason: FormText = "",
        back: FormText = "/review",
    ) -> RedirectResponse:
        made = database.review.correct(
            sighting,
            speaker=speaker.strip() or None,
            day=day.strip() or None,
            words=words.strip() or None,
            not_a_quotation=not_a_quotation,
            everywhere=everywhere,
            by=visitor.name,
            reason=reason.strip() or None,
        )
        return _back(back, "correction", made)

    @router.post("/fact-checks", dependencies=protected)
    def check(
        visitor: GivenVisitor,
        utterance: Annotated[int, Form()],
        fact_check: Annotated[int, Form()],
        right: Annotated[bool, Form()],
        back: FormText = "/review",
    ) -> RedirectResponse:
        return _back(back, "correction", database.review.check(utterance, fact_check, right=right, by=visitor.name))

    @router.post("/judgements", dependencies=protected)
    def judge(
        visitor: GivenVisitor,
        left: Annotated[int, Form()],
        right: Annotated[int, Form()],
        same: Annotated[bool, Form()],
        back: FormText = "/review",
    ) -> RedirectResponse:
        return _back(back, "judgement", [database.review.judge(left, right, same=same, by=visitor.name)])

    @router.post("/undo", dependencies=protected)
    def undo(
        kind: Annotated[str, Form()], number: Annotated[int, Form()], back: FormText = "/review"
    ) -> RedirectResponse:
        match kind:
            case "correction":
                database.review.undo_correction(number)
            case "judgement":
                database.review.undo_judgement(number)
            case _:
                raise HTTPException(400, gettext("Only corrections and judgements can be undone here."))
        return RedirectResponse(own_path(back), 303)


def _back(path: str, kind: str, made: Sequence[Recorded]) -> RedirectResponse:
    """Lead back to the page of a form, which then offers to undo what was decided.

    Who agrees with somebody else's decision has none to undo.
    """
    path = own_path(path)
    kind = "agreement" if made[0].is_agreement else kind
    joint = "&" if urlsplit(path).query else "?"
    return RedirectResponse(f"{path}{joint}done={kind}-{made[0].id}", 303)
