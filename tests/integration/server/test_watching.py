"""What IT's monitoring sees: figures, logs, and who is told to wait."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, func, select
from starlette.types import Message, Receive, Scope, Send

from sync.domain.spaces import SpaceType
from sync.protocol import version, wire
from sync.protocol.errors import Busy, Failure
from sync.protocol.messages import FailureReply, JoinRequest, SyncRequest
from sync.server.accounts.rates import Rate
from sync.server.accounts.signing_in import Gate
from sync.server.core import Core
from sync.server.logs import Format, configure, request_id
from sync.server.settings import Settings
from sync.server.storage.schema import log
from sync.server.web.doorway import Doorway
from sync.server.web.health import health
from tests.integration.server.world import World
from tests.server_fixture import CommandFailed, RunningServer, new_server, running_server, sample_cohort

TOKEN = "a long token that monitoring has"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("watched")
    token = folder / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with running_server(folder, "--metrics-token-file", str(token), "--log-format", "json") as made:
        sample_cohort(made)
        yield made


def page(server: RunningServer, token: str = TOKEN) -> requests.Response:
    """What monitoring reads."""
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(server.address + version.METRICS, headers=headers, timeout=10)


def figures(server: RunningServer) -> dict[str, float]:
    return {
        f"{sample.name}{json.dumps(sample.labels, sort_keys=True) if sample.labels else ''}": sample.value
        for family in text_string_to_metric_families(page(server).text)
        for sample in family.samples
    }


def test_what_everybody_may_ask_without_a_login_reads_no_record(world: World) -> None:
    laptop = world.laptop("ines")
    laptop.push(world.space(SpaceType.COHORT), laptop.post("un"), laptop.post("deux"))
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with world.core.reading() as connection:
        rows = connection.execute(select(func.count()).select_from(log)).scalar_one()
        event.listen(connection.engine, "before_cursor_execute", hear)
    assert health(world.core)["rows"] == rows > 2
    assert asked
    assert [statement for statement in asked if " log" in statement] == []


def test_what_laptops_had_no_room_for_before_a_backup_is_added_up_for_monitoring(world: World) -> None:
    """Rule 1: each tells its number again and again; it counts once."""
    for login, told in (("ines", 3), ("karim", 2)):
        laptop = world.laptop(login)
        for number in (1, told, told):
            laptop.exchange(SyncRequest(version.PROTOCOL, version.RULES, laptop.writer, uncovered=number))
    assert health(world.core)["incidents"]["uncovered"] == 5
    assert health(world.core)["incidents"]["all"] == 2


def test_the_figures_say_how_the_server_stands(server: RunningServer) -> None:
    found = figures(server)
    assert found["spoc_people"] == 4
    assert found["spoc_backup_age_seconds"] == -1
    assert found["spoc_database_bytes"] > 10_000
    assert {"spoc_laptops_waiting", "spoc_writer_queue", "spoc_mail_oldest_seconds", "spoc_rows"} <= set(found)


def test_an_answered_request_is_counted_by_route_and_status_and_never_by_what_was_typed(server: RunningServer) -> None:
    requests.post(server.address + "/join", data=b"no message", timeout=10)
    requests.get(server.address + "/people/ines@example.org", timeout=10)
    found = figures(server)
    assert found['spoc_requests_total{"route": "/join", "status": "400"}'] >= 1
    assert found['spoc_requests_total{"route": "other", "status": "404"}'] >= 1
    assert not any("ines" in name for name in found)


def test_the_figures_are_for_who_has_the_token(server: RunningServer) -> None:
    assert page(server, "another token").status_code == 404, "it is not even said that there are figures"


def test_a_reply_that_failed_names_the_request_as_the_log_does(server: RunningServer) -> None:
    refused = requests.post(server.address + "/join", data=b"no message", timeout=10)
    assert refused.headers["X-Request-Id"] in {line["request"] for line in server.requests()}


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the root logger writes as lines of JSON; the loggers are as they were afterwards."""
    root, ours, text = logging.getLogger(), logging.getLogger("sync.server"), io.StringIO()
    before = (root.handlers[:], root.level, ours.level)
    configure(Format.JSON)
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(text)
    yield text
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


@pytest.mark.allows_warnings
def test_a_line_of_the_log_has_the_request_and_nothing_that_an_error_quotes(logged: io.StringIO) -> None:
    """Attack A46."""

    def fail() -> None:
        raise ValueError("ines@example.org is in the row")

    given = request_id.set("cafe0123")
    try:
        fail()
    except ValueError:
        logging.getLogger("sync.server").exception("fault")
    finally:
        request_id.reset(given)
    line: dict[str, Any] = json.loads(logged.getvalue())
    assert (line["request"], line["level"], line["message"], line["error"][0]) == (
        "cafe0123",
        "error",
        "fault",
        "ValueError",
    )
    assert any("test_watching.py" in place for place in line["error"])
    assert "ines" not in logged.getvalue()


def test_a_person_who_asks_too_often_is_told_when_to_come_back_and_others_are_not(world: World) -> None:
    world.core.close()
    world.core = Core(Settings(world.data, requests_a_minute=3), lambda: world.now, world.chance)
    world.administration = type(world.administration)(world.core)
    gate = Gate(world.core)
    ines, karim = (
        gate.join(JoinRequest(1, world.administration.invite(who), "un mot de passe bien long", "laptop"), "host")
        for who in ("ines", "karim")
    )
    for _ in range(3):
        gate.caller(ines.token)
    with pytest.raises(Busy) as asked:
        gate.caller(ines.token)
    assert 1 <= asked.value.retry_after <= 60
    gate.caller(karim.token)


def asked_from(core: Core, host: str, path: str, times: int) -> list[tuple[int, dict[str, str], bytes]]:
    """What a visitor from an address gets, time after time."""
    replies: list[tuple[int, dict[str, str], bytes]] = []

    async def inside(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def nothing() -> Message:
        return {"type": "http.request", "body": b""}

    async def ask() -> None:
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        await doorway({"type": "http", "path": path, "client": (host, 1)}, nothing, keep)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        replies.append((sent[0]["status"], headers, sent[1]["body"]))

    doorway = Doorway(inside, core)
    for _ in range(times):
        asyncio.run(ask())
    return replies


def test_an_address_that_tries_to_sign_in_too_often_waits_and_hears_how_long(world: World) -> None:
    """Attack A31, from many accounts at once."""
    world.core.close()
    world.core = Core(Settings(world.data, joins_a_minute=2), lambda: world.now, world.chance)
    *let_in, (status, headers, body) = asked_from(world.core, "203.0.113.7", version.LOGIN, 3)
    assert [one[0] for one in let_in] == [200, 200]
    assert status == 429
    assert 1 <= int(headers["retry-after"]) <= 60
    assert len(headers["x-request-id"]) == 8
    told = wire.unpack(FailureReply, body, 4096)
    assert (told.server, told.code) == (world.core.server, Failure.BUSY)
    assert [one[0] for one in asked_from(world.core, "127.0.0.1", version.LOGIN, 3)] == [200] * 3, "not this computer"


def test_a_rate_of_zero_is_no_bound() -> None:
    rate = Rate(0)
    for _ in range(10):
        rate.check("anybody")


def test_a_token_for_the_figures_that_others_can_read_is_refused(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o644)
    with pytest.raises(CommandFailed, match="chmod go-rwx"):
        new_server(tmp_path).cli("serve", "--metrics-token-file", str(token))
