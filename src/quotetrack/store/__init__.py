"""The store: the only room that knows the database. Its functions take a session first and never commit.

Example:

with translate_errors(url):
    sessions = open_store(url)
    with sessions.begin() as session:
        put_article(session, article, run_id, now)
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from quotetrack.store.engine import (
    Sessions,
    begin_naming,
    begin_reading,
    close_store,
    current_revision,
    head_revision,
    merge_full_text,
    open_store,
    rewrite_file,
    upgrade,
    url_of,
)
from quotetrack.store.errors import StoreError, StoreLocked, translate_errors

__all__ = [
    "Session",
    "Sessions",
    "StoreError",
    "StoreLocked",
    "begin_naming",
    "begin_reading",
    "close_store",
    "current_revision",
    "head_revision",
    "merge_full_text",
    "open_store",
    "rewrite_file",
    "translate_errors",
    "upgrade",
    "url_of",
]
