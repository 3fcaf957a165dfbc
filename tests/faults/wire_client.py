"""A laptop's sync in a process of its own that kills itself at a step of the engine: `SPOC_KILL=after_reply:2`."""

from __future__ import annotations

import os
import signal
import sys

from spoc_desktop.services.accounts import Accounts


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
    try:
        return 0 if workplace.syncing.sync_now() is None else 3
    finally:
        workplace.close()


if __name__ == "__main__":
    sys.exit(main())
