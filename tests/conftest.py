"""What all tests share: ids that every worker agrees on, which tests are slow, and where evidence is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

NEVER_FAST = ("gate", "gate_full", "bench")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their length: packed bytes differ from run to run, and all workers must agree on the ids."""
    return f"{argname}-{len(val)}" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what reads the measuring data or measures speed, so that `-m "not slow"` is the fast loop."""
    for item in items:
        if any(item.get_closest_marker(marker) for marker in NEVER_FAST):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def _evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the evidence of all tests in a temporary folder, not in that of the user."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("QUOTETRACK_EVIDENCE", str(tmp_path_factory.mktemp("evidence")))
        yield
