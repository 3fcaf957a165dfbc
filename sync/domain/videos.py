"""Videos: a file with captions and chapters, watched offline and resumed where the person stopped."""

import msgspec

from sync.domain.files import Attachment
from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import OWNER
from sync.domain.spaces import SpaceType

PART_SECONDS = 15
"""A video's progress is kept in parts of this length, like the parts of a lesson."""


class Captions(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A WebVTT file in one language (a BCP 47 tag). `transcript`: it says all that is heard and seen."""

    language: str
    file: Attachment


class Chapter(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A named place in a video, in milliseconds from its start."""

    at: int
    title: str


class Video(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a lesson of the kind "video" plays. `milliseconds` is its length."""

    file: Attachment
    milliseconds: int
    captions: tuple[Captions, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    credits: str = ""


class Place(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Where a person stopped in a video: milliseconds from its start; `at` is device time."""

    activity: bytes
    moment: int
    at: int


def parts_of(video: Video) -> int:
    """In how many parts the watching of a video is kept; at least one."""
    return max(1, -(-video.milliseconds // (PART_SECONDS * 1000)))


def part_at(video: Video, moment: int) -> int:
    """The part in which a moment (milliseconds) lies."""
    return min(parts_of(video) - 1, max(0, moment) // (PART_SECONDS * 1000))


def place_id(activity: bytes) -> bytes:
    """The id of a person's place in a video: their laptops meet in one record."""
    return derived("place", activity)


PLACE = Kind(25, "place", Place, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE)
KINDS = (PLACE,)
