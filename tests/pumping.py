"""Pump the regular expressions of the program, as a fuzzer does: repeat what they repeat, and see how time grows."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import quotetrack
from quotetrack.lang.en.question_forms import Forms

SHORT, LONG = 3_000, 12_000  # characters
MOST_GROWTH = 8.0  # of the time for four times as many characters: linear is 4, quadratic 16
NOTICED = 0.02  # seconds; less is not measured reliably
MOST_SECONDS_BOUNDED = 2.5  # for the longest string that the callers of a pattern give it
MOST_SECONDS = 4  # for one string: then the growth need not be measured
TRIES = 3  # that all have to show the growth
MOST_PUMPS = 12  # of one pattern
COMMON_PUMPS = (" ", "a", "A", "1", "A ", '"', "-")
NO_END = "\x00"  # behind the pumped characters: what could match there must fail


def patterns() -> dict[str, re.Pattern[Any]]:
    """Return every compiled pattern of the package, by the place where it stands."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in pkgutil.walk_packages(quotetrack.__path__, "quotetrack."):
        if ".training" in module.name or ".evaluation" in module.name or module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            if inspect.isfunction(value) and value.__module__ != module.name:
                continue
            for at, pattern in _patterns_in(value):
                if pattern not in found.values():
                    found[f"{module.name.removeprefix('quotetrack.')}.{name}{at}"] = pattern
    return found


def _patterns_in(value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield "", value
    elif isinstance(value, tuple | list):
        for index, each in enumerate(value):
            yield from ((f"[{index}]{at}", pattern) for at, pattern in _patterns_in(each))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ((f"[{key!r}]{at}", pattern) for at, pattern in _patterns_in(each))
    elif isinstance(value, Forms):
        yield from _patterns_in((value.cue, *value.patterns()))
    elif _gives_pattern(value):
        yield from _patterns_in(value())  # type: ignore[operator]


def _gives_pattern(value: object) -> bool:
    returned = str(getattr(value, "__annotations__", {}).get("return", ""))
    return callable(value) and "Pattern" in returned and not inspect.signature(value).parameters


def pumps(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """Return pairs of what may stand before a repetition, and what it repeats."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    tree = parser.parse(text, flags & ~re.DEBUG)
    found = [("", pump) for pump in COMMON_PUMPS]
    found += list(dict.fromkeys(_repetitions(tree, "")))[:MOST_PUMPS]
    return list(dict.fromkeys(found))


def _repetitions(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    for operation, argument in tree:
        if operation in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            _, most, body = argument
            if most > 20:
                for example in _examples(body):
                    yield before, example
            yield from _repetitions(body, before)
        elif operation is codes.SUBPATTERN:
            yield from _repetitions(argument[3], before)
        elif operation is codes.BRANCH:
            for branch in argument[1]:
                yield from _repetitions(branch, before)
        elif operation in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repetitions(argument[1], before)
        before += next(iter(_examples([(operation, argument)])), "")


def _examples(tree: Any) -> list[str]:
    """Return a few strings that a part of a pattern matches."""
    results = [""]
    for operation, argument in tree:
        results = [one + other for one in results[:3] for other in _examples_of(operation, argument)[:4]]
    return [each for each in results if each]


def _examples_of(operation: Any, argument: Any) -> list[str]:
    match operation:
        case codes.LITERAL:
            return [chr(argument)]
        case codes.NOT_LITERAL:
            return ["a" if argument != ord("a") else "b"]
        case codes.ANY:
            return ["a", " "]
        case codes.IN:
            return _members(argument)
        case codes.BRANCH:
            return [example for branch in argument[1] for example in _examples(branch)[:1]] or [""]
        case codes.SUBPATTERN:
            return _examples(argument[3]) or [""]
        case codes.MAX_REPEAT | codes.MIN_REPEAT | codes.POSSESSIVE_REPEAT:
            return [example * max(1, argument[0]) for example in _examples(argument[2])] or [""]
        case _:
            return [""]


def _members(items: Any) -> list[str]:
    is_negated = items[0][0] is codes.NEGATE
    candidates = "a A1.-'\",\n“(_é"
    inside = re.compile("[" + "".join(_class_text(item) for item in items) + "]")
    return [each for each in candidates if inside.match(each)][:4] or ([] if is_negated else [_first_of(items)])


def _class_text(item: Any) -> str:
    kind, value = item
    match kind:
        case codes.NEGATE:
            return "^"
        case codes.LITERAL:
            return re.escape(chr(value))
        case codes.RANGE:
            return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        case _:
            names = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
            text = names[str(value).rpartition("_")[2]]
            return text.upper() if "NOT" in str(value) else text


def _first_of(items: Any) -> str:
    kind, value = items[0]
    return chr(value if kind is codes.LITERAL else value[0]) if kind in (codes.LITERAL, codes.RANGE) else "a"


def worst_growth(pattern: re.Pattern[Any]) -> str | None:
    """Return what makes the time of a pattern grow faster than its input; None if nothing does."""
    for before, pump in pumps(pattern):
        for apply in (pattern.search, pattern.fullmatch):
            texts = [_string(pattern, before, pump, size) for size in (SHORT, LONG)]
            seconds = _seconds_if_grown(apply, *texts)
            if seconds is not None:
                return _described(apply, before, pump, seconds)
    return None


def _seconds_if_grown(apply: Callable[[Any], object], short: str | bytes, long: str | bytes) -> float | None:
    """Return the seconds for the long text if in each of a few tries they were too many: other work makes one so."""
    seconds = 0.0
    for _ in range(TRIES):
        few, seconds = _seconds(apply, short), _seconds(apply, long)
        if seconds <= NOTICED or seconds <= MOST_GROWTH * max(few, NOTICED / MOST_GROWTH):
            return None
    return seconds


def slowest(pattern: re.Pattern[Any], longest: int, *, is_spaced_once: bool = False) -> str | None:
    """Return what takes a pattern more than MOST_SECONDS_BOUNDED; its callers give it at most `longest` characters.

    `is_spaced_once`: they give it one space at a time, and no other white space.
    """
    for before, pump in pumps(pattern):
        text = _string(pattern, before, pump, longest)
        if is_spaced_once and isinstance(text, str):
            text = " ".join(text.split())
        for apply in (pattern.search, pattern.fullmatch):
            seconds = _seconds(apply, text)
            if seconds > MOST_SECONDS_BOUNDED:
                return _described(apply, before, pump, seconds)
    return None


def _described(apply: Callable[[Any], object], before: str, pump: str, seconds: float) -> str:
    return f"{apply.__name__} {before!r} + {pump!r} * n: {seconds:.3f} s"


def _string(pattern: re.Pattern[Any], before: str, pump: str, size: int) -> str | bytes:
    text = before + pump * max(1, (size - len(before)) // len(pump)) + NO_END
    return text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def _seconds(apply: Callable[[Any], object], text: str | bytes) -> float:
    began = time.thread_time()
    try:
        with _alarm():
            apply(text)
    except TimeoutError:
        return float(MOST_SECONDS) * 100
    return time.thread_time() - began


@contextmanager
def _alarm() -> Iterator[None]:
    """Raise TimeoutError after MOST_SECONDS of this process: a pattern may take for ever."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
