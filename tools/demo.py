"""`make run`: the sample session on a server of its own, and the window signed in as the learner or the trainer.

Everything lives in a temporary folder and goes with it. Without a display it plays the guided tour instead.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.sample_filling import fill
from tools.sample_session import (
    LEARNER,
    ROOT,
    TRAINER,
    Laptop,
    Person,
    SampleServer,
    pipe_with,
    sample_session,
)

_ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
ROLES = {"learner": LEARNER, "trainer": TRAINER}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration until its last window is closed; the exit code of the tour where there is no display."""
    given = _options().parse_args(arguments)
    if not has_display():
        from tools.tour import main as tour

        return tour([])
    for number in _ENDINGS:
        signal.signal(number, _stop)
    with (
        contextlib.suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory(prefix="spoc-demo-") as folder,
        contextlib.ExitStack() as session,
        ThreadPoolExecutor(1) as pool,
    ):
        # The session is made while the person reads the question.
        ready = pool.submit(_prepare, Path(folder), session)
        while (person := _chosen(given.role)) is not None:
            code = open_window(*ready.result(), person)
            if code or given.role:
                return code
    return 0


def _stop(*_signal: object) -> None:
    """The terminal was closed or the command ended: leave through the door of Ctrl+C, so that nothing stays."""
    raise KeyboardInterrupt


def _prepare(folder: Path, session: contextlib.ExitStack) -> tuple[SampleServer, Laptop]:
    print("Starting a server with the sample session…", flush=True)
    server, laptop = session.enter_context(sample_session(folder))
    laptop.join(server, LEARNER)
    fill(server, laptop)
    print(f"The server listens on {server.address}; it ends with this command.", flush=True)
    return server, laptop


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(server: SampleServer, laptop: Laptop, person: Person) -> int:
    """Start the program as this person and wait until it is closed. Passphrases go down an inherited pipe (rule 15)."""
    pipe = pipe_with(json.dumps(laptop.passphrases))
    try:
        return subprocess.call(
            [sys.executable, "main.py", "--person", server.people[person.login].hex(), "--passphrases-fd", str(pipe)],
            cwd=ROOT,
            env=os.environ | {"SPOC_HOME": str(laptop.home)},
            pass_fds=(pipe,),
        )
    finally:
        os.close(pipe)


def _chosen(role: str) -> Person | None:
    """Who to be: as the command line says, else asked in a small window; None when that is closed."""
    if role:
        return ROLES[role]
    from tools.demo_choice import ask

    answer = ask({key: person.name for key, person in ROLES.items()})
    return ROLES[answer] if answer else None


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Show SPOC Desktop with a sample session.")
    parser.add_argument("--role", choices=sorted(ROLES), default="", help="open as this one without asking")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
