"""Who may read the page and decide on it, where others than the owner of the machine can reach it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UserRole(StrEnum):
    """What a user may do: a reader reads, a reviewer decides as well."""

    READER = "reader"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in to the page. `name` stands beside each decision of this user."""

    name: str
    role: UserRole
    added_at: datetime

    @property
    def may_decide(self) -> bool:
        """Whether the user may decide."""
        return self.role is UserRole.REVIEWER
