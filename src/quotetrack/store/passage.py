"""The passage of a quotation: its own paragraph or paragraphs, and the paragraph before. Questions search in it too.

"It's a disaster" does not say what the disaster is; the paragraph before does. On 30 judged questions the vector of the
own paragraph reaches nDCG@10 .52, that of both paragraphs .58 (docs/quality.md, Questions).
"""

from __future__ import annotations

PARAGRAPH_BREAK = "\n\n"


def passage_of(text: str, context_start: int, context_end: int) -> str:
    """Return the text from the beginning of the paragraph before the context to the end of the context."""
    before = text[:context_start].rstrip()
    start = before.rfind(PARAGRAPH_BREAK) + len(PARAGRAPH_BREAK) if PARAGRAPH_BREAK in before else 0
    return text[start:context_end]
