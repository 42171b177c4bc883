"""spaCy as extraction runs it: on one core, with the matrix products of numpy's BLAS.

spaCy's own product is written for any processor; numpy's took a third of its time on rows of 288 (one core of an EPYC,
which is 1.3 times as many words a second in all). On more cores it would be no faster for us, and its waiting threads
take the cores from the reading model.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from functools import cache
from threading import Lock

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps, get_current_ops, use_ops
from threadpoolctl import ThreadpoolController

from quotetrack.core.errors import QuotetrackError

_ONE_AT_A_TIME = Lock()  # how many cores BLAS may use is said for the whole process


class LanguageModelMissing(QuotetrackError):
    """The spaCy model that the settings name is not installed."""


def load_language(name: str) -> Language:
    """The spaCy pipeline of this name; raises LanguageModelMissing where it is not installed."""
    is_plain = type(get_current_ops()) is NumpyOps  # neither a GPU's nor Apple's, which have products of their own
    try:
        with use_ops("numpy", use_blis=False) if is_plain else nullcontext():
            return spacy.load(name)
    except OSError as error:
        raise LanguageModelMissing(
            f"the spaCy model {name!r} is not installed: pip install it, or name another one"
        ) from error


def parse(texts: Iterable[str], nlp: Language) -> list[Doc]:
    """The texts read by a pipeline, in their order."""
    with _ONE_AT_A_TIME, _threads().limit(limits=1, user_api="blas"):
        return list(nlp.pipe(texts))


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()
