"""What the exchanges page shows at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spoc_desktop.services.forum import Thread, ThreadRow
from spoc_desktop.services.messages import About, InboxRow, PrivateThread
from spoc_desktop.services.writers import ForumOf
from sync.domain.forum import Unsent


@dataclass(frozen=True, slots=True)
class ExchangesFound:
    """One reading. `place`: where what is being written is kept; `here`: files of it whose bytes are on this laptop."""

    forums: tuple[ForumOf, ...]
    cohort_id: bytes
    is_trainer: bool
    is_private: bool
    is_new: bool
    threads: tuple[ThreadRow, ...]
    inbox: tuple[InboxRow, ...]
    thread: Thread | None
    private: PrivateThread | None
    is_open: bool
    about: About | None
    activities: Mapping[bytes, str]
    place: bytes
    unsent: Unsent
    here: frozenset[bytes]
    offline: bool
    now: int

    @property
    def first_unread(self) -> bytes:
        """The post or message from which the person reads on; empty when all was seen."""
        if self.thread is not None:
            return next((post.id for post in self.thread.posts if post.unread), b"")
        if not self.is_private or self.private is None or not self.private.unread:
            return b""
        others = [message.id for message in self.private.messages if not message.writer.is_me]
        return others[-self.private.unread]
