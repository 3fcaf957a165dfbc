"""Changing the server's keys: what was sealed before is still believed, so that no laptop compares everything anew.

The publishing key only derives ids and the issuer's key vouches for certificates for years: neither is changed here
(decision 0025).
"""

import os
from contextlib import closing
from pathlib import Path
from secrets import token_bytes, token_hex

import msgspec

from sync.protocol.digest import SEAL_KEY
from sync.server.core import open_database
from sync.server.settings import SECRETS, Secrets, read_secrets

KEPT = 8
"""Keys in the ring: the one that seals, and those before it."""


def change_seal_key(data: Path, *, forget: bool = False) -> int:
    """Seal cursors with a new key from the next start on; how many keys are believed afterwards.

    `forget`: the keys before are believed no more, because somebody else has them: each laptop compares all that it
    has once, and loses nothing. The server must be stopped. NotInitialised, TooOpen, AlreadyServing.
    """
    with closing(open_database(data)) as database, database.replaced():
        secrets = read_secrets(data)
        before = b"" if forget else secrets.seal[: (KEPT - 1) * SEAL_KEY]
        ring = token_bytes(SEAL_KEY) + before
        _replace(data / SECRETS, msgspec.structs.replace(secrets, seal=ring))
    return len(ring) // SEAL_KEY


def _replace(path: Path, secrets: Secrets) -> None:
    """Old or new, never half: the file is all that opens the server."""
    passing = path.with_name(f"{path.name}.{token_hex(8)}")
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(secrets))
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
