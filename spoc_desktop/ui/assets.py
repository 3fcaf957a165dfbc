"""Where the files that come with the program lie."""

from pathlib import Path

_RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def asset(*parts: str) -> Path:
    """Path of a file under `resources/`."""
    return _RESOURCES.joinpath(*parts)
