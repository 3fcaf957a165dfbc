"""A server as a page meets it: exchanges and releases that end as a test says, without a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from spoc_desktop.services.syncing import Syncing
from sync.client.ports import Changes
from sync.client.running import Progress, Synced
from sync.protocol.messages import ReleaseReply
from tools.sample_laptop import SERVER, SampleLaptop


class MiddleChance:
    """Chance that is always the same."""

    def bytes(self, count: int) -> bytes:
        """So many zeros."""
        return bytes(count)

    def fraction(self) -> float:
        """The middle."""
        return 0.5


@dataclass
class Played:
    """`end`: what the next exchanges come to. `released`: what the release command answers."""

    end: Exception | None = None
    released: ReleaseReply | Exception = field(default_factory=lambda: ReleaseReply(SERVER, 1))
    asked: list[tuple[bytes, bytes]] = field(default_factory=list)

    def sync(self, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        """One exchange, which sent three changes and received two."""
        if self.end is not None:
            raise self.end
        return Synced(Changes(), 3, 2, 1, 0, 0, complete=True)

    def listen(self, milliseconds: int, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        """Nothing comes by itself."""
        return self.sync(on_progress)

    def stop(self) -> None:
        """Nothing is under way."""

    def release(self, cohort: bytes, activity: bytes) -> ReleaseReply:
        """Answer the release command."""
        self.asked.append((cohort, activity))
        if isinstance(self.released, Exception):
            raise self.released
        return self.released

    def syncing_of(self, laptop: SampleLaptop, folder: Path) -> Syncing:
        """The sync of a laptop's store with this server."""
        return Syncing(
            laptop.store,
            self,
            releases=self,
            last_sync=folder / "last_sync.json",
            clock=laptop.clock,
            chance=MiddleChance(),
        )
