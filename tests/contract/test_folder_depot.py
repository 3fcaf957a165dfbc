"""A folder keeps what a depot promises; addresses of stores elsewhere, and where a server is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.server.files_setting import open_depot, write_files_setting
from sync.server.settings import TooOpen
from sync.server.storage.bucket import BadFilesAddress, Bucket, bucket_at
from sync.server.storage.depot import Depot, FolderDepot
from tests.contract.depot_contract import DepotContract
from tests.server_fixture import CommandFailed, command, new_server


class TestFolderDepot(DepotContract):
    @pytest.fixture
    def depot(self, tmp_path: Path) -> Depot:
        return FolderDepot(tmp_path / "files")


def test_an_address_names_bucket_prefix_endpoint_and_region() -> None:
    assert bucket_at("s3://spoc/a/b?endpoint=https://s3.example/&region=fr-1", "k", "s") == Bucket(
        "spoc", "a/b", "https://s3.example", "fr-1", "k", "s"
    )
    assert bucket_at("s3://spoc") == Bucket("spoc", "", "", "us-east-1")


@pytest.mark.parametrize(
    "wrong", ["", "spoc", "https://s3.example/spoc", "s3://", "s3://k:s@spoc", "s3://spoc?secret=x", "s3:///prefix"]
)
def test_what_is_no_address_is_refused_and_no_key_may_stand_in_one(wrong: str) -> None:
    with pytest.raises(BadFilesAddress):
        bucket_at(wrong)


def test_the_setting_is_kept_for_this_account_alone_with_the_keys_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert not open_depot(tmp_path).is_remote
    write_files_setting(tmp_path, "s3://spoc?endpoint=http://127.0.0.1:9")
    kept = tmp_path / "server.files"
    assert kept.read_text("utf-8").splitlines() == ["s3://spoc?endpoint=http://127.0.0.1:9", "key", "secret"]
    assert kept.stat().st_mode & 0o777 == 0o600
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert open_depot(tmp_path).is_remote
    monkeypatch.setenv("SPOC_FILES", "folder")
    assert not open_depot(tmp_path).is_remote
    monkeypatch.delenv("SPOC_FILES")
    kept.chmod(0o644)
    with pytest.raises(TooOpen):
        open_depot(tmp_path)
    kept.chmod(0o600)
    write_files_setting(tmp_path, "folder")
    assert not kept.exists()


def test_a_wrong_address_is_said_in_a_sentence_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "un-secret")
    data = new_server(tmp_path).data
    with pytest.raises(CommandFailed, match="Nothing was changed: an address is s3://") as failed:
        command(data, "files", "s3://k:un-secret@spoc")
    assert "un-secret" not in failed.value.said
    assert not (data / "server.files").exists()


def test_no_file_is_trusted_to_a_store_that_does_not_take_one_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "un-secret")
    data = new_server(tmp_path).data
    with pytest.raises(CommandFailed, match="nothing was changed") as failed:
        command(data, "files", "s3://spoc?endpoint=http://127.0.0.1:9")
    assert "un-secret" not in failed.value.said
    assert not (data / "server.files").exists()
