"""Files in an S3-compatible object store: Amazon's, MinIO, Ceph, Swift, or whatever speaks it, through `obstore`.

What arrives is staged on this computer's disk, checked there, and put into the store whole: until it is in the store
nothing says that it is there. A store that does not answer is said as Busy: laptops come back, nothing is lost.
"""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore import exceptions
from obstore.store import S3Store

from sync.protocol.errors import Busy
from sync.server.storage.bucket import Bucket
from sync.server.storage.depot import Depot

if TYPE_CHECKING:
    from obstore.store import S3Config

_COME_BACK_S = 30.0
_TIMEOUT = "60s"
_RETRIES = 3


class S3Depot(Depot):
    """Files in a bucket, under the same names as in a folder."""

    is_remote = True

    def __init__(self, staging: Path, bucket: Bucket) -> None:
        super().__init__(staging)
        config: S3Config = {"region": bucket.region, "virtual_hosted_style_request": not bucket.endpoint}
        if bucket.endpoint:
            config["endpoint"] = bucket.endpoint
        if bucket.access_key:
            config["access_key_id"], config["secret_access_key"] = bucket.access_key, bucket.secret_key
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config=config,
            client_options={"allow_http": bucket.endpoint.startswith("http://"), "timeout": _TIMEOUT},
            retry_config={"max_retries": _RETRIES},
        )

    def has(self, sha256: bytes, size: int) -> bool:
        """Whether a file of that name and size is there."""
        try:
            with _answering():
                return int(obstore.head(self._store, _name(sha256))["size"]) == size
        except FileNotFoundError:
            return False

    def read(self, sha256: bytes, offset: int, size: int) -> bytes:
        """At most so many bytes of a file from a place before its end on."""
        if not size:
            return b""
        with _answering():
            return bytes(obstore.get_range(self._store, _name(sha256), start=offset, length=size))

    def put(self, path: Path, sha256: bytes) -> None:
        """Put a checked file into the store, large ones in several parts; it leaves the disk when the store has it."""
        size = path.stat().st_size
        with _answering():
            obstore.put(self._store, _name(sha256), path if size else b"")
        if not self.has(sha256, size):
            raise Busy(_COME_BACK_S, "the store of files does not have what it took")
        path.unlink()

    def remove(self, sha256: bytes) -> None:
        """Take a file out of the store."""
        with contextlib.suppress(FileNotFoundError), _answering():
            obstore.delete(self._store, _name(sha256))


def _name(sha256: bytes) -> str:
    name = sha256.hex()
    return f"{name[:2]}/{name}"


@contextmanager
def _answering() -> Iterator[None]:
    """FileNotFoundError for what is not there; Busy for a store that fails, without its words, which hold addresses."""
    try:
        yield
    except (exceptions.NotFoundError, FileNotFoundError) as error:
        raise FileNotFoundError from error
    except exceptions.BaseError as error:
        raise Busy(_COME_BACK_S, f"the store of files: {type(error).__name__}") from error
