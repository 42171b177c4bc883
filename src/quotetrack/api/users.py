"""The users of the page of an open database."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.api.connection import Connection, utc_now
from quotetrack.core.users import User, UserRole
from quotetrack.review import users as review


class Users:
    """Who may sign in to the page of `quotetrack serve`, where others than the owner of the machine can reach it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, password: str, role: UserRole | str = UserRole.READER) -> User:
        """Add a user: a "reader", or a "reviewer", who may decide. Raises UserNotUsable."""
        with self._connection.sessions() as sessions:
            return review.add(sessions, name, password, UserRole(role), now=utc_now())

    def list(self) -> Sequence[User]:
        """Return the users in order of name."""
        with self._connection.sessions() as sessions:
            return review.users(sessions)

    def remove(self, name: str) -> None:
        """Remove a user, who is signed out at once. Decisions keep the name. Raises UserNotFound."""
        with self._connection.sessions() as sessions:
            review.remove(sessions, name)

    def set_password(self, name: str, password: str) -> None:
        """Give a user a new password; the user is signed out everywhere. Raises UserNotFound and UserNotUsable."""
        with self._connection.sessions() as sessions:
            review.set_password(sessions, name, password)

    def sign_in(self, name: str, password: str) -> str | None:
        """Return a new token that signs a user in for 12 hours; None if the name or the password is wrong."""
        with self._connection.sessions() as sessions:
            return review.sign_in(sessions, name, password, now=utc_now())

    def token_for_program(self, name: str) -> str:
        """Return a new token by which a program reads as this user for 90 days. Raises UserNotFound."""
        with self._connection.sessions() as sessions:
            return review.token_for_program(sessions, name, now=utc_now())

    def signed_in(self, token: str) -> User | None:
        """Return the user whom a token has signed in; None for any other token, and for one that has expired."""
        with self._connection.sessions() as sessions:
            return review.signed_in(sessions, token, now=utc_now())

    def sign_out(self, token: str) -> None:
        """Make a token useless."""
        with self._connection.sessions() as sessions:
            review.sign_out(sessions, token)
