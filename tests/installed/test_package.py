"""The .deb, as a person meets it: installed in a clean Debian, joined, read in, killed, started again, removed."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlcipher3

from spoc_desktop.interchange.course_folder import Understood, read_folder
from sync.domain.courses import READING
from tests.installed.debian import Place, can_make_a_system, clean_system, unpacked
from tests.installed.screen import Screen, screen_of
from tools.package import NAME, package_file
from tools.sample_session import LEARNER, ROOT, SAMPLE_COURSE, TRAINER, Laptop, SampleServer, make_server, publish

pytestmark = pytest.mark.installed

_SECONDS = 40.0
_FIRST_PAGE = 10.0
_PAGE = 3.0
"""How long a page may take to be there: nothing outside the program can see that it is."""
_FOLDERS = ("opt", "usr/bin", "usr/share/applications")
_HOME = "/tmp/spoc-home"  # noqa: S108 - inside the system made for this test


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until something holds."""
    until = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.2)


@pytest.fixture(scope="module")
def package() -> Path:
    """The package of this checkout, built now."""
    subprocess.run((sys.executable, "-m", "tools.package"), cwd=ROOT, check=True)
    return package_file()


@pytest.fixture(scope="module")
def place(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A clean Debian with the package installed, else its unpacked tree."""
    if can_make_a_system():
        with clean_system(package) as made:
            yield made
        return
    if shutil.which("xdotool") is None:
        pytest.skip("no clean Debian can be made here (not root, or no debootstrap), and there is no xdotool")
    with unpacked(package, tmp_path_factory.mktemp("unpacked")) as made:
        yield made


@pytest.fixture(scope="module")
def screen(place: Place) -> Iterator[Screen]:
    """A virtual screen there."""
    with screen_of(place) as made:
        yield made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServer]:
    """A real server with the sample course, published."""
    folder = tmp_path_factory.mktemp("server")
    read = read_folder(SAMPLE_COURSE)
    assert isinstance(read, Understood)
    made = make_server(folder / "data", read.text.course_id, 2, (TRAINER, LEARNER))
    made.start()
    desk = Laptop(folder / "author", made.address)
    desk.join(made, TRAINER)
    publish(made, desk)
    yield made
    made.stop()


def test_the_package_is_used_from_the_first_start_to_the_removal(
    place: Place, screen: Screen, server: SampleServer
) -> None:
    _join_read_and_come_back_after_a_kill(place, screen, server)
    said = place.run(_command(place), "import", "--help")
    assert said.returncode == 0, said.stderr
    if place.files != Path("/"):  # where the package was only unpacked, there is nothing to remove
        _remove(place)


def _join_read_and_come_back_after_a_kill(place: Place, screen: Screen, server: SampleServer) -> None:
    password, passphrase = secrets.token_hex(12), secrets.token_hex(12)
    program = _start(place, screen)
    _join(screen, server, password, passphrase)
    _read_a_lesson(screen, server)

    program.kill()
    program.wait()
    again = _start(place, screen)
    screen.wait_for_window()
    time.sleep(_FIRST_PAGE)
    before = len(_asked(server))
    screen.press("Return")
    time.sleep(_PAGE)
    screen.type(passphrase)
    screen.picture("again")
    screen.press("ctrl+Return")
    wait_for(lambda: len(_asked(server)) > before, "after a kill, the passphrase opens the work and it synchronises")
    again.terminate()
    assert again.wait(_SECONDS) == 0


def _join(screen: Screen, server: SampleServer, password: str, passphrase: str) -> None:
    screen.wait_for_window()
    time.sleep(_FIRST_PAGE)
    screen.press("ctrl+a")
    screen.type(server.invite(LEARNER))
    screen.press("Tab", "ctrl+a")
    screen.type(server.address)
    screen.picture("joining")
    screen.press("ctrl+Return")
    _fill_twice(screen, password)
    _fill_twice(screen, passphrase)
    wait_for(lambda: _asked(server).count("/join") == len((TRAINER, LEARNER)), "the learner joins")
    time.sleep(_PAGE)
    joined = len(_asked(server))
    screen.press("ctrl+Return")
    wait_for(lambda: len(_asked(server)) > joined, "the first exchange")
    time.sleep(_PAGE)
    screen.picture("joined")


def _read_a_lesson(screen: Screen, server: SampleServer) -> None:
    screen.press("ctrl+f")
    screen.type("adresse")
    screen.press("Return")
    time.sleep(_PAGE)
    screen.press("Tab", "Return")
    time.sleep(_PAGE)
    screen.picture("lesson")
    screen.press("Next", "F5")
    wait_for(lambda: _readings(server) >= 1, "the part that was read reaches the server")


def _remove(place: Place) -> None:
    """Nothing of the package is left; the person's work is."""
    done = place.run("apt-get", "remove", "-y", NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    left = [path for folder in _FOLDERS for path in (place.files / folder).glob("*spoc*")]
    assert left == []
    assert list((place.files / _HOME.lstrip("/")).rglob("*.db")), "a person's work is theirs, not the package's"


def _start(place: Place, screen: Screen) -> subprocess.Popen[bytes]:
    keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return place.start(place.program, "--home", _HOME, environment=screen.environment | keyring)


def _command(place: Place) -> str:
    return str(Path(place.program).with_name("spoc"))


def _fill_twice(screen: Screen, secret: str) -> None:
    time.sleep(_PAGE)
    screen.type(secret)
    screen.press("Tab")
    screen.type(secret)
    screen.press("ctrl+Return")


def _asked(server: SampleServer) -> list[str]:
    return [str(line["path"]) for line in server.requests()]


def _readings(server: SampleServer) -> int:
    with contextlib.closing(sqlcipher3.connect(f"file:{server.data / 'server.db'}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM log WHERE kind = ?", (READING.number,)).fetchone()[0])
