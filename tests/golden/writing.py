"""Writes the golden files of the code that it runs on: `messages.json`, `kinds.json`, `structs.json`, `structs.txt`."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.golden.filling import Filler, bodies, is_struct, message_types
from tests.golden.freezing import frozen, source
from tests.golden.telling import told

MESSAGES, KINDS, SHAPES, STRUCTS = "messages.json", "kinds.json", "structs.json", "structs.txt"
_TRAVELS = ("Request", "Reply", "Session")


def write(folder: Path) -> None:
    """All files of one version."""
    folder.mkdir(parents=True, exist_ok=True)
    wire, encode = import_module("sync.protocol.wire"), import_module("sync.domain.kind").encode
    filler, messages = Filler(), {}
    for name, type_ in message_types().items():
        value = filler.struct(type_)
        entry: dict[str, Any] = {"bytes": wire.encode(value).hex()}
        if name.endswith(_TRAVELS):
            entry["packed"] = wire.pack(value).hex()
        messages[name] = entry | {"value": told(value)}
    kinds = {}
    for name, kind in bodies().items():
        value = Filler().struct(kind.body)
        kinds[name] = {"bytes": encode(value).hex(), "value": told(value)}
    roots = [each for each in message_types().values() if is_struct(each)] + [each.body for each in bodies().values()]
    shapes = frozen(roots)
    _keep(folder / MESSAGES, messages)
    _keep(folder / KINDS, kinds)
    _keep(folder / SHAPES, {name: {"tag": each.tag, "fields": each.fields} for name, each in shapes.items()})
    (folder / STRUCTS).write_text(source(shapes), encoding="utf-8")


def _keep(path: Path, content: dict[str, Any]) -> None:
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in content.items()
    )
    path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
