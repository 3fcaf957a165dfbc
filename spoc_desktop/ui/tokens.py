"""The drawn look as values: colours of the four themes, type, spacing and sizes, read once from `tokens.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

THEMES = ("light", "dark", "contrast", "contrastLight")


@dataclass(frozen=True, slots=True)
class TypeRole:
    """One text style: family key, size and line height in px at 100 %, weight, letter spacing in px."""

    family: str
    size: int
    line: int
    weight: int
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everything `tokens.json` says, typed."""

    colours: Mapping[str, Mapping[str, str]]
    charts: Mapping[str, tuple[str, ...]]
    families: Mapping[str, str]
    roles: Mapping[str, TypeRole]
    radius: Mapping[str, int]
    control: Mapping[str, int]
    layout: Mapping[str, int]
    motion: Mapping[str, int]


def read_tokens(path: Path) -> Tokens:
    """Read the token file; its shape is ours, so a missing key is a fault of the checkout and raises KeyError."""
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Tokens(
        colours={name: {k: v for k, v in raw["colour"][name].items() if k != "chart"} for name in THEMES},
        charts={name: tuple(raw["colour"][name]["chart"]) for name in THEMES},
        families={key: value["family"] for key, value in raw["font"].items()},
        roles={key: _role(value) for key, value in raw["type"].items() if isinstance(value, dict)},
        radius=raw["radius"],
        control=raw["control"],
        layout=raw["layout"],
        motion={key: value for key, value in raw["motion"].items() if isinstance(value, int)},
    )


def _role(value: dict[str, Any]) -> TypeRole:
    return TypeRole(value["font"], value["size"], value["line"], value["weight"], value.get("tracking", 0.0))
