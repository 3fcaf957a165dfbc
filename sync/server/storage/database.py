"""Where a server keeps all but its secrets and its files: what the rest may ask of a database of any make."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine

from sync.server.storage.elsewhere import Elsewhere
from sync.server.storage.touched import Touched

Result = TypeVar("Result")


class Unreachable(Exception):
    """The database does not answer, or does not let this server in."""


class Unsound(Exception):
    """A database whose content does not fit its checksums, or that finds itself damaged."""


class Writer(Protocol):
    """Runs jobs, each in a transaction of its own.

    A job that raises is rolled back and its error goes to who asked. `heard` is called after each commit that touched
    something that laptops wait for, on the thread that wrote. A job may be run again from its beginning when another
    process was in its way: what it does outside its transaction has to bear that.
    """

    heard: Callable[[Touched], None]

    @property
    def queued(self) -> int:
        """How many jobs wait for others, where it is known."""

    def run(self, job: Callable[[Connection], Result]) -> Result:
        """Do a job and wait until it is committed."""

    def soon(self, job: Callable[[Connection], object]) -> None:
        """Do a job before all that are asked for later; nobody waits for it, or hears when it fails."""

    def stop(self) -> None:
        """Finish what is queued and end."""


class Database(ABC):
    """A database, open. `writing` and `reading` give transactions; those that read see one moment."""

    is_shared: bool
    """Whether several processes may serve from it at once."""
    writing: Engine
    reading: Engine

    @abstractmethod
    def is_there(self) -> bool:
        """Whether a server's tables are in it."""

    @abstractmethod
    def make(self) -> None:
        """Make room for it, where that is this program's to do."""

    @abstractmethod
    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that reads, of one moment. Busy when the database cannot do it now."""

    @abstractmethod
    def upgrade(self) -> None:
        """Bring it to this program's schema, whole or not at all. TooNew when it is ahead of this program."""

    @abstractmethod
    def writer(self, elsewhere: Elsewhere) -> Writer:
        """What writes into it, and lets other processes know."""

    @abstractmethod
    def elsewhere(self) -> Elsewhere:
        """What other processes change in it."""

    @abstractmethod
    def alone(self, key: bytes) -> AbstractContextManager[None]:
        """Be the only one, of all that serve from it, who does what the key stands for."""

    @abstractmethod
    def served(self) -> AbstractContextManager[None]:
        """While it is open somebody serves from it, and nobody may put another content in its place."""

    @abstractmethod
    def replaced(self) -> AbstractContextManager[None]:
        """While it is open nobody serves from it. AlreadyServing when somebody does."""

    @abstractmethod
    def copy(self, target: Path) -> None:
        """Write all of it, as it is at one moment, into a new SQLite file of the same tables."""

    @abstractmethod
    def restore(self, backup: Path, finish: Callable[[Connection], None]) -> None:
        """Put the content of such a file in place of its own, which is set aside, bring it up to date, and finish.

        The last step belongs to the same transaction: a restore that is cut short leaves what stood there, or nothing.
        """

    @abstractmethod
    def check(self, connection: Connection) -> None:
        """Let it look for damage by its own means. Unsound."""

    @abstractmethod
    def scrub(self) -> bool:
        """Write its files anew, so that nothing of what was deleted is left in them (rule 13).

        False when others were reading all the while: it has to be asked again.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""
