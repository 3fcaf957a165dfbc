"""Attack A46: nothing that names a person, and nothing that lets anybody in, comes out of the server's output."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import requests

from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer
from sync.protocol import version
from tests.server_fixture import RunningServer, running_server, sample_cohort

NAME, LOGIN = "Canarina Serinova", "canarina.serinova@example.org"
PASSWORD, TEXT = "motdepasse-canari-7291", "texte-canari-4410"


def written(server: RunningServer) -> dict[str, str]:
    """All that the server has put out: its log, and the lines of its requests."""
    return {"log": server.errors(), "requests": server.request_log.read_text("utf-8")}


def test_no_name_address_password_token_or_text_stands_in_what_the_server_writes(tmp_path: Path) -> None:
    with running_server(tmp_path, "--log-format", "json") as server:
        sample_cohort(server)
        server.add_person(NAME, LOGIN)
        code = server.invite(LOGIN)
        with closing(HttpConnection(server.address)) as connection:
            token = HttpServer(connection).join(code, PASSWORD, "le portable").token
        for path in (f"/people/{LOGIN}", f"/files/{TEXT}", f"/sync?name={TEXT}"):
            requests.get(server.address + path, timeout=10)
        wrong = {"Authorization": f"Bearer {token}-{TEXT}"}
        requests.post(server.address + version.SYNC, data=TEXT.encode(), headers=wrong, timeout=10)
        login = json.dumps([1, LOGIN, f"{PASSWORD}-wrong", TEXT])
        as_json = {"Content-Type": "application/json"}
        requests.post(server.address + version.LOGIN, data=login, headers=as_json, timeout=10)
        server.cli("person", "block", LOGIN)
        found = written(server)
    canaries = (*NAME.split(), LOGIN, PASSWORD, TEXT, code, code.replace("-", ""), token, "127.0.0.1")
    for where, text in found.items():
        assert [canary for canary in canaries if canary.lower() in text.lower()] == [], where
    assert len(found["requests"].splitlines()) >= 5, "requests were written down"
    for line in found["log"].splitlines():
        json.loads(line)
