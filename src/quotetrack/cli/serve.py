"""The command `serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from quotetrack.cli.console import errors_reported, fail, warn
from quotetrack.cli.options import ByOption, DatabaseOption, database_url, open_settings
from quotetrack.cli.root import app

LOCAL = ("127.0.0.1", "localhost", "::1")


@app.command(epilog="Example: quotetrack serve --database demo/newsroom.db --open")
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the page.")] = 8710,
    host: Annotated[str, typer.Option(help="The address to listen on: 127.0.0.1 or ::1, this machine alone.")] = LOCAL[
        0
    ],
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show the database as a page in the browser: ask, read, check and correct.

    The page is for one person on this machine: it has no sign-in, and other machines cannot reach it.
    """
    if host not in LOCAL:
        fail(f"The page has no sign-in, and so is served on this machine alone. Use --host {LOCAL[0]}.")
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    with errors_reported():
        from quotetrack.api.database import open as open_database
        from quotetrack.web.app import serve as serve_page

        with open_database(database_url(database), settings=open_settings()) as opened:
            _refuse_taken_port(host, port)
            warn(f"Open {address} in a browser. Ctrl-C ends.")
            if open_page:
                typer.launch(address)
            serve_page(opened, host=host, port=port, decided_by=by)


def _refuse_taken_port(host: str, port: int) -> None:
    """End the command if another program answers on the port."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"Port {port} cannot be used ({error.strerror}). Choose another with --port.")
