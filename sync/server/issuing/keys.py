"""The issuer's key: Ed25519, in a file of its own beside the secrets, never in the database.

`init` makes it; a server that was made before there were certificates makes it when it is first asked for. IT keeps a
copy: with another key, laptops that know the first do not recognise what is issued.
"""

import os
import stat
import sys
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sync.server.settings import TooOpen

ISSUER = "issuer-private-key.pem"


class WrongKey(ValueError):
    """The issuer's key file holds no Ed25519 key."""


def issuer(data: Path) -> Ed25519PrivateKey:
    """The key of a server's folder, made when there is none. TooOpen when others of this computer may read it."""
    path = data / ISSUER
    if not path.exists():
        _make(path)
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise TooOpen(f"chmod go-rwx {path}")
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except ValueError as error:
        raise WrongKey(str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongKey(str(path))
    return key


def _make(path: Path) -> None:
    """Write a new key whole or not at all; who comes second takes the first one's."""
    passing = path.with_name(f"{path.name}.{token_hex(8)}")
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(passing, path)
    except FileExistsError:
        return
    finally:
        passing.unlink(missing_ok=True)
