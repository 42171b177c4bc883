"""A backup is whole or absent, and consistent while others write; a restore changes everything or nothing."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.store.newsroom import NOW, a_run, ferry, ferry_quotations, filed

from quotetrack.core.domain import Failure
from quotetrack.ingest.crawl.page_archive import archive
from quotetrack.pipeline.backup import Contents, InvalidBackup, back_up, restore
from quotetrack.store import Sessions, StoreError, close_store, current_revision, head_revision, open_store
from quotetrack.store.runs import put_failure
from quotetrack.store.sightings import counts, read_sightings

PAGES = (b"<p>The ferry will sail again.</p>", b"<p>Promises float.</p>")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'news.db'}"


@pytest.fixture
def sessions(url: str) -> Iterator[Sessions]:
    """A store with two sightings."""
    opened = open_store(url)
    with opened.begin() as session:
        filed(session, ferry(), ferry_quotations())
    yield opened
    close_store(opened)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    for page in PAGES:
        archive(tmp_path / "evidence", page)
    return tmp_path / "evidence"


@pytest.fixture
def backup(tmp_path: Path, url: str, sessions: Sessions, evidence: Path) -> Path:
    back_up(url, tmp_path / "backup.tar", evidence)
    return tmp_path / "backup.tar"


def files_under(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("name", ["backup.tar", "backup.tar.gz", "backup.tgz"])
def test_what_was_backed_up_is_restored_on_another_machine(
    tmp_path: Path, url: str, sessions: Sessions, evidence: Path, name: str
) -> None:
    written = back_up(url, tmp_path / name, evidence)
    (tmp_path / "other").mkdir()
    there = f"sqlite:///{tmp_path}/other/news.db"
    assert restore(there, tmp_path / name, tmp_path / "other" / "evidence") == written
    assert files_under(tmp_path / "other" / "evidence") == files_under(evidence)
    assert written.evidence_bytes == sum(map(len, files_under(evidence).values()))
    with sessions() as before, open_store(there, read_only=True)() as after:
        assert read_sightings(after) == read_sightings(before) != []
    assert restore(there, tmp_path / name, tmp_path / "other" / "evidence") == Contents(written.database_bytes, 0, 0)


def test_a_compressed_backup_is_smaller(tmp_path: Path, url: str, sessions: Sessions) -> None:
    for name in ("plain.tar", "packed.tar.gz"):
        back_up(url, tmp_path / name, None)
    assert (tmp_path / "packed.tar.gz").stat().st_size < (tmp_path / "plain.tar").stat().st_size / 2


def test_only_bodies_are_taken_from_the_evidence_folder_also_through_links(
    tmp_path: Path, url: str, sessions: Sessions, evidence: Path
) -> None:
    body = next(evidence.rglob("*.gz"))
    (body.parent / ".part-1").write_bytes(b"half")
    (evidence / "notes.txt").write_bytes(b"mine")
    target = tmp_path / "elsewhere.gz"
    body.rename(target)
    body.symlink_to(target)
    assert back_up(url, tmp_path / "backup.tar", evidence).evidence_files == len(PAGES)
    shutil.rmtree(evidence)
    restore(url, tmp_path / "backup.tar", evidence)
    assert body.read_bytes() == target.read_bytes() and not body.is_symlink()


def test_what_is_committed_is_in_the_backup_and_what_is_not_is_not(
    tmp_path: Path, url: str, sessions: Sessions
) -> None:
    with sessions() as session:
        a_run(session)
        session.flush()
        back_up(url, tmp_path / "backup.tar", None)
    there = f"sqlite:///{tmp_path}/there.db"
    restore(there, tmp_path / "backup.tar", None)
    with open_store(there, read_only=True)() as session:
        assert (counts(session)["articles"], counts(session)["runs"]) == (1, 1)


def test_a_backup_made_while_a_night_writes_is_of_one_moment(tmp_path: Path, url: str, sessions: Sessions) -> None:
    is_over = threading.Event()

    def write() -> None:
        while not is_over.is_set():
            with sessions.begin() as session:  # one failure with each run
                put_failure(session, a_run(session), Failure("page", "gone"), NOW)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        written = [tmp_path / f"{number}.tar" for number in range(5)]
        for file in written:
            back_up(url, file, None)
    finally:
        is_over.set()
        writer.join()
    numbers = []
    for file in written:
        there = f"sqlite:///{file.with_suffix('.db')}"
        restore(there, file, None)
        with open_store(there, read_only=True)() as session:
            stored = counts(session)
        assert stored["failures"] == stored["runs"] - 1  # the run of the fixture has none
        numbers.append(stored["runs"])
    assert numbers == sorted(numbers) and numbers[0] < numbers[-1]


def test_a_stopped_backup_leaves_the_old_one_and_nothing_half_made(
    tmp_path: Path, url: str, backup: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_under(tmp_path)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        back_up(url, backup, evidence)
    assert files_under(tmp_path) == before


def test_a_damaged_database_is_not_backed_up(tmp_path: Path, url: str, sessions: Sessions) -> None:
    close_store(sessions)
    path = tmp_path / "news.db"
    content = path.read_bytes()
    path.write_bytes(content[:-4096] + b"\xab" * 4096)  # the last page, which only a check of all reads
    with pytest.raises(StoreError, match=rf"{path} is damaged"):
        back_up(url, tmp_path / "backup.tar", None)
    assert not (tmp_path / "backup.tar").exists()


def test_the_tables_of_an_older_version_are_backed_up_and_restored_as_they_are(
    tmp_path: Path, url: str, sessions: Sessions
) -> None:
    close_store(sessions)
    set_revision(tmp_path / "news.db", "0001")
    back_up(url, tmp_path / "backup.tar", None)
    there = f"sqlite:///{tmp_path}/there.db"
    restore(there, tmp_path / "backup.tar", None)
    assert current_revision(there) == "0001" != head_revision()


def set_revision(database: Path, revision: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
        connection.commit()


def test_a_restored_database_is_not_changed_by_the_log_of_the_old_one(
    tmp_path: Path, url: str, sessions: Sessions, backup: Path
) -> None:
    with sessions.begin() as session:
        a_run(session)
    crashed = tmp_path / "crashed.db"
    for ending in ("", "-wal", "-shm"):  # as a crash leaves them: the log is not merged
        shutil.copy(tmp_path / f"news.db{ending}", f"{crashed}{ending}")
    with open_store(f"sqlite:///{crashed}", read_only=True)() as session:
        assert counts(session)["runs"] == 2
    restore(f"sqlite:///{crashed}", backup, None)
    with open_store(f"sqlite:///{crashed}", read_only=True)() as session:
        assert counts(session)["runs"] == 1


# What is no backup


def repacked(backup: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """Write a backup again, with each member changed; a member of which None is made is left out."""
    with tarfile.open(backup) as old:
        members = [(member.name, old.extractfile(member).read()) for member in old]  # type: ignore[union-attr]
    with tarfile.open(backup, "w") as new:
        for name, content in members:
            if (changed := change(name, content)) is not None:
                member = tarfile.TarInfo(changed[0])
                member.size = len(changed[1])
                new.addfile(member, io.BytesIO(changed[1]))


def without(left_out: str) -> Callable[[Path], None]:
    return lambda backup: repacked(backup, lambda name, content: None if name == left_out else (name, content))


def cut_to(share: float) -> Callable[[Path], None]:
    return lambda backup: os.truncate(backup, int(backup.stat().st_size * share))


def with_a_changed_byte(backup: Path) -> None:
    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return name, content.replace(b"ferry", b"Ferry", 1) if name == "quotetrack.db" else content

    repacked(backup, change)


def with_another_path(path: str) -> Callable[[Path], None]:
    return lambda backup: repacked(
        backup, lambda name, content: (path if name.startswith("evidence/") else name, content)
    )


def with_a_link(backup: Path) -> None:
    with tarfile.open(backup, "a") as added:
        link = tarfile.TarInfo(f"evidence/ab/ab{'0' * 62}.gz")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        added.addfile(link)


def as_a_letter(backup: Path) -> None:
    backup.write_bytes(b"Dear editor, I am not a backup. " * 99)


def packed(backup: Path) -> None:
    with tarfile.open(backup) as old, tarfile.open(backup.with_suffix(".tgz"), "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
    os.replace(backup.with_suffix(".tgz"), backup)


def packed_and_cut(backup: Path) -> None:
    packed(backup)
    cut_to(0.9)(backup)


def packed_with_another_checksum(backup: Path) -> None:
    packed(backup)
    content = backup.read_bytes()
    backup.write_bytes(content[:-8] + b"\0\0\0\0" + content[-4:])


def packed_with_garbage(backup: Path) -> None:
    packed(backup)
    content = backup.read_bytes()
    middle = len(content) // 2
    backup.write_bytes(content[:middle] + b"\xab" * 50 + content[middle + 50 :])


@pytest.mark.parametrize(
    "spoil",
    [
        *(cut_to(share) for share in (0, 0.0005, 0.3, 0.9, 0.97)),
        without("quotetrack.db"),
        without("SHA256SUMS"),
        with_a_changed_byte,
        with_another_path("evidence/../../../outside.gz"),
        with_another_path("/tmp/outside.gz"),
        with_another_path("evidence/ab/notes.gz"),
        with_a_link,
        as_a_letter,
        packed_and_cut,
        packed_with_another_checksum,
        packed_with_garbage,
    ],
)
def test_what_is_no_whole_backup_is_refused_and_changes_nothing(
    tmp_path: Path, url: str, sessions: Sessions, backup: Path, evidence: Path, spoil: Callable[[Path], None]
) -> None:
    close_store(sessions)
    next(evidence.rglob("*.gz")).unlink()
    spoil(backup)
    before = files_under(tmp_path)
    with pytest.raises(InvalidBackup, match=r"backup\.tar is no backup of quotetrack"):
        restore(url, backup, evidence)
    assert files_under(tmp_path) == before


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", r"the database in .*tar was made by a newer quotetrack"),
        ("DELETE FROM alembic_version", r"the database in .*tar holds something else"),
    ],
)
def test_a_database_that_we_cannot_open_is_refused_and_changes_nothing(
    tmp_path: Path, url: str, backup: Path, evidence: Path, statement: str, reason: str
) -> None:
    copy = tmp_path / "copy.db"

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name == "quotetrack.db":
            copy.write_bytes(content)
            with closing(sqlite3.connect(copy)) as connection:
                connection.execute(statement)
                connection.commit()
            return name, copy.read_bytes()
        if name == "SHA256SUMS":
            return name, f"{hashlib.sha256(copy.read_bytes()).hexdigest()}  quotetrack.db\n".encode()
        return name, content

    repacked(backup, change)
    before = files_under(tmp_path)
    with pytest.raises(StoreError, match=reason):
        restore(url, backup, evidence)
    assert files_under(tmp_path) == before
