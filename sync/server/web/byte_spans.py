"""Which bytes of a file are asked for: one `Range` from a place on, everything else is the whole file (RFC 9110, A49).

Several ranges, counts from the end and other units are read as no range at all, as the standard allows.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

_ONE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})?")


class ByteSpan(NamedTuple):
    """Bytes `first` up to `end`, not with it, of `size`. `status`: 200, 206, or 416 when they begin beyond the end."""

    status: int
    first: int
    end: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes are sent."""
        return self.end - self.first

    @property
    def headers(self) -> dict[str, str]:
        """What says so."""
        told = {"Content-Length": str(self.length), "Accept-Ranges": "bytes"}
        if self.status == 206:
            told["Content-Range"] = f"bytes {self.first}-{self.end - 1}/{self.size}"
        elif self.status == 416:
            told["Content-Range"] = f"bytes */{self.size}"
        return told


def asked_span(headers: Mapping[str, str], size: int) -> ByteSpan:
    """The bytes that these headers ask for."""
    found = _ONE.fullmatch(headers.get("range", ""))
    if found is None or "if-range" in headers:
        return ByteSpan(200, 0, size, size)
    first, last = int(found[1]), int(found[2] or size)
    if last < first:
        return ByteSpan(200, 0, size, size)
    if first >= size:
        return ByteSpan(416, 0, 0, size)
    return ByteSpan(206, first, min(last + 1, size), size)
