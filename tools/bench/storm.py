"""reconnect_storm: hundreds of laptops come within ten seconds, each with work to send and news to fetch (F31)."""

import asyncio
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sync.protocol.messages import Batch, Create, Verdict
from tools.bench.crowd import Member, Talk, ask_all, raw

WITHIN_S = 10.0

Work = Callable[[Member], tuple[bytes, Sequence[Create]]]
"""What a laptop brings: a space, and records for it."""


@dataclass
class Storm:
    """What became of it. Times in seconds, one a laptop: from its connecting until nothing more was to say."""

    took: list[float] = field(default_factory=list)
    sent: set[bytes] = field(default_factory=set)
    accepted: int = 0
    received: int = 0
    requests: int = 0
    busy: int = 0
    failed: list[str] = field(default_factory=list)

    def at(self, percent: int) -> float:
        """A percentile of the times."""
        return statistics.quantiles(self.took, n=100)[percent - 1]


def storm(port: int, members: Sequence[Member], work: Work, within: float = WITHIN_S, **how: float) -> Storm:
    """Let them come, evenly by chance, and wait until the last is done. `how`: as for `Talk`."""
    found = Storm()

    async def all_come() -> None:
        chance = random.Random(31)  # noqa: S311  # no secret
        await asyncio.gather(
            *(_come(Talk(port, each.token, **how), each, work, chance.uniform(0, within), found) for each in members)
        )

    asyncio.run(all_come())
    return found


async def _come(line: Talk, member: Member, work: Work, at: float, found: Storm) -> None:
    space, creates = work(member)
    await asyncio.sleep(at)
    started = time.perf_counter()
    try:
        async with line as talk:
            batch = Batch(space, member.stands[space], tuple(map(raw, creates)))
            for reply in await ask_all(talk, member, member.asks([batch])):
                found.requests += 1
                found.received += sum(len(page.rows) for page in reply.pages)
                runs = [run for answer in reply.answers for run in answer.runs]
                found.accepted += sum(run.count for run in runs if run.verdict in {Verdict.ACCEPTED, Verdict.DUP})
            found.busy += talk.busy
    except (OSError, ValueError, asyncio.IncompleteReadError) as error:
        found.failed.append(f"{type(error).__name__}: {error}")
    else:
        found.sent |= {create.id for create in creates}
        found.took.append(time.perf_counter() - started)
