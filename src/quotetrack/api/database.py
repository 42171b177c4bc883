"""A database that a program or a notebook keeps open."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from os import PathLike
from threading import Lock
from types import TracebackType
from typing import Self, TextIO

from quotetrack.api.analysis import Analysis
from quotetrack.api.articles import Articles
from quotetrack.api.claims import Claims
from quotetrack.api.connection import Connection, WrongArgument, check_limit, moment_of, path_of, utc_now
from quotetrack.api.exports import Form, form_called, form_of, write_path, write_text
from quotetrack.api.review import Review
from quotetrack.api.runs import Runs
from quotetrack.api.shown import ShownAnswer, ShownMatches, ShownUtterance
from quotetrack.api.speakers import Speakers
from quotetrack.api.users import Users
from quotetrack.api.watches import Watches
from quotetrack.core.domain import (
    Article,
    Failure,
    LeftOut,
    ReportedWords,
    Utterance,
    day_of,
    is_reported_id,
    number_of_reported,
)
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.settings import Settings, load_settings
from quotetrack.core.texts import gettext
from quotetrack.export.data_package import describe
from quotetrack.ingest.outlets import Outlets, load_outlets
from quotetrack.ingest.reader import read_path
from quotetrack.models.embedder import Embedder, EmbeddingModelMissing, Vectors, load_question_embedder
from quotetrack.pipeline import nightly
from quotetrack.pipeline.executors.processes import mapper
from quotetrack.pipeline.nightly import Report
from quotetrack.search.answer import LIMIT, SOME_REPORTED, Answer, answer_question
from quotetrack.search.facets import Facets, facets_of
from quotetrack.search.quote_lookup import LIMIT as MATCHES_LIMIT
from quotetrack.search.quote_lookup import find_quotations_like
from quotetrack.search.selection import Selection, select_utterances
from quotetrack.search.understanding import Given, understand
from quotetrack.store import StoreError, current_revision, open_store, url_of
from quotetrack.store.check_matches import checks_of_utterances
from quotetrack.store.corrections import corrections_of_sightings
from quotetrack.store.decisions import judgements_on
from quotetrack.store.errors import name_of
from quotetrack.store.links import links_of
from quotetrack.store.lock import lock_of
from quotetrack.store.related import related_to
from quotetrack.store.reported_search import read_reported
from quotetrack.store.utterances import read_utterance, utterance_ids, utterances_after

UTTERANCES = 100  # of a page


def open(
    database: str | PathLike[str],
    *,
    create: bool = False,
    read_only: bool = False,
    settings: Settings | None = None,
) -> Database:
    """Open a database, given by path or URL, for reading and writing.

    Tables of an older quotetrack are brought up to date. With `create`, a database that does not exist is created. With
    `read_only`, nothing is changed, and the tables must be up to date. Without `settings`, those of the environment and
    of quotetrack.toml are used. Raises StoreError and InvalidSettings.
    """
    url = url_of(database)
    if not create and current_revision(url) is None:
        raise StoreError(
            f"there is no database at {name_of(url)}: correct the path, or create one with `quotetrack ingest` "
            "(in Python with create=True)"
        )
    settings = settings or load_settings()
    return Database(Connection(url, open_store(url, read_only=read_only), settings))


class UtteranceNotFound(QuotetrackError):
    """No utterance has this id."""


class Database:
    """An open database: ask, find, show, export, take articles in, decide. Made by `quotetrack.open`.

    Close it with `close()`, or use it in a `with` statement. Several threads may use it at once: each call reads and
    writes in a session of its own. The embedding model is loaded by the first question that needs it, and kept.

    `speakers` are the speakers and the decisions about them, `articles` the same for articles, `review` the decisions
    about quotations; `runs` are the past runs, `analysis` counts and compares what speakers said, `watches` are the
    saved questions, `claims` the talking points, and `users` those who may sign in to the page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._embedder: Embedder | None = None
        self._has_no_embedder = False
        self._embedding = Lock()  # of the model: it is loaded once, and its tokenizer may refuse a second thread
        self.speakers = Speakers(connection)
        self.articles = Articles(connection)
        self.review = Review(connection)
        self.runs = Runs(connection)
        self.analysis = Analysis(connection)
        self.watches = Watches(connection)
        self.claims = Claims(connection)
        self.users = Users(connection)

    def __repr__(self) -> str:
        return f"Database({self._connection.name!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Closing twice is allowed; every other call then raises StoreError."""
        self._connection.close()

    def ask(
        self,
        question: str = "",
        *,
        speaker: str | None = None,
        speaker_id: int | None = None,
        about: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        published_since: date | str | None = None,
        published_until: date | str | None = None,
        outlet: str | None = None,
        newest: bool = False,
        limit: int | None = LIMIT,
        page: int = 1,
        min_confidence: float = 0.0,
        certain: bool = False,
        reported: int | None = SOME_REPORTED,
        after: Answer | None = None,
    ) -> ShownAnswer:
        """Answer "what did X say about Y?". The named arguments override what the question says.

        `speaker_id` is for one speaker of those who share a name, and counts before `speaker`. Days are dates or text
        such as "2026-03-11"; `since` and `until` are days of speaking. The best utterance comes first, or the newest of
        the best with `newest`; without a topic the newest always comes first. An answer has one page of `limit`
        utterances, or all for None; pages count from 1. Sightings with a lower confidence of the speaker than
        `min_confidence` are left out; so is, with `certain`, what only may have been said in the days of the question.
        `reported` is how many reported statements a page has beside them: None for all, 0 for none. `after` is the
        answer to the question before, to which "and about the pier?" refers. Without the embedding model only words are
        searched, with a warning.
        Raises OutletUnknown and WrongArgument.
        """
        check_limit(limit)
        if page < 1:
            raise WrongArgument("pages count from 1")
        given = Given(
            speaker=speaker,
            speaker_id=speaker_id,
            about=about,
            since=day_of(moment_of(since)),
            until=day_of(moment_of(until)),
            outlet=outlet,
            published_since=day_of(moment_of(published_since)),
            published_until=day_of(moment_of(published_until)),
        )
        with self._connection.session() as session:
            understood = understand(
                session, question, today=date.today(), given=given, previous=after.understood if after else None
            )
            answer = answer_question(
                session,
                question,
                understood=understood,
                embedder=self._embedder_if_any() if understood.needs_meaning else None,
                newest=newest,
                limit=limit,
                page=page,
                min_confidence=min_confidence,
                certain=certain,
                reported=reported,
            )
        return ShownAnswer.of(answer)

    def facets(self, answer: Answer) -> Facets:
        """Count the utterances of all pages of an answer by speaker, outlet and day."""
        with self._connection.session() as session:
            return facets_of(session, answer)

    def find(self, words: str, *, limit: int = MATCHES_LIMIT) -> ShownMatches:
        """Find who said remembered words: the printed quotations that come nearest, and how they differ."""
        with self._connection.session() as session:
            return ShownMatches(words, tuple(find_quotations_like(session, words, limit=limit)))

    def show(self, utterance: int) -> ShownUtterance:
        """Return an utterance, or the one that it was merged into, with its evidence. Raises UtteranceNotFound."""
        with self._connection.session() as session:
            found = read_utterance(session, utterance)
            if found is None:
                raise UtteranceNotFound(gettext("there is no utterance %(id)s", id=utterance))
            sightings = [int(sighting.id) for sighting in found.sightings]
            return ShownUtterance(
                found,
                links=tuple(links_of(session, found.id)),
                related=tuple(related_to(session, [found.id])[found.id]),
                corrections=tuple(corrections_of_sightings(session, sightings)),
                judgements=tuple(judgements_on(session, sightings)),
                checks=tuple(checks_of_utterances(session, [found.id])[found.id]),
            )

    def utterances(self, *, after: int = 0, limit: int = UTTERANCES) -> Sequence[Utterance]:
        """Return the next utterances behind an id, in order of id, with all their sightings."""
        with self._connection.session() as session:
            return utterances_after(session, after, limit)

    def utterance_of(self, sighting: int) -> int:
        """Return the id of the utterance that a sighting belongs to. Raises UtteranceNotFound."""
        with self._connection.session() as session:
            found = utterance_ids(session, [sighting]).get(sighting)
        if found is None:
            raise UtteranceNotFound(gettext("sighting %(id)s belongs to no utterance", id=sighting))
        return found

    def show_reported(self, statement: str) -> ReportedWords:
        """Return a reported statement by its id, such as "r12". Raises UtteranceNotFound."""
        with self._connection.session() as session:
            found = read_reported(session, [number_of_reported(statement)]) if is_reported_id(statement) else []
        if not found:
            raise UtteranceNotFound(gettext("there is no reported statement %(id)s", id=statement))
        return ReportedWords(tuple(found))

    def export(
        self,
        file: str | PathLike[str] | TextIO,
        *,
        form: Form | str | None = None,
        excel: bool = False,
        speaker: str | None = None,
        about: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        certain: bool = False,
        published_since: date | str | None = None,
        published_until: date | str | None = None,
        outlet: str | None = None,
        min_confidence: float = 0.0,
        min_words: int = 0,
        reported: bool = False,
    ) -> int:
        """Write quotations with their provenance, one row or entry for each sighting. Return their number.

        `file` is a path, or for a form of text a text file that is open as UTF-8 with `newline=""`. The form is that of
        the ending: `.csv`, `.xlsx`, `.parquet` (a folder with this name), `.bib`, `.ris`, `.csl.json` or `.jsonld`;
        `form` names it where the ending does not. Beside a CSV, the codebook and `datapackage.json` are written;
        `excel` writes the byte-order mark that Excel needs. What a form cannot hold is told in a warning.

        `speaker`, `about` (the topic, which has to be named), `since` and `until` (days of speaking) choose what was
        said, and all its sightings; with `certain`, what only may have been said in these days is left out. The others
        choose sightings: by day of publication, outlet, confidence of the speaker, and number of words. With
        `reported`, reported statements follow, in a table as rows of the kind `reported`.

        Raises OutletUnknown and WrongArgument, ExtraMissing without the package of a form, NotAnExport where a folder
        for Parquet has other files, and NotADataPackage, after the CSV is written, if the folder has another
        `datapackage.json`.
        """
        selection = Selection(
            given=Given(
                speaker=speaker,
                about=about,
                since=day_of(moment_of(since)),
                until=day_of(moment_of(until)),
                outlet=outlet,
                published_since=day_of(moment_of(published_since)),
                published_until=day_of(moment_of(published_until)),
            ),
            certain=certain,
            min_confidence=min_confidence,
            min_words=min_words,
            reported=reported,
        )
        with self._connection.session() as session:
            selected = select_utterances(session, selection, today=date.today())
            if isinstance(file, str | PathLike):
                path = path_of(file)
                chosen = form_called(form) if form else form_of(path)
                written = write_path(
                    session, selected.utterances, chosen, path, excel=excel, reported=selected.reported
                )
                if chosen is Form.CSV:
                    describe(path, with_reported=reported)
            else:
                chosen = form_called(form or Form.CSV)
                written = write_text(
                    session, selected.utterances, chosen, file, excel=excel, reported=selected.reported
                )
        for note in written.notes:
            warnings.warn(note, stacklevel=2)
        return written.rows

    def write(
        self,
        utterances: Iterable[Utterance],
        form: Form | str,
        out: TextIO,
        *,
        reported: Iterable[ReportedWords] | None = None,
    ) -> int:
        """Write what an answer has in a form of text, as `export` does. Raises WrongArgument."""
        with self._connection.session() as session:
            return write_text(session, utterances, form_called(form), out, reported=reported).rows

    def ingest(
        self,
        articles: str | PathLike[str] | Article | Iterable[str | PathLike[str] | Article],
        *,
        outlet: str | None = None,
        published: date | str | None = None,
        stale: bool = False,
        reported: bool | None = None,
    ) -> Report:
        """Take articles in, extract their quotations, and link them.

        Each of `articles` is a file, a folder, or an `Article`. `outlet` and `published` are used for files that do not
        name one. With `stale`, stored articles that an older extractor read are read again. `reported` says whether the
        reported statements of new articles are stored too; None takes the setting. Articles that are stored
        already change nothing. What cannot be read is in the `failures` of the report. Raises StoreLocked while another
        run holds the lock, and LanguageModelMissing or EmbeddingModelMissing if a model is not on this machine.
        """
        given = [articles] if isinstance(articles, str | PathLike | Article) else articles
        moment = moment_of(published)
        settings = self._connection.settings
        if reported is not None:
            settings = settings.model_copy(update={"reported": reported})
        outlets = load_outlets(settings.outlets)
        with (
            self._connection.sessions() as sessions,
            lock_of(sessions),
            mapper(settings.workers) as as_map,
        ):
            return nightly.ingest(
                sessions,
                _read(given, outlet, moment, outlets),
                outlets=outlets,
                settings=settings,
                now=utc_now,
                mapper=as_map,
                stale=stale,
            )

    def _embedder_if_any(self) -> Embedder | None:
        """Return the embedding model, loaded once; without it warn once and return None: full text answers as well."""
        with self._embedding:
            if self._embedder is None and not self._has_no_embedder:
                try:
                    loaded = load_question_embedder(self._connection.settings.embedding_model)
                    self._embedder = replace(loaded, encode=partial(self._encode, loaded.encode))
                except EmbeddingModelMissing as error:
                    self._has_no_embedder = True
                    warnings.warn(f"Searching by words only: {error}", stacklevel=3)
            return self._embedder

    def _encode(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        """Encode for one thread at a time; the rest of a search waits for no other."""
        with self._embedding:
            return encode(texts)


def _read(
    given: Iterable[str | PathLike[str] | Article], outlet: str | None, published: date | None, outlets: Outlets
) -> Iterator[Article | Failure | LeftOut]:
    for each in given:
        if isinstance(each, Article):
            yield each
        else:
            yield from read_path(path_of(each), outlet=outlet, published=published, outlets=outlets)
