import gzip
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.formats.compression import decompress
from quotetrack.ingest.formats.detect import UnreadableFile

NEWS = b"The bridge is closed for a year. " * 200
LIMIT = 100_000


def split(data: bytes, size: int = 7) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def bare_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("", NEWS),
        ("identity", NEWS),
        ("gzip", gzip.compress(NEWS)),
        (" GZIP ", gzip.compress(NEWS)),
        ("x-gzip", gzip.compress(NEWS)),
        ("gzip", gzip.compress(NEWS[:500]) + gzip.compress(NEWS[500:])),
        ("gzip", gzip.compress(NEWS) + b"\x00" * 512),
        ("deflate", zlib.compress(NEWS)),
        ("deflate", bare_deflate(NEWS)),
    ],
)
def test_a_body_is_decompressed_in_one_chunk_or_many(encoding, body):
    assert decompress(split(body), encoding, LIMIT) == NEWS
    assert decompress([body], encoding, LIMIT) == NEWS


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", gzip.compress(NEWS)[:-10], "cut short"),
        ("gzip", gzip.compress(NEWS)[:20] + b"\xff" * 40, "damaged"),
        ("gzip", NEWS, "damaged"),
        ("br", NEWS, "compressed as 'br'"),
        ("", b"x" * (LIMIT + 1), "larger than"),
        ("gzip", gzip.compress(b"\x00" * (LIMIT + 1)), "larger than"),
        ("gzip", b"".join(gzip.compress(b"\x00" * 60_000) for _ in range(2)), "larger than"),
    ],
)
def test_a_bad_body_gives_the_reason(encoding, body, reason):
    with pytest.raises(UnreadableFile, match=reason):
        decompress(split(body, 4096), encoding, LIMIT)


def test_a_gzip_bomb_is_read_no_further_than_the_limit():
    bomb = gzip.compress(bytes(64 * 2**20), 9)
    read = []

    def chunks():
        for chunk in split(bomb, 1024):
            read.append(chunk)
            yield chunk

    with pytest.raises(UnreadableFile, match="larger than 1 MiB"):
        decompress(chunks(), "gzip", 2**20)
    assert len(read) <= 3  # a kilobyte holds a megabyte


def test_a_gzip_bomb_in_one_chunk_takes_little_memory():
    bomb = gzip.compress(bytes(64 * 2**20), 9)
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="larger than 1 MiB"):
        decompress([bomb], "gzip", 2**20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 2**20


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["", "gzip", "deflate", "br", "\x00"]))
def test_any_body_gives_bytes_or_a_reason(data, encoding):
    with suppress(UnreadableFile):
        assert isinstance(decompress([data], encoding, LIMIT), bytes)
