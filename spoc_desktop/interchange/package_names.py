"""Names in a package: used to find what belongs together, never to write a file (attack A21)."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 200
MAX_DEPTH = 6

_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?:[. ].*)?", re.IGNORECASE
)


def is_plain(name: str) -> bool:
    """Whether a name leads to a place inside the package on every system, and nowhere else."""
    parts = name.removesuffix("/").split("/")
    return (
        0 < len(name) <= MAX_LENGTH
        and len(parts) <= MAX_DEPTH
        and "\\" not in name
        and not _DRIVE.match(name)
        and all(map(_is_plain_part, parts))
    )


def _is_plain_part(part: str) -> bool:
    if not part or part in {".", ".."} or part[-1] in ". " or _RESERVED.fullmatch(part):
        return False
    return not any(letter in '<>:"|?*' or not _is_shown(letter) for letter in part)


def _is_shown(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"} or letter in "\u200c\u200d"


def same(name: str) -> str:
    """One form for all names that some system takes for the same file."""
    return unicodedata.normalize("NFC", name.removesuffix("/")).casefold()
