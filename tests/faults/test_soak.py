"""The soak in small; a thousand syncs are played at night (`python -m tests.soak`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import running
from tests.soak.measures import Measured
from tests.soak.stage import Stage


def test_five_laptops_at_work_through_faults_agree_in_the_end_and_leave_nothing_behind(tmp_path: Path) -> None:
    lines: list[str] = []
    found = running.soak(tmp_path, 30, 7, lines.append)
    assert [each.syncs for each in found] == [10, 20, 30]
    assert found[-1].posts > 0


def test_a_text_that_is_missing_ends_the_soak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Stage.write

    def forgetting(stage: Stage, laptop: object) -> None:
        real(stage, stage.laptops[0])
        stage.standing[b"n" * 16] = "never written"

    monkeypatch.setattr(Stage, "write", forgetting)
    with pytest.raises(running.Broken, match="1 texts are lost"):
        running.soak(tmp_path, 10, 7, lambda line: None)  # noqa: ARG005  # nobody reads it


@pytest.mark.parametrize("grown", ["server_mib", "client_files", "waiting", "half_told", "server_faults"])
def test_what_grows_in_the_quiet_half_ends_the_soak(grown: str) -> None:
    first = Measured(*[0] * len(Measured.__dataclass_fields__))
    last = Measured(**{**dict.fromkeys(Measured.__dataclass_fields__, 0), grown: 100})
    with pytest.raises(running.Broken):
        running.check_growth([first, last])
