"""Where a server keeps its files: in the folder beside its database, or in an S3-compatible store that IT names.

`server.files`, which this account alone may read, holds the address in its first line and the two keys in the next; the
variables SPOC_FILES, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY come before it. No key stands in an address.
"""

import os
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.server.settings import DATABASE, read_private, write_private
from sync.server.storage.bucket import BadFilesAddress, bucket_at
from sync.server.storage.depot import Depot, depot_beside

FILES_AT = "server.files"
VARIABLE = "SPOC_FILES"
FOLDER = "folder"
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def open_depot(data: Path, address: str | None = None) -> Depot:
    """The files of a server, or those at another address. BadFilesAddress, TooOpen."""
    lines = _lines(data)
    told = os.environ.get(VARIABLE, lines[0]) if address is None else address
    beside = depot_beside(data / DATABASE)
    if told in ("", FOLDER):
        return beside
    from sync.server.storage.depot_s3 import S3Depot  # the library loads only where it is used

    access, secret = (os.environ.get(name, line) for name, line in zip(_KEYS, lines[1:], strict=True))
    return S3Depot(beside.staging, bucket_at(told, access, secret))


def try_out(depot: Depot) -> None:
    """See that a store is there and that these keys open it, by a small file that goes again. BadFilesAddress, Busy."""
    if not depot.is_remote:
        return
    content = os.urandom(32)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "probe"
        path.write_bytes(content)
        try:
            depot.put(path, sha256(content).digest())
        except FileNotFoundError:
            raise BadFilesAddress("the store answers, but has no bucket of this name") from None
    depot.remove(sha256(content).digest())


def write_files_setting(data: Path, address: str) -> None:
    """Remember the address, and the keys of the environment beside it; "folder": the folder's own files."""
    path = data / FILES_AT
    keys = [os.environ.get(name, line) for name, line in zip(_KEYS, _lines(data)[1:], strict=True)]
    path.unlink(missing_ok=True)
    if address not in ("", FOLDER):
        write_private(path, "\n".join([address, *keys]).encode())


def _lines(data: Path) -> list[str]:
    """Address, access key, secret key; empty where nothing is said."""
    path = data / FILES_AT
    if not path.exists():
        return ["", "", ""]
    lines = read_private(path).splitlines()
    return [line.strip() for line in (*lines, "", "", "")[:3]]
