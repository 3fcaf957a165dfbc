"""The wire between one laptop and the server, as a process of its own, so that it can be cut.

`python -m tools.relay --to PORT [--listen PORT] [--delay MS]` forwards TCP on loopback, says the port it listens on,
and ends when its standard input closes, so it never outlives who started it. Asked by a line, it says how many bytes
went up and came down. `Wire` starts, cuts and mends one from Python: cut means that its process has ended and its
port is closed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
_CHUNK = 64 * 1024
_UNDER_WAY = 512
"""Chunks on the line at once: 32 MiB."""
_SECONDS_TO_END = 10.0


class Wire:
    """A relay from a port of its own to the server's. It keeps its port through cuts, as an address does.

    `delay_ms`: how long each chunk takes in each direction, so that a round trip takes twice as much.
    """

    def __init__(self, to_port: int, delay_ms: int = 0) -> None:
        self._to = to_port
        self._delay_ms = delay_ms
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self.mend()

    @property
    def address(self) -> str:
        """What a laptop is given as the server's address."""
        return f"http://{HOST}:{self.port}"

    @property
    def is_cut(self) -> bool:
        """Whether nothing can pass: no process, and a connection to the port is refused."""
        if self._process is not None:
            return False
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) != 0

    def mend(self) -> None:
        """Let things pass (again)."""
        if self._process is not None:
            return
        command = [sys.executable, "-m", "tools.relay", "--to", str(self._to), "--listen", str(self.port)]
        command += ["--delay", str(self._delay_ms)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
        )
        line = self._process.stdout.readline().strip() if self._process.stdout else ""
        if not line.isdigit():
            self.cut()
            raise OSError(f"the relay did not start: {line}")
        self.port = int(line)

    def counts(self) -> tuple[int, int]:
        """Bytes that went up and came down since the wire was mended, headers and all."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise OSError("the wire is cut")
        process.stdin.write("\n")
        process.stdin.flush()
        up, down = process.stdout.readline().split()
        return int(up), int(down)

    def lead_to(self, to_port: int) -> None:
        """Let the same address lead to another server's port from the next connection on."""
        self.cut()
        self._to = to_port
        self.mend()

    def cut(self) -> None:
        """End the relay: open connections break, new ones are refused."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait(_SECONDS_TO_END)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float, count: Callable[[int], None]
) -> None:
    """Forward; a delay is a long line and no narrow one: what comes meanwhile travels behind."""
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_UNDER_WAY)
    arriving = asyncio.create_task(_arrive(under_way, writer))
    clock = asyncio.get_running_loop().time
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK):
            count(len(chunk))
            await under_way.put((clock() + delay, chunk))
    await under_way.put((0.0, b""))
    await arriving
    with contextlib.suppress(ConnectionError, OSError):
        if writer.can_write_eof():
            writer.write_eof()


async def _arrive(under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    clock, is_open = asyncio.get_running_loop().time, True
    while (found := await under_way.get())[1]:
        due, chunk = found
        if (left := due - clock()) > 0:
            await asyncio.sleep(left)
        if is_open:  # else it is read to its end, so that nobody waits to put more
            try:
                writer.write(chunk)
                await writer.drain()
            except ConnectionError:
                is_open = False


async def _relay(to_port: int, listen_port: int, delay: float) -> None:
    counts = [0, 0]

    def counting(place: int) -> Callable[[int], None]:
        def count(size: int) -> None:
            counts[place] += size

        return count

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, to_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            _pump(reader, far_writer, delay, counting(0)), _pump(far_reader, writer, delay, counting(1))
        )
        for one in (far_writer, writer):
            one.close()

    server = await asyncio.start_server(serve, HOST, listen_port)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Standard input closes when the process that started us ends, however it ends.
    while await asyncio.to_thread(sys.stdin.readline):
        print(*counts, flush=True)


def main() -> int:
    """Run one relay until standard input closes."""
    parser = argparse.ArgumentParser(description="Forward a port of this computer to another one.")
    parser.add_argument("--to", type=int, required=True, help="port of the server")
    parser.add_argument("--listen", type=int, default=0, help="port to listen on; 0: any free one")
    parser.add_argument("--delay", type=int, default=0, help="milliseconds that each chunk takes in each direction")
    given = parser.parse_args()
    asyncio.run(_relay(given.to, given.listen, given.delay / 1000))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
