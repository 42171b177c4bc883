import gzip
import os
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.crawl.page_archive import keep, kept
from quotetrack.ingest.formats.detect import UnreadableFile

PAGE = b"<html><p>The bridge is closed.</p></html>"
NAME = sha256(PAGE).hexdigest()


def test_bytes_are_kept_under_their_hash(tmp_path):
    assert keep(tmp_path, PAGE) == NAME
    assert kept(tmp_path, NAME) == PAGE
    assert gzip.decompress((tmp_path / NAME[:2] / f"{NAME}.gz").read_bytes()) == PAGE


def test_the_same_bytes_are_one_file(tmp_path):
    keep(tmp_path, PAGE)
    (file,) = tmp_path.rglob("*.gz")
    before = file.stat().st_mtime_ns
    keep(tmp_path, PAGE)
    assert [found.stat().st_mtime_ns for found in tmp_path.rglob("*") if found.is_file()] == [before]


def test_a_run_that_was_killed_half_way_leaves_no_half_page(tmp_path, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            keep(tmp_path, PAGE)
    with pytest.raises(UnreadableFile, match="no page with the SHA-256"):
        kept(tmp_path, NAME)
    keep(tmp_path, PAGE)
    assert kept(tmp_path, NAME) == PAGE


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (gzip.compress(b"other words", mtime=0), "does not hold what its name says"),
        (gzip.compress(PAGE, mtime=0)[:-9], "cannot be read"),
        (b"", "does not hold what its name says"),
        (b"plain", "cannot be read"),
    ],
)
def test_a_file_that_somebody_changed(tmp_path, held, reason):
    keep(tmp_path, PAGE)
    (tmp_path / NAME[:2] / f"{NAME}.gz").write_bytes(held)
    with pytest.raises(UnreadableFile, match=reason):
        kept(tmp_path, NAME)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", NAME[:63], NAME.upper()])
def test_a_name_that_is_no_hash(tmp_path, name):
    with pytest.raises(UnreadableFile, match="no SHA-256"):
        kept(tmp_path, name)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_what_is_kept_comes_back(tmp_path_factory, body):
    folder = tmp_path_factory.getbasetemp() / "evidence"
    assert kept(folder, keep(folder, body)) == body
