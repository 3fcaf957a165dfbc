"""Files on the disk chunk by chunk: nothing of them is read, exchanged or left out unseen; those of 0.2 are read."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from spoc_desktop.storage.files import ChangedMeanwhile, Files, _derived
from spoc_desktop.storage.sealed import CHUNK

KEY = bytes(range(32))
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", KEY)


def path_of(files: Files, digest: bytes) -> Path:
    path = files._path(digest)
    assert path is not None
    return path


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_read_as_it_was_kept_whole_and_in_pieces(files: Files, size: int) -> None:
    content = os.urandom(size)
    digest = files.keep(content, "x").sha256
    assert files.read(digest) == content
    assert b"".join(files.parts(digest)) == content
    for offset in {0, size // 2, max(0, size - 1), min(size, CHUNK)}:
        for length in (1, CHUNK, 2 * CHUNK):
            assert files.part(digest, offset, length) == content[offset : offset + length]
    sealed = path_of(files, digest).read_bytes()
    assert size < 32 or content[:32] not in sealed


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_comes_in_parts_is_the_same_and_goes_on_after_any_cut(files: Files, size: int) -> None:
    content = os.urandom(size)
    digest = hashlib.sha256(content).digest()
    for offset in range(0, max(1, size), CHUNK):
        assert files.come(digest) == offset
        piece = content[offset : offset + CHUNK]
        files.add(digest, offset, piece, is_last=offset + len(piece) == size)
        with path_of(files, digest).with_name(path_of(files, digest).name + ".coming").open("ab") as torn:
            torn.write(b"torn by a power cut")
        if offset + len(piece) < size:
            assert files.come(digest) == offset + CHUNK
        assert not files.has(digest)
        files.add(digest, offset, piece, is_last=offset + len(piece) == size)
    assert files.end(digest)
    assert files.read(digest) == content


def test_what_came_under_another_name_is_let_go_of(files: Files) -> None:
    files.add(bytes(32), 0, b"other", is_last=True)
    assert not files.end(bytes(32))
    assert (files.come(bytes(32)), files.has(bytes(32))) == (0, False)


def test_a_file_whose_end_is_cut_off_at_a_chunk_is_noticed_and_fetched_again(files: Files) -> None:
    digest = files.keep(os.urandom(2 * CHUNK), "x").sha256
    path = path_of(files, digest)
    path.write_bytes(path.read_bytes()[: 8 + CHUNK + 28])
    lost: list[bytes] = []
    files.on_lost = lost.append
    assert files.read(digest) is None
    assert (lost, files.has(digest)) == ([digest], False)


def test_chunks_that_changed_places_or_came_from_another_file_are_noticed(files: Files) -> None:
    one, two = (files.keep(os.urandom(3 * CHUNK), "x").sha256 for _ in range(2))
    sealed, chunk = path_of(files, one).read_bytes(), CHUNK + 28
    swapped = sealed[:8] + sealed[8 + chunk : 8 + 2 * chunk] + sealed[8 : 8 + chunk] + sealed[8 + 2 * chunk :]
    path_of(files, one).write_bytes(swapped)
    assert files.read(one) is None
    path_of(files, one).write_bytes(sealed)
    foreign = path_of(files, two).read_bytes()
    path_of(files, two).write_bytes(foreign[: 8 + chunk] + sealed[8 + chunk :])
    assert files.part(two, 0, 10) is not None
    assert files.part(two, CHUNK, 10) is None


def test_a_file_that_0_2_sealed_as_a_whole_is_read(files: Files) -> None:
    content = os.urandom(CHUNK + 9)
    digest = hashlib.sha256(content).digest()
    path = path_of(files, digest)
    path.parent.mkdir(parents=True)
    nonce = os.urandom(12)
    path.write_bytes(nonce + ChaCha20Poly1305(_derived(KEY, b"spoc file contents")).encrypt(nonce, content, digest))
    assert files.read(digest) == content
    assert files.part(digest, CHUNK, 100) == content[CHUNK:]


def test_a_large_file_is_kept_and_read_within_a_few_parts_of_memory(files: Files, tmp_path: Path) -> None:
    place = tmp_path / "film.bin"
    with place.open("wb") as file:
        file.truncate(80 * 1024 * 1024)
    tracemalloc.start()
    try:
        with place.open("rb") as source:
            kept = files.keep_from(source, "film.bin")
        size = sum(len(part) for part in files.parts(kept.sha256))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == kept.size
    assert peak < 8 * 1024 * 1024
    assert files.read(kept.sha256) is None, "it is too large to be shown from memory"
    assert files.has(kept.sha256)


def test_a_file_that_changes_while_it_is_read_is_not_kept(files: Files, tmp_path: Path) -> None:
    class Changing(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            self.getbuffer()[0] = 1
            return super().seek(offset, whence)

    source: BinaryIO = Changing(bytes(100))
    with pytest.raises(ChangedMeanwhile):
        files.keep_from(source, "x")
    assert list((tmp_path / "files").iterdir()) == []
