"""The language as data: reporting verbs, titles, given names, furniture. One entry a line, `#` opens a comment."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of one file of this folder, without comments and blank lines."""
    text = files(__name__).joinpath("en", name).read_text(encoding="utf-8")
    return tuple(entry for line in text.splitlines() if (entry := line.split("#")[0].rstrip()))


@cache
def sections(name: str) -> dict[str, frozenset[str]]:
    """The entries of a file by the `[section]` above them."""
    found: dict[str, set[str]] = {}
    section = ""
    for line in lines(name):
        if line.startswith("["):
            section = line.strip("[]")
        else:
            found.setdefault(section, set()).add(line.strip())
    return {section: frozenset(entries) for section, entries in found.items()}
