"""One measured figure, and how it is printed and kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ON_POSTGRES = "sqlcipher, postgresql server"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one measurement found. Times in seconds, sizes in bytes, memory in MiB; None where it means nothing.

    `baseline_seconds` is what the plainest thing that does the same took in this run, `ratio` how many times longer
    we are. `p50` and `p95` are of the seconds that each of many took, where `seconds` is of them all.
    """

    name: str
    rows: int
    seconds: float
    store: str = "sqlcipher, sqlite server"
    rtt_ms: int = 0
    bytes_up: int | None = None
    bytes_down: int | None = None
    requests: int | None = None
    client_mib_added: float | None = None
    server_mib_added: float | None = None
    baseline_seconds: float | None = None
    baseline: str = ""
    p50: float | None = None
    p95: float | None = None

    @property
    def rows_per_s(self) -> float | None:
        """Rows a second, None where no rows move."""
        return self.rows / self.seconds if self.rows and self.seconds else None

    @property
    def ratio(self) -> float | None:
        """Our time over the baseline's."""
        return self.seconds / self.baseline_seconds if self.baseline_seconds else None

    def as_json(self) -> dict[str, object]:
        """All fields, with the computed ones."""
        return asdict(self) | {"rows_per_s": self.rows_per_s, "ratio": self.ratio}


_COLUMNS = (
    ("name", 20),
    ("rows", 8),
    ("ms", 10),
    ("p50 ms", 9),
    ("p95 ms", 9),
    ("rows/s", 9),
    ("up B", 10),
    ("down B", 10),
    ("req", 5),
    ("cl MiB", 8),
    ("sv MiB", 8),
    ("base ms", 9),
    ("ratio", 7),
)


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text, each with the baseline that it is compared with."""
    lines = ["".join(title.rjust(width) for title, width in _COLUMNS) + "  beside"]
    for figure in figures:
        cells = (
            figure.name,
            _whole(figure.rows or None),
            _part(figure.seconds * 1000),
            _part(None if figure.p50 is None else figure.p50 * 1000),
            _part(None if figure.p95 is None else figure.p95 * 1000),
            _whole(figure.rows_per_s),
            _whole(figure.bytes_up),
            _whole(figure.bytes_down),
            _whole(figure.requests),
            _part(figure.client_mib_added),
            _part(figure.server_mib_added),
            _part(None if figure.baseline_seconds is None else figure.baseline_seconds * 1000),
            _part(figure.ratio),
        )
        lines.append(
            "".join(cell.rjust(width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True))
            + f"  {figure.baseline}"
        )
    return "\n".join(lines)


def keep(here: str, figures: Sequence[Figure], path: Path) -> None:
    """Write the figures as JSON, with the machine and the versions that they were measured on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"here": here, "figures": [figure.as_json() for figure in figures]}
    path.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _part(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"
