"""Where the golden files lie: a folder a released version, and `next` for the wire as it is now."""

from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"
NEXT = VERSIONS / "next"


def released() -> list[Path]:
    """The folders of the released versions, the oldest first."""
    return sorted(path for path in VERSIONS.iterdir() if path != NEXT)
