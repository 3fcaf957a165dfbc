"""Every route is described, as it is: the page of the project is what the server tells, and no route is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from sync.protocol.errors import Failure
from sync.server.app import build
from sync.server.core import opened
from sync.server.settings import Settings
from sync.server.web.described import OPERATIONS
from sync.server.web.openapi import description, page
from tests.server_fixture import new_server


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return description()


def test_every_route_of_the_application_is_described_and_no_other(tmp_path: Path) -> None:
    with opened(Settings(new_server(tmp_path).data)) as core:
        routes = [route for route in build(core).routes if isinstance(route, Route)]
    found = {(method, route.path) for route in routes for method in (route.methods or set()) - {"HEAD"}}
    assert set(OPERATIONS) == found, "a new route needs its entry in sync/server/web/described.py"


def test_the_page_in_docs_is_what_the_server_tells(root: Path) -> None:
    again = "python -c 'from sync.server.web.openapi import page; print(page().decode(), end=\"\")' > docs/openapi.json"
    assert (root / "docs" / "openapi.json").read_bytes() == page(), again


def test_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            here = {part["$ref"]} if "$ref" in part else set()
            return here.union(*(references(each) for each in part.values()))
        return set().union(*(references(each) for each in part)) if isinstance(part, list) else set()

    there = {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}
    assert references(told) <= there


def test_a_route_with_a_login_says_what_it_answers_without_one(told: dict[str, Any]) -> None:
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    assert len(operations) == len(OPERATIONS)
    for operation in operations:
        assert ({"login": []} in operation["security"]) <= ("401" in operation["responses"]), operation["operationId"]
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_every_failure_that_the_server_knows_is_described_somewhere(told: dict[str, Any]) -> None:
    text = json.dumps(told["paths"])
    assert [failure.name for failure in Failure if failure.name not in text] == []


def test_a_message_is_described_field_by_field(told: dict[str, Any]) -> None:
    fields = [item["title"] for item in told["components"]["schemas"]["JoinRequest"]["prefixItems"]]
    assert fields == ["protocol", "code", "password", "device"]
