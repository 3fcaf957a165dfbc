"""A virtual screen and a keyboard for the installed program: what a person without a mouse can do."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from tests.installed.debian import Place
from tools.package import BUILD

_DISPLAY = ":86"
_WAIT = 30.0
_FRAME = "/tmp/Xvfb_screen0"  # noqa: S108 - where Xvfb shows its screen, inside the place


class NotSeen(AssertionError):
    """The window did not come."""


@dataclass(frozen=True)
class Screen:
    """The screen of a place."""

    place: Place

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to show itself here."""
        return {"DISPLAY": _DISPLAY, "LC_ALL": "C.UTF-8", "LANGUAGE": "fr", "PYTHONUTF8": "1"}

    def wait_for_window(self, title: str = "SPOC Desktop") -> None:
        """Wait until the window is there and give it the keyboard."""
        until = time.monotonic() + _WAIT
        while self._do("search", "--onlyvisible", "--name", title, "windowfocus", "--sync"):
            if time.monotonic() > until:
                raise NotSeen(title)
            time.sleep(0.2)

    def type(self, text: str) -> None:
        """Type a text where the keyboard is."""
        self._must("type", "--delay", "15", text)

    def press(self, *keys: str) -> None:
        """Press keys, as "ctrl+Return"."""
        for key in keys:
            self._must("key", key)
            time.sleep(0.1)

    def picture(self, name: str) -> None:
        """Keep what the screen shows, as build/package/screen_NAME.png."""
        raw = (self.place.files / _FRAME.lstrip("/")).read_bytes()
        header = struct.unpack(">25I", raw[:100])  # the X window dump format
        size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
        pixels = raw[size + colours * 12 :]
        QImage(pixels, width, height, line, QImage.Format.Format_RGB32).copy().save(str(BUILD / f"screen_{name}.png"))

    def _must(self, *words: str) -> None:
        if code := self._do(*words):
            raise NotSeen(f"xdotool {words[0]}: {code}")

    def _do(self, *words: str) -> int:
        return self.place.run("env", f"DISPLAY={_DISPLAY}", "xdotool", *words).returncode


@contextmanager
def screen_of(place: Place) -> Iterator[Screen]:
    """A screen of 1280×800 for the time of a test."""
    shown = ("-fbdir", str(Path(_FRAME).parent))
    server = place.start("Xvfb", _DISPLAY, "-screen", "0", "1280x800x24", "-nolisten", "tcp", *shown, environment={})
    try:
        time.sleep(1)
        yield Screen(place)
    finally:
        server.terminate()
        server.wait()
