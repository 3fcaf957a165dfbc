"""The server as a laptop meets it: real process, real socket, real bytes."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import requests
import trustme
import zstandard

from sync.client.http_transport import HttpTransport
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.protocol import version, wire
from sync.protocol.digest import view_digest
from sync.protocol.errors import Failure, LoginExpired, NotOurServer, UpdateNeeded
from sync.protocol.limits import MAX_REQUEST
from sync.protocol.messages import START, Batch, Create, FailureReply, LoginRequest, SyncReply, SyncRequest, Verdict
from sync.protocol.version import CONTENT_TYPE, PROTOCOL, RULES
from tests.integration.server.wire import PASSWORD, Device, device
from tests.integration.server.world import entry, raw
from tests.server_fixture import CommandFailed, RunningServer, SampleCohort, running_server, sample_cohort

ROUTES = [version.SYNC, version.JOIN, version.LOGIN, version.REFRESH, version.LOGOUT, version.PUBLISH, version.RELEASE]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("http")) as made:
        yield made


@pytest.fixture(scope="module")
def sample(server: RunningServer) -> SampleCohort:
    return sample_cohort(server)


@pytest.fixture
def ines(server: RunningServer, sample: SampleCohort) -> Iterator[Device]:
    with device(server, sample.ines) as made:
        yield made


def failure(response: requests.Response) -> FailureReply:
    assert response.headers["content-type"] == CONTENT_TYPE
    return wire.unpack(FailureReply, response.content, 10_000)


def whole() -> SyncRequest:
    return SyncRequest(PROTOCOL, RULES, 7, None, whole=True)


def test_nothing_changed_is_one_request_of_at_most_300_bytes_both_ways(
    server: RunningServer, sample: SampleCohort, ines: Device
) -> None:
    pages = ines.transport.exchange(whole()).pages
    digest = view_digest((page.space, page.cursor) for page in pages)
    port = int(server.address.rpartition(":")[2])
    body = wire.pack(SyncRequest(PROTOCOL, RULES, 2**63 - 1, digest, backup=300))
    head = f"POST /sync HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {ines.session.token}\r\n"
    sent = head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(sent)
        received = line.recv(4096)
        while received.endswith(b"\r\n\r\n"):
            received += line.recv(4096)  # head and body may come in two
    got_head, _, got_body = received.partition(b"\r\n\r\n")
    reply = wire.unpack(SyncReply, got_body, 1000)
    assert (reply.pages, reply.send_whole) == ((), False)
    assert {line.split(b":")[0] for line in got_head.splitlines()[1:]} == {b"content-length", b"content-type"}
    assert len(sent) + len(received) <= 300


@pytest.mark.parametrize("route", ROUTES)
def test_every_failure_says_which_server_it_is_and_no_more(server: RunningServer, route: str) -> None:
    """Attack A52."""
    for body in (b"", b"nonsense", zstandard.compress(b"\x93\x01"), b"\x00" * 3000):
        response = requests.post(server.address + route, data=body, timeout=30)
        told = failure(response)
        assert response.status_code in {400, 401}
        assert told.server == server.id
        assert Failure(told.code) in {Failure.BAD_BATCH, Failure.LOGIN_EXPIRED}


@pytest.mark.parametrize("path", ["/", "/nothing", "/sync/../health/x", "/admin", "/docs"])
def test_an_unknown_address_is_answered_by_this_server_too(server: RunningServer, path: str) -> None:
    response = requests.get(server.address + path, timeout=30)
    assert response.status_code == 404
    assert failure(response).server == server.id


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_and_foreign_pages_get_nothing(server: RunningServer, method: str) -> None:
    """Attacks A50 and A51: no cookies, no CORS, no TRACE."""
    response = requests.request(
        method, server.address + "/sync", headers={"Origin": "https://evil.example"}, timeout=30
    )
    assert response.status_code in {404, 405}
    assert not {name.lower() for name in response.headers} & {
        "set-cookie",
        "access-control-allow-origin",
        "server",
        "date",
    }
    assert b"evil" not in response.content


def test_a_cookie_is_no_login(server: RunningServer, ines: Device) -> None:
    for headers in ({"Cookie": f"token={ines.session.token}"}, {"Authorization": f"Basic {ines.session.token}"}):
        response = requests.post(server.address + "/sync", data=wire.pack(whole()), headers=headers, timeout=30)
        assert response.status_code == 401


@pytest.mark.parametrize(
    "token", ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJpbmVzIn0.", "null", "../../etc/passwd", "' OR 1=1 --"]
)
def test_forged_tokens_are_no_login(server: RunningServer, token: str) -> None:
    """Attack A37: tokens are opaque, there is nothing to forge."""
    headers = {"Authorization": f"Bearer {token}"}
    assert (
        requests.post(server.address + "/sync", data=wire.pack(whole()), headers=headers, timeout=30).status_code == 401
    )


def test_a_bomb_is_refused_before_it_is_unpacked(server: RunningServer, ines: Device) -> None:
    bomb = zstandard.compress(bytes(200 * 1024 * 1024), 19)
    assert len(bomb) < 50_000
    response = ines.post("/sync", bomb)
    assert response.status_code == 400
    assert failure(response).code == Failure.BAD_BATCH


def test_a_body_beyond_the_bound_is_413_while_it_is_read(server: RunningServer, ines: Device) -> None:
    response = ines.post("/sync", bytes(MAX_REQUEST + 1))
    assert response.status_code == 413
    assert failure(response).code == Failure.BAD_BATCH


def test_endless_headers_are_cut_off(server: RunningServer) -> None:
    """Attack A51."""
    port = int(server.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"POST /sync HTTP/1.1\r\nHost: x\r\nX-Long: ")
        answer = b""
        try:
            for _ in range(400):
                line.sendall(b"a" * 4096)
                time.sleep(0.001)
            answer = line.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            answer = b"431"
    assert b"431" in answer
    assert server.health()["status"] == "ok"


@pytest.mark.parametrize(
    "smuggled",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health",
        b"Content-Length: 4\r\nContent-Length: 9\r\n\r\nabcd",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_request_with_two_lengths_is_no_request(server: RunningServer, smuggled: bytes) -> None:
    port = int(server.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"POST /sync HTTP/1.1\r\nHost: x\r\n" + smuggled)
        assert line.recv(100).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("protocol", [0, 2, 99])
def test_another_protocol_is_told_the_span_also_in_a_form_not_known_here(
    server: RunningServer, ines: Device, protocol: int
) -> None:
    """Rule 10, fault F27."""
    for message in ([protocol, 1, 7], [protocol, {"new": "form"}]):
        response = ines.post("/sync", zstandard.compress(msgspec.msgpack.encode(message)))
        told = failure(response)
        assert (response.status_code, told.code) == (426, Failure.UPDATE_NEEDED)
        assert (told.lowest, told.highest) == (version.PROTOCOL_MIN, version.PROTOCOL)


def test_rules_that_are_too_old_are_told_so(ines: Device) -> None:
    with pytest.raises(UpdateNeeded) as found:
        ines.transport.exchange(SyncRequest(PROTOCOL, 0, 7, None))
    assert type(found.value) is UpdateNeeded, "it is the laptop that is older"
    told = failure(ines.post("/sync", wire.pack(SyncRequest(PROTOCOL, 0, 7, None))))
    assert (told.lowest_rules, told.highest_rules) == (version.RULES_MIN, version.RULES)


def test_a_laptop_that_expects_another_server_hears_so_before_anything_else(
    server: RunningServer, ines: Device
) -> None:
    """Fault F21."""
    stranger = HttpTransport(ines.connection, bytes(16), ines.keyring)
    with pytest.raises(NotOurServer):
        stranger.exchange(whole())


def test_an_answer_lost_after_the_commit_is_one_record(
    server: RunningServer, sample: SampleCohort, ines: Device
) -> None:
    """Fault F13: the line is cut before the answer is read, and the push repeated."""
    cohort = spaces.cohort(sample.id)
    made = Create(1, POST.number, b"1" * 16, raw(Post(text="une seule fois")))
    body = wire.pack(SyncRequest(PROTOCOL, RULES, 4711, None, batches=(Batch(cohort, START, (entry(made),)),)))
    port = int(server.address.rpartition(":")[2])
    head = f"POST /sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ines.session.token}\r\n"
    with socket.create_connection(("127.0.0.1", port)) as line:
        before = len(server.requests())
        line.sendall(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        while len(server.requests()) == before:
            time.sleep(0.01)
    reply = ines.transport.exchange(wire.unpack(SyncRequest, body, 10_000))
    assert reply.answers[0].runs[0].verdict is Verdict.DUP
    pages = ines.transport.exchange(whole()).pages
    told = next(page for page in pages if page.space == cohort)
    assert [row.id for row in told.rows].count(made.id) == 1


def test_health_says_versions_and_counts_and_nobody(server: RunningServer, sample: SampleCohort) -> None:
    said = server.health()
    assert said["protocol"] == {"lowest": 1, "highest": 1}
    assert said["people"] >= 4
    text = json.dumps(said, ensure_ascii=False)
    assert not re.search(r"In[eè]s|Karim|Sophie|example\.org|Promotion|Organisme", text)


def test_the_request_log_names_devices_and_no_person(server: RunningServer, ines: Device) -> None:
    """Attack A46."""
    ines.transport.exchange(whole())
    line = server.requests()[-1]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/sync", 200)
    assert line["device"] == ines.session.device.hex()
    logged = server.request_log.read_text("utf-8") + server.errors()
    for secret in (PASSWORD, ines.session.token, ines.session.refresh, "ines@example.org", "Inès"):
        assert secret not in logged


def test_a_wrong_password_over_the_wire_is_one_failure_and_no_more(server: RunningServer, sample: SampleCohort) -> None:
    for login in (sample.karim, "nobody@example.org"):
        body = wire.pack(LoginRequest(PROTOCOL, login, "pas le bon", "x"))
        told = failure(requests.post(server.address + "/login", data=body, timeout=30))
        assert told == FailureReply(server.id, Failure.WRONG_PASSWORD)


def test_a_login_that_ends_in_mid_work_is_renewed_once_and_goes_on(tmp_path: Path) -> None:
    """Fault F19."""
    with running_server(tmp_path, "--token-seconds", "0") as short:
        sample = sample_cohort(short)
        with device(short, sample.ines) as ines:
            with pytest.raises(LoginExpired):
                ines.transport.exchange(whole())
            assert ines.keyring.renewals == 1
            short.stop()
            short.options = ("--token-seconds", "3600")
            short.start()
            ines.connection.close()
            assert ines.transport.exchange(whole()).pages
            assert ines.keyring.renewals == 2
            short.cli("sign-out", sample.ines)
            with pytest.raises(LoginExpired):
                ines.transport.exchange(whole())


def test_a_second_server_on_the_same_folder_is_refused(server: RunningServer) -> None:
    """Rule 13: more workers are refused."""
    second = RunningServer(server.data, id=server.id)
    with pytest.raises(CommandFailed, match="A server runs on this folder already"):
        second.start()


def test_it_speaks_https_with_a_certificate_and_nothing_older_than_tls_1_2(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    certificate, key, root = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "root.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(root)
    with running_server(tmp_path, "--certificate", str(certificate), "--key", str(key)) as secure:
        assert secure.address.startswith("https://")
        said = requests.get(secure.address + "/health", verify=str(root), timeout=30).json()
        assert said["status"] == "ok"
        context = ssl.create_default_context(cafile=str(root))
        with (
            socket.create_connection(("127.0.0.1", secure.port)) as line,
            context.wrap_socket(line, server_hostname="localhost") as tls,
        ):
            assert tls.version() in {"TLSv1.2", "TLSv1.3"}
