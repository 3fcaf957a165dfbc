"""What the server is told at start, and its secrets, which lie beside the database and never in it.

A copy of the database alone gives nobody the keys that seal cursors and derive editions' ids.
"""

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sync.server.limits import Limits

DATABASE = "server.db"
SECRETS = "server.secrets"
LOCK = "serve.lock"
WOKEN = "woken.jsonl"
ADDRESS = "server.database"
ADDRESS_VARIABLE = "SPOC_DATABASE"
"""The variable that names the database where the file in the folder does not, or names another."""
SQLITE = "sqlite"
RECOVERY = "recovery-private-key.pem"
_KEY = 32


class NotInitialised(Exception):
    """The folder holds no server: `init` was not run there."""


class AlreadyInitialised(Exception):
    """The folder holds a server already."""


class TooOpen(Exception):
    """Others of this computer may read the secrets: the server refuses to start (attack A53)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server runs. Times in milliseconds."""

    data: Path
    access_ms: int = 3_600_000
    refresh_ms: int = 180 * 86_400_000
    invitation_ms: int = 14 * 86_400_000
    in_flight: int = 200
    """Requests at work or waiting: beyond, laptops are asked to come back (429)."""
    waiting: int = 10_000
    """Laptops that wait for something new (live pull): beyond, they are answered at once."""
    quota: int = 10 * 1024**3
    """Bytes of files that one person may send in all: beyond, 413 (attack A45)."""
    requests_a_minute: int = 30_000
    """Requests that one person, and one address, may make a minute in a process, 0 for no bound: beyond, 429."""
    joins_a_minute: int = 120
    """How often one address may try to join or to sign in a minute, right or wrong."""
    metrics_token: str = ""
    """With it anybody may read `/metrics`; without one, this computer may."""
    metrics_open: bool = False
    """Whether everybody may."""
    entries_a_day: int = 500_000
    """Entries that one person may push a day, 0 for no bound: beyond, laptops are asked to come back (429)."""
    record_bytes: int = 2 * 1024**3
    """Bytes of records that one person may store in all, 0 for no bound: beyond, an entry is refused OVER_QUOTA."""

    @property
    def database(self) -> Path:
        """The file that holds everything but the secrets."""
        return self.data / DATABASE

    @property
    def limits(self) -> Limits:
        """What everybody may send for whom IT allowed nothing else."""
        return Limits(self.entries_a_day, self.record_bytes, self.quota)


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """The server's identity and keys. `recovery` is the organisation's public X25519 key (rule 15)."""

    server: bytes
    seal: bytes
    publish: bytes
    recovery: bytes


def read_private(path: Path) -> str:
    """The text of a file with a secret. TooOpen when another account of this computer could read it."""
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise TooOpen(f"chmod go-rwx {path}")
    return path.read_text("utf-8").strip()


def write_secrets(data: Path) -> Secrets:
    """Make a new server's secrets; the private half of the recovery key is written once, for IT to keep apart."""
    if (data / SECRETS).exists():
        raise AlreadyInitialised(str(data))
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = X25519PrivateKey.generate()
    secrets = Secrets(
        server=token_bytes(16),
        seal=token_bytes(_KEY),
        publish=token_bytes(_KEY),
        recovery=private.public_key().public_bytes_raw(),
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(data / RECOVERY, pem)
    write_private(data / SECRETS, msgspec.json.encode(secrets))
    return secrets


def read_secrets(data: Path) -> Secrets:
    """The secrets of a server. TooOpen when another account of this computer could read them."""
    path = data / SECRETS
    if not path.exists():
        raise NotInitialised(str(data))
    if sys.platform != "win32":
        for each in (path, data):
            if stat.S_IMODE(each.stat().st_mode) & 0o077:
                raise TooOpen(f"chmod go-rwx {each}")
    return msgspec.json.decode(path.read_bytes(), type=Secrets)


def read_address(data: Path) -> str:
    """The address of a PostgreSQL database, empty for the folder's own file. It may hold a password: never print it."""
    told = os.environ.get(ADDRESS_VARIABLE, "")
    path = data / ADDRESS
    if not told and path.exists():
        told = path.read_text("utf-8").strip()
    return "" if told == SQLITE else told


def write_address(data: Path, address: str) -> None:
    """Remember the database's address beside the secrets, for this account alone to read; empty: the folder's file."""
    path = data / ADDRESS
    path.unlink(missing_ok=True)
    if address not in ("", SQLITE):
        write_private(path, address.encode())


def write_private(path: Path, content: bytes) -> None:
    """Write a new file with a secret, for this account alone to read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
