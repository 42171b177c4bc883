"""Who may see the page, and decide on it, where others than the owner of the machine can reach it.

A password is stored as its Argon2 hash, a token as its SHA-256: a copy of the database signs nobody in.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.users import User, UserRole
from quotetrack.store import Sessions
from quotetrack.store.users import (
    password_hash_of,
    put_password_hash,
    put_sign_in,
    put_user,
    read_users,
    remove_sign_in,
    remove_user,
    sign_out_everywhere,
    user_signed_in,
)

LONGEST_NAME = 64  # characters
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 1000  # characters
SIGNED_IN = timedelta(hours=12)  # a day's work
PROGRAM_SIGNED_IN = timedelta(days=90)


class UserNotUsable(QuotetrackError):
    """A user cannot be added: the name or the password cannot be used, or somebody has the name."""


class UserNotFound(QuotetrackError):
    """No user has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No user is called {name}. See `quotetrack serve users list`.")


def add(sessions: Sessions, name: str, password: str, role: UserRole, *, now: datetime) -> User:
    """Add a user. Raises UserNotUsable."""
    name = _clean(name)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserNotUsable(f"A user needs a name of 1 to {LONGEST_NAME} printable characters.")
    password_hash = _hash(password)
    with sessions.begin() as session:
        if password_hash_of(session, name) is not None:
            raise UserNotUsable(f"There is a user {name} already: choose another name, or remove that user.")
        return put_user(session, name, role, password_hash, now)


def remove(sessions: Sessions, name: str) -> None:
    """Remove a user, who is signed out at once. Decisions keep the name. Raises UserNotFound."""
    with sessions.begin() as session:
        if not remove_user(session, _clean(name)):
            raise UserNotFound(name)


def set_password(sessions: Sessions, name: str, password: str) -> None:
    """Give a user a new password; the user is signed out everywhere. Raises UserNotFound and UserNotUsable."""
    password_hash = _hash(password)
    with sessions.begin() as session:
        if not put_password_hash(session, _clean(name), password_hash):
            raise UserNotFound(name)
        sign_out_everywhere(session, _clean(name))


def users(sessions: Sessions) -> Sequence[User]:
    """Return the users in order of name."""
    with sessions() as session:
        return read_users(session)


def sign_in(sessions: Sessions, name: str, password: str, *, now: datetime) -> str | None:
    """Return a new token that signs a user in for 12 hours; None if the name or the password is wrong.

    A wrong name takes as long as a wrong password, so that time does not tell who has an account.
    """
    name = _clean(name)
    with sessions() as session:
        password_hash = password_hash_of(session, name)
    if not _is_right(password_hash or _hash_of_nobody(), password) or password_hash is None:
        return None
    return _signed_in(sessions, name, now, SIGNED_IN)


def token_for_program(sessions: Sessions, name: str, *, now: datetime) -> str:
    """Return a new token by which a program reads as this user for 90 days. Raises UserNotFound."""
    token = _signed_in(sessions, _clean(name), now, PROGRAM_SIGNED_IN)
    if token is None:
        raise UserNotFound(name)
    return token


def signed_in(sessions: Sessions, token: str, *, now: datetime) -> User | None:
    """Return the user whom a token has signed in; None for any other token, and for one that has expired."""
    with sessions() as session:
        return user_signed_in(session, _sha256(token), now)


def sign_out(sessions: Sessions, token: str) -> None:
    """Make a token useless."""
    with sessions.begin() as session:
        remove_sign_in(session, _sha256(token))


def _signed_in(sessions: Sessions, name: str, now: datetime, how_long: timedelta) -> str | None:
    token = secrets.token_urlsafe(32)
    with sessions.begin() as session:
        return token if put_sign_in(session, name, _sha256(token), now, now + how_long) else None


def _clean(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def _hash(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserNotUsable(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    return PasswordHasher().hash(unicodedata.normalize("NFC", password))


@cache
def _hash_of_nobody() -> str:
    return PasswordHasher().hash(secrets.token_urlsafe(32))


def _is_right(password_hash: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(password_hash, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
