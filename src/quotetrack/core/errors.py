"""The one base of every error that a user can act on."""

from __future__ import annotations

from typing import ClassVar


class QuotetrackError(Exception):
    """Something that a user can mend: the message is one sentence that says what is wrong and what to do.

    `exit_code` is that of a command which ends with the error; `hint` is a second line, printed below the message.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
