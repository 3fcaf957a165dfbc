"""The store's key: kept encrypted or not at all, with three ways back, nothing overwritten (rule 15, fault F33)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import keyring.backend
import keyring.errors
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from spoc_desktop.storage import errors, key_file, key_source, recovery_code
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.key_source import KeyringSource, PassphraseSource, passphrase_from
from spoc_desktop.storage.keychain import Keychain, set_aside
from spoc_desktop.storage.store import LocalStore
from sync.domain.forum import POST
from tests.unit.storage.support import COHORT, ME, SERVER, a_post, an_id

PASSPHRASE = "quatre mots au hasard"


class WorkingKeyring(keyring.backend.KeyringBackend):
    """A keyring as a desktop has one, in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class LockedKeyring(WorkingKeyring):
    """A keyring whose owner did not let us in."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked


@pytest.fixture(autouse=True)
def quick_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with little memory: the numbers stand in the file and are checked by their own test."""
    monkeypatch.setattr(key_file, "_MEMORY_KIB", 64)
    monkeypatch.setattr(key_file, "_PASSES", 1)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "person" / "keys.json"


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_key_is_found_again_in_the_keyring(place: Path) -> None:
    backend = WorkingKeyring()
    fresh = Keychain(place, KeyringSource(backend)).make(SERVER, ME)
    assert Keychain(place, KeyringSource(backend)).open() == fresh.key
    assert len(fresh.key) == 32


def test_two_people_of_one_computer_have_two_keys(tmp_path: Path) -> None:
    backend = WorkingKeyring()
    chains = [Keychain(tmp_path / name / "keys.json", KeyringSource(backend)) for name in ("a", "b")]
    keys = [chain.make(SERVER, person * 16).key for chain, person in zip(chains, (b"a", b"b"), strict=True)]
    assert keys[0] != keys[1]
    assert [chain.open() for chain in chains] == keys


def test_a_keyring_that_was_emptied_leaves_the_store_and_the_code_opens_it(tmp_path: Path) -> None:
    backend, folder = WorkingKeyring(), tmp_path / "person"
    chain = Keychain(folder / "keys.json", KeyringSource(backend))
    fresh = chain.make(SERVER, ME)
    with LocalStore.create(folder / "store.db", fresh.key, server=SERVER, person=ME) as store:
        store.write([New(POST, COHORT, an_id(1), a_post("en attente"))])
    before = files_of(folder)
    backend.kept.clear()
    with pytest.raises(errors.KeyLost):
        chain.open()
    with pytest.raises(errors.StoreExists):
        chain.make(SERVER, ME)
    assert files_of(folder) == before
    again = chain.recover_with_code(fresh.recovery_code)
    assert (again.key, chain.open()) == (fresh.key, fresh.key)
    with LocalStore.open(folder / "store.db", again.key) as store:
        assert [listed.texts()[0] for listed in store.outbox_list()] == ["en attente"]
    with pytest.raises(errors.WrongRecoveryCode):
        chain.recover_with_code(fresh.recovery_code)
    assert chain.recover_with_code(again.recovery_code).key == fresh.key


def test_a_keyring_that_holds_another_key_or_nonsense_is_not_believed(place: Path) -> None:
    backend = WorkingKeyring()
    chain = Keychain(place, KeyringSource(backend))
    chain.make(SERVER, ME)
    for value in (bytes(32).hex(), "", "pas une clé", "00"):
        backend.kept = dict.fromkeys(backend.kept, value)
        with pytest.raises(errors.KeyLost):
            chain.open()


def test_the_organisation_opens_a_store_whose_person_lost_everything(place: Path) -> None:
    private = X25519PrivateKey.generate()
    backend = WorkingKeyring()
    fresh = Keychain(place, KeyringSource(backend)).make(SERVER, ME, private.public_key().public_bytes_raw())
    backend.kept.clear()
    chain = Keychain(place, KeyringSource(backend))
    with pytest.raises(errors.KeyLost):
        chain.recover_with_organisation(X25519PrivateKey.generate().private_bytes_raw())
    assert chain.recover_with_organisation(private.private_bytes_raw()) == fresh.key
    assert chain.open() == fresh.key


def test_without_the_organisations_key_there_is_no_such_way_in(place: Path) -> None:
    chain = Keychain(place, KeyringSource(WorkingKeyring()))
    chain.make(SERVER, ME)
    with pytest.raises(errors.KeyLost):
        chain.recover_with_organisation(bytes(32))


def test_a_passphrase_takes_the_place_of_a_keyring(place: Path) -> None:
    fresh = Keychain(place, PassphraseSource(PASSPHRASE)).make(SERVER, ME)
    assert Keychain(place, PassphraseSource(PASSPHRASE)).open() == fresh.key
    with pytest.raises(errors.WrongPassphrase):
        Keychain(place, PassphraseSource("presque")).open()


def test_a_passphrase_added_to_a_store_of_the_keyring_opens_it_too(place: Path) -> None:
    backend = WorkingKeyring()
    chain = Keychain(place, KeyringSource(backend))
    fresh = chain.make(SERVER, ME)
    with pytest.raises(errors.WrongPassphrase):
        chain.recover_with_passphrase(PASSPHRASE)
    chain.add_passphrase(fresh.key, PASSPHRASE)
    backend.kept.clear()
    assert chain.recover_with_passphrase(PASSPHRASE) == fresh.key
    assert chain.open() == fresh.key


def test_the_key_is_derived_slowly_and_its_cost_stands_in_the_file(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    monkeypatch.undo()
    Keychain(place, PassphraseSource(PASSPHRASE)).make(SERVER, ME)
    content = key_file.read(place)
    assert content is not None
    assert content.passphrase is not None
    assert (content.passphrase.passes, content.passphrase.memory) == (3, 64 * 1024)


def test_a_key_file_that_asks_for_all_the_memory_is_not_obeyed(place: Path) -> None:
    Keychain(place, PassphraseSource(PASSPHRASE)).make(SERVER, ME)
    content = json.loads(place.read_text())
    content["passphrase"]["memory"] = 1 << 40
    place.write_text(json.dumps(content))
    with pytest.raises(errors.KeyFileDamaged):
        Keychain(place, PassphraseSource(PASSPHRASE)).open()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"server": 3}'])
def test_a_damaged_key_file_is_named_and_kept(place: Path, content: bytes) -> None:
    place.parent.mkdir()
    place.write_bytes(content)
    with pytest.raises(errors.KeyFileDamaged):
        Keychain(place, PassphraseSource(PASSPHRASE)).open()
    with pytest.raises(errors.StoreExists):
        Keychain(place, PassphraseSource(PASSPHRASE)).make(SERVER, ME)
    assert place.read_bytes() == content


def test_a_wrapping_copied_beside_another_store_opens_nothing(place: Path) -> None:
    Keychain(place, PassphraseSource(PASSPHRASE)).make(SERVER, ME)
    content = key_file.read(place)
    assert content is not None
    key_file.write(place, msgspec.structs.replace(content, person=b"x" * 16))
    with pytest.raises(errors.WrongPassphrase):
        Keychain(place, PassphraseSource(PASSPHRASE)).open()


def test_nothing_secret_stands_in_clear_in_the_folder(place: Path) -> None:
    private = X25519PrivateKey.generate()
    fresh = Keychain(place, PassphraseSource(PASSPHRASE)).make(SERVER, ME, private.public_key().public_bytes_raw())
    secrets = [fresh.key, fresh.key.hex().encode(), PASSPHRASE.encode(), fresh.recovery_code.encode()]
    secrets += [recovery_code.secret_of(fresh.recovery_code), msgspec.json.encode(fresh.key).strip(b'"')]
    for content in files_of(place.parent).values():
        assert not [secret for secret in secrets if secret in content]


def test_a_key_that_was_forgotten_is_in_the_keyring_no_more(place: Path) -> None:
    backend = WorkingKeyring()
    chain = Keychain(place, KeyringSource(backend))
    chain.make(SERVER, ME)
    chain.forget()
    chain.forget()
    assert backend.kept == {}
    with pytest.raises(errors.KeyLost):
        chain.open()


def test_a_locked_keyring_leaves_everything_and_says_so(place: Path) -> None:
    with pytest.raises(errors.KeyringUnusable):
        Keychain(place, KeyringSource(LockedKeyring())).make(SERVER, ME)
    assert not place.exists()


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_a_keyring_that_keeps_nothing_or_keeps_it_in_clear_is_not_used(place: Path, backend: str) -> None:
    code = f"""
from pathlib import Path
from spoc_desktop.storage import errors
from spoc_desktop.storage.key_source import KeyringSource
from spoc_desktop.storage.keychain import Keychain
try:
    Keychain(Path({str(place)!r}), KeyringSource()).make(bytes(16), bytes(16))
except errors.KeyringUnusable as error:
    print(error.detail)
"""
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": backend}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == backend.removesuffix(".Keyring")
    assert not place.exists()


def test_only_keyrings_that_encrypt_are_trusted() -> None:
    assert not [name for name in key_source._ENCRYPTING if "alt" in name or "null" in name or "fail" in name]


def test_a_code_is_read_as_people_write_it(place: Path) -> None:
    fresh = Keychain(place, PassphraseSource(PASSPHRASE)).make(SERVER, ME)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}", fresh.recovery_code)
    typed = fresh.recovery_code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert Keychain(place, PassphraseSource(PASSPHRASE)).recover_with_code(typed).key == fresh.key


def test_a_mistyped_code_is_told_from_a_wrong_one(place: Path) -> None:
    chain = Keychain(place, PassphraseSource(PASSPHRASE))
    code = chain.make(SERVER, ME).recovery_code
    swapped = ("2" if code[0] != "2" else "3") + code[1:]
    for typed in (swapped, code[:-1], code + "A", "", "U" * 32, "é" * 32):
        with pytest.raises(errors.MistypedRecoveryCode):
            chain.recover_with_code(typed)
    with pytest.raises(errors.WrongRecoveryCode):
        chain.recover_with_code(recovery_code.new_code())


def test_a_passphrase_comes_down_an_inherited_pipe() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"mot de passe\n")
    os.close(writing)
    assert passphrase_from(reading) == "mot de passe"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(reading)


def test_a_store_that_nobody_can_open_is_moved_aside_and_never_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "person"
    for number in (1, 2):
        folder.mkdir()
        (folder / "store.db").write_text(str(number))
        assert set_aside(folder) == tmp_path / f"person.set-aside-{number}"
    kept = [(tmp_path / f"person.set-aside-{number}" / "store.db").read_text() for number in (1, 2)]
    assert kept == ["1", "2"]
    with pytest.raises(errors.StoreMissing):
        set_aside(folder)
