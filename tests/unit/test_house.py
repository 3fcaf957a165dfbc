"""The house itself: who loads what, what the lock says, what each package tells a reader."""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(path.parent for top in ("sync", "spoc_desktop") for path in (ROOT / top).rglob("__init__.py"))
PURE = [ROOT / "sync/domain", ROOT / "sync/protocol", ROOT / "sync/client/planner.py", ROOT / "sync/client/view.py"]
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__"}


def modules_loaded_by(statement: str) -> set[str]:
    """Names in sys.modules after the statement ran in a process of its own."""
    code = f"{statement}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(result.stdout.splitlines()[-1]))


def test_the_window_is_not_kept_waiting_by_heavy_libraries() -> None:
    heavy = {"sqlalchemy.orm", "requests", "keyring", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets"}
    assert not heavy & modules_loaded_by("import spoc_desktop.app")


def test_the_crdt_comes_when_a_document_is_opened_and_cryptography_of_ballots_with_a_ballot() -> None:
    loaded = modules_loaded_by("import spoc_desktop.ui, spoc_desktop.services.workplace")
    assert not {"pycrdt", "sync.protocol.blind"} & loaded


def test_the_desktop_never_loads_the_server() -> None:
    loaded = modules_loaded_by("import spoc_desktop.app")
    assert not {name for name in loaded if name.startswith(("sync.server", "starlette", "uvicorn", "alembic"))}


def test_the_server_loads_neither_qt_nor_the_laptop() -> None:
    loaded = modules_loaded_by("import sync.server.app")
    assert not {name for name in loaded if name.startswith(("PySide6", "spoc_desktop", "sync.client"))}


def test_rules_open_no_file_and_print_nothing() -> None:
    """Imports are import-linter's business, clock and chance are ruff's; what needs no import is checked here."""
    for path in (file for place in PURE for file in ([place] if place.suffix else sorted(place.rglob("*.py")))):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        assert not {call.id for call in calls if isinstance(call, ast.Name)} & IMPURE_CALLS, path


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_package_says_what_lives_there(package: Path) -> None:
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8")))
    assert len((text or "").split()) >= 12, "say what lives here, what it may import, what must never come here"


def test_no_folder_hides_the_library_packaging() -> None:
    assert not list((ROOT / "packaging").rglob("__init__.py"))
    assert not list(ROOT.glob("packaging.py"))


def test_the_lock_names_no_host_and_hashes_every_release() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert not re.search(r"^--", lock, re.MULTILINE)
    releases = re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    assert len(releases) > 40
    assert all("--hash=sha256:" in block for block in blocks if "==" in block.split("\n")[0])


def test_the_lock_holds_everything_that_the_project_asks_for() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    locked = re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    names = {re.split(r"[<>=~! ;\[]", wanted)[0] for group in groups.values() for wanted in group}
    plain = {re.sub(r"[-_.]+", "-", name).lower() for name in names}
    assert plain <= set(locked)


def test_the_commands_of_the_project_lead_to_something() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert set(scripts) == {"spoc", "spoc-server"}
    for target in scripts.values():
        module, function = target.split(":")
        assert callable(getattr(importlib.import_module(module), function))


def test_fonts_and_icons_come_with_their_licences() -> None:
    fonts = {path.name.split("_")[0] for path in (ROOT / "resources/fonts").glob("*.ttf")}
    assert fonts == {"Inter", "SourceSerif4", "JetBrainsMono"}
    for family in fonts:
        assert "SIL Open Font License" in (ROOT / f"resources/fonts/OFL-{family}.txt").read_text("utf-8")
    assert "ISC" in (ROOT / "resources/icons/LICENSE-lucide.txt").read_text("utf-8")


def test_the_licence_of_the_program_is_the_apache_licence_unchanged() -> None:
    text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(text).hexdigest() == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def test_nothing_committed_names_a_package_host_or_the_home_of_a_developer() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hosts = re.compile(
        rb"files\.python" + rb"hosted|pypi\." + rb"org/|registry\.npm" + rb"js|deb\.deb" + rb"ian\.org|/ro" + rb"ot/"
    )
    named = [name for name in listed.split("\0") if name and _says(ROOT / name, hosts)]
    assert named == []


def _says(path: Path, words: re.Pattern[bytes]) -> bool:
    return path.is_file() and path.suffix not in {".ttf", ".png"} and bool(words.search(path.read_bytes()))
