"""A clean minimal Debian to install the package in, or, where one cannot be made here, the unpacked package itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.package import BUILD, NAME

PRISTINE = BUILD / "debian"
"""The minimal system as debootstrap made it: kept, and copied for each run."""
_RELEASE = "bookworm"
_FOR_THE_TEST = ("xvfb", "xdotool")
_BARE = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
_SETTINGS = ("/etc/resolv.conf", "/etc/hosts", "/etc/apt/apt.conf.d", "/etc/ssl/certs/ca-certificates.crt")
"""How this machine reaches Debian's packages."""


@dataclass(frozen=True)
class Place:
    """Where the package is used. `before`: what starts every command there; `files`: how its root looks from here."""

    files: Path
    before: tuple[str, ...]
    program: str

    def start(self, *command: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a command there, with nothing of the environment of whoever runs the test."""
        words = [f"{name}={value}" for name, value in (_BARE | dict(environment)).items()]
        return subprocess.Popen([*self.before, "env", "-i", *words, *command], stdout=subprocess.DEVNULL)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command there to its end."""
        return subprocess.run([*self.before, *command], capture_output=True, text=True, check=False)


def can_make_a_system() -> bool:
    """Whether a clean system can be made on this machine."""
    return os.geteuid() == 0 and shutil.which("debootstrap") is not None


@contextmanager
def clean_system(package: Path) -> Iterator[Place]:
    """A fresh minimal Debian in which apt has installed the package, with a virtual screen beside it."""
    root = BUILD / "installed"
    _make_pristine()
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(("cp", "-a", str(PRISTINE), str(root)), check=True)
    place = Place(root, ("chroot", str(root)), f"/usr/bin/{NAME}")
    with _mounted(root):
        shutil.copy(package, root / "tmp")
        _must(place, "apt-get", "update")
        install = ("apt-get", "install", "-y", "--no-install-recommends")
        _must(place, "env", "DEBIAN_FRONTEND=noninteractive", *install, f"/tmp/{package.name}")  # noqa: S108 - inside that system
        _check_libraries(place)
        _must(place, "env", "DEBIAN_FRONTEND=noninteractive", *install, *_FOR_THE_TEST)
        yield place


@contextmanager
def unpacked(package: Path, folder: Path) -> Iterator[Place]:
    """The package's own files without its system: what can be tried where no system can be made."""
    subprocess.run(("dpkg-deb", "-x", str(package), str(folder)), check=True)
    yield Place(Path("/"), (), str(folder / "opt" / NAME / NAME))


def _make_pristine() -> None:
    if (PRISTINE / "etc" / "debian_version").exists():
        return
    fresh = PRISTINE.with_name("debian.new")
    shutil.rmtree(fresh, ignore_errors=True)
    subprocess.run(("debootstrap", "--variant=minbase", _RELEASE, str(fresh)), check=True, stdout=subprocess.DEVNULL)
    for setting in map(Path, _SETTINGS):
        if setting.exists():
            target = fresh / setting.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(("cp", "-rT", str(setting), str(target)), check=True)
    fresh.rename(PRISTINE)


@contextmanager
def _mounted(root: Path) -> Iterator[None]:
    subprocess.run(("mount", "-t", "proc", "proc", str(root / "proc")), check=True)
    try:
        yield
    finally:
        subprocess.run(("umount", "-l", str(root / "proc")), check=True)


def _check_libraries(place: Place) -> None:
    for plugin in ("platforms/libqxcb.so", "multimedia/libffmpegmediaplugin.so"):
        inside = f"/opt/{NAME}/_internal"
        said = place.run("env", f"LD_LIBRARY_PATH={inside}", "ldd", f"{inside}/PySide6/Qt/plugins/{plugin}").stdout
        missing = [line.strip() for line in said.splitlines() if "not found" in line]
        if missing:
            raise AssertionError(f"{plugin} lacks {missing}: name it in debian-depends.txt or freeze it")


def _must(place: Place, *command: str) -> None:
    done = place.run(*command)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
