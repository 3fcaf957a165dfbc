"""What may come in from outside: listed addresses, no HTML, no character that hides what it says (A11 to A14)."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

from sync.content.troubles import Trouble, TroubleKind

SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
MAX_ADDRESS = 2_000

# Embedding, overriding and isolating marks make a line read otherwise than it is (A19); the plain direction
# marks U+200E and U+200F do not. Tag characters carry text that nobody sees.
_DIRECTION = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_TAGS = range(0xE0000, 0xE0080)
_SEPARATORS = {0x2028, 0x2029, 0xFEFF}


def safe_address(address: str) -> str | None:
    """The address when a course may link to it (http, https, mailto, nothing before the host), else None."""
    if len(address) > MAX_ADDRESS or any(c.isspace() or not c.isprintable() or c in '\\<>"' for c in address):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme == "mailto":
        return address if "@" in parts.path and not parts.netloc else None
    # `https://known.example@other.example/` shows one host and opens another.
    if parts.scheme not in SAFE_SCHEMES or not host or "@" in parts.netloc:
        return None
    return address


def hidden_characters(text: str, first_line: int = 1) -> list[Trouble]:
    """One trouble for each line that holds a control, direction or tag character."""
    found = []
    for number, line in enumerate(text.split("\n"), first_line):
        hidden = next((c for c in line if _hides(c)), None)
        if hidden is not None:
            found.append(Trouble(number, TroubleKind.HIDDEN_CHARACTER, f"U+{ord(hidden):04X}"))
    return found


def _hides(character: str) -> bool:
    code = ord(character)
    if code in _DIRECTION or code in _TAGS or code in _SEPARATORS:
        return True
    return character != "\t" and unicodedata.category(character) in {"Cc", "Cs"}
