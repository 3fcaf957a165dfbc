"""An import reads what is before it and asks nobody for more (attack A25)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.imports.packages import good, read
from tests.unit.interchange.course_files import LESSON, LESSON_FILE

ADDRESSES = """
![a picture](http://tracker.example/p.png)

![a share](//tracker.example/p.png)

[a page](https://tracker.example/page)

<img src="http://tracker.example/p.png"><iframe src="http://tracker.example/"></iframe>
"""


@pytest.mark.usefixtures("socket_disabled")
def test_an_import_opens_no_connection_whatever_addresses_it_holds(tmp_path: Path) -> None:
    read(good(**{LESSON_FILE: LESSON + ADDRESSES}), tmp_path)
