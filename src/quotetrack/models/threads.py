"""Keep numpy's BLAS on one thread while it multiplies small matrices.

Its other threads wait for work by asking for it again and again. On two cores with other work beside it, one short text
took .2 to .4 s of processor time with two threads, and .02 s with one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import RLock

from threadpoolctl import ThreadpoolController

_ONE_AT_A_TIME = RLock()  # the number of BLAS threads is a setting of the whole process


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Run the block with one BLAS thread; a block of another thread of ours waits until it ends."""
    with _ONE_AT_A_TIME, _pools().limit(limits=1, user_api="blas"):
        yield


@cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()
