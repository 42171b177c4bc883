"""Commands about those who may sign in to the page: `serve users add | list | remove | password | token`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from quotetrack.cli.console import errors_reported, print_json, print_lines, warn
from quotetrack.cli.options import DatabaseOption, JsonOption, opened_store, utc_now
from quotetrack.cli.root import users_app
from quotetrack.core.users import UserRole

NameArgument = Annotated[str, typer.Argument(help="The name of the user.")]


@users_app.command("add", epilog="Example: quotetrack serve users add ines --role reviewer")
def add_user(
    name: Annotated[str, typer.Argument(help="The name of the user. It stands beside each of the user's decisions.")],
    role: Annotated[UserRole, typer.Option(help="A reader reads; a reviewer decides as well.")] = UserRole.READER,
    database: DatabaseOption = None,
) -> None:
    """Add a user. The password is asked for twice on a terminal, else read from the first line of standard input."""
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review.users import add

        user = add(sessions, name, _read_password(), role, now=utc_now())
        print_lines([f"{user.name} may sign in as a {user.role}."])


@users_app.command("list", epilog="Example: quotetrack serve users list")
def list_users(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List the users: name, role, since when."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.schemas import UserSchema
        from quotetrack.review.users import users

        found = users(sessions)
        if as_json:
            print_json([UserSchema.of(user).to_json() for user in found])
        else:
            print_lines(f"{user.name}  {user.role}  since {user.added_at:%Y-%m-%d}" for user in found)
        if not found:
            warn("Nobody may sign in. Add a user: quotetrack serve users add NAME")


@users_app.command("remove", epilog="Example: quotetrack serve users remove ines")
def remove_user(name: NameArgument, database: DatabaseOption = None) -> None:
    """Remove a user, who is signed out at once. The user's decisions stay, with the name."""
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review.users import remove

        remove(sessions, name)
        print_lines([f"{name} is removed and signed out."])


@users_app.command("password", epilog="Example: quotetrack serve users password ines")
def change_password(name: NameArgument, database: DatabaseOption = None) -> None:
    """Give a user a new password. It is read as `add` reads it, and the user is signed out everywhere."""
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review.users import set_password

        set_password(sessions, name, _read_password())
        print_lines([f"{name} has a new password, and is signed out."])


@users_app.command("token", epilog="Example: quotetrack serve users token ines")
def make_token(name: NameArgument, database: DatabaseOption = None) -> None:
    """Print a token by which a program reads /api/v1 and /metrics as this user for 90 days.

    The token is not shown again. It ends when the user gets a new password or is removed.
    """
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review.users import token_for_program

        print_lines([token_for_program(sessions, name, now=utc_now())])


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
