"""The language of the pages: which translation there is, and which requests are answered in it.

Translations are those of GNU gettext, in folders as its tools make them: FOLDER/de/LC_MESSAGES/quotetrack.mo. All texts
stand in `locale/quotetrack.pot`.
"""

from __future__ import annotations

import gettext
import re
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.texts import ENGLISH, Language, in_language
from quotetrack.web.guard import FILES, is_of_json

DOMAIN = "quotetrack"
FOLDER = Path(__file__).parent / "locale"  # of the catalogue, and of translations that the package has
PLAIN = ("/metrics",)  # of no language, without an ending that says so


class LanguageUnknown(QuotetrackError):
    """The pages have no translation to a language."""


def load_language(tag: str, folder: Path | None = None) -> Language:
    """Return a language by its tag: "de", "pt-BR". A translation in the folder counts before one of the package.

    "pt-BR" may be translated by "pt". English needs no translation. Raises LanguageUnknown.
    """
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", tag):
        raise LanguageUnknown(f"{tag!r} is not a language: write de or pt-BR.")
    if folder is not None and not folder.is_dir():
        raise LanguageUnknown(f"There is no folder {folder}: correct QUOTETRACK_PAGE_TRANSLATIONS.")
    folders = [FOLDER] if folder is None else [folder, FOLDER]
    name = tag.replace("-", "_")
    for each in folders:
        if file := gettext.find(DOMAIN, each, [name]):
            return Language(tag.replace("_", "-"), _read(Path(file)))
    if tag == ENGLISH.tag:
        return ENGLISH
    places = " or ".join(str(each / name / "LC_MESSAGES" / f"{DOMAIN}.mo") for each in folders)
    raise LanguageUnknown(f"The page has no translation to {tag!r}: there is no file {places}.")


def _read(file: Path) -> gettext.GNUTranslations:
    try:
        with file.open("rb") as stream:
            return gettext.GNUTranslations(stream)
    except Exception as error:  # the library raises whatever comes of what it reads
        raise LanguageUnknown(f"{file} is no compiled translation ({error}): make it again from its .po.") from error


def language_of(path: str, language: Language) -> Language:
    """Return the language of what is at an address: that of the pages; English for JSON and files, as in commands."""
    return ENGLISH if is_of_json(path) or path.endswith(FILES) or path in PLAIN else language


class Translated:
    """Answers pages in the language."""

    def __init__(self, app: ASGIApp, language: Language) -> None:
        self._app = app
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with in_language(language_of(scope["path"], self._language)):
            await self._app(scope, receive, send)
