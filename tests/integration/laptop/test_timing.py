"""Whose clock decides, what proves it, and who is erased: real laptops and a real server (protocol rules 11, 13)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from spoc_desktop.services.computer_clock import SystemBoot, reading
from spoc_desktop.services.desk import New, Removed
from spoc_desktop.services.workplace import SystemClock
from sync.domain import spaces
from sync.domain.cohorts import DAY_MS, MEMBER
from sync.domain.exercises import HAND_IN
from sync.domain.forum import POST, Post
from sync.domain.timing import Doubt
from tests.integration.laptop.harness import school
from tests.integration.laptop.test_reviewing import SHEET, course_with_an_exercise, hand_in
from tests.server_fixture import CommandFailed


def test_a_clock_set_back_to_before_the_deadline_wins_nothing_and_the_trainer_sees_both_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack A44. The exercise was due yesterday."""
    with school(tmp_path, published=False) as here:
        course_with_an_exercise(here)
        laptop, ines = here.joined(here.sample.ines)
        _, sophie = here.joined(here.sample.sophie)
        true = time.time_ns() // 1_000_000
        monkeypatch.setattr(SystemClock, "now", lambda _: time.time_ns() // 1_000_000 - 3 * DAY_MS)
        ines.exercises.write(here.sample.id, SHEET, "Ouvrir Q7.")
        ines.exercises.hand_in(here.sample.id, SHEET)
        assert ines.keeper.off() == pytest.approx(3 * DAY_MS, abs=60_000)
        monkeypatch.undo()
        laptop.shut()
        assert laptop.open().syncing.sync_now() is None
        assert sophie.syncing.sync_now() is None
        (waiting,) = sophie.reviewing.queue()
        assert waiting.timed.doubt is Doubt.JUMPED
        assert waiting.timed.is_in_doubt
        assert waiting.timed.claimed < waiting.due < true <= waiting.timed.at
        assert not waiting.on_time


def test_a_wrong_clock_is_corrected_the_evidence_proves_itself_and_who_is_erased_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One school, for each takes seconds. Fault F10, attacks A59 and A60."""
    monkeypatch.setattr(SystemClock, "now", lambda _: time.time_ns() // 1_000_000 - 2 * DAY_MS)
    with school(tmp_path, published=False) as here:
        course_with_an_exercise(here)
        laptop, ines = here.joined(here.sample.ines)
        trainer, sophie = here.joined(here.sample.sophie)
        learner = ines.person
        ines = hand_in(laptop, ines, here.sample.id, "Ouvrir Q7.")
        assert here.server.cli("sign")["spaces"] >= 1
        assert sophie.syncing.sync_now() is None

        (waiting,) = sophie.reviewing.queue()
        assert waiting.timed.doubt is Doubt.NONE
        assert not waiting.timed.is_apart
        here.server.cli("receipt-only", here.sample.id.hex(), "on")
        assert sophie.syncing.sync_now() is None
        assert sophie.reviewing.queue()[0].timed.doubt is Doubt.POLICY
        with pytest.raises(CommandFailed, match="No such cohort"):
            here.server.cli("receipt-only", "ff" * 16, "on")

        saved = tmp_path / "evidence.json"
        sophie.evidence.export(here.sample.id, learner, saved)
        assert "Ouvrir Q7." in saved.read_text("utf-8")
        verified = trainer.spoc("verify", str(saved), "--language", "en")
        assert (verified.returncode, verified.stderr) == (0, "")
        assert "Sound" in verified.stdout
        saved.write_text(saved.read_text("utf-8").replace("Ouvrir Q7.", "Ouvrir Q8."), "utf-8")
        assert trainer.spoc("verify", str(saved)).returncode == 1

        with pytest.raises(CommandFailed, match="--confirm ERASE"):
            here.server.cli("erase", here.sample.ines)
        assert here.server.cli("erase", here.sample.ines, "--confirm", "ERASE")["clean"]
        assert ines.syncing.sync_now() is None
        assert ines.store.view(HAND_IN) == []
        assert all(state.lost for state in ines.store.state().spaces)
        assert sophie.syncing.sync_now() is None
        names = {seen.body.person: seen.body.name for seen in sophie.store.view(MEMBER)}
        assert names[learner] == "Personne effacée"
        (kept,) = sophie.store.view(HAND_IN, spaces.personal(here.sample.id, learner))
        assert kept.body.text == "Ouvrir Q7."


def test_a_clock_that_jumps_a_year_ahead_empties_no_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults F10 and F22: what others deleted is kept for 30 days of the server's time."""
    with school(tmp_path, published=False) as here:
        laptop, ines = here.joined(here.sample.ines)
        _, sophie = here.joined(here.sample.sophie)
        cohort = spaces.cohort(here.sample.id)
        ids = [sophie.desk.new_id() for _ in range(12)]
        sophie.store.write([New(POST, cohort, id_, Post(text="Un message.", title="Sujet")) for id_ in ids])
        assert sophie.syncing.sync_now() is None
        assert ines.syncing.sync_now() is None
        sophie.store.write([Removed(POST, id_, cohort) for id_ in ids])
        assert sophie.syncing.sync_now() is None
        assert ines.syncing.sync_now() is None
        (heap,) = ines.trash.heaps()
        monkeypatch.setattr(SystemClock, "now", lambda _: time.time_ns() // 1_000_000 + 365 * DAY_MS)
        laptop.shut()
        ines = laptop.open()
        assert ines.syncing.sync_now() is None
        assert ines.trash.heaps() == (heap,)


def test_the_computer_says_which_start_this_is_and_its_uptime_goes_on() -> None:
    boot = SystemBoot()
    first, second = reading(0, boot), reading(1, SystemBoot())
    assert first.boot == second.boot
    assert len(first.boot) == 16
    assert 0 < first.uptime <= second.uptime
