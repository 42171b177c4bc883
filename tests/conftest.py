"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their length: what a packer wrote differs from run to run, and workers must agree on the ids."""
    return f"{argname}-{len(val)}" if isinstance(val, bytes) else None
