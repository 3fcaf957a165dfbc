"""The file beside a store that holds its key, wrapped: to a passphrase, a recovery code, the organisation (rule 15).

Each wrapping opens the store alone; none gives the key away. ChaCha20-Poly1305 seals it, bound to server and person.
"""

import hmac
import os
from pathlib import Path
from typing import Final

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from spoc_desktop.storage import errors, recovery_code
from spoc_desktop.storage.disk import write_private
from spoc_desktop.storage.engine import KEY_BYTES, key_check

_SALT: Final = 16
_NONCE: Final = 12
_PASSES: Final = 3
_MEMORY_KIB: Final = 64 * 1024
_MOST_PASSES: Final = 64
_MOST_MEMORY_KIB: Final = 1024 * 1024


class ByPassphrase(msgspec.Struct, frozen=True):
    """The key under Argon2id of a passphrase."""

    salt: bytes
    passes: int
    memory: int
    sealed: bytes


class ByCode(msgspec.Struct, frozen=True):
    """The key under the recovery code: random enough to need no slow derivation."""

    salt: bytes
    sealed: bytes


class ByOrganisation(msgspec.Struct, frozen=True):
    """The key sealed to the organisation's public X25519 key, with the public half of a key used once."""

    public: bytes
    once: bytes
    sealed: bytes


class KeyFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands in the file. `check` tells the right key from a wrong one."""

    server: bytes
    person: bytes
    check: bytes
    passphrase: ByPassphrase | None = None
    code: ByCode | None = None
    organisation: ByOrganisation | None = None

    @property
    def bound_to(self) -> bytes:
        """What a wrapping is bound to: copied beside another store it opens nothing."""
        return b"spoc key" + self.server + self.person

    def is_key(self, key: bytes) -> bool:
        """Whether this is the store's key."""
        return len(key) == KEY_BYTES and hmac.compare_digest(self.check, key_check(key))


def new(server: bytes, person: bytes, key: bytes) -> KeyFile:
    """A file's content without any wrapping yet."""
    return KeyFile(server, person, key_check(key))


def read(path: Path) -> KeyFile | None:
    """The file's content, None when there is no file. KeyFileDamaged when it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise errors.KeyFileDamaged(type(error).__name__) from error


def write(path: Path, content: KeyFile) -> None:
    """Write the file, whole or not at all, readable by this person alone."""
    write_private(path, msgspec.json.encode(content))


def with_passphrase(content: KeyFile, key: bytes, passphrase: str) -> KeyFile:
    """Wrap the key to a passphrase as well."""
    salt = os.urandom(_SALT)
    under = _of_passphrase(passphrase, salt, _PASSES, _MEMORY_KIB)
    wrapped = ByPassphrase(salt, _PASSES, _MEMORY_KIB, _seal(under, key, content.bound_to))
    return msgspec.structs.replace(content, passphrase=wrapped)


def with_code(content: KeyFile, key: bytes, code: str) -> KeyFile:
    """Wrap the key to a recovery code as well; an earlier code opens nothing any more."""
    salt = os.urandom(_SALT)
    under = _derived(recovery_code.secret_of(code), salt, b"spoc recovery code")
    return msgspec.structs.replace(content, code=ByCode(salt, _seal(under, key, content.bound_to)))


def with_organisation(content: KeyFile, key: bytes, public: bytes) -> KeyFile:
    """Wrap the key to the organisation's recovery key as well; nobody on this computer can open that wrapping."""
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    under = _derived(once.exchange(X25519PublicKey.from_public_bytes(public)), mine + public, b"spoc organisation")
    wrapped = ByOrganisation(public, mine, _seal(under, key, content.bound_to))
    return msgspec.structs.replace(content, organisation=wrapped)


def by_passphrase(content: KeyFile, passphrase: str) -> bytes:
    """The key. WrongPassphrase."""
    wrapped = content.passphrase
    if wrapped is None:
        raise errors.WrongPassphrase
    if not (0 < wrapped.passes <= _MOST_PASSES and 0 < wrapped.memory <= _MOST_MEMORY_KIB):
        raise errors.KeyFileDamaged
    under = _of_passphrase(passphrase, wrapped.salt, wrapped.passes, wrapped.memory)
    return _open(content, under, wrapped.sealed, errors.WrongPassphrase())


def by_code(content: KeyFile, code: str) -> bytes:
    """The key. MistypedRecoveryCode, WrongRecoveryCode."""
    secret = recovery_code.secret_of(code)
    if content.code is None:
        raise errors.WrongRecoveryCode
    under = _derived(secret, content.code.salt, b"spoc recovery code")
    return _open(content, under, content.code.sealed, errors.WrongRecoveryCode())


def by_organisation(content: KeyFile, private: bytes) -> bytes:
    """The key, opened by IT with the organisation's private recovery key. KeyLost when it is another organisation's."""
    wrapped = content.organisation
    if wrapped is None:
        raise errors.KeyLost
    shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(wrapped.once))
    under = _derived(shared, wrapped.once + wrapped.public, b"spoc organisation")
    return _open(content, under, wrapped.sealed, errors.KeyLost())


def _of_passphrase(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    return hash_secret_raw(
        passphrase.encode(), salt, time_cost=passes, memory_cost=memory, parallelism=1, hash_len=KEY_BYTES, type=Type.ID
    )


def _derived(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(secret)


def _seal(under: bytes, key: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(under).encrypt(nonce, key, bound_to)


def _open(content: KeyFile, under: bytes, sealed: bytes, otherwise: errors.StoreError) -> bytes:
    try:
        key = ChaCha20Poly1305(under).decrypt(sealed[:_NONCE], sealed[_NONCE:], content.bound_to)
    except InvalidTag:
        raise otherwise from None
    if not content.is_key(key):
        raise errors.KeyFileDamaged
    return key
