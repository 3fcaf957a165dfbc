"""Where a test may kill the server (fault F2): `SPOC_CHECKPOINT=name:count` ends it there at the count-th time."""

import os
import signal
from typing import Final

PUSH_BEFORE_COMMIT: Final = "push.before_commit"
PUSH_AFTER_COMMIT: Final = "push.after_commit"
GRADE_BEFORE_COMMIT: Final = "grade.before_commit"
GRADE_BETWEEN: Final = "grade.between"
"""The grade is in the staff space, its copy is not yet in the personal space."""
FILE_BETWEEN: Final = "file.between"
"""The bytes of a file have their name on the disk, the database does not know them yet."""
PART_BETWEEN: Final = "part.between"
"""A part of a file is on the disk, the database does not know it yet."""
RETURN_BEFORE_COMMIT: Final = "return.before_commit"
RETURN_BETWEEN: Final = "return.between"
"""The returned review is in the personal space, the staff space does not say yet that it was looked at."""
PUBLISH_BEFORE_COMMIT: Final = "publish.before_commit"
PUBLISH_BETWEEN: Final = "publish.between"
"""The keys are in the authoring space, the faces are not yet in the course space."""
AWARD_BETWEEN: Final = "award.between"
"""The certificate's PDF is among the files, its record is not yet in the personal space."""
RENEW_BEFORE_COMMIT: Final = "renew.before_commit"
PULL_BEFORE_REPLY: Final = "pull.before_reply"

NAMES: Final = (
    PUSH_BEFORE_COMMIT,
    PUSH_AFTER_COMMIT,
    GRADE_BEFORE_COMMIT,
    GRADE_BETWEEN,
    FILE_BETWEEN,
    PART_BETWEEN,
    RETURN_BEFORE_COMMIT,
    RETURN_BETWEEN,
    PUBLISH_BEFORE_COMMIT,
    PUBLISH_BETWEEN,
    AWARD_BETWEEN,
    RENEW_BEFORE_COMMIT,
    PULL_BEFORE_REPLY,
)


class _Fuse:
    def __init__(self, told: str) -> None:
        name, _, count = told.partition(":")
        self.name = name
        self.left = int(count or 1)

    def burn(self, name: str) -> None:
        if name != self.name:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


_fuse = _Fuse(os.environ.get("SPOC_CHECKPOINT", ""))


def reach(name: str) -> None:
    """Say that a place is reached; the process ends here when a test asked for it."""
    _fuse.burn(name)
