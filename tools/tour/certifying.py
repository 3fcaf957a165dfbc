"""The certificate: it comes by the course's rule, and is verified with nobody to ask."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.sample_session import ROOT
from tools.tour.report import Step
from tools.tour.stage import Scene, Stage


def arrives(stage: Stage, step: Step) -> None:
    """It comes by itself, numbered; she saves the PDF."""
    nadia = stage.nadia
    stage.even(nadia)
    nadia.do("arrived", kind="certificate", count=1)
    nadia.do("go", route="results")
    (save,) = nadia.do("names", beginning="save_")
    stage.picture(step, nadia, "resultats_certificat")
    target = stage.folder / "certificate"
    target.mkdir()
    nadia.do("will_choose", path=str(target))
    nadia.do("click", name=save)
    nadia.do("says", words="Enregistré sous")
    (pdf,) = target.iterdir()
    step.check(pdf.read_bytes().startswith(b"%PDF"), f"the PDF is hers: {pdf.name}")
    other = stage.even(stage.karim)["records"].get("certificate", 0)
    step.check(not other, "the second learner has none: he is not there yet")


def verified(stage: Stage, step: Step) -> None:
    """No server, no network: genuine; one byte changed: altered."""
    stage.server.stop()
    (pdf,) = (stage.folder / "certificate").iterdir()
    content = bytearray(pdf.read_bytes())
    content[len(content) // 2] ^= 1
    changed = pdf.with_name("changed.pdf")
    changed.write_bytes(content)
    with ThreadPoolExecutor(2) as pool:
        (code, said), (altered, sentence) = pool.map(lambda path: _verify(stage, path), (pdf, changed))
    step.check(code == 0, f"with the server stopped it is genuine: {said[0]}")
    step.check(any(stage.nadia.person.name in line for line in said), "it names her")
    number = next(line for line in said if line.startswith("Numéro"))
    step.check(number, number)
    step.check(altered != 0, f"with one byte changed it is not: {sentence[0]}")
    changed.unlink()
    stage.server.start()


def _verify(stage: Stage, pdf: Path) -> tuple[int, list[str]]:
    """`spoc verify` as anybody can run it on a computer that knows the organisation's key."""
    words = ("verify", str(pdf), "--home", str(stage.karim.home), "--language", "fr")
    done = subprocess.run(
        [sys.executable, "-m", "spoc_desktop.cli", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


SCENES: list[Scene] = [
    ("The certificate arrives, numbered and signed, and is saved as a PDF", arrives),
    ("Its PDF is verified with the server stopped; one byte changed is seen", verified),
]
