"""What a process has answered since it began, counted for monitoring; no clock, no disk, no person."""

from collections import Counter
from collections.abc import Iterable
from threading import Lock

from sync.protocol.errors import Refusal
from sync.protocol.messages import BatchAnswer, Verdict


class Tally:
    """Counts entries by what became of them."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def note(self, answers: Iterable[BatchAnswer]) -> None:
        """Count the answers of a push."""
        with self._lock:
            for answer in answers:
                for run in answer.runs:
                    self._counts[_name(run.verdict, run.refusal)] += run.count

    def counts(self) -> dict[str, int]:
        """The counts so far: `accepted`, `dup`, `fork`, `refused_…`."""
        with self._lock:
            return dict(self._counts)


def _name(verdict: Verdict, refusal: int) -> str:
    return f"refused_{Refusal(refusal).name.lower()}" if verdict is Verdict.REFUSED else verdict.name.lower()
