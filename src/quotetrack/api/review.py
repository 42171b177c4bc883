"""What people decide about the quotations of an open database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from os import PathLike

from quotetrack.api.connection import Connection, WrongArgument, path_of, user_or, utc_now
from quotetrack.core.domain import (
    Correction,
    CorrectionFault,
    Judgement,
    day_of,
    is_reported_id,
    number_of_reported,
)
from quotetrack.core.doubts import Doubt
from quotetrack.core.texts import gettext
from quotetrack.ingest.outlets import load_outlets
from quotetrack.review import corrections, exchange, judgements
from quotetrack.review.agreement import Agreement, Reviewer, agreements, reviewers
from quotetrack.review.annotations import read_json, write_json
from quotetrack.review.apply import Recorded
from quotetrack.review.articles import find_article
from quotetrack.review.exchange import Imported
from quotetrack.review.queue import review_queue
from quotetrack.store import Sessions
from quotetrack.store.agreement import read_opinions
from quotetrack.store.articles import url_of_article
from quotetrack.store.corrections import read_corrections
from quotetrack.store.decisions import read_judgements

QUEUE_LIMIT = 20


class Review:
    """What to look at next, corrections of quotations, and judgements about two of them.

    A sighting is given by its id; `by` is who decides, by default the user. A decision is recorded at once, and applied
    before the method returns; `Recorded.is_applied` is false where another run holds the lock, which then applies it
    before it ends. Methods raise WrongArgument for an id or a value that cannot be; then nothing is recorded.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def correct(
        self,
        sighting: int | str,
        *,
        speaker: str | None = None,
        day: date | str | None = None,
        words: str | None = None,
        not_a_quotation: bool = False,
        everywhere: bool = False,
        by: str | None = None,
        reason: str | None = None,
    ) -> Sequence[Recorded]:
        """Correct one quotation: give its `speaker`, its `day` or its `words`, or say that it is `not_a_quotation`.

        `speaker` and `day` may be "unknown"; a day may be two, as "2026-03-07..2026-03-09". `words` are the right ones
        as the article has them, with […] where words are left out. With `everywhere` all sightings of the utterance are
        corrected. A reported statement is given by its id, such as "r12"; of it the words cannot be corrected.
        Raises WordsNotFound if the article does not have the words.
        """
        values = {
            CorrectionFault.SPEAKER: speaker,
            CorrectionFault.DAY: str(day_of(day)) if isinstance(day, date) else day,
            CorrectionFault.WORDS: words,
        }
        given: list[tuple[CorrectionFault, str | None]] = [each for each in values.items() if each[1] is not None]
        if not_a_quotation:
            given.append((CorrectionFault.NOT_A_QUOTATION, None))
        if len(given) != 1:
            raise WrongArgument(gettext("give one of speaker, day, words and not_a_quotation"))
        ((fault, value),) = given
        who, now, settings = user_or(by), utc_now(), self._connection.settings
        with self._use_case() as sessions:
            if is_reported_id(sighting):
                number = number_of_reported(sighting)
                return [
                    corrections.correct_reported(
                        sessions, number, fault, value, decided_by=who, now=now, settings=settings, reason=reason
                    )
                ]
            return corrections.correct(
                sessions,
                int(sighting),
                fault,
                value,
                decided_by=who,
                now=now,
                settings=settings,
                reason=reason,
                everywhere=everywhere,
            )

    def add_missed(
        self, article: str, words: str, *, speaker: str | None = None, by: str | None = None, reason: str | None = None
    ) -> Recorded:
        """Add words that were missed in an article, which is given by its id, its URL or a part of it, or its file.

        The speaker may be "unknown"; None leaves the speaker to the extractor. Raises WordsNotFound.
        """
        with self._use_case() as sessions:
            with sessions() as session:
                url = url_of_article(session, find_article(session, article))
            return corrections.add_missed(
                sessions,
                url,
                words,
                speaker,
                decided_by=user_or(by),
                now=utc_now(),
                settings=self._connection.settings,
                reason=reason,
            )

    def check(
        self, utterance: int, fact_check: int, *, right: bool, by: str | None = None, reason: str | None = None
    ) -> Sequence[Recorded]:
        """Confirm that a fact-check is about the claim of an utterance, or reject it, for each of its sightings."""
        with self._use_case() as sessions:
            return corrections.decide_check(
                sessions,
                utterance,
                fact_check,
                is_right=right,
                decided_by=user_or(by),
                now=utc_now(),
                settings=self._connection.settings,
                reason=reason,
            )

    def judge(self, left: int, right: int, *, same: bool, by: str | None = None, reason: str | None = None) -> Recorded:
        """Decide that two sightings are the same utterance, or not. This overrides the linker."""
        with self._use_case() as sessions:
            return judgements.judge(
                sessions,
                left,
                right,
                same=same,
                decided_by=user_or(by),
                now=utc_now(),
                settings=self._connection.settings,
                reason=reason,
            )

    def progress(self) -> tuple[Sequence[Reviewer], Sequence[Agreement]]:
        """Return who decided how much, and how far two people agree where both decided."""
        with self._connection.session() as session:
            opinions = read_opinions(session)
        return reviewers(opinions), agreements(opinions)

    def undo_correction(self, correction_id: int) -> Recorded:
        """Revoke a correction. What the extractor found is shown again."""
        with self._use_case() as sessions:
            done = corrections.undo(sessions, correction_id, now=utc_now(), settings=self._connection.settings)
        if done is None:
            raise WrongArgument(gettext("no correction %(id)s is in force", id=correction_id))
        return done

    def undo_judgement(self, judgement_id: int) -> Recorded:
        """Revoke a judgement. The linker decides again."""
        with self._use_case() as sessions:
            done = judgements.undo(sessions, judgement_id, now=utc_now(), settings=self._connection.settings)
        if done is None:
            raise WrongArgument(gettext("no judgement %(id)s is in force", id=judgement_id))
        return done

    def queue(self, limit: int = QUEUE_LIMIT) -> Sequence[Doubt]:
        """Return the sightings that a person should look at next, each of another utterance, the best first."""
        with self._connection.session() as session:
            return review_queue(session, limit)

    def corrections(self) -> Sequence[Correction]:
        """Return the corrections in force, oldest first."""
        with self._connection.session() as session:
            return read_corrections(session)

    def judgements(self) -> Sequence[Judgement]:
        """Return the judgements in force, oldest first, with those whose words are no longer found."""
        with self._connection.session() as session:
            return read_judgements(session)

    def export_decisions(self, file: str | PathLike[str]) -> int:
        """Write all decisions in force as Web Annotations (JSON-LD), and return their number."""
        with self._connection.session() as session:
            annotations = exchange.export_decisions(session)
        path_of(file).write_text(write_json(annotations), encoding="utf-8")
        return len(annotations)

    def import_decisions(self, file: str | PathLike[str]) -> Imported:
        """Import the decisions of another database, as `export_decisions` or `quotetrack review export` wrote them.

        Who decided, when and why is kept. Decisions about an article that is not stored yet wait for it. A second
        import changes nothing. Raises WrongAnnotations; then nothing is imported.
        """
        annotations = read_json(path_of(file).read_bytes())
        settings = self._connection.settings
        outlets = load_outlets(settings.outlets)
        with self._connection.sessions() as sessions:
            return exchange.import_decisions(sessions, annotations, outlets, now=utc_now(), settings=settings)

    @contextmanager
    def _use_case(self) -> Iterator[Sessions]:
        with self._connection.sessions() as sessions:
            try:
                yield sessions
            except (LookupError, ValueError) as error:
                raise WrongArgument(str(error)) from error
