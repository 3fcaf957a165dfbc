"""When something was handed in: what a laptop can say for its own clock, and whether that decides (protocol rule 11).

Three clocks are compared: the device's, which a person may set; the time since the system started, which nobody sets;
and the server's, told at each contact. Times are milliseconds.
"""

from enum import Enum, auto
from typing import NamedTuple

import msgspec

from sync.domain.cohorts import DAY_MS

MOST_OFFLINE_MS = 14 * DAY_MS
"""How long a laptop may have been without its server for its own time to decide."""
CLOCK_OFF_MS = 5 * 60_000
"""From where on a person is told that the clock of their computer is wrong."""
_LAST_MS = 7_258_118_400_000
"""The year 2200: what a laptop claims beyond it, or before 1970, is shown as that."""
_SLACK_MS = 2 * 60_000
_DRIFT = 2_000
"""A cheap clock gains or loses a two-thousandth: ten minutes in fourteen days."""


class Reading(NamedTuple):
    """A look at a computer's clocks. `uptime`: since it started, sleep counted. `zone`: minutes east of UTC."""

    device: int
    uptime: int
    boot: bytes
    zone: int = 0


class Track(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a laptop keeps from its last contact with the server up to its last look at its clocks.

    `contact`: the server's clock then. `ahead`: the server's clock less the device's, then. `boot`, `device`, `uptime`:
    the last look. `start`: what the device's clock said, at the first look of that boot, of when the computer started.
    `span`: how long the computer has run since the contact. `restarts`: how often it was started since. `jump`: by how
    much the device's clock was seen to go another way than the computer ran, at most.
    """

    contact: int
    ahead: int
    boot: bytes
    device: int
    uptime: int
    start: int
    span: int = 0
    restarts: int = 0
    jump: int = 0


class Witness(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What stands beside the device time of a hand-in or an attempt. `contact` 0: the laptop never met its server.

    `zone`: minutes east of UTC; the other fields are those of the `Track` at that moment.
    """

    zone: int = 0
    ahead: int = 0
    boot: bytes = b""
    contact: int = 0
    span: int = 0
    restarts: int = 0
    jump: int = 0


NO_WITNESS = Witness()
"""What an older program sends: nothing."""


class Doubt(Enum):
    """Why a laptop's own time does not decide.

    POLICY: the cohort counts receipt only. UNKNOWN: nothing is known of the clock. AWAY: more than 14 days without the
    server. JUMPED: the clock was changed. AHEAD: it would have been handed in after it was received.
    """

    NONE = auto()
    POLICY = auto()
    UNKNOWN = auto()
    AWAY = auto()
    JUMPED = auto()
    AHEAD = auto()


class Timed(NamedTuple):
    """When something was handed in. `claimed`: by the laptop, corrected by the last measured offset.

    `received`: when the server took it, None while it has not.
    """

    claimed: int
    received: int | None
    doubt: Doubt

    @property
    def at(self) -> int:
        """The time that decides. Before there is a receipt the laptop's own time is all there is."""
        return self.claimed if self.received is None or self.doubt is Doubt.NONE else self.received

    @property
    def is_apart(self) -> bool:
        """Whether the two times differ by more than the way to the server takes."""
        return self.received is not None and abs(self.claimed - self.received) > CLOCK_OFF_MS

    @property
    def is_in_doubt(self) -> bool:
        """Whether the clock itself is why the laptop's time does not count: a trainer sees both times and judges."""
        return self.is_apart and self.doubt in {Doubt.AWAY, Doubt.JUMPED, Doubt.AHEAD}

    def is_late(self, due: int) -> bool:
        """Whether it came after it was due. This is the one place that says so."""
        return self.at > due


def met(server: int, reading: Reading) -> Track:
    """The server said what its clock shows: all that was before is settled."""
    return Track(
        contact=server,
        ahead=server - reading.device,
        boot=reading.boot,
        device=reading.device,
        uptime=reading.uptime,
        start=reading.device - reading.uptime,
    )


def carried(track: Track, reading: Reading) -> Track:
    """A track carried on to another look at the clocks, without the server."""
    start = reading.device - reading.uptime
    if reading.boot == track.boot and reading.uptime >= track.uptime:
        ran, first, restarts = reading.uptime - track.uptime, track.start, track.restarts
        jump = abs(start - first)
    else:
        # It was started after the last look: its clock must not say that this was before.
        ran, first, restarts = reading.uptime, start, track.restarts + 1
        jump = max(0, track.device - start)
    return msgspec.structs.replace(
        track,
        boot=reading.boot,
        device=reading.device,
        uptime=reading.uptime,
        start=first,
        span=track.span + ran,
        restarts=restarts,
        jump=max(track.jump, jump),
    )


def witness(track: Track | None, reading: Reading) -> Witness:
    """What to send beside a device time of this moment."""
    if track is None:
        return Witness(zone=reading.zone, boot=reading.boot)
    here = carried(track, reading)
    return Witness(
        zone=reading.zone,
        ahead=here.ahead,
        boot=here.boot,
        contact=here.contact,
        span=here.span,
        restarts=here.restarts,
        jump=here.jump,
    )


def clock_off(track: Track | None, reading: Reading) -> int:
    """How far the device's clock is behind the server's, negative when it is before it; 0 when nothing is known."""
    if track is None:
        return 0
    here = carried(track, reading)
    return here.ahead if here.restarts else here.contact + here.span - here.device


def true_now(track: Track | None, reading: Reading) -> int:
    """What time it is by all that a laptop knows: by this its weeks open and its deadlines pass (rule 11, fault F10).

    While the computer runs nobody sets the clock that counts on from the contact. After a start only the device's is
    left: corrected by the last measured offset, unless it was set right meanwhile; never before what has surely passed.
    Of a laptop that never met its server: the device's.
    """
    if track is None:
        return reading.device
    here = carried(track, reading)
    passed = here.contact + here.span
    if not here.restarts:
        return passed
    corrected = here.device + here.ahead
    latest = here.contact + MOST_OFFLINE_MS
    is_set_right = passed <= here.device <= latest and not passed <= corrected + _SLACK_MS <= latest
    return max(passed, here.device if is_set_right else corrected)


def timed(device: int, seen: Witness, received: int | None, *, receipt_only: bool = False) -> Timed:
    """Judge the device time of something handed in. `received`: the server's own time, None while it waits."""
    claimed = min(max(0, device + seen.ahead), _LAST_MS)
    return Timed(claimed, received, Doubt.POLICY if receipt_only else _doubt(claimed, seen, received))


def _doubt(claimed: int, seen: Witness, received: int | None) -> Doubt:
    if not seen.contact:
        return Doubt.UNKNOWN
    slack = _SLACK_MS + abs(seen.span) // _DRIFT
    if received is not None and received - seen.contact > MOST_OFFLINE_MS:
        return Doubt.AWAY
    if received is not None and claimed > received + slack:
        return Doubt.AHEAD
    if seen.span < 0 or (received is not None and seen.contact > received + slack):
        return Doubt.JUMPED
    since = claimed - seen.contact
    if seen.restarts:
        # Nobody knows for how long it was off: it ran for `span`, and its clock was never seen to be changed.
        return Doubt.NONE if seen.jump <= slack and since >= seen.span - slack else Doubt.JUMPED
    return Doubt.NONE if abs(since - seen.span) <= slack else Doubt.JUMPED
