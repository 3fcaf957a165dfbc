"""Looking after the store: a copy a day without disturbing anybody, and a damaged file put right when it is opened."""

import logging
import os
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spoc_desktop.i18n import _, day_with_year, ngettext
from spoc_desktop.services.sentences import Sentence
from spoc_desktop.storage.errors import StoreDamaged, StoreError, StoreMissing

if TYPE_CHECKING:
    from spoc_desktop.storage.restoring import Owner, Restored
    from spoc_desktop.storage.store import LocalStore

FIRST_SECONDS: Final = 60.0
"""The first minute after a start belongs to the person."""
AGAIN_SECONDS: Final = 1_800.0
_LESS_THAN_THE_WINDOW: Final = 10
_LOG = logging.getLogger(__name__)


def opened(path: Path, key: bytes, owner: "Owner", *, repairs: bool = True) -> "tuple[LocalStore, Restored | None]":
    """Open a store; one that is damaged is set aside and restored first, unless `repairs` is False. StoreMissing.

    A restore that was cut is ended, a page that was found bad during the last run is looked into.
    """
    from spoc_desktop.storage import engine, restoring
    from spoc_desktop.storage.backup import Backups
    from spoc_desktop.storage.store import LocalStore

    restoring.finish(path)
    try:
        store = LocalStore.open(path, key)
        if engine.suspect_file(path).exists():
            _look(store)
            engine.suspect_file(path).unlink(missing_ok=True)
    except (StoreDamaged, StoreMissing) as error:
        _LOG.warning("the store cannot be opened: %s %s", type(error).__name__, error.detail)
        if not repairs or (isinstance(error, StoreMissing) and not Backups(path).listed()):
            raise
        restored = restoring.restore(path, key, owner, time.time_ns() // 1_000_000)
        return LocalStore.open(path, key), restored
    return store, None


def _look(store: "LocalStore") -> None:
    """Check all pages. A store that is damaged is closed, so that it can be moved."""
    try:
        store.check()
    except StoreDamaged:
        store.close()
        raise


def words(restored: "Restored") -> Sentence:
    """What a person reads after a restore: what is safe, what happened, what is next."""
    safe = _("What the server has received is safe there.")
    if restored.unsent:
        safe = ngettext(
            "{count} change that has not been sent is safe on this computer.",
            "{count} changes that have not been sent are safe on this computer.",
            restored.unsent,
        ).format(count=restored.unsent)
    failed = _("The file with your work was damaged. It was set aside and a new one was made.")
    if restored.day:
        failed = _("The file with your work was damaged. It was set aside, and the copy of {day} took its place.")
        failed = failed.format(day=day_with_year(date.fromisoformat(restored.day)))
    return Sentence(safe, failed, _("The next synchronisation brings everything else back by itself."))


class Keeper:
    """A thread of its own, from `start` to `close`, that keeps a copy a day while the person works on."""

    def __init__(self, store: "LocalStore") -> None:
        self._store = store
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backup", daemon=True)

    def start(self) -> None:
        """Begin; the first copy is made a minute later."""
        self._thread.start()

    def close(self, patience: float | None = None) -> bool:
        """End after the copy under way; False when that took longer than `patience` seconds: a half copy is no copy."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(patience)
        return not self._thread.is_alive()

    def back_up(self) -> StoreError | None:
        """Copy the store if that is due today; what kept it from being done: older copies are still there."""
        try:
            self._store.back_up(time.strftime("%Y-%m-%d"))
        except StoreError as error:
            _LOG.warning("no copy of the store today: %s %s", type(error).__name__, error.detail)
            return error
        return None

    def _run(self) -> None:
        _give_way()
        wait = FIRST_SECONDS
        while not self._closing.wait(wait):
            self.back_up()
            wait = AGAIN_SECONDS


def _give_way() -> None:
    """Let the window go first, where the system tells threads apart."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LESS_THAN_THE_WINDOW)
