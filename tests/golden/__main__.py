"""`python -m tests.golden`: write the golden files of the wire as it is now, for the next version.

`python -m tests.golden 0.3.0` writes those of a release; they are never written again.
"""

from __future__ import annotations

import re
import sys

from tests.golden.places import NEXT, VERSIONS
from tests.golden.writing import write


def main(arguments: list[str]) -> int:
    """The exit code."""
    if not arguments:
        write(NEXT)
        return 0
    if re.fullmatch(r"\d+\.\d+\.\d+", arguments[0]) is None:
        sys.stderr.write(f"a version such as 0.3.0 is meant, not {arguments[0]}\n")
        return 2
    folder = VERSIONS / arguments[0]
    if folder.exists():
        sys.stderr.write(f"{folder} is there: what was released does not change\n")
        return 1
    write(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
