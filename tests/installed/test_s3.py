"""Files in an S3-compatible store, Debian's Swift: it keeps what a depot promises, a server keeps its files there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from sync.protocol.errors import Busy
from sync.protocol.parts import PART_BYTES
from sync.server.storage.bucket import bucket_at
from sync.server.storage.depot import Depot
from sync.server.storage.depot_s3 import S3Depot
from tests.contract.depot_contract import DepotContract, keep, name_of
from tests.faults.attaching import attached, post_of
from tests.installed.swift_server import Swift, swift
from tests.integration.laptop.harness import school
from tests.server_fixture import CommandFailed, command

pytestmark = pytest.mark.installed


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    assert shutil.which("swift-proxy-server"), "apt-get install swift-proxy swift-account swift-container swift-object"
    with swift(tmp_path_factory.mktemp("swift")) as made:
        yield made


def address_in(store: Swift, prefix: str) -> str:
    return f"s3://{store.bucket}/{prefix}?endpoint={store.endpoint}"


def depot_in(store: Swift, staging: Path, secret: str = "") -> S3Depot:
    return S3Depot(staging, bucket_at(address_in(store, token_hex(4)), store.access_key, secret or store.secret_key))


class TestS3Depot(DepotContract):
    @pytest.fixture
    def depot(self, store: Swift, tmp_path: Path) -> Depot:
        return depot_in(store, tmp_path / "staging")


def test_a_store_that_fails_or_does_not_let_us_in_asks_laptops_to_come_back_and_says_no_key(
    store: Swift, tmp_path: Path
) -> None:
    closed = depot_in(store, tmp_path / "closed", "not-the-key")
    away = S3Depot(tmp_path / "away", bucket_at("s3://spoc?endpoint=http://127.0.0.1:9", "k", "not-the-key"))
    for depot in (closed, away):
        with pytest.raises(Busy) as busy:
            keep(depot, b"x")
        assert "not-the-key" not in str(busy.value)
        with pytest.raises(Busy):
            depot.has(name_of(b"x"), 1)


def test_a_server_moves_its_files_there_and_laptops_send_and_fetch_as_before(
    store: Swift, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", store.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", store.secret_key)
    with school(tmp_path) as here:
        data = here.server.data
        ines, karim = here.laptop(here.sample.ines), here.laptop(here.sample.karim)
        first = ines.join(here.server.invite(here.sample.ines))
        before, old = attached(first)
        post_of(first, here.sample.id, before)
        assert first.syncing.sync_now() is None
        with pytest.raises(CommandFailed):
            command(data, "files", address_in(store, "spoc"))  # it runs
        here.server.stop()
        moved = command(data, "files", address_in(store, "spoc"))["files"]
        assert moved >= 1
        shutil.rmtree(data / "files")
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        here.server.start()
        after, new = attached(first, 2 * PART_BYTES + 1)
        post_of(first, here.sample.id, after)
        assert first.syncing.sync_now() is None
        second = karim.join(here.server.invite(here.sample.karim))
        assert second.syncing.sync_now() is None
        assert (second.store.files.read(before.sha256), second.store.files.read(after.sha256)) == (old, new)
        here.server.stop()
        assert [path for path in (data / "files").rglob("*") if path.is_file()] == []
        assert command(data, "check", "--deep")["files"] == moved + 1
        command(data, "backup", str(tmp_path / "1.db"))
        assert not (tmp_path / "files").exists(), "the store keeps them"
        assert command(data, "check", str(tmp_path / "1.db"))["files"] == moved + 1
        _lose(store, after.sha256)
        with pytest.raises(CommandFailed, match="missing or damaged"):
            command(data, "check")
        assert store.secret_key not in here.server.request_log.read_text("utf-8") + "".join(here.server.errors())
        here.server.start()


def _lose(store: Swift, sha256: bytes) -> None:
    depot = S3Depot(Path(), bucket_at(address_in(store, "spoc"), store.access_key, store.secret_key))
    depot.remove(sha256)
