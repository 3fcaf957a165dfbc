"""A laptop as the tour holds it: its folder, its wire, and the process of its program."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.relay import Wire
from tools.sample_session import ROOT, Person, SampleServer, pipe_with

_SECONDS_TO_END = 20


class Stopped(Exception):
    """The program ended while the tour was talking to it, or could not do what it was asked."""


class TourLaptop:
    """One person's laptop. `wire` is the only way from it to the server."""

    def __init__(self, folder: Path, server: SampleServer, person: Person) -> None:
        self.folder = folder
        self.server = server
        self.person = person
        self.wire = Wire(server.port)
        self.password, self.passphrase = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
        self._process: subprocess.Popen[str] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def home(self) -> Path:
        """Where the program keeps everything on this laptop."""
        return self.folder / "home"

    @property
    def first_name(self) -> str:
        """What people call them."""
        return self.person.name.split(" ")[0]

    def start(self, *, unlocked: bool = True) -> None:
        """Start the program. `unlocked`: the passphrase is handed down an inherited pipe, so that nothing is asked."""
        hex_ = self.server.people[self.person.login].hex()
        pipe = pipe_with(json.dumps({hex_: self.passphrase} if unlocked else {}))
        try:
            with (self.folder / "program.log").open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "tools.tour.inside", "--passphrases-fd", str(pipe)],
                    cwd=ROOT,
                    env=os.environ | _surroundings(self.home),
                    pass_fds=(pipe,),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        finally:
            os.close(pipe)

    def do(self, command: str, **given: Any) -> Any:
        """Let the person do or look at something; what they found. Stopped when it could not be done."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise Stopped(f"the program of {self.person.name} is not running")
        try:
            process.stdin.write(json.dumps({"do": command, "with": given}) + "\n")
            process.stdin.flush()
        except BrokenPipeError as error:
            raise Stopped(self.said()) from error
        line = process.stdout.readline()
        if not line:
            raise Stopped(self.said())
        answer = json.loads(line)
        if not answer["ok"]:
            raise Stopped(f"{self.person.name}: {answer['said']}")
        return answer["found"]

    def kill(self) -> None:
        """End the program as a power cut would (SIGKILL)."""
        process = self._process
        if process is not None:
            process.kill()
            self._ended(process)

    def shut(self) -> None:
        """Close the window; the program ends by itself."""
        process = self._process
        if process is not None:
            self.do("quit")
            self._ended(process)

    def close(self) -> None:
        """Close the window, end the wire."""
        self.shut()
        self.wire.cut()

    def end(self) -> None:
        """Leave nothing running, however the tour went."""
        self.kill()
        self.wire.cut()

    def said(self) -> str:
        """The last lines that the program wrote for IT."""
        log = self.folder / "program.log"
        lines = log.read_text("utf-8", errors="replace").splitlines() if log.exists() else []
        return f"the program of {self.person.name} ended: " + " / ".join(lines[-5:])

    def files_with(self, words: list[str]) -> list[str]:
        """Which of these words stand in clear text in any file of this laptop."""
        found = set()
        for path in self.home.rglob("*"):
            if path.is_file():
                raw = path.read_bytes()
                found |= {word for word in words if word.encode() in raw}
        return sorted(found)

    def _ended(self, process: subprocess.Popen[str]) -> None:
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None


def _surroundings(home: Path) -> dict[str, str]:
    """No display, a folder of its own, and no keyring of whoever runs the tour."""
    return {
        "QT_QPA_PLATFORM": "offscreen",
        "SPOC_HOME": str(home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "LC_ALL": "fr_FR.UTF-8",
        "PYTHONUTF8": "1",
    }
