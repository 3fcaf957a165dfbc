"""A store as a learner has it after some weeks: pulled records, a backup of this morning, work that was never sent."""

from __future__ import annotations

import shutil
from pathlib import Path

from spoc_desktop.services import care
from spoc_desktop.storage.changes import Edited, New
from spoc_desktop.storage.restoring import Owner, Restored
from spoc_desktop.storage.store import LocalStore
from sync.domain.courses import READING
from sync.domain.forum import POST, UNSENT, Unsent, unsent_id
from sync.domain.quizzes import ATTEMPT
from sync.protocol.messages import Session
from sync.protocol.wire import encode
from tests.unit.storage.support import (
    COHORT,
    KEY,
    ME,
    NOW,
    OWN,
    PERSONAL,
    SERVER,
    a_post,
    a_reading,
    a_row,
    an_attempt,
    an_id,
    tell,
)

OWNER = Owner(SERVER, ME)
DAY = "2026-11-24"
DRAFT = b"T" * 16
LONG = "Un long message, avec des accents éàü. " * 150
LOGIN = Session(SERVER, ME, b"D" * 16, "Amina", "token", "refresh", 0)

Name = tuple[int, int]


def worked_in(path: Path) -> dict[Name, bytes]:
    """Make the store, closed; the ledger: what the person saw saved and did not send, by name."""
    with LocalStore.create(path, KEY, server=SERVER, person=ME, now=lambda: NOW) as store:
        tell(store, COHORT, *(a_row(seq, POST, an_id(seq), a_post(f"{seq} " + "x" * 300)) for seq in range(1, 60)))
        tell(store, PERSONAL, *(a_row(seq, READING, an_id(seq), a_reading()) for seq in range(1, 60)))
        store.write([New(POST, COHORT, an_id(500), a_post("Écrit avant la sauvegarde"))])
        assert store.back_up(DAY)
        work_after_the_backup(store)
        store.keep_login(LOGIN)
        return ledger(store)


def work_after_the_backup(store: LocalStore) -> None:
    """Posts short and long, readings, attempts, a draft, an edit of what was told."""
    for number in range(600, 625):
        store.write([New(POST, COHORT, an_id(number), a_post(LONG if number % 6 == 0 else f"Après {number}"))])
        store.write([New(READING, PERSONAL, an_id(number), a_reading(number % 3))])
    store.write([New(ATTEMPT, PERSONAL, an_id(700), an_attempt())])
    store.write([New(UNSENT, OWN, unsent_id(DRAFT), Unsent(place=DRAFT, text="Un brouillon"))])
    store.write([Edited(POST, an_id(5), {"text": "Changé hors ligne"})])


def ledger(store: LocalStore) -> dict[Name, bytes]:
    """What waits or is listed, by name, as its bytes go to the server."""
    return {(one.writer, one.n): encode(one.mutation) for one in store.outbox_list()}


def opened(path: Path) -> tuple[LocalStore, Restored | None]:
    """What a start of the program does."""
    return care.opened(path, KEY, OWNER)


def copied(path: Path, target: Path) -> Path:
    """The person's folder once more, at `target`; gives the place of its store."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(path.parent, target)
    return target / path.name
