"""Load and run spaCy pipelines on one core, with the matrix products of numpy's BLAS.

spaCy's own product is written for any processor. On one core of an EPYC, numpy's took a third of its time on rows of
288, which is 1.3 times as many words a second in all. More cores make it no faster for us, and its waiting threads
would take them from the reading model.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps, get_current_ops, use_ops

from quotetrack.core.errors import QuotetrackError
from quotetrack.models.threads import one_blas_thread


class LanguageModelMissing(QuotetrackError):
    """The spaCy model that the settings name is not installed."""


def load_language(name: str) -> Language:
    """Load the spaCy pipeline of this name. Raises LanguageModelMissing where it is not installed."""
    is_plain = type(get_current_ops()) is NumpyOps  # GPUs and Apple's processors have faster products
    try:
        with use_ops("numpy", use_blis=False) if is_plain else nullcontext():
            return spacy.load(name)
    except OSError as error:
        raise LanguageModelMissing(
            f"The spaCy model {name!r} is not installed. Install it with pip, or name another model."
        ) from error


@lru_cache(maxsize=2)  # a pipeline takes a second and 100 MB; at most two are compared at a time
def kept_language(name: str) -> Language:
    """Load a pipeline as `load_language` does, once: the last two that were loaded are kept."""
    return load_language(name)


def parse(texts: Iterable[str], nlp: Language) -> list[Doc]:
    """Return the texts as parsed by a pipeline, in their order."""
    with one_blas_thread():
        return list(nlp.pipe(texts))
