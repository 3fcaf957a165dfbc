"""A real S3-compatible store: Debian's OpenStack Swift with its S3 interface, one node in a folder, four processes.

`apt-get install swift-proxy swift-account swift-container swift-object` brings it.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import pwd
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.utils import formatdate
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

import requests

_SECONDS_TO_START = 30
_SECONDS_TO_END = 10
_BACKENDS = ("account", "container", "object")
_PIPELINE = "catch_errors cache s3api tempauth slo proxy-server"


class Swift(NamedTuple):
    """Where it answers, and the key of its one user; the bucket is there and empty."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str


@contextmanager
def swift(folder: Path) -> Iterator[Swift]:
    """Make a node in a folder and run it for the time of a block."""
    ports = _free_ports(len(_BACKENDS) + 1)
    secret = token_hex(16)
    _write(folder, ports, secret)
    made = Swift(f"http://127.0.0.1:{ports[-1]}", "spoc", "spoc:tester", secret)
    with ExitStack() as stack:
        for name in (*_BACKENDS, "proxy"):
            stack.enter_context(_running(folder, name))
        _make_bucket(made)
        yield made


def _make_bucket(made: Swift) -> None:
    """The bucket is a container: S3 clients make theirs with one empty PUT, signed as every request."""
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            _put_container(made)
        except (OSError, RuntimeError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _put_container(made: Swift) -> None:
    date = formatdate(usegmt=True)
    said = f"PUT\n\n\n{date}\n/{made.bucket}".encode()
    signed = b64encode(hmac.digest(made.secret_key.encode(), said, "sha1")).decode()
    headers = {"Date": date, "Authorization": f"AWS {made.access_key}:{signed}"}
    done = requests.put(f"{made.endpoint}/{made.bucket}", headers=headers, timeout=5)
    if not done.ok:
        raise RuntimeError(done.text)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in held]


def _write(folder: Path, ports: list[int], secret: str) -> None:
    """The node's settings, its rings of one device each, its disk."""
    (folder / "swift.conf").write_text(
        f"[swift-hash]\nswift_hash_path_suffix = {token_hex(8)}\nswift_hash_path_prefix = {token_hex(8)}\n"
        "[storage-policy:0]\nname = only\ndefault = yes\n"
    )
    (folder / "disks" / "d1").mkdir(parents=True)
    common = f"swift_dir = {folder}\nbind_ip = 127.0.0.1\nworkers = 0\nuser = {_account()}\nlog_level = ERROR\n"
    for name, port in zip(_BACKENDS, ports, strict=False):
        _ring(folder, name, port)
        (folder / f"{name}.conf").write_text(
            f"[DEFAULT]\n{common}bind_port = {port}\ndevices = {folder / 'disks'}\nmount_check = false\n"
            f"[pipeline:main]\npipeline = {name}-server\n"
            f"[app:{name}-server]\nuse = egg:swift#{name}\n"
        )
    (folder / "proxy.conf").write_text(
        f"[DEFAULT]\n{common}bind_port = {ports[-1]}\n"
        f"[pipeline:main]\npipeline = {_PIPELINE}\n"
        "[app:proxy-server]\nuse = egg:swift#proxy\nallow_account_management = true\naccount_autocreate = true\n"
        f"[filter:tempauth]\nuse = egg:swift#tempauth\nuser_spoc_tester = {secret} .admin\n"
        "[filter:s3api]\nuse = egg:swift#s3api\ns3_acl = false\nlocation = us-east-1\n"
        "[filter:slo]\nuse = egg:swift#slo\n"
        "[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = 127.0.0.1:1\n"
        "[filter:catch_errors]\nuse = egg:swift#catch_errors\n"
    )


def _ring(folder: Path, name: str, port: int) -> None:
    builder = str(folder / f"{name}.builder")
    for words in (("create", "4", "1", "1"), ("add", f"r1z1-127.0.0.1:{port}/d1", "1"), ("rebalance",)):
        done = subprocess.run(("swift-ring-builder", builder, *words), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def _account() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


@contextmanager
def _running(folder: Path, name: str) -> Iterator[None]:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen((f"swift-{name}-server", str(folder / f"{name}.conf")), stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS_TO_END)
            process.kill()
            process.wait()
