"""Many laptops come at the same moment (F31): nothing is lost, no answer is a fault, who has to come back is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from sync.domain.courses import READING, Reading
from sync.domain.kind import encode
from sync.domain.spaces import SpaceType
from sync.protocol.messages import Create
from tests.server_fixture import COURSE, RunningServer, running_server
from tools.bench.crowd import Member, crowd, news
from tools.bench.storm import Storm, storm

WORK = 4
POSTS = 3


def readings(member: Member) -> tuple[bytes, Sequence[Create]]:
    """Parts of a lesson that were read while the laptop was away."""
    body = msgspec.Raw(encode(Reading(activity=bytes(16), edition=bytes(16), part=0, parts=1, seconds=5, at=1)))
    return member.of(SpaceType.PERSONAL), [Create(n, READING.number, uuid4().bytes, body) for n in range(1, WORK + 1)]


def came(server: RunningServer, laptops: int, within: float, **how: float) -> Storm:
    members = crowd(server.data, COURSE, laptops, a_cohort=20)
    news(server.data, members, POSTS)
    found = storm(server.port, members, readings, within, **how)
    assert found.failed == []
    assert len(found.sent) == found.accepted == laptops * WORK
    assert len(found.took) == laptops
    assert found.received >= laptops * (WORK + POSTS)
    return found


def statuses(server: RunningServer) -> set[int]:
    return {line["status"] for line in server.requests() if line["path"] == "/sync"}


def kept(server: RunningServer) -> int:
    return int(server.health()["rows"])


@pytest.mark.parametrize(
    ("laptops", "within"), [(60, 1.0), pytest.param(500, 10.0, marks=pytest.mark.nightly, id="at the bell")]
)
def test_laptops_that_come_together_send_their_work_and_have_the_news(
    tmp_path: Path, laptops: int, within: float
) -> None:
    with running_server(tmp_path) as server:
        before = kept(server)
        came(server, laptops, within)
        assert statuses(server) <= {200, 429}
        assert server.errors() == ""
        cohorts = -(-laptops // 20)
        # A card, an enrolment and a member's card each; a cohort and its posts.
        assert kept(server) - before == laptops * (WORK + 3) + cohorts * (1 + POSTS)


def test_a_server_with_too_much_at_once_says_when_to_come_back_and_loses_nothing(tmp_path: Path) -> None:
    with running_server(tmp_path, "--in-flight", "2") as server:
        found = came(server, 12, 0, spread=0.5)
        assert found.busy > 0
        assert statuses(server) == {200, 429}
