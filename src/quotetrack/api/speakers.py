"""The speakers of an open database, and what people decide about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quotetrack.api.connection import Connection, WrongArgument, check_limit, user_or, utc_now
from quotetrack.api.shown import ShownAnswer
from quotetrack.core.texts import gettext
from quotetrack.review import speakers as review
from quotetrack.search.answer import newest_of_speaker
from quotetrack.search.understanding import speakers_called
from quotetrack.store.speakers import (
    Decision,
    StoredSpeaker,
    decisions_on,
    most_quoted_speakers,
    names_of,
)


class Speakers:
    """The speakers. A speaker is given by id or by name; `by` is who decides, by default the user.

    Every method raises SpeakerNotFound for a speaker whom the database does not have, or who is one of several of that
    name. A decision shows in the next answer; while another run holds the lock, that run links again before it ends.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, name: str | None = None, *, limit: int | None = None) -> Sequence[StoredSpeaker]:
        """Return the speakers, most quoted first: all, descriptions last, or those who may have this name.

        Raises WrongArgument for a `limit` below 1.
        """
        check_limit(limit)
        with self._connection.session() as session:
            if name:
                return speakers_called(session, name)[:limit]
            return most_quoted_speakers(session, limit)

    def show(self, speaker: int | str) -> StoredSpeaker:
        """Return one speaker, with all names and the number of quotations."""
        with self._connection.session() as session:
            return review.find_speaker(session, speaker)

    def newest(self, speaker: int | str, *, limit: int) -> ShownAnswer:
        """Return the newest utterances of a speaker as an answer, without related statements and fact-checks.

        Raises WrongArgument for a `limit` below 1.
        """
        check_limit(limit)
        with self._connection.session() as session:
            return ShownAnswer.of(newest_of_speaker(session, review.find_speaker(session, speaker), limit=limit))

    def decisions(self, speaker: int | str) -> Sequence[Decision]:
        """Return what people decided about a speaker and those who are merged into it, in order."""
        with self._connection.session() as session:
            return decisions_on(session, review.find_speaker(session, speaker).ids)

    def merged(self, speaker: int | str) -> Mapping[int, Sequence[str]]:
        """Return the own names of each speaker who is merged into this one, by id."""
        with self._connection.session() as session:
            return names_of(session, review.find_speaker(session, speaker).ids[1:])

    def merge(self, speaker: int | str, into: int | str, *, by: str | None = None) -> StoredSpeaker:
        """Decide that two speakers are one, and return that one. `into` keeps its id and name."""
        absorbed, kept = self.show(speaker), self.show(into)
        with self._connection.sessions() as sessions:
            review.merge(
                sessions,
                absorbed.id,
                kept.id,
                decided_by=user_or(by),
                now=utc_now(),
                settings=self._connection.settings,
            )
        return self.show(kept.id)

    def revoke_merge(self, speaker_id: int, *, by: str | None = None) -> StoredSpeaker:
        """Undo the merge of a speaker, given by its own id, into another. Return the speaker, separate again."""
        self.show(speaker_id)
        with self._connection.sessions() as sessions:
            done = review.revoke_merge(
                sessions, speaker_id, decided_by=user_or(by), now=utc_now(), settings=self._connection.settings
            )
            if done is None:
                raise WrongArgument(gettext("speaker %(id)s is not merged into another speaker", id=speaker_id))
        return self.show(speaker_id)

    def rename(self, speaker: int | str, name: str, *, by: str | None = None) -> StoredSpeaker:
        """Show a speaker under another name. All old names still find the speaker."""
        renamed = self.show(speaker)
        with self._connection.sessions() as sessions:
            review.rename(
                sessions, renamed.id, name, decided_by=user_or(by), now=utc_now(), settings=self._connection.settings
            )
        return self.show(renamed.id)

    def split(self, name: str, *, by: str | None = None) -> StoredSpeaker:
        """Move one name of a speaker to a new speaker, and return the new speaker. Raises NameCannotBeSplit."""
        with self._connection.sessions() as sessions:
            done = review.split(
                sessions, name, decided_by=user_or(by), now=utc_now(), settings=self._connection.settings
            )
        return self.show(done.id)
