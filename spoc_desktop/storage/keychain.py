"""The key of one person's store: made, kept, found again, or given back by recovery (protocol rule 15, fault F33)."""

import os
from pathlib import Path
from typing import NamedTuple

from spoc_desktop.storage import key_file, recovery_code
from spoc_desktop.storage.disk import private_folder
from spoc_desktop.storage.engine import KEY_BYTES
from spoc_desktop.storage.errors import KeyLost, StoreExists, StoreMissing
from spoc_desktop.storage.key_file import KeyFile
from spoc_desktop.storage.key_source import KeySource


class Fresh(NamedTuple):
    """A new key, and the recovery code to show once; it is kept nowhere."""

    key: bytes
    recovery_code: str


class Keychain:
    """The key of the store of one person at one server, kept by a source and wrapped in a file beside the store."""

    def __init__(self, path: Path, source: KeySource) -> None:
        self._path = path
        self._source = source

    def make(self, server: bytes, person: bytes, organisation_key: bytes = b"") -> Fresh:
        """A key for a new store, after sign-in. StoreExists when there is one, KeyringUnusable when it cannot be kept.

        `organisation_key`: the organisation's public recovery key, empty for none.
        """
        if self._path.exists():
            raise StoreExists(self._path.name)
        private_folder(self._path.parent)
        fresh = Fresh(os.urandom(KEY_BYTES), recovery_code.new_code())
        content = key_file.with_code(key_file.new(server, person, fresh.key), fresh.key, fresh.recovery_code)
        if organisation_key:
            content = key_file.with_organisation(content, fresh.key, organisation_key)
        key_file.write(self._path, self._source.save(content, fresh.key))
        return fresh

    def open(self) -> bytes:
        """The key as it was left at the last start. KeyLost when the source has none or another: the store stays."""
        content = self._content()
        key = self._source.load(content)
        if key is None or not content.is_key(key):
            raise KeyLost("none kept" if key is None else "another key kept")
        return key

    def recover_with_code(self, code: str) -> Fresh:
        """The key by the recovery code, kept by the source again; a new code takes the place of the one just used."""
        content = self._content()
        key = key_file.by_code(content, code)
        fresh = Fresh(key, recovery_code.new_code())
        key_file.write(self._path, self._source.save(key_file.with_code(content, key, fresh.recovery_code), key))
        return fresh

    def recover_with_passphrase(self, passphrase: str) -> bytes:
        """The key by a passphrase that it was wrapped to, kept by the source again."""
        content = self._content()
        return self._keep(content, key_file.by_passphrase(content, passphrase))

    def recover_with_organisation(self, private: bytes) -> bytes:
        """The key by the organisation's private recovery key, in IT's hands; kept by the source again."""
        content = self._content()
        return self._keep(content, key_file.by_organisation(content, private))

    def add_passphrase(self, key: bytes, passphrase: str) -> None:
        """Let a passphrase open the store as well."""
        key_file.write(self._path, key_file.with_passphrase(self._content(), key, passphrase))

    def forget(self) -> None:
        """The source keeps the key no longer: the next person at this computer cannot open the store."""
        self._source.forget(self._content())

    def _keep(self, content: KeyFile, key: bytes) -> bytes:
        key_file.write(self._path, self._source.save(content, key))
        return key

    def _content(self) -> KeyFile:
        content = key_file.read(self._path)
        if content is None:
            raise StoreMissing(self._path.name)
        return content


def set_aside(folder: Path) -> Path:
    """Move the folder of a store that cannot be opened out of the way, so that a new one can be made: never deleted.

    Gives the new place. StoreMissing when there is no such folder.
    """
    if not folder.exists():
        raise StoreMissing(folder.name)
    number = 1
    while (place := folder.with_name(f"{folder.name}.set-aside-{number}")).exists():
        number += 1
    folder.rename(place)
    return place
