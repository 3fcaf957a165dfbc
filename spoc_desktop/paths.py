"""Where this program keeps things on a computer: one root, in it one folder a server and person.

`SPOC_HOME` moves the root: the demo, the tests and the guided tour give each laptop its own. May import platformdirs
and the standard library; nothing is created here.
"""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "SPOC_HOME"
_NAME = "spoc-desktop"


def root() -> Path:
    """The folder of all data, settings and logs of this computer's user."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_data_path(_NAME, appauthor=False)


def settings_file() -> Path:
    """What is remembered before anybody signs in: language, theme, window; never a secret."""
    return root() / "settings.json"


def lock_file() -> Path:
    """Held by the one program that runs on this root."""
    return root() / "running.lock"


def log_file() -> Path:
    """The technical log."""
    return root() / "log" / "spoc.log"


def people() -> Path:
    """The folder that holds a folder a server."""
    return root() / "people"


def person(server: bytes, person_id: bytes) -> Path:
    """The private folder of one person at one server: the next person of a shared computer has another."""
    return people() / server.hex() / person_id.hex()


def store_file(server: bytes, person_id: bytes) -> Path:
    """The encrypted store."""
    return person(server, person_id) / "store.db"


def key_file(server: bytes, person_id: bytes) -> Path:
    """The store's key, wrapped to the recovery code, to the organisation's key, to a passphrase."""
    return person(server, person_id) / "keys.json"


def known_stores() -> list[tuple[bytes, bytes]]:
    """Server and person of each store on this computer."""
    found = []
    for store in sorted(people().glob("*/*/store.db")):
        try:
            found.append((bytes.fromhex(store.parent.parent.name), bytes.fromhex(store.parent.name)))
        except ValueError:
            continue
    return found
