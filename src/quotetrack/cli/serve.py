"""The command `serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from quotetrack.cli.console import errors_reported, fail, warn
from quotetrack.cli.options import DatabaseOption, database_url, open_settings
from quotetrack.cli.root import serve_app

LOCAL = ("127.0.0.1", "localhost", "::1")
EVERY_ADDRESS = ("0.0.0.0", "::")


@serve_app.callback(invoke_without_command=True, epilog="Example: quotetrack serve --database demo/newsroom.db --open")
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the page.")] = 8710,
    host: Annotated[
        str, typer.Option(help="The address to listen on. Any but 127.0.0.1 and ::1 needs users, who sign in.")
    ] = LOCAL[0],
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who decides on the page. Default: your user name.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="TAG", help="The language of the page, such as de or pt-BR. Overrides the setting."),
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Show the database as a page in the browser: ask, read, check and correct.

    By default the page is for one person on this machine, without a sign-in. On another --host, and where the setting
    QUOTETRACK_SERVE_NAMES gives this machine a name, users sign in: see `quotetrack serve users add`.
    """
    if context.invoked_subcommand is not None:
        return
    own_name = f"[{host}]" if ":" in host else host
    address = f"http://{own_name}:{port}/"
    with errors_reported():
        from quotetrack.api.database import open as open_database
        from quotetrack.web.app import serve as serve_page
        from quotetrack.web.language import load_language

        settings = open_settings()
        spoken = load_language(language or settings.page_language, settings.page_translations)
        has_sign_in = host not in LOCAL or bool(settings.serve_names)
        with open_database(database_url(database), settings=settings) as opened:
            if has_sign_in:
                _check_sign_in(len(opened.users.list()), by)
            if host in EVERY_ADDRESS and not settings.serve_names:
                warn("Others reach the page under the names in QUOTETRACK_SERVE_NAMES only, and it has none.")
            _refuse_taken_port(host, port)
            warn(f"Open {address} in a browser. Ctrl-C ends.")
            if open_page:
                typer.launch(address)
            names = {*settings.serve_names, own_name.lower()} - {"0.0.0.0", "[::]"}
            serve_page(
                opened,
                host=host,
                port=port,
                names=names,
                has_sign_in=has_sign_in,
                decided_by=by,
                language=spoken,
            )


def _check_sign_in(number_of_users: int, by: str | None) -> None:
    """End the command if nobody could sign in, or if one name would stand beside the decisions of all."""
    if not number_of_users:
        fail("Others could reach the page, and nobody may sign in. Add a user: quotetrack serve users add NAME")
    if by is not None:
        fail("With a sign-in, the user who signed in decides: leave out --by.")


def _refuse_taken_port(host: str, port: int) -> None:
    """End the command if another program answers on the port."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"Port {port} cannot be used ({error.strerror}). Choose another with --port.")
