"""Attacks A46, A53: secrets lie beside the database, readable to nobody else, and never come out again."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sync.server.administration import initialise
from sync.server.core import Core, WrongSecrets
from sync.server.settings import (
    DATABASE,
    RECOVERY,
    SECRETS,
    AlreadyInitialised,
    NotInitialised,
    Settings,
    TooOpen,
    read_secrets,
)
from tests.server_fixture import CommandFailed, command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX; Windows protects by the profile")


def test_what_init_writes_is_readable_to_its_account_alone(tmp_path: Path) -> None:
    data = tmp_path / "server"
    initialise(data, "Organisme")
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for path in data.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_the_server_refuses_secrets_that_others_can_read(tmp_path: Path, mode: int) -> None:
    data = tmp_path / "server"
    initialise(data, "Organisme")
    (data / SECRETS).chmod(mode)
    with pytest.raises(TooOpen):
        read_secrets(data)
    with pytest.raises(CommandFailed, match="Other accounts of this computer can read"):
        command(data, "person", "add", "Inès", "ines")


def test_the_server_refuses_a_folder_that_others_can_enter(tmp_path: Path) -> None:
    data = tmp_path / "server"
    initialise(data, "Organisme")
    data.chmod(0o755)
    with pytest.raises(TooOpen):
        read_secrets(data)


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "server"
    initialise(data, "Organisme")
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    with pytest.raises(AlreadyInitialised):
        initialise(data, "Un autre")
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_an_empty_folder_is_no_server(tmp_path: Path) -> None:
    """Fault F21: a server that lost its folder does not begin anew under the old name."""
    with pytest.raises(CommandFailed, match="Run `init` first"):
        command(tmp_path, "serve")
    data = tmp_path / "server"
    initialise(data, "Organisme")
    (data / DATABASE).unlink()
    with pytest.raises(NotInitialised):
        Core(Settings(data))


def test_a_database_beside_the_secrets_of_another_server_is_refused(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    initialise(one, "Un")
    initialise(two, "Deux")
    (one / SECRETS).write_bytes((two / SECRETS).read_bytes())
    with pytest.raises(WrongSecrets):
        Core(Settings(one))


def test_the_recovery_key_that_it_keeps_opens_what_laptops_wrap_to_the_public_one(tmp_path: Path) -> None:
    """Rule 15: the private half is written once, for IT to keep apart, and the server needs it no more."""
    data = tmp_path / "server"
    initialise(data, "Organisme")
    private = load_pem_private_key((data / RECOVERY).read_bytes(), None)
    assert isinstance(private, X25519PrivateKey)
    assert private.public_key().public_bytes_raw() == read_secrets(data).recovery
    (data / RECOVERY).unlink()
    assert command(data, "person", "add", "Inès", "ines")["login"] == "ines"
