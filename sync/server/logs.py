"""The server's log: lines of text or of JSON, with the id of the request, and nothing that names a person (A46).

An error's own text may quote what it was about (a row, an address, a path): only its type and the places in the
program are written.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that is being answered; empty outside."""


class Format(StrEnum):
    """How lines are written."""

    TEXT = "text"
    JSON = "json"


def configure(format_: Format) -> None:
    """Write what the server logs to the standard error: its own lines from INFO on, those of libraries from WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if format_ is Format.JSON else _Text())
    handler.addFilter(_add_request)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("sync.server").setLevel(logging.INFO)


def _add_request(record: logging.LogRecord) -> bool:
    record.request = request_id.get()
    return True


class _Text(logging.Formatter):
    """For somebody who reads the log as it comes."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(request)s %(message)s")

    def formatException(self, ei: "_Error") -> str:  # noqa: N802  # the library calls it so
        """The type of an error and where it came from."""
        return "\n".join(_places(ei))


class _Json(logging.Formatter):
    """For programs that collect logs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """A line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := request_id.get():
            line["request"] = request
        if record.exc_info and record.exc_info[0] is not None:
            return json.dumps(line | {"error": _places(record.exc_info)}, ensure_ascii=False)
        return json.dumps(line, ensure_ascii=False)


_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def _places(error: _Error) -> list[str]:
    """Type first, then the places, the innermost last; what led to it before."""
    type_, found, _ = error
    lines = [] if type_ is None else [type_.__name__]
    while found is not None:
        frames = traceback.extract_tb(found.__traceback__)
        lines += [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        found = found.__cause__
        if found is not None:
            lines.append(f"because of {type(found).__name__}")
    return lines
