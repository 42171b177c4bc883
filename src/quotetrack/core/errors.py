"""The base of all errors that a user can act on."""

from __future__ import annotations

from importlib.util import find_spec
from typing import ClassVar


class QuotetrackError(Exception):
    """An error that a user can fix. The message says what went wrong and what to do.

    A command that ends with the error has the exit code `exit_code`. `hint` is printed on a second line.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class ExtraMissing(QuotetrackError):
    """An optional package is not installed. The message says what needs it, and how to install it."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(f"{what} needs {package}. Install it: pip install 'quotetrack[{extra}]'")


def require_pyarrow() -> None:
    """Raise ExtraMissing where pyarrow is not installed: Parquet files are read and written with it."""
    if find_spec("pyarrow") is None:
        raise ExtraMissing("Parquet", "pyarrow", "parquet")
