"""The table of docs/performance.md, from the last bench: `python -m tools.bench.page`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.bench.figures import ON_POSTGRES, Figure

_KEPT = Path(__file__).resolve().parents[2] / "build" / "bench.json"
_COMPUTED = ("rows_per_s", "ratio")
_HEAD = "| row | rows | ms | rows/s | bytes up / down | requests | MiB laptop / server | ratio |"


def page(kept: Mapping[str, Any]) -> str:
    """What was measured, as a table."""
    found = (Figure(**{key: value for key, value in each.items() if key not in _COMPUTED}) for each in kept["figures"])
    return "\n".join((kept["here"], "", _HEAD, "|---" * (_HEAD.count("|") - 1) + "|", *map(_line, found)))


def _line(figure: Figure) -> str:
    name = figure.name.replace("_", " ") + (" (PostgreSQL)" if figure.store == ON_POSTGRES else "")
    spread = "" if figure.p95 is None or figure.p50 is None else f" (p50 {_ms(figure.p50)}, p95 {_ms(figure.p95)})"
    cells = (
        name,
        _number(figure.rows or None),
        _ms(figure.seconds) + spread,
        _number(figure.rows_per_s),
        _pair(figure.bytes_up, figure.bytes_down),
        _number(figure.requests),
        _pair(figure.client_mib_added, figure.server_mib_added),
        "–" if figure.ratio is None else f"{figure.ratio:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _pair(one: float | None, other: float | None) -> str:
    return "–" if one is None and other is None else f"{_number(one)} / {_number(other)}"


if __name__ == "__main__":
    print(page(json.loads(_KEPT.read_text("utf-8"))))
