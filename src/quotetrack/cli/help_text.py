"""Help texts of several paragraphs, which a terminal breaks where its lines end."""

from __future__ import annotations

import inspect

import typer


def flow_paragraphs(app: typer.Typer) -> None:
    """Make one line of each paragraph of the help of all commands: Typer keeps the line ends of our source."""
    for command in app.registered_commands:
        command.help = _flowing(command.help or inspect.getdoc(command.callback))
    if app.registered_callback is not None and (text := inspect.getdoc(app.registered_callback.callback)):
        app.registered_callback.help = _flowing(text)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            flow_paragraphs(group.typer_instance)


def _flowing(text: str | None) -> str | None:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n")) if text else None
