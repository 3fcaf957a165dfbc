"""The tour: which scenes are played, in which order, and what came of them."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tools.sample_session import ROOT, SAMPLE_COURSE
from tools.tour import beginning, certifying, coming_back, ending, handing_in, learning, reviewing, talking
from tools.tour.report import Report
from tools.tour.stage import Scene, Stage

BUILD = ROOT / "build" / "tour"


def scenes(stage: Stage) -> list[Scene]:
    """The story in its order; what a course does not have is left out."""
    has_exercises = bool(stage.course.exercise())
    story = [*beginning.SCENES, *learning.CUT, *handing_in.scenes(stage), *learning.GRADED]
    story += [*talking.ASKING, *coming_back.WAITING]
    story += reviewing.DRAFTING if has_exercises else []
    story += [*talking.ANSWERING, *coming_back.SECOND, *talking.TWICE]
    story += reviewing.RETURNED if has_exercises else []
    story += coming_back.SEEING
    story += reviewing.ACCEPTED if has_exercises else []
    story += certifying.SCENES if has_exercises and stage.course.gives_certificate else []
    return [*story, *ending.SCENES]


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the tour; 0 when every step held."""
    parser = argparse.ArgumentParser(prog="tour", description="Play the guided tour off-screen.")
    parser.add_argument("--course", type=Path, default=SAMPLE_COURSE, help="the folder of another course")
    given = parser.parse_args(arguments)
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    report = Report(BUILD)
    print("The guided tour: two learners' laptops, a trainer's, a server, and a network that is cut.\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="spoc-tour-") as folder:
        stage = Stage(Path(folder), BUILD, given.course.resolve())
        story = scenes(stage)
        try:
            for name, play in story:
                if not report.run(name, partial(play, stage)):
                    break
        finally:
            stage.end()
    seconds = sum(step.seconds for step in report.steps)
    print(f"\n{sum(step.ok for step in report.steps)} of {len(story)} steps in {seconds:.0f} s.", flush=True)
    print(f"Pictures and report: {BUILD.relative_to(ROOT)}/", flush=True)
    return 0 if report.ok and len(report.steps) == len(story) else 1
