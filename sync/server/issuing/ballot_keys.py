"""The keys of ballots: one RSA key a call, each in a file beside the secrets and never in the database.

It is made when a call arrives and goes when the call is over: from then on nobody can make a ballot of it.
"""

import os
import re
import stat
import sys
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from sync.protocol.blind import KEY_BITS
from sync.server.settings import TooOpen

FOLDER = "ballots"
_EXPONENT = 65_537
_NAME = re.compile(r"([0-9a-f]{32})\.pem")


def make(data: Path, call: bytes) -> RSAPrivateKey:
    """The key of a call, made when there is none; who comes second takes the first one's."""
    found = find(data, call)
    if found is not None:
        return found
    path = _path(data, call)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    key = rsa.generate_private_key(_EXPONENT, KEY_BITS)
    passing = path.with_name(f"{path.name}.{token_hex(8)}")
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        os.link(passing, path)
    except FileExistsError:
        return make(data, call)
    finally:
        passing.unlink(missing_ok=True)
    return key


def find(data: Path, call: bytes) -> RSAPrivateKey | None:
    """The key of a call, None when it is over or never came. TooOpen when others of this computer may read it."""
    path = _path(data, call)
    if not path.exists():
        return None
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise TooOpen(f"chmod go-rwx {path}")
    key = load_pem_private_key(path.read_bytes(), None)
    return key if isinstance(key, RSAPrivateKey) else None


def kept(data: Path) -> set[bytes]:
    """The calls of which a key is here, or what a kill in making it left."""
    names = (_NAME.match(path.name) for path in (data / FOLDER).glob("*"))
    return {bytes.fromhex(name[1]) for name in names if name is not None}


def forget(data: Path, call: bytes) -> None:
    """The call is over: nothing of its key stays."""
    for path in (data / FOLDER).glob(f"{_path(data, call).name}*"):
        path.unlink(missing_ok=True)


def _path(data: Path, call: bytes) -> Path:
    return data / FOLDER / f"{call.hex()}.pem"
