"""Invented articles in which three people make one point and a fourth contradicts it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli_runner import quotetrack

WORDS = (
    "The Saltmere barrier will not survive another winter",
    "Believe me, the Saltmere barrier will not survive one more winter",
    "This barrier at Saltmere will not survive another winter",
)
SPEAKERS = ("Orla Venn", "Ragna Telle", "Lucia Quill")
CONTRARY = "The Saltmere barrier will survive another winter"
ARTICLES = (
    {
        "url": "https://harbourpost.example/1",
        "outlet": "harbourpost",
        "published": "2031-03-02",
        "title": "Barrier warning",
        "text": f"The storm barrier is in danger.\n\n“{WORDS[0]},” said Orla Venn, the harbour master, on Sunday.\n\n"
        f"Tadeo Brisk, a docker, disagreed. “{CONTRARY},” he said.\n",
    },
    {
        "url": "https://northernpost.example/2",
        "outlet": "northernpost",
        "published": "2031-04-10",
        "title": "Barrier again",
        "text": f"The debate goes on.\n\n“{WORDS[1]},” Ragna Telle, the mayor, said on Thursday.\n\n"
        "“Nobody has painted the town hall since the flood,” she added.\n",
    },
    {
        "url": "https://ember.example/3",
        "outlet": "ember",
        "published": "2031-05-03",
        "title": "Engineers speak",
        "text": f"Engineers met in Saltmere.\n\n“{WORDS[2]},” said Lucia Quill, an engineer, on Friday.\n",
    },
)


def ingest(articles: list[dict[str, str]], database: Path) -> None:
    """Store articles in a database, which is made if there is none."""
    file = database.with_suffix(".jsonl")
    file.write_text("".join(f"{json.dumps(article)}\n" for article in articles), "utf-8")
    done = quotetrack("ingest", file, "--database", database)
    assert done.exit_code == 0, done.output
