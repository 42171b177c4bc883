"""What people decide about the quotations of an open database."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.api.connection import Connection, WrongArgument, user_or, utc_now
from quotetrack.core.domain import Judgement
from quotetrack.review import judgements
from quotetrack.store.decisions import read_judgements


class Review:
    """Judgements about two sightings. A sighting is given by its id; `by` is who decides, by default the user.

    A decision is recorded and applied before the method returns. Raises StoreLocked while another run holds the lock;
    then nothing is recorded.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def judge(
        self, left: int, right: int, *, same: bool, by: str | None = None, reason: str | None = None
    ) -> Judgement:
        """Decide that two sightings are the same utterance, or not. This overrides the linker.

        The opposite judgement about the two is revoked. Raises WrongArgument for an id that is no sighting.
        """
        with self._connection.sessions() as sessions:
            try:
                return judgements.judge(
                    sessions, left, right, same=same, decided_by=user_or(by), now=utc_now(), reason=reason
                )
            except (LookupError, ValueError) as error:
                raise WrongArgument(str(error)) from error

    def revoke_judgement(self, left: int, right: int) -> None:
        """Revoke the judgement about two sightings. Raises WrongArgument if there is none."""
        with self._connection.sessions() as sessions:
            if not judgements.revoke(sessions, left, right, now=utc_now()):
                raise WrongArgument(f"there is no judgement about {left} and {right}")

    def judgements(self) -> Sequence[Judgement]:
        """Return the judgements in force, with those whose words are no longer found."""
        with self._connection.session() as session:
            return read_judgements(session)
