"""Where the store's raw key is kept between two starts: this computer's keyring, or a passphrase (protocol rule 15)."""

import os
from typing import TYPE_CHECKING, Final, Protocol

from spoc_desktop.storage import key_file
from spoc_desktop.storage.errors import KeyringUnusable
from spoc_desktop.storage.key_file import KeyFile

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE: Final = "spoc-desktop"
_ENCRYPTING: Final = frozenset(
    {
        "keyring.backends.macOS",
        "keyring.backends.Windows",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)
"""Keyrings that keep secrets encrypted under the person's login. Others (keyrings.alt, null, fail) are not used."""


class KeySource(Protocol):
    """Keeps one key for each store. Every method may raise KeyringUnusable."""

    def load(self, content: KeyFile) -> bytes | None:
        """The key kept for this store, None when there is none. WrongPassphrase."""

    def save(self, content: KeyFile, key: bytes) -> KeyFile:
        """Keep a key; gives the key file's content, with a wrapping more where the key is kept in it."""

    def forget(self, content: KeyFile) -> None:
        """Keep this store's key no longer."""


class KeyringSource:
    """The computer's keyring. It is imported at the first call: the window is painted by then."""

    def __init__(self, backend: "KeyringBackend | None" = None) -> None:
        self._backend = backend

    def load(self, content: KeyFile) -> bytes | None:
        """The key kept for this store, None when there is none or when it is no key."""
        from keyring.errors import KeyringError

        try:
            kept = self._keyring().get_password(SERVICE, _account(content))
            return None if kept is None else bytes.fromhex(kept)
        except KeyringError as error:
            raise KeyringUnusable(type(error).__name__) from error
        except ValueError:
            return None

    def save(self, content: KeyFile, key: bytes) -> KeyFile:
        """Keep a key."""
        from keyring.errors import KeyringError

        try:
            self._keyring().set_password(SERVICE, _account(content), key.hex())
        except KeyringError as error:
            raise KeyringUnusable(type(error).__name__) from error
        return content

    def forget(self, content: KeyFile) -> None:
        """Keep this store's key no longer."""
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            self._keyring().delete_password(SERVICE, _account(content))
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise KeyringUnusable(type(error).__name__) from error

    def _keyring(self) -> "KeyringBackend":
        if self._backend is None:
            self._backend = _encrypting_keyring()
        return self._backend


class PassphraseSource:
    """A passphrase in a person's head, or handed down a pipe: the key stands wrapped in the key file."""

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase

    def load(self, content: KeyFile) -> bytes | None:
        """The key, None when the file was never wrapped to a passphrase. WrongPassphrase."""
        return None if content.passphrase is None else key_file.by_passphrase(content, self._passphrase)

    def save(self, content: KeyFile, key: bytes) -> KeyFile:
        """Wrap the key to the passphrase."""
        return key_file.with_passphrase(content, key, self._passphrase)

    def forget(self, content: KeyFile) -> None:
        """A passphrase is kept nowhere."""


def passphrase_from(descriptor: int) -> str:
    """The passphrase that whoever started this program wrote into an inherited pipe; the pipe is closed."""
    with os.fdopen(descriptor, "r", encoding="utf-8") as pipe:
        return pipe.read().rstrip("\r\n")


def _account(content: KeyFile) -> str:
    return f"{content.server.hex()}:{content.person.hex()}"


def _encrypting_keyring() -> "KeyringBackend":
    """This computer's keyring, or the first one of a chain, that keeps secrets encrypted. KeyringUnusable."""
    import keyring

    chosen = keyring.get_keyring()
    for backend in getattr(chosen, "backends", [chosen]):
        if type(backend).__module__ in _ENCRYPTING:
            found: KeyringBackend = backend
            return found
    raise KeyringUnusable(type(chosen).__module__)
