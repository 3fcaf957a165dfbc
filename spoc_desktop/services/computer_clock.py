"""The clocks of this computer: device time, the time since it started with its sleep, and which start that was.

A person may set the first; the other two go on whatever they do, and say whether they did (protocol rule 11).
"""

import secrets
import sys
import time
from pathlib import Path
from typing import Protocol

from sync.domain.ids import derived
from sync.domain.timing import Reading

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PREFETCH = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"


class BootClock(Protocol):
    """What goes on whatever a person sets."""

    def boot(self) -> bytes:
        """16 bytes that are the same until the computer is started again, b"" where the system does not say."""

    def uptime(self) -> int:
        """Milliseconds since it started, sleep counted."""


class SystemBoot:
    """The computer that this program runs on."""

    def __init__(self) -> None:
        # Where the system does not say, each start of the program counts as one of the computer: less is believed.
        self._boot = derived("boot", _boot_name() or secrets.token_hex(16))

    def boot(self) -> bytes:
        """Which start of the computer this is."""
        return self._boot

    def uptime(self) -> int:
        """Milliseconds since it started, sleep counted."""
        return _uptime_ns() // 1_000_000


def reading(device: int, boot: BootClock) -> Reading:
    """A look at all clocks at the moment at which the device's says `device` (milliseconds)."""
    return Reading(device, boot.uptime(), boot.boot(), _zone(device))


def _zone(device: int) -> int:
    """Minutes east of UTC at an instant; 0 for one that the system cannot place."""
    try:
        return time.localtime(device / 1000).tm_gmtoff // 60
    except (OverflowError, ValueError, OSError):
        return 0


if sys.platform == "linux":

    def _boot_name() -> str:
        try:
            return _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            return ""

    def _uptime_ns() -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def _boot_name() -> str:
        """The name of the boot session: the boot's time, `kern.boottime`, moves when somebody sets the clock."""
        import ctypes

        size = ctypes.c_size_t(64)
        name = ctypes.create_string_buffer(size.value)
        asked = ctypes.CDLL(None).sysctlbyname(b"kern.bootsessionuuid", name, ctypes.byref(size), None, 0)
        return "" if asked else name.value.decode("ascii", "replace")

    def _uptime_ns() -> int:
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)

elif sys.platform == "win32":

    def _boot_name() -> str:
        """The number of this start: the boot's time, as the system tells it, moves when somebody sets the clock."""
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _PREFETCH) as key:
                return str(winreg.QueryValueEx(key, "BootId")[0])
        except OSError:
            return ""

    def _uptime_ns() -> int:
        return time.monotonic_ns()

else:

    def _boot_name() -> str:
        return ""

    def _uptime_ns() -> int:
        return time.monotonic_ns()
