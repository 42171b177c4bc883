import gzip
import os
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.crawl.page_archive import archive, read_archived
from quotetrack.ingest.formats.detect import UnreadableFile

PAGE = b"<html><p>The bridge is closed.</p></html>"
NAME = sha256(PAGE).hexdigest()


def test_a_body_is_stored_under_its_hash(tmp_path):
    path = archive(tmp_path, PAGE)
    assert path == tmp_path / NAME[:2] / f"{NAME}.gz"
    assert gzip.decompress(path.read_bytes()) == PAGE


def test_the_same_body_is_stored_once(tmp_path):
    file = archive(tmp_path, PAGE)
    before = file.stat().st_mtime_ns
    assert archive(tmp_path, PAGE) == file
    assert [path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()] == [before]


def test_a_run_killed_half_way_leaves_no_incomplete_file(tmp_path, monkeypatch):
    def kill(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", kill)
        with pytest.raises(KeyboardInterrupt):
            archive(tmp_path, PAGE)
    assert list(tmp_path.rglob("*.gz")) == []
    assert gzip.decompress(archive(tmp_path, PAGE).read_bytes()) == PAGE


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_body_comes_back_unchanged(tmp_path_factory, body):
    folder = tmp_path_factory.getbasetemp() / "evidence"
    assert gzip.decompress(archive(folder, body).read_bytes()) == body


def test_a_body_is_read_by_its_hash(tmp_path):
    file = archive(tmp_path, PAGE)
    assert read_archived(tmp_path, NAME) == PAGE
    assert read_archived(tmp_path, "0" * 64) is None
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(UnreadableFile, match="cut short"):
        read_archived(tmp_path, NAME)
