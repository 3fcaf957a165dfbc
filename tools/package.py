"""`make package`: freezes the program with PyInstaller and builds the .deb of it under build/package/.

The package holds the frozen folder under /opt, two commands (spoc-desktop, spoc), a desktop file and its icon. Python,
Qt and every library are in it; graphics and desktop come from Debian (packaging/linux/debian-depends.txt).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "package"
FROZEN = BUILD / "frozen" / "spoc-desktop"
LINUX = ROOT / "packaging" / "linux"
NAME = "spoc-desktop"
COMMANDS = ("spoc-desktop", "spoc")
_ICON = ROOT / "resources" / "icons" / "app" / "spoc-desktop.svg"
_ICON_SIZES = (48, 128, 256)
_TOOLS = {"objdump": "binutils", "dpkg-deb": "dpkg"}


class ToolMissing(Exception):
    """A program that packaging needs is not on this machine; the message is the line to type."""


def version() -> str:
    """The version that the package carries."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(found["project"]["version"])


def package_file() -> Path:
    """Where `make package` puts the .deb."""
    return BUILD / f"{NAME}_{version()}_{_architecture()}.deb"


def freeze() -> Path:
    """Freeze the program into one folder; where it lies."""
    folders = ("--distpath", str(FROZEN.parent), "--workpath", str(BUILD / "work"))
    _run(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *folders, "packaging/spoc.spec")
    return FROZEN


def build_deb() -> Path:
    """Put the frozen folder into a .deb; where it lies."""
    tree = BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(FROZEN, tree / "opt" / NAME, symlinks=True)
    _add_commands(tree / "usr" / "bin")
    _add_desktop(tree / "usr" / "share")
    _add_documents(tree / "usr" / "share" / "doc" / NAME)
    _add_control(tree)
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    target = package_file()
    _run("dpkg-deb", "--root-owner-group", "-Zxz", "-z2", "--build", str(tree), str(target))
    return target


def _add_commands(folder: Path) -> None:
    folder.mkdir(parents=True)
    for command in COMMANDS:
        (folder / command).symlink_to(f"/opt/{NAME}/{command}")


def _add_desktop(share: Path) -> None:
    applications = share / "applications"
    applications.mkdir(parents=True)
    shutil.copy(LINUX / f"{NAME}.desktop", applications)
    icons = share / "icons" / "hicolor"
    scalable = icons / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copy(_ICON, scalable / f"{NAME}.svg")
    for size in _ICON_SIZES:
        folder = icons / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        _draw_icon(size, folder / f"{NAME}.png")


def _draw_icon(size: int, target: Path) -> None:
    import spoc_desktop.ui  # noqa: F401, I001  # holds Qt's singletons before anything else calls Qt
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(_ICON)).render(painter)
    painter.end()
    image.save(str(target))


def _add_documents(folder: Path) -> None:
    folder.mkdir(parents=True)
    licences = [ROOT / "LICENSE", *sorted((ROOT / "resources").rglob("*LICENSE*")), *sorted(ROOT.rglob("OFL-*.txt"))]
    texts = [f"{path.relative_to(ROOT)}\n\n{path.read_text('utf-8')}" for path in licences if ".venv" not in path.parts]
    (folder / "copyright").write_text("\n\n".join(texts), "utf-8")
    shutil.copy(ROOT / "CHANGELOG.md", folder)


def _add_control(tree: Path) -> None:
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    fields = {
        "Package": NAME,
        "Version": version(),
        "Architecture": _architecture(),
        "Maintainer": "The SPOC Desktop authors <spoc-desktop@localhost>",
        "Section": "education",
        "Priority": "optional",
        "Installed-Size": str(size // 1024),
        "Depends": ", ".join(depends()),
        "Description": "Learn and review offline in a small private online course\n"
        " Learners read, answer and hand in without a network; trainers review on\n"
        " their own laptop; a central server brings both together.",
    }
    folder = tree / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text("".join(f"{name}: {value}\n" for name, value in fields.items()), "utf-8")


def depends() -> list[str]:
    """What the package needs from Debian."""
    lines = (LINUX / "debian-depends.txt").read_text("utf-8").splitlines()
    return [line.split("  ")[0].strip() for line in lines if line and not line.startswith("#")]


def _architecture() -> str:
    return subprocess.run(("dpkg", "--print-architecture"), capture_output=True, text=True, check=True).stdout.strip()


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, check=True)


def check_tools() -> None:
    """ToolMissing when this machine cannot build a package."""
    missing = sorted({package for tool, package in _TOOLS.items() if shutil.which(tool) is None})
    if missing:
        raise ToolMissing(f"apt-get install -y --no-install-recommends {' '.join(missing)}")


def main() -> int:
    """Build the package; 0 when it lies there."""
    try:
        check_tools()
    except ToolMissing as missing:
        print(
            f"To build the package, this machine needs one more thing. Type this line, then start again:\n\n  {missing}"
        )
        return 2
    print("Freezing the program (about half a minute)", flush=True)
    freeze()
    print("Building the package", flush=True)
    made = build_deb()
    print(f"{made.relative_to(ROOT)}  {made.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
