"""What a depot of files promises, whatever it is made of (protocol rule 7)."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from sync.server.storage.depot import Depot, FolderDepot

_PART = 1024 * 1024


def name_of(content: bytes) -> bytes:
    return sha256(content).digest()


def keep(depot: Depot, content: bytes) -> bytes:
    """What the server does with bytes that came: staged, settled, then named."""
    with depot.incoming() as incoming:
        incoming.write(content)
        name = incoming.settle()
        depot.keep(incoming, name)
    return name


class DepotContract:
    """Sentences for every depot. `depot` is a fixture of the class that inherits."""

    @pytest.mark.parametrize("size", [0, 1, _PART - 1, _PART, _PART + 1, 12 * _PART], ids=str)
    def test_what_was_kept_is_there_and_is_read_as_it_was(self, depot: Depot, size: int) -> None:
        content = os.urandom(size)
        name = keep(depot, content)
        assert depot.has(name, size)
        assert b"".join(depot.parts(name, size)) == content
        assert depot.is_sound(name, size)
        assert not size or depot.read(name, size // 2, 10) == content[size // 2 :][:10]
        assert list((depot.staging / "incoming").iterdir()) == [], "nothing stays where it arrived"

    def test_what_was_not_kept_is_not_there(self, depot: Depot) -> None:
        name = name_of(os.urandom(32))
        assert not depot.has(name, 32)
        assert not depot.is_sound(name, 32)
        with pytest.raises(FileNotFoundError):
            depot.read(name, 0, 1)

    def test_a_file_of_another_size_is_not_the_file(self, depot: Depot) -> None:
        name = keep(depot, os.urandom(100))
        assert not depot.has(name, 99)

    def test_bytes_that_are_not_settled_are_nowhere(self, depot: Depot) -> None:
        content = os.urandom(100)
        with depot.incoming() as incoming:
            incoming.write(content)
            assert not depot.has(name_of(content), 100)
        assert not depot.has(name_of(content), 100)

    def test_a_file_that_came_in_parts_leaves_its_place_for_its_name(self, depot: Depot, tmp_path: Path) -> None:
        content = os.urandom(_PART + 7)
        place = tmp_path / "coming"
        place.write_bytes(content)
        depot.put(place, name_of(content))
        assert not place.exists()
        assert depot.is_sound(name_of(content), len(content))

    def test_the_same_bytes_kept_twice_are_one_file(self, depot: Depot) -> None:
        content = os.urandom(100)
        assert keep(depot, content) == keep(depot, content)
        assert depot.is_sound(name_of(content), 100)

    def test_a_file_with_another_content_than_its_name_promises_is_not_sound(
        self, depot: Depot, tmp_path: Path
    ) -> None:
        place, name = tmp_path / "wrong", name_of(os.urandom(16))
        place.write_bytes(b"x" * 16)
        depot.put(place, name)
        assert depot.has(name, 16)
        assert not depot.is_sound(name, 16)

    def test_files_are_copied_from_a_depot_to_another_and_a_wrong_one_is_not(
        self, depot: Depot, tmp_path: Path
    ) -> None:
        other, content = FolderDepot(tmp_path / "other"), os.urandom(_PART + 1)
        name = keep(other, content)
        assert depot.fetch(name, len(content), other)
        assert depot.is_sound(name, len(content))
        back = FolderDepot(tmp_path / "back")
        assert back.fetch(name, len(content), depot)
        assert back.is_sound(name, len(content))
        missing = name_of(os.urandom(5))
        assert not depot.fetch(missing, 5, other)
        other.put(_written(tmp_path / "wrong", b"wrong"), missing)
        assert not depot.fetch(missing, 5, other)
        assert not depot.has(missing, 5)

    def test_a_file_that_is_taken_away_is_gone_and_may_come_again(self, depot: Depot) -> None:
        content = os.urandom(10)
        name = keep(depot, content)
        depot.remove(name)
        depot.remove(name)
        assert not depot.has(name, 10)
        keep(depot, content)
        assert depot.is_sound(name, 10)


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
