"""Several processes that share one listening socket, and the one that watches over them (rule 13, PostgreSQL only).

A process that dies is begun again, and what it left undone is done by the one that takes its place. When the one that
watches is killed, the others end at once: a server is there as a whole or not at all.
"""

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

_SECONDS_TO_END = 20
_PAUSE_S = 1.0
"""Between the end of a process and the beginning of the next in its place: one that cannot live takes no whole core."""
_log = logging.getLogger(__name__)

Work = Callable[[socket.socket, int, Callable[[], None]], None]
"""What a process does: with the socket, its number from 0, and what it calls once it takes connections."""


class CannotBegin(Exception):
    """A process ended before it took connections; what it said stands above."""


class OneProcess(Exception):
    """This database has one writer: several processes would wait for each other."""


@dataclass(slots=True)
class _Begun:
    process: BaseProcess
    number: int
    hears: Connection


def run(listening: socket.socket, count: int, work: Work, ready: Callable[[], None]) -> None:
    """Run `work` in so many processes until told to stop. CannotBegin. `work` is handed over by name: no lambda."""
    told, tell = multiprocessing.Pipe(duplex=False)
    before = {each: signal.signal(each, lambda *_: tell.send(None)) for each in (signal.SIGTERM, signal.SIGINT)}
    begun = [_begin(listening, number, work) for number in range(count)]
    try:
        for each in begun:
            _await(each, told)
        ready()
        _watch(listening, begun, work, told)
    except _Stopped:
        pass
    finally:
        _end(begun)
        for which, handler in before.items():
            signal.signal(which, handler)


class _Stopped(Exception):
    """Somebody told the server to stop."""


def _begin(listening: socket.socket, number: int, work: Work) -> _Begun:
    hear, say = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_work, args=(work, listening, number, say), name=f"spoc-server-{number}"
    )
    process.start()
    say.close()
    return _Begun(process, number, hear)


def _await(begun: _Begun, stop: Connection) -> None:
    """Wait until a process takes connections."""
    if stop in wait([begun.hears, stop]):
        raise _Stopped
    try:
        begun.hears.recv()
    except EOFError:
        begun.process.join(_SECONDS_TO_END)
        raise CannotBegin(f"process {begun.number}, exit code {begun.process.exitcode}") from None
    finally:
        begun.hears.close()


def _watch(listening: socket.socket, begun: list[_Begun], work: Work, stop: Connection) -> None:
    while True:
        found: list[Any] = wait([stop, *(each.process.sentinel for each in begun)])
        if stop in found:
            return
        for place, each in enumerate(begun):
            if each.process.sentinel in found:
                _log.error("process %d ended with code %s and is begun again", each.number, each.process.exitcode)
                time.sleep(_PAUSE_S)
                begun[place] = _begin(listening, each.number, work)
                _await(begun[place], stop)


def _end(begun: list[_Begun]) -> None:
    for each in begun:
        each.process.terminate()
    for each in begun:
        each.process.join(_SECONDS_TO_END)
        if each.process.is_alive():
            each.process.kill()
            each.process.join()


def _work(work: Work, listening: socket.socket, number: int, say: Connection) -> None:
    threading.Thread(target=_end_with_parent, daemon=True, name="spoc-parent").start()

    def ready() -> None:
        say.send(None)
        say.close()

    work(listening, number, ready)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
