"""An article that takes too much is given up, whatever it is doing."""

from __future__ import annotations

import re
import sys
from itertools import count
from threading import Thread

import pytest

from quotetrack.core.domain import Article, Failure
from quotetrack.pipeline.executors.budget import Budget, OverBudget, within
from quotetrack.pipeline.steps import extract


def count_for_ever() -> None:
    while True:
        pass


def swallow_everything() -> None:
    while True:
        try:
            count_for_ever()
        except Exception:
            continue


def match_for_ever() -> None:
    re.fullmatch(r"(a|a)*b", "a" * 60)


@pytest.mark.parametrize("work", [count_for_ever, swallow_everything, match_for_ever])
def test_work_ends_with_its_time(work):
    with pytest.raises(OverBudget, match=r"more than 0\.3 seconds"), within(Budget(seconds=0.3)):
        work()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of a process cheaply")
def test_work_ends_with_its_memory():
    kept = []
    with pytest.raises(OverBudget, match="more than 64 MiB"), within(Budget(mebibytes=64)):
        kept.extend(bytearray(2**16) for _ in count())


def test_work_within_its_budget_is_left_alone_and_so_is_what_follows():
    with within(Budget(seconds=0.3)):
        assert sum(range(1000)) == 499_500
    for _ in range(20_000_000):
        pass


def test_work_in_another_thread_has_no_budget():
    done = []

    def work() -> None:
        with within(Budget(seconds=0.0)):
            done.append(sum(range(3_000_000)))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert done


def test_an_article_over_its_budget_is_a_failure_with_a_reason(monkeypatch):
    monkeypatch.setattr(extract, "_load_models", lambda _: (None, None))
    monkeypatch.setattr("quotetrack.extract.extractor.extract", lambda *_: count_for_ever())
    article = Article(url="https://a.example/1", outlet="a", text="Nothing.")
    failed = extract.extract_article("model", extract.ArticleToRead(article), budget=Budget(seconds=0.3))
    assert failed == Failure("https://a.example/1", "extraction stopped: it took more than 0.3 seconds of computing")
