"""How much memory a process holds (Linux)."""

import os
from pathlib import Path


def resident_mib(process: int | None = None) -> float:
    """Resident memory of a process, this one where none is named, in MiB."""
    pages = Path(f"/proc/{process or os.getpid()}/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20
