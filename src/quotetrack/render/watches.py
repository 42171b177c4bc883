"""Reports of saved questions: as text, as a page of HTML, and as an RSS feed. Every text of theirs is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree

from quotetrack.core.domain import Sighting, Utterance, Watch, WatchReport
from quotetrack.core.text_fragment import is_web_page, text_fragment_link
from quotetrack.render.quotations import utterance_lines
from quotetrack.render.text import count, one_line, quoted, speaker_of_utterance, visible

NOTHING_NEW = "Nothing new."
TITLE = "quotetrack: new quotations"
HOME = "https://github.com/quotetrack/quotetrack"  # RSS asks for the link of a channel

# No XML may have these characters, and `visible` leaves them.
_NOT_IN_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")


def watch_line(watch: Watch) -> str:
    """Return one line of a list: number, how much is new, question."""
    return f"{watch.id:>4}  {watch.new:>4} new  {one_line(watch.question)}"


def report_lines(reports: Sequence[WatchReport], *, is_terminal: bool = False) -> Iterator[str]:
    """Yield each question with its new utterances."""
    for place, report in enumerate(reports):
        if place:
            yield ""
        yield f"{visible(report.watch.question)} ({count(len(report.utterances), 'new utterance')})"
        for utterance in report.utterances:
            yield ""
            yield from utterance_lines(utterance, is_terminal=is_terminal)
    if not reports:
        yield NOTHING_NEW


def report_html(reports: Sequence[WatchReport], now: datetime) -> str:
    """Return a page that stands alone, without script or style."""
    from quotetrack.render.notebook import utterances_html

    sections = [
        f"<h2>{escape(visible(report.watch.question))}</h2>\n{utterances_html(report.utterances)}" for report in reports
    ]
    body = "\n".join(sections) or f"<p>{NOTHING_NEW}</p>"
    head = f'<meta charset="utf-8"><title>{TITLE}</title>'
    page = f"<head>{head}</head>\n<body><h1>{TITLE}, {now:%Y-%m-%d}</h1>\n{body}</body>"
    return f'<!doctype html>\n<html lang="en">{page}</html>\n'


def report_rss(reports: Sequence[WatchReport], now: datetime) -> str:
    """Return an RSS 2.0 feed with an item for each new utterance. An item keeps its `guid`."""
    feed = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(feed, "channel")
    for name, text in (("title", TITLE), ("link", HOME), ("description", "New answers to saved questions")):
        ElementTree.SubElement(channel, name).text = text
    ElementTree.SubElement(channel, "lastBuildDate").text = format_datetime(now)
    for report in reports:
        for utterance in report.utterances:
            channel.append(_item(report.watch, utterance, now))
    ElementTree.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(feed, encoding="unicode")}\n'


def _item(watch: Watch, utterance: Utterance, now: datetime) -> ElementTree.Element:
    item = ElementTree.Element("item")
    links = filter(None, map(_web_link, utterance.sightings))
    texts = {
        "title": f"{speaker_of_utterance(utterance)}: {quoted(utterance.words)}",
        "link": next(links, None),
        "description": "\n".join(f"<p>{escape(line.strip())}</p>" for line in utterance_lines(utterance)),
        "category": one_line(watch.question),
        "pubDate": format_datetime(now),
    }
    for name, text in texts.items():
        if text is not None:
            ElementTree.SubElement(item, name).text = visible(text).translate(_NOT_IN_XML)
    guid = ElementTree.SubElement(item, "guid", isPermaLink="false")
    guid.text = f"quotetrack-watch-{watch.id}-utterance-{utterance.id}"
    return item


def _web_link(sighting: Sighting) -> str | None:
    link = text_fragment_link(sighting)
    return link if link is not None and is_web_page(link) else None
