"""People attach files to what they write, and what a server keeps of one that is still coming."""

from __future__ import annotations

import os

from spoc_desktop.services.desk import New
from spoc_desktop.services.workplace import Workplace
from sync.domain import spaces
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId
from sync.protocol.parts import PART_BYTES
from tests.integration.laptop.harness import School

LARGE = 2 * PART_BYTES + 100_000
"""Two whole parts and one that is shorter."""


def post_of(workplace: Workplace, cohort: bytes, *files: Attachment) -> bytes:
    id_ = workplace.desk.new_id()
    workplace.store.write([New(POST, spaces.cohort(CohortId(cohort)), id_, Post(text="a", files=files))])
    return id_


def attached(workplace: Workplace, size: int = 200_000) -> tuple[Attachment, bytes]:
    content = os.urandom(size)
    return workplace.store.files.keep(content, "plan.pdf", "application/pdf"), content


class Held:
    """What a server keeps of a file that is still coming."""

    def __init__(self, here: School, file: Attachment) -> None:
        self.whole = here.server.data / "files" / file.sha256.hex()[:2] / file.sha256.hex()
        self._coming, self._name = here.server.data / "files" / "arriving", file.sha256.hex()

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self._coming.glob(f"*/{self._name}"))
