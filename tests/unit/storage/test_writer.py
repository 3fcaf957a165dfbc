"""A database that was copied, moved back or restored writes under a new name, and what waits keeps its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from spoc_desktop.storage.changes import New
from spoc_desktop.storage.store import LocalStore
from sync.client.steps import NewWriter
from sync.domain.forum import POST
from tests.unit.storage.support import COHORT, KEY, a_post, an_id


@pytest.fixture
def writer(store: LocalStore) -> int:
    """The writer of a closed store in which one post waits."""
    store.write([New(POST, COHORT, an_id(1), a_post())])
    writer = store.state().writer
    store.close()
    return writer


def test_the_same_file_keeps_its_writer_and_goes_on_counting(path: Path, writer: int) -> None:
    with LocalStore.open(path, KEY) as again:
        again.write([New(POST, COHORT, an_id(2), a_post())])
        assert [(one.writer, one.n) for one in again.waiting(9, 9_999)] == [(writer, 1), (writer, 2)]


def test_a_copied_folder_takes_a_new_writer_and_keeps_the_names_of_what_waits(path: Path, writer: int) -> None:
    copied = path.parent.with_name("copied") / path.name
    shutil.copytree(path.parent, copied.parent)
    with LocalStore.open(copied, KEY) as clone, LocalStore.open(path, KEY) as original:
        assert original.state().writer == writer
        assert clone.state().writer != writer
        clone.write([New(POST, COHORT, an_id(2), a_post())])
        assert [(one.writer, one.n) for one in clone.waiting(1, 9_999)] == [(writer, 1)]
        assert [(one.writer, one.n) for one in clone.outbox_list()] == [(writer, 1), (clone.state().writer, 1)]
        clone_writer = clone.state().writer
    with LocalStore.open(copied, KEY) as again:
        assert again.state().writer == clone_writer


def test_a_restored_backup_takes_a_new_writer(path: Path, writer: int) -> None:
    backup = path.with_name("backup.db")
    shutil.copyfile(path, backup)
    with LocalStore.open(path, KEY) as store:
        store.write([New(POST, COHORT, an_id(2), a_post("après la sauvegarde"))])
    backup.replace(path)
    with LocalStore.open(path, KEY) as restored:
        assert restored.state().writer != writer
        restored.write([New(POST, COHORT, an_id(3), a_post("après la restauration"))])
        assert len({(one.writer, one.n) for one in restored.outbox_list()}) == 2


@pytest.mark.parametrize("content", [b"", b"{}", b'{"writer": 1, "device": 2, "inode": 3}'])
def test_a_note_beside_the_file_that_says_something_else_makes_a_new_writer(
    path: Path, writer: int, content: bytes
) -> None:
    path.with_name("writer.json").write_bytes(content)
    with LocalStore.open(path, KEY) as store:
        assert store.state().writer not in {writer, 1}


def test_after_a_fork_the_new_writer_is_noted_beside_the_file_too(path: Path, writer: int) -> None:
    with LocalStore.open(path, KEY) as store:
        store.perform([NewWriter(77, writer, (1,))])
        assert [(one.writer, one.n) for one in store.waiting(9, 9_999)] == [(77, 1)]
    with LocalStore.open(path, KEY) as again:
        again.write([New(POST, COHORT, an_id(2), a_post())])
        assert [(one.writer, one.n) for one in again.waiting(9, 9_999)] == [(77, 1), (77, 2)]
