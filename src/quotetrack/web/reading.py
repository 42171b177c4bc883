"""The pages that only read: ask, an utterance, an article, the speakers, the runs.

`.json` behind the address of a page gives what the command line prints with `--json`, and `.csv` what `--csv` does.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import StringConstraints
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from quotetrack.api.database import Database
from quotetrack.api.exports import Form
from quotetrack.api.shown import ShownAnswer
from quotetrack.core.domain import CountBy, ReportedWords, Utterance
from quotetrack.core.parts import number_of_words
from quotetrack.core.texts import gettext
from quotetrack.render.answers import heading_of, hint_lines, number_text, summary_lines
from quotetrack.render.charts import lanes, speaker_lanes, timeline
from quotetrack.render.citations import csl_items
from quotetrack.render.pages import edits, lit_article, page
from quotetrack.render.runs import run_lines
from quotetrack.render.schemas import (
    AnswerSchema,
    ArticleRecordSchema,
    RunSchema,
    ShownRunSchema,
    TalkingPointSchema,
    UtteranceSchema,
)
from quotetrack.render.talking_points import state_lines
from quotetrack.review.speakers import SpeakerNotFound
from quotetrack.search.analysis import count_by
from quotetrack.search.answer import LIMIT, SOME_REPORTED
from quotetrack.search.selection import with_words
from quotetrack.store.facets import Facet
from quotetrack.store.roles import read_role
from quotetrack.store.speakers import DecisionKind, StoredSpeaker
from quotetrack.web.visitors import GivenVisitor

ARTICLES, SPEAKERS, CLAIMS, RUNS = 100, 100, 100, 50  # of a list
NEWEST, SHOWN_OF_SPEAKER, TOPICS = 100, 10, 12  # utterances of a speaker that are read, those shown, and their words
FIELDS = ("speaker", "about", "since", "until", "outlet")  # of the form of an answer: what was understood
EXAMPLES = 3  # questions of the front page: about the most quoted speakers
LONGEST_QUESTION = 500  # characters

MEDIA_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.BIBTEX: "application/x-bibtex",
    Form.RIS: "application/x-research-info-systems",
    Form.CSL: "application/vnd.citationstyles.csl+json",
    Form.JSONLD: "application/ld+json",
}

Stripped = StringConstraints(strip_whitespace=True)
Text = Annotated[str, Query(max_length=LONGEST_QUESTION), Stripped]
TextOrNone = Annotated[Annotated[str, Stripped] | None, Query(max_length=LONGEST_QUESTION)]
Id = Annotated[int, Query(ge=1, le=2**63 - 1)]  # that SQLite can hold
Sighting = Annotated[str | None, Query(pattern=r"^r?[0-9]{1,19}$")]
"""The id of a quotation, or of a reported statement, which begins with r."""
Page = Annotated[int, Query(ge=1, le=100_000)]
MinWords = Annotated[int, Query(ge=0, le=1_000)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of an answer says: the question, and the options that override it.

    `speaker_id` is for one speaker of those who share a name. It counts unless a `speaker` beside it is another name.
    """

    q: Text = ""
    speaker: TextOrNone = None
    speaker_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
    about: Text = ""
    since: Text = ""
    until: Text = ""
    outlet: Text = ""
    published_since: Text = ""
    published_until: Text = ""
    min_confidence: Annotated[float, Query(ge=0, le=1)] = 0.0
    newest: bool = False
    certain: bool = False
    reported: bool = False
    page: Page = 1

    def is_empty(self) -> bool:
        """Return whether nothing is asked."""
        said = (self.q, self.speaker, self.speaker_id, self.about, self.since, self.until)
        return not any((*said, self.outlet, self.published_since, self.published_until))

    def query(self, **changed: object) -> str:
        """Return the same as the query of an address, with some values changed. Another speaker is given by name."""
        if "speaker" in changed:
            changed["speaker_id"] = None
        return urlencode(self._without_defaults(changed))

    def beside_fields(self) -> dict[str, object]:
        """Return the values that the form of an answer keeps and has no field for. It begins again at page 1."""
        return {name: v for name, v in self._without_defaults({"page": 1}).items() if name not in FIELDS}

    def _without_defaults(self, changed: dict[str, object]) -> dict[str, object]:
        values = {name: getattr(self, name) for name in self.__slots__} | changed
        is_default = {"", False, None}
        return {name: v for name, v in values.items() if v not in is_default and (name, v) != ("page", 1)}


GivenQuestion = Annotated[Asked, Depends()]


def routes(database: Database) -> APIRouter:
    """Return the routes of the reading pages."""
    router = APIRouter()
    for add in (_add_answers, _add_footnotes, _add_utterances, _add_articles, _add_speakers, _add_claims, _add_runs):
        add(router, database)
    return router


def _add_answers(router: APIRouter, database: Database) -> None:
    @router.get("/")
    def front(given: GivenQuestion) -> Response:
        settled = _settled(database, given)
        if settled != given:
            return RedirectResponse(f"/?{settled.query()}", 303)
        if given.is_empty():
            return _html("ask.html", _front_page(database, given))
        answer = _answer(database, given)
        return _html("ask.html", _answer_page(given, answer) | _narrowings(database, given, answer))

    @router.get("/ask.json")
    def answer_as_json(given: GivenQuestion) -> JSONResponse:
        return JSONResponse(AnswerSchema.of(_answer(database, given)).to_json())

    @router.get("/ask.csv")
    def answer_as_csv(given: GivenQuestion, min_words: MinWords = 0) -> Response:
        return _export(database, given, min_words, Form.CSV, "csv")

    @router.get("/ask.bib")
    def answer_as_bibtex(given: GivenQuestion, min_words: MinWords = 0) -> Response:
        return _export(database, given, min_words, Form.BIBTEX, "bib")

    @router.get("/ask.ris")
    def answer_as_ris(given: GivenQuestion, min_words: MinWords = 0) -> Response:
        return _export(database, given, min_words, Form.RIS, "ris")

    @router.get("/ask.csl.json")
    def answer_as_csl(given: GivenQuestion, min_words: MinWords = 0) -> Response:
        return _export(database, given, min_words, Form.CSL, "csl.json")

    @router.get("/ask.jsonld")
    def answer_as_linked_data(given: GivenQuestion, min_words: MinWords = 0) -> Response:
        return _export(database, given, min_words, Form.JSONLD, "jsonld")


def _add_footnotes(router: APIRouter, database: Database) -> None:
    @router.get("/utterances/{number}.bib")
    def utterance_as_bibtex(number: int) -> Response:
        return _written(database, [database.show(number).utterance], Form.BIBTEX, "bib")

    @router.get("/utterances/{number}.ris")
    def utterance_as_ris(number: int) -> Response:
        return _written(database, [database.show(number).utterance], Form.RIS, "ris")

    @router.get("/utterances/{number}.csl.json")
    def utterance_as_csl(number: int) -> JSONResponse:
        return JSONResponse(csl_items(database.show(number).utterance.sightings))


def _add_utterances(router: APIRouter, database: Database) -> None:
    @router.get("/utterances/{number}.json")
    def utterance_as_json(number: int) -> JSONResponse:
        shown = database.show(number)
        corrections, judgements = list(shown.corrections), list(shown.judgements)
        links, related, checks = list(shown.links), list(shown.related), list(shown.checks)
        return JSONResponse(
            UtteranceSchema.linked(shown.utterance, links, related, checks, corrections, judgements).to_json()
        )

    @router.get("/sightings/{number}")
    def sighting(number: int, done: str = "") -> RedirectResponse:
        address = f"/utterances/{database.utterance_of(number)}"
        return RedirectResponse(f"{address}?{urlencode({'done': done})}" if done else address, 303)

    @router.get("/utterances/{number}")
    def utterance(number: int, visitor: GivenVisitor, done: str = "") -> Response:
        shown = database.show(number)
        if shown.utterance.id != number:
            return RedirectResponse(f"/utterances/{shown.utterance.id}", 301)
        back = f"/utterances/{number}"
        values = {"shown": shown, "token": visitor.deciding_token, "done": _undoable(done), "back": back}
        return _html("utterance.html", values | {"lanes": lanes(shown.utterance)})


def _add_articles(router: APIRouter, database: Database) -> None:
    @router.get("/article")
    def article_of(url: Annotated[str, Query(max_length=5000)], sighting: Sighting = None) -> RedirectResponse:
        place = "" if sighting is None else f"#sighting-{sighting}"
        return RedirectResponse(f"/articles/{database.articles.show(url).id}{place}", 303)

    @router.get("/articles")
    def articles(without_quotations: bool = False, behind: Id | None = None) -> HTMLResponse:
        found = database.articles.behind(behind, without_quotations=without_quotations, limit=ARTICLES + 1)
        listed, has_more = found[:ARTICLES], len(found) > ARTICLES
        shown = {"without_quotations": "true"} if without_quotations else {}
        values = {
            "articles": listed,
            "without_quotations": without_quotations,
            "first": urlencode(shown) if behind is not None else None,
            "earlier": urlencode(shown | {"behind": listed[-1].id}) if has_more else None,
        }
        return _html("articles.html", values)

    @router.get("/articles/{number}.json")
    def article_as_json(number: int) -> JSONResponse:
        return JSONResponse(ArticleRecordSchema.checked(database.articles.show(number), {}).to_json())

    @router.get("/articles/{number}")
    def article(number: int, visitor: GivenVisitor, done: str = "") -> HTMLResponse:
        record = database.articles.show(number)
        values = {
            "token": visitor.deciding_token,
            "done": _undoable(done),
            "back": f"/articles/{number}",
            "record": record,
            "lit": lit_article(record, database.articles.text(number)),
            "fields": {str(field.field): field.decided or field.printed for field in record.fields},
            "edits": edits(record, database.articles.version_texts(number)),
        }
        return _html("article.html", values)

    @router.get("/articles/{number}/evidence/{sha256}")
    def evidence(number: int, sha256: str) -> Response:
        """Hand out kept bytes for the disk: a page of somebody else's must not run on this site."""
        body = database.articles.evidence(number, sha256)
        if body is None:
            raise HTTPException(404, gettext("This evidence is not kept here."))
        headers = {
            "Content-Disposition": f'attachment; filename="evidence-{sha256[:12]}.bin"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return Response(body, media_type="application/octet-stream", headers=headers)


def _add_speakers(router: APIRouter, database: Database) -> None:
    @router.get("/speakers")
    def speakers(name: Text = "") -> HTMLResponse:
        found = database.speakers.list(name or None, limit=SPEAKERS + 1)
        values = {"speakers": found[:SPEAKERS], "name": name, "has_more": len(found) > SPEAKERS}
        return _html("speakers.html", values)

    @router.get("/speakers/{number}")
    def speaker(number: int, visitor: GivenVisitor) -> HTMLResponse:
        values = _speaker_page(database, database.speakers.show(number))
        return _html("speaker.html", values | {"token": visitor.deciding_token})


def _add_claims(router: APIRouter, database: Database) -> None:
    @router.get("/claims")
    def claims(about: Text = "", speaker: Text = "", page: Page = 1) -> HTMLResponse:
        found = database.claims.list(about=about or None, speaker=speaker or None)
        given = {name: value for name, value in (("about", about), ("speaker", speaker)) if value}
        hints = list(state_lines(database.claims.state(), is_empty=not found))
        shown = min(page, max(1, ceil(len(found) / CLAIMS)))  # beyond the end: the last page
        start = (shown - 1) * CLAIMS
        values = {
            "about": about,
            "speaker": speaker,
            "hints": hints,
            "points": found[start : start + CLAIMS],
            "first": start + 1,
            "total": len(found),
            "query": urlencode(given),
            "before": urlencode(given | {"page": shown - 1}) if shown > 1 else None,
            "behind": urlencode(given | {"page": shown + 1}) if len(found) > start + CLAIMS else None,
        }
        return _html("claims.html", values)

    @router.get("/claims.json")
    def claims_as_json(about: Text = "", speaker: Text = "") -> JSONResponse:
        found = database.claims.list(about=about or None, speaker=speaker or None)
        return JSONResponse([TalkingPointSchema.of_point(point).to_json() for point in found])

    @router.get("/claims/{number}.json")
    def claim_as_json(number: int) -> JSONResponse:
        return JSONResponse(TalkingPointSchema.of_point(database.claims.show(number)).to_json())

    @router.get("/claims/{number}")
    def claim(number: int) -> Response:
        point = database.claims.show(number)
        if point.id != number:
            return RedirectResponse(f"/claims/{point.id}", 301)
        return _html("claim.html", {"point": point, "lanes": speaker_lanes(point)})


def _add_runs(router: APIRouter, database: Database) -> None:
    @router.get("/runs")
    def runs() -> HTMLResponse:
        without = len(database.articles.behind(without_quotations=True, limit=ARTICLES))
        values = {"runs": database.runs.list(limit=RUNS), "quiet": database.runs.quiet(), "without": without}
        return _html("runs.html", values)

    @router.get("/runs.json")
    def runs_as_json() -> JSONResponse:
        return JSONResponse([RunSchema.of(run).to_json() for run in database.runs.list(limit=RUNS)])

    @router.get("/runs/{number}.json")
    def run_as_json(number: int) -> JSONResponse:
        return JSONResponse(ShownRunSchema.with_failures(*database.runs.show(number)).to_json())

    @router.get("/runs/{number}")
    def run(number: int) -> HTMLResponse:
        shown, failures = database.runs.show(number)
        lines = list(run_lines(shown, ()))
        return _html("run.html", {"number": number, "lines": lines, "failures": failures})


def _html(name: str, values: Mapping[str, object]) -> HTMLResponse:
    return HTMLResponse(page(name, values))


def _export(database: Database, given: Asked, min_words: int, form: Form, ending: str) -> Response:
    answer = _answer(database, given, limit=None)
    utterances = with_words((ranked.utterance for ranked in answer.utterances), min_words)
    reported = [each for each in answer.reported if number_of_words(each.words) >= min_words]
    return _written(database, utterances, form, ending, reported if given.reported else None)


def _written(
    database: Database,
    utterances: Iterable[Utterance],
    form: Form,
    ending: str,
    reported: Iterable[ReportedWords] | None = None,
) -> Response:
    """Return a file of text that a browser saves rather than shows."""
    out = io.StringIO(newline="")
    database.write(utterances, form, out, reported=reported)
    headers = {"Content-Disposition": f'attachment; filename="quotations.{ending}"'}
    return Response(out.getvalue(), media_type=MEDIA_TYPES[form], headers=headers)


def _settled(database: Database, given: Asked) -> Asked:
    """Return the question with one way to say who is meant.

    The form of an answer sends the name in its field beside the id: while it is still the name of that speaker, the id
    counts, and after a person changed or emptied it, the field.
    """
    if given.speaker_id is None or given.speaker is None:
        return given
    try:
        name = database.speakers.show(given.speaker_id).name
    except SpeakerNotFound:
        return replace(given, speaker_id=None)
    return replace(given, speaker=None) if given.speaker == name else replace(given, speaker_id=None)


def _answer(database: Database, asked: Asked, limit: int | None = LIMIT) -> ShownAnswer:
    given = _settled(database, asked)
    return database.ask(
        given.q,
        speaker=given.speaker or None,
        speaker_id=given.speaker_id,
        about=given.about or None,
        since=given.since or None,
        until=given.until or None,
        outlet=given.outlet or None,
        published_since=given.published_since or None,
        published_until=given.published_until or None,
        min_confidence=given.min_confidence,
        newest=given.newest,
        certain=given.certain,
        reported=None if given.reported else SOME_REPORTED,
        limit=limit,
        page=given.page if limit is not None else 1,
    )


def _front_page(database: Database, given: Asked) -> dict[str, object]:
    """Return the values of the page before a question: examples about those who are quoted most."""
    most_quoted = database.speakers.list(limit=EXAMPLES)
    return {"asked": given, "answer": None, "examples": [f"What did {each.name} say?" for each in most_quoted]}


def _speaker_page(database: Database, speaker: StoredSpeaker) -> dict[str, object]:
    """Return the values of a speaker's page. The words of their topics are those of the newest utterances."""
    answer = database.speakers.newest(speaker.id, limit=NEWEST)
    newest = [ranked.utterance for ranked in answer.utterances]
    decisions = database.speakers.decisions(speaker.id)
    return {
        "speaker": speaker,
        "answer": answer,
        "shown": SHOWN_OF_SPEAKER,
        "topics": [
            (each.label, each.utterances, Asked(speaker_id=speaker.id, about=each.label).query())
            for each in count_by(newest, CountBy.TOPIC)[:TOPICS]
        ],
        "roles": [read_role(each.value) for each in decisions if each.deciding is DecisionKind.ROLE],
        "decisions": decisions,
        "merged": database.speakers.merged(speaker.id),
    } | _narrowings(database, Asked(speaker_id=speaker.id), answer)


def _answer_page(given: Asked, answer: ShownAnswer) -> dict[str, object]:
    understood = answer.understood
    chips = {
        "speaker": understood.speaker,
        "about": understood.about,
        "since": understood.since,
        "until": understood.until,
        "outlet": understood.outlet,
    }
    shown = (given.page - 1) * LIMIT + len(answer.utterances)
    return {
        "asked": given,
        "answer": answer,
        "chips": {name: "" if value is None else str(value) for name, value in chips.items()},
        "hints": list(hint_lines(answer, gettext("the field Speaker"))),
        "summary": list(summary_lines(answer)),
        "headings": [heading_of(answer, place) for place in range(len(answer.utterances))],
        "number": number_text(answer),
        "before": given.query(page=given.page - 1) if given.page > 1 else None,
        "behind": given.query(page=given.page + 1) if answer.utterances and shown < answer.total else None,
        "examples": [],
    }


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that narrows an answer: its label, its number of utterances, and the query of the narrower answer."""

    label: str
    number: int
    query: str


def _narrowings(database: Database, given: Asked, answer: ShownAnswer) -> dict[str, object]:
    """Return the timeline of an answer, and the speakers and outlets that narrow it."""
    facets = database.facets(answer)
    return {
        "timeline": timeline(facets.days, is_by_month=facets.is_by_month),
        "window": lambda bar: given.query(since=bar.first, until=bar.last, page=1),
        "speakers": _choices(given, "speaker", facets.speakers),
        "outlets": _choices(given, "outlet", facets.outlets),
        "counted": facets.counted if facets.is_by_month else None,
        "fewer": _widenings(given),
    }


def _widenings(given: Asked) -> dict[str, str]:
    """Return the queries of wider answers by their labels."""
    wider = (
        (gettext("any speaker"), given.speaker or given.speaker_id, {"speaker": ""}),
        (gettext("any outlet"), given.outlet, {"outlet": ""}),
        (gettext("all days"), given.since or given.until, {"since": "", "until": ""}),
    )
    return {label: given.query(**changed, page=1) for label, is_given, changed in wider if is_given}


def _choices(given: Asked, field: str, facets: Sequence[Facet]) -> list[Choice]:
    return [Choice(each.label, each.utterances, given.query(**{field: each.value}, page=1)) for each in facets]


def _undoable(done: str) -> tuple[str, int] | None:
    """Return the kind and id of the decision that was just made, by "correction-12"; None for anything else."""
    kind, _, number = done.partition("-")
    return (kind, int(number)) if kind in ("correction", "judgement", "agreement") and number.isdecimal() else None
