"""The users of the page, and who is signed in. Passwords and tokens are stored as hashes only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quotetrack.core.users import User, UserRole
from quotetrack.store.tables import SignInRow, UserRow


def put_user(session: Session, name: str, role: UserRole, password_hash: str, now: datetime) -> User:
    """Store a user whose name nobody has."""
    session.add(UserRow(name=name, role=role, password_hash=password_hash, added_at=now))
    session.flush()
    return User(name, role, now)


def read_users(session: Session) -> list[User]:
    """Return the users in order of name."""
    rows = session.execute(select(UserRow.name, UserRow.role, UserRow.added_at).order_by(UserRow.name))
    return [User(name, UserRole(role), added_at) for name, role, added_at in rows]


def remove_user(session: Session, name: str) -> bool:
    """Remove a user, who is signed out everywhere. Return whether there was one of this name."""
    sign_out_everywhere(session, name)
    return session.scalar(delete(UserRow).where(UserRow.name == name).returning(UserRow.id)) is not None


def password_hash_of(session: Session, name: str) -> str | None:
    """Return the hash of a user's password; None if there is no user of this name."""
    return session.scalar(select(UserRow.password_hash).where(UserRow.name == name))


def put_password_hash(session: Session, name: str, password_hash: str) -> bool:
    """Store the hash of a user's new password. Return whether there is a user of this name."""
    changed = update(UserRow).where(UserRow.name == name).values(password_hash=password_hash)
    return session.scalar(changed.returning(UserRow.id)) is not None


def put_sign_in(session: Session, name: str, token_sha256: str, now: datetime, expires_at: datetime) -> bool:
    """Store that a user is signed in, and forget who no longer is. Return whether there is a user of this name."""
    session.execute(delete(SignInRow).where(SignInRow.expires_at <= now))
    user_id = session.scalar(select(UserRow.id).where(UserRow.name == name))
    if user_id is None:
        return False
    session.add(SignInRow(token_sha256=token_sha256, user_id=user_id, signed_in_at=now, expires_at=expires_at))
    return True


def user_signed_in(session: Session, token_sha256: str, now: datetime) -> User | None:
    """Return the user whom a token has signed in; None if there is none, or it has expired."""
    wanted = (
        select(UserRow.name, UserRow.role, UserRow.added_at)
        .join(SignInRow, SignInRow.user_id == UserRow.id)
        .where(SignInRow.token_sha256 == token_sha256, SignInRow.expires_at > now)
    )
    row = session.execute(wanted).one_or_none()
    return User(row.name, UserRole(row.role), row.added_at) if row else None


def remove_sign_in(session: Session, token_sha256: str) -> None:
    """Sign out the holder of a token."""
    session.execute(delete(SignInRow).where(SignInRow.token_sha256 == token_sha256))


def sign_out_everywhere(session: Session, name: str) -> None:
    """Sign out all holders of a user's tokens."""
    user_id = select(UserRow.id).where(UserRow.name == name).scalar_subquery()
    session.execute(delete(SignInRow).where(SignInRow.user_id == user_id))
