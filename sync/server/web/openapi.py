"""The description of every route, in the form of OpenAPI 3.1: `/openapi.json`, and `docs/openapi.json` beside the code.

The bodies of most routes are packed messages, zstd(msgpack(array)): OpenAPI can only call them binary, and names the
message, whose schema is made from the very struct that the code reads and writes.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sync.protocol import messages, parts, version
from sync.protocol.errors import Failure
from sync.server.web.described import OPERATIONS, Body, Operation

_COME_BACK = 429
_REFERENCE = "#/components/schemas/{name}"
_STATUSES = {
    200: "Done.",
    206: "The rest of the file, from the place that was asked for.",
    400: "The request cannot be taken as it is.",
    401: "The login is over: renew it or sign in again.",
    403: "This person may not do this, or name and password do not belong together.",
    404: "There is none, or not for this person: the answer is the same.",
    409: "It is not ready yet; `lacks` says what is missing.",
    410: "It was used already, or its time is over.",
    413: "It is larger than is taken, or the person has used up what they may store.",
    416: "The file does not reach so far.",
    426: "The two programs speak no common protocol; `lowest` and `highest` say what the server speaks.",
    429: "Come back later: `Retry-After`, and `retry_after` in the reply, say in how many seconds.",
    500: "The server failed; `reference` is in its log.",
}


class _Described(NamedTuple):
    """What a route may answer beside success."""

    status: int
    failures: tuple[Failure, ...]


def description() -> dict[str, Any]:
    """The whole description."""
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), operation in OPERATIONS.items():
        paths.setdefault(path, {})[method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SPOC server",
            "version": str(version.PROTOCOL),
            "description": _plain(
                """What laptops, monitoring and third parties may ask of the central server. The number is that of the
                protocol. Tokens are opaque; there are no cookies and no cross-origin access."""
            ),
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "login": {"type": "http", "scheme": "bearer", "description": "The token of a session (`Session`)."},
                "monitoring": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of `serve --metrics-token-file`; without one, requests from this "
                    "computer need none.",
                },
            },
            "schemas": _schemas(),
        },
    }


def page() -> bytes:
    """The description as it is told and kept."""
    return json.dumps(description(), indent=1, ensure_ascii=False).encode() + b"\n"


class OpenApi:
    """The route that tells the description; it is made at the first question."""

    def __init__(self, make: Callable[[], bytes] = page) -> None:
        self._make = make
        self._page: bytes | None = None

    async def show(self, _request: Request) -> Response:
        """The description, to anybody."""
        if self._page is None:
            self._page = self._make()
        return Response(self._page, media_type="application/json")


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {"summary": operation.summary, "operationId": operation.name}
    if operation.more:
        told["description"] = _plain(operation.more)
    told["security"] = [{operation.auth: []}] if operation.auth else []
    if operation.parameters:
        told["parameters"] = list(operation.parameters)
    if operation.takes is not None:
        told["requestBody"] = {"required": True, "content": _content(operation.takes)}
    responses: dict[str, Any] = {}
    for status, body in operation.gives.items():
        responses[str(status)] = {"description": _STATUSES[status], "content": _content(body)}
    for status, failures in _by_status(operation.failures):
        responses[str(status)] = _failed(status, failures)
    told["responses"] = responses
    return told


def _by_status(failures: Iterable[tuple[int, Failure]]) -> list[_Described]:
    found: dict[int, list[Failure]] = {}
    for status, failure in failures:
        found.setdefault(status, []).append(failure)
    return [_Described(status, tuple(codes)) for status, codes in sorted(found.items())]


def _failed(status: int, failures: tuple[Failure, ...]) -> dict[str, Any]:
    codes = ", ".join(f"{failure.name} ({int(failure)})" for failure in failures)
    told: dict[str, Any] = {
        "description": f"{_STATUSES[status]} `code`: {codes}.",
        "content": _content(Body(messages.FailureReply)),
    }
    if status == _COME_BACK:
        told["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
    return told


def _content(body: Body) -> dict[str, Any]:
    if body.message is None:
        schema = {"type": "string"} if body.is_text else {"type": "string", "format": "binary"}
        return {body.type: {"schema": schema}}
    reference = {"$ref": _REFERENCE.format(name=body.message.__name__)}
    packed = {
        "type": "string",
        "format": "binary",
        "description": f"zstd(msgpack(message)), the message being {body.message.__name__}.",
        "x-message": reference,
    }
    told: dict[str, Any] = {version.CONTENT_TYPE: {"schema": packed}}
    if body.also_json:
        told["application/json"] = {"schema": reference}
    return told


def _schemas() -> dict[str, Any]:
    known = {
        name: found
        for module in (messages, parts)
        for name, found in vars(module).items()
        if isinstance(found, type) and issubclass(found, msgspec.Struct)
    }
    _, schemas = msgspec.json.schema_components(known.values(), ref_template=_REFERENCE)
    for name, schema in schemas.items():
        schema["description"] = _plain(schema.get("description", ""))
        if name in known and "prefixItems" in schema:
            for field, item in zip(msgspec.structs.fields(known[name]), schema["prefixItems"], strict=False):
                item["title"] = field.name
    return dict(sorted(schemas.items()))


def _plain(text: str) -> str:
    return " ".join(text.split())
