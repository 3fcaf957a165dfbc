"""People as others see them, and the settings that follow a person from laptop to laptop."""

import msgspec

from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import OWNER, SERVER
from sync.domain.spaces import SpaceType


class Card(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The card of a person in the organisation: a name to show, never an e-mail."""

    name: str


class Settings(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a person chose for every laptop of theirs. Empty: what the system says."""

    language: str = ""
    theme: str = ""
    text_percent: int = 100
    sans_serif_reading: bool = False


CARD = Kind(1, "card", Card, space=(SpaceType.ORG,), merge=Merge.EDITED, write=SERVER, erase=Erase.PSEUDONYM)
SETTINGS = Kind(2, "settings", Settings, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE)
KINDS = (CARD, SETTINGS)
