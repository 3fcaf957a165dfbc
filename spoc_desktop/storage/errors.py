"""Every way in which the laptop's store can fail, by name.

The window turns each into a sentence by its `key`: what is safe, what failed, what to do next.
"""

from typing import ClassVar


class StoreError(Exception):
    """The base of all below. `detail` is for the technical line only and never holds what a person wrote."""

    key: ClassVar[str] = "store_failed"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class DiskFull(StoreError):
    """Nothing more could be written to the disk; nothing was half saved, the text stays on the screen."""

    key = "disk_full"


class StoreBusy(StoreError):
    """Another program holds the file (an antivirus, a backup): nothing was saved, trying again is safe."""

    key = "store_busy"


class StoreReadOnly(StoreError):
    """The folder or the file may not be written to."""

    key = "store_read_only"


class StoreDamaged(StoreError):
    """The file is there, the key is right, and what it holds does not check: never overwritten, to be set aside."""

    key = "store_damaged"


class StoreMissing(StoreError):
    """There is no store at this place."""

    key = "store_missing"


class StoreExists(StoreError):
    """A store is already there: a new one is never written over it."""

    key = "store_exists"


class WrittenByNewerProgram(StoreError):
    """A later version of this program wrote the file: it is left as it is until the program is updated (fault F26)."""

    key = "written_by_newer_program"

    def __init__(self, version: int, known: int, program: str = "") -> None:
        super().__init__(f"schema {version}, this program knows {known}")
        self.version = version
        self.known = known
        self.program = program
        """The version of the program that wrote it, such as 1.4; empty where the file does not say."""


class WrongKey(StoreError):
    """The key does not open this file (fault F33): another key may, the file stays as it is."""

    key = "wrong_key"


class Unstorable(StoreError):
    """A value from outside that no store can hold, such as a sequence number beyond 63 bits."""

    key = "unstorable"


class TooLargeToSave(StoreError):
    """The record would be larger than the protocol carries (rule 12): refused when written, kept on the screen."""

    key = "too_large_to_save"

    def __init__(self, size: int, most: int) -> None:
        super().__init__(f"{size} bytes, at most {most}")
        self.size = size
        self.most = most


class NoSuchRecord(StoreError):
    """The record to change is not here, or was deleted."""

    key = "no_such_record"


class AlreadyThere(StoreError):
    """A record with this id is already in the space: nothing is written over it."""

    key = "already_there"


class TooLateToUndo(StoreError):
    """The change has left, or may leave at any moment: it is not taken back but changed anew."""

    key = "too_late_to_undo"


class HasLeft(Exception):
    """A record that never changes may have left: what was to join it is written as a record of its own."""


class FileTooLarge(StoreError):
    """A file is larger than one may be. `detail` is its name."""


class AlreadyRunning(StoreError):
    """Another process of this person works on this data folder: its window is to come to the front."""

    key = "already_running"


class KeyringUnusable(StoreError):
    """This computer has no keyring, or none that keeps a secret encrypted: a passphrase takes its place."""

    key = "keyring_unusable"


class KeyLost(StoreError):
    """The keyring is empty or holds another key (fault F33).

    The recovery code, the passphrase or the organisation's recovery key opens the store.
    """

    key = "key_lost"


class WrongPassphrase(StoreError):
    """The passphrase does not open the key file."""

    key = "wrong_passphrase"


class WrongRecoveryCode(StoreError):
    """The recovery code is well written but does not open this key file."""

    key = "wrong_recovery_code"


class MistypedRecoveryCode(StoreError):
    """The recovery code's check group does not fit: a character was mistyped or left out."""

    key = "mistyped_recovery_code"


class KeyFileDamaged(StoreError):
    """The file that holds the wrapped keys cannot be read."""

    key = "key_file_damaged"
