"""Attacks A1, A45, A49: the route of files as a stranger meets it. Real process, real socket, real bytes."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from sync.domain import spaces
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.protocol import wire
from sync.protocol.errors import Failure, Refusal
from sync.protocol.limits import MAX_IN_MEMORY
from sync.protocol.messages import START, Batch, Create, FailureReply, Run, SyncRequest, Verdict
from sync.protocol.version import CONTENT_TYPE, FILES, PROTOCOL, RULES
from tests.integration.server.wire import Device, device
from tests.integration.server.world import entry, raw
from tests.server_fixture import RunningServer, SampleCohort, running_server, sample_cohort

CONTENT = bytes(range(256)) * 6000
"""More than one part of those in which the server reads and writes."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("files"), "--quota-mib", "70") as made:
        yield made


@pytest.fixture(scope="module")
def sample(server: RunningServer) -> SampleCohort:
    return sample_cohort(server)


@pytest.fixture(scope="module")
def ines(server: RunningServer, sample: SampleCohort) -> Iterator[Device]:
    with device(server, sample.ines) as made:
        yield made


@pytest.fixture(scope="module")
def karim(server: RunningServer, sample: SampleCohort) -> Iterator[Device]:
    with device(server, sample.karim) as made:
        yield made


def name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(who: Device, content: bytes, name: str | None = None) -> requests.Response:
    return _ask("PUT", who, name or name_of(content), content)


def get(who: Device, name: str, **headers: str) -> requests.Response:
    return _ask("GET", who, name, b"", **headers)


def _ask(method: str, who: Device, name: str, content: bytes, **headers: str) -> requests.Response:
    token = {"Authorization": f"Bearer {who.session.token}"}
    return requests.request(
        method, who.address + FILES + name, data=content, headers=token | headers, timeout=60, allow_redirects=False
    )


def told(response: requests.Response) -> Failure:
    assert response.headers["content-type"] == CONTENT_TYPE
    return Failure(wire.unpack(FailureReply, response.content, 10_000).code)


def post_naming(who: Device, sample: SampleCohort, content: bytes, n: int) -> Run:
    named = Attachment(sha256=hashlib.sha256(content).digest(), name="x.bin", size=len(content))
    made = Create(n, POST.number, bytes(15) + bytes([n]), raw(Post(text="x", files=(named,))))
    batch = Batch(spaces.cohort(sample.id), START, (entry(made),))
    return who.transport.exchange(SyncRequest(PROTOCOL, RULES, who.writer, None, batches=(batch,))).answers[0].runs[0]


def test_a_file_goes_up_and_comes_down_byte_for_byte_and_opens_nowhere(ines: Device) -> None:
    assert put(ines, CONTENT).status_code == 200
    response = get(ines, name_of(CONTENT))
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "content-disposition" not in response.headers
    assert "location" not in response.headers


def test_an_empty_file_is_a_file(ines: Device) -> None:
    assert put(ines, b"").status_code == 200
    assert get(ines, name_of(b"")).content == b""


def test_anothers_file_and_one_that_is_not_there_are_answered_alike(
    server: RunningServer, ines: Device, karim: Device
) -> None:
    put(ines, b"un secret")
    theirs, absent = get(karim, name_of(b"un secret")), get(karim, name_of(b"nothing of that kind"))
    assert (theirs.status_code, theirs.content) == (absent.status_code, absent.content)
    assert dict(theirs.headers) == dict(absent.headers)
    assert told(theirs) is Failure.FILE_MISSING
    assert theirs.status_code == 404


def test_a_reference_over_the_wire_needs_the_right_and_gives_it(
    sample: SampleCohort, ines: Device, karim: Device
) -> None:
    content = b"une piece jointe"
    put(ines, content)
    stolen = post_naming(karim, sample, content, 1)
    assert (stolen.verdict, stolen.refusal) == (Verdict.REFUSED, Refusal.FILE_MISSING)
    assert post_naming(ines, sample, content, 2).verdict is Verdict.ACCEPTED
    assert get(karim, name_of(content)).content == content


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer x", "Basic abc"])
def test_without_a_login_nothing_goes_up_or_down(server: RunningServer, token: str) -> None:
    for method in ("GET", "PUT"):
        response = requests.request(
            method, server.address + FILES + name_of(CONTENT), data=b"x", headers={"Authorization": token}, timeout=30
        )
        assert (response.status_code, told(response)) == (401, Failure.LOGIN_EXPIRED)


def test_bytes_under_another_name_are_refused_and_nobody_reads_them(ines: Device) -> None:
    response = put(ines, b"autre chose", name_of(b"promis"))
    assert (response.status_code, told(response)) == (400, Failure.FILE_DAMAGED)
    for content in (b"promis", b"autre chose"):
        assert get(ines, name_of(content)).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../server.db",
        "..%2fserver.db",
        "%2e%2e/server.secrets",
        "a" * 63,
        "a" * 65,
        "A" * 64,
        "g" * 64,
        "a" * 64 + "%0a",
        "a" * 64 + "%00",
        "incoming/" + "a" * 32,
        "aa/" + "a" * 64,
        "a" * 64 + "/",
        "a" * 64 + "?x=../../etc/passwd",
        "٣" * 64,
    ],
)
def test_only_a_hash_is_a_name(server: RunningServer, ines: Device, name: str) -> None:
    port = int(server.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        path = (FILES + name).encode()
        line.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ")
        line.sendall(ines.session.token.encode() + b"\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := line.recv(65536):
            answer += part
    assert answer.split(b"\r\n")[0].split()[1] in {b"404", b"400"}
    assert b"SQLite" not in answer
    assert put(ines, CONTENT, "x" + name_of(CONTENT)).status_code == 404


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-0,1-1" + ",2-2" * 2000, "bytes=-1", "bytes=5-2", "bytes=1", "bytes= 1-2", "bytes=1-" + "9" * 99, "x=1-2"],
)
def test_ranges_of_other_forms_change_nothing(ines: Device, asked: str) -> None:
    put(ines, CONTENT)
    response = get(ines, name_of(CONTENT), Range=asked)
    assert (response.status_code, response.content) == (200, CONTENT)


def test_one_range_gives_these_bytes_and_says_which(ines: Device) -> None:
    put(ines, CONTENT)
    size = len(CONTENT)
    for asked, first, end in (
        ("0-0", 0, 1),
        (f"{2**20 - 1}-{2**20}", 2**20 - 1, 2**20 + 1),
        (f"{size - 1}-", size - 1, size),
        (f"7-{size + 9}", 7, size),
    ):
        response = get(ines, name_of(CONTENT), Range=f"bytes={asked}")
        assert (response.status_code, response.content) == (206, CONTENT[first:end])
        assert response.headers["content-range"] == f"bytes {first}-{end - 1}/{size}"
    beyond = get(ines, name_of(CONTENT), Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.content, beyond.headers["content-range"]) == (416, b"", f"bytes */{size}")
    whole = get(ines, name_of(CONTENT), Range="bytes=1-2", **{"If-Range": '"x"'})
    assert (whole.status_code, whole.content) == (200, CONTENT)


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH", "OPTIONS"])
def test_files_are_neither_changed_nor_removed(ines: Device, method: str) -> None:
    put(ines, CONTENT)
    assert _ask(method, ines, name_of(CONTENT), b"").status_code in {404, 405}
    assert get(ines, name_of(CONTENT)).content == CONTENT


def test_more_than_a_file_may_hold_is_refused_while_it_is_read(server: RunningServer, ines: Device) -> None:
    response = put(ines, bytes(MAX_IN_MEMORY + 1))
    assert (response.status_code, told(response)) == (413, Failure.FILE_TOO_LARGE)
    assert not list((server.data / "files" / "incoming").iterdir())


def test_beyond_the_quota_of_a_person_nothing_more_is_kept(server: RunningServer, karim: Device) -> None:
    """The server of these tests gives 70 MiB."""
    assert put(karim, bytes(40 * 1024**2)).status_code == 200
    response = put(karim, bytes(31 * 1024**2))
    assert (response.status_code, told(response)) == (413, Failure.FILE_TOO_LARGE)
    assert put(karim, bytes(40 * 1024**2)).status_code == 200, "what is there already takes no more room"


def test_an_upload_that_is_cut_leaves_nothing(server: RunningServer, ines: Device) -> None:
    """Fault F5: power or network goes in mid-file."""
    port = int(server.address.rpartition(":")[2])
    content = b"y" * 100_000
    before = len(server.requests())
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"PUT {FILES}{name_of(content)} HTTP/1.1\r\nHost: x\r\n".encode())
        line.sendall(f"Authorization: Bearer {ines.session.token}\r\nContent-Length: 100000\r\n\r\n".encode())
        line.sendall(content[:50_000])
    while len(server.requests()) == before:
        assert server.process is not None
    assert get(ines, name_of(content)).status_code == 404
    assert not list((server.data / "files" / "incoming").iterdir())


def test_slow_uploads_of_one_person_leave_places_for_the_others(
    server: RunningServer, ines: Device, karim: Device
) -> None:
    """Attack A45: lines that say almost nothing would otherwise hold every place that the server has."""
    port, before = int(server.address.rpartition(":")[2]), len(server.requests())
    with ExitStack() as lines:
        for n in range(4):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            line.sendall(f"PUT {FILES}{name_of(bytes([n]))} HTTP/1.1\r\nHost: x\r\n".encode())
            line.sendall(f"Authorization: Bearer {ines.session.token}\r\nContent-Length: 1000\r\n\r\nx".encode())
        while len(list(server.data.glob("files/incoming/*"))) < 4:
            assert server.process is not None
        response = put(ines, b"one more")
        assert (response.status_code, told(response)) == (429, Failure.BUSY)
        assert put(karim, b"another person").status_code == 200
    while len(server.requests()) < before + 6:
        assert server.process is not None
    assert put(ines, b"one more").status_code == 200


def test_the_request_log_does_not_say_which_file(server: RunningServer, ines: Device) -> None:
    """Attack A46: a hash confirms what somebody has."""
    put(ines, b"intime")
    get(ines, name_of(b"intime"))
    lines = server.requests()[-2:]
    assert [(line["method"], line["path"], line["up"] + line["down"] > 0) for line in lines] == [
        ("PUT", FILES, True),
        ("GET", FILES, True),
    ]
    assert name_of(b"intime") not in server.request_log.read_text("utf-8")


def test_who_was_signed_out_or_left_reads_nothing_more(
    server: RunningServer, sample: SampleCohort, ines: Device
) -> None:
    content = b"avant de partir"
    put(ines, content)
    assert post_naming(ines, sample, content, 3).verdict is Verdict.ACCEPTED
    with device(server, sample.sophie) as sophie:
        assert get(sophie, name_of(content)).content == content
        server.unenrol(sample.id, sample.sophie)
        assert get(sophie, name_of(content)).status_code == 404
        server.cli("sign-out", sample.sophie)
        assert get(sophie, name_of(content)).status_code == 401
