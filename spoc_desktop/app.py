"""Builds everything once and hands it down: folders, settings, language, window; then, painted, the rest.

Nothing heavy is imported before the first paint: no SQL, no HTTP, no keyring. `Application` says what comes after it.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spoc_desktop import paths
from spoc_desktop.settings import Settings

if TYPE_CHECKING:
    from spoc_desktop.services.accounts import Accounts
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.storage.instance import InstanceLock
    from spoc_desktop.ui.page import Place
    from spoc_desktop.ui.shell import PageMakers


class Application:
    """What the window asks for after its first paint (`spoc_desktop.ui.shell.Beginning`).

    `person`: whose work to open, by name or by the hex of their id; empty: who was here last. `passphrases`: by that
    hex, handed down by who started the program, for people whose key is in no keyring.
    """

    def __init__(self, person: str = "", passphrases: Mapping[str, str] | None = None) -> None:
        self._person = person
        self._passphrases = passphrases or {}
        self._accounts: Accounts | None = None
        self._lock: InstanceLock | None = None

    @property
    def accounts(self) -> "Accounts":
        """The people of this computer; made at the first call."""
        if self._accounts is None:
            from spoc_desktop.services.accounts import Accounts

            self._accounts = Accounts(self._passphrases)
        return self._accounts

    def opened_at_start(self) -> "Workplace | None":
        """Open the work of who was here last, where no question has to be asked for it.

        AlreadyRunning when a command of `spoc` is at work on this folder: a second window was turned away before.
        """
        from spoc_desktop.storage.instance import InstanceLock

        self._lock = self._lock or InstanceLock(paths.lock_file())
        return self.accounts.open_without_asking(self._person)

    def sign_in_places(self, signed_in: "Callable[[Workplace], None]") -> "tuple[Place, ...]":
        """The sign-in page."""
        from spoc_desktop.ui.pages import sign_in

        return sign_in.places(self.accounts, signed_in)

    def page_makers(self) -> "PageMakers":
        """The pages of a signed-in person: this is the one list of page modules."""
        from spoc_desktop.ui.pages import (
            ahead,
            attempt,
            carry,
            contents,
            course,
            courses,
            dashboard,
            exchanges,
            exercise,
            group,
            learner_file,
            lesson,
            quiz,
            quiz_results,
            results,
            reviewing,
            search,
            synchronisation,
            today,
            video,
        )

        learning = (today, courses, course, lesson, video, quiz, exercise, results)
        teaching = (dashboard, reviewing, group, learner_file, quiz_results, attempt, contents)
        keeping = (synchronisation, ahead, carry)
        return tuple(module.places for module in (*learning, *teaching, exchanges, search, *keeping))

    def close(self) -> None:
        """Let the next start in."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def leave(self, workplace: "Workplace") -> None:
        """Sign a person out: the server forgets this login when it can be reached, this computer in any case."""
        self.accounts.logout(workplace)


def main(arguments: Sequence[str] | None = None, commands: Sequence[str] = ()) -> int:
    """Open the window; a second start brings the first window to the front. The exit code is 0 when it was closed.

    `commands`: what `spoc` does without a window, for its --help.
    """
    given = _options(commands).parse_args(arguments)
    if given.home:
        os.environ[paths.HOME_VARIABLE] = str(given.home)
    passphrases = read_passphrases(given.passphrases_fd) if given.passphrases_fd is not None else {}

    from spoc_desktop.ui.start import run

    painted = _say_the_time if given.say_first_paint else None
    return run(Application(given.person, passphrases), paths.root(), Settings(paths.settings_file()), painted)


def read_passphrases(descriptor: int) -> dict[str, str]:
    """Passphrases by person from an inherited pipe: never on a command line, never in the environment (rule 15)."""
    with os.fdopen(descriptor, encoding="utf-8") as pipe:
        found = json.load(pipe)
    if not isinstance(found, dict) or not all(isinstance(word, str) for word in found.values()):
        raise ValueError("passphrases are a JSON object of texts")
    return found


def _say_the_time() -> None:
    sys.stdout.write(f"{time.monotonic_ns()}\n")
    sys.stdout.flush()


def _options(commands: Sequence[str]) -> argparse.ArgumentParser:
    others = f"Without a window: spoc {{{','.join(commands)}}} …, each with --help." if commands else ""
    parser = argparse.ArgumentParser(prog="spoc", description="SPOC Desktop: open the window.", epilog=others)
    parser.add_argument("--home", type=Path, help="keep all files inside this folder")
    parser.add_argument("--person", default="", help="whose work to open: name or the hex of their id")
    parser.add_argument("--passphrases-fd", type=int, help="inherited pipe with passphrases as JSON")
    parser.add_argument(
        "--say-first-paint",
        action="store_true",
        help="print the system's monotonic clock in nanoseconds once the window is painted",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
