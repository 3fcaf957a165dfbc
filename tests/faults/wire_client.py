"""A laptop's sync in a process of its own that kills itself at a step of the engine: `SPOC_KILL=after_reply:2`.

`SPOC_POISON`: the id (hex) of a record at which the server's handler breaks.
"""

from __future__ import annotations

import os
import signal
import sys

from spoc_desktop.services.accounts import Accounts
from spoc_desktop.services.workplace import Workplace
from sync.protocol.errors import BadBatch
from sync.protocol.messages import SyncReply, SyncRequest


def main() -> int:
    """Open the store of who was here last and synchronise; 0 when all was said."""
    name, _, count = os.environ["SPOC_KILL"].partition(":")
    left = int(count)

    def checkpoint(reached: str) -> None:
        nonlocal left
        if reached == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    accounts = Accounts(checkpoint=checkpoint)
    workplace = accounts.open(accounts.find(""), sys.stdin.readline().strip())
    if poison := bytes.fromhex(os.environ.get("SPOC_POISON", "")):
        break_at(workplace, poison)
    try:
        return 0 if workplace.syncing.sync_now() is None else 3
    finally:
        workplace.close()


def break_at(workplace: Workplace, poison: bytes) -> None:
    """Let every request that carries this record fail as a whole, as a crashing handler lets it."""
    through = workplace.wire.exchange

    def exchange(request: SyncRequest) -> SyncReply:
        if any(poison in bytes(entry) for batch in request.batches for entry in batch.entries):
            raise BadBatch("the handler crashed")
        return through(request)

    workplace.wire.exchange = exchange  # type: ignore[method-assign]  # the server's fault, played here


if __name__ == "__main__":
    sys.exit(main())
