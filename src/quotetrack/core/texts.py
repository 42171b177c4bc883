"""Texts for people, in the language of the page that is being answered; in English everywhere else.

A text is its own key, and one without a translation stays English. Values are named as in Jinja2's templates:
`gettext("by %(name)s", name=name)`, `ngettext("%(num)s outlet", "%(num)s outlets", number)`. A percent sign is `%%`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import NullTranslations


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its tag for browsers ("pt-BR"), and the texts that are translated to it."""

    tag: str
    translation: NullTranslations


ENGLISH = Language("en", NullTranslations())
_CURRENT: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current_language() -> Language:
    """Return the language of the texts of now."""
    return _CURRENT.get()


@contextmanager
def in_language(language: Language) -> Iterator[None]:
    """Make texts in this language until the end of the block, in this thread or task and in those that it starts."""
    token = _CURRENT.set(language)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def gettext(message: str, **values: object) -> str:
    """Return a text with its values."""
    return current_language().translation.gettext(message) % values


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Return the text for this number, which may stand in it as `%(num)s`."""
    return current_language().translation.ngettext(one, many, num) % {"num": num, **values}


def pgettext(context: str, message: str, **values: object) -> str:
    """Return a text that means something else in another context: "May" as the short or the long name of a month."""
    return current_language().translation.pgettext(context, message) % values


def gettext_noop(message: str) -> str:
    """Return a text as it is. It is marked for translators here, and translated where it is shown."""
    return message


def pgettext_noop(context: str, message: str) -> tuple[str, str]:
    """Return a text and its context as they are; see `gettext_noop`."""
    return context, message


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    """Return the two forms of a text as they are; see `gettext_noop`."""
    return one, many
