"""What goes wrong on the way, drawn for one sync."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.faults.wire_proxy import (
    bad_gateway,
    change_a_byte,
    cut_the_answer,
    hang_up_after,
    let_through,
    lose_the_answer,
    sign_in_page,
)
from tests.soak.stage import Laptop, Stage

_WIRE = (lose_the_answer, cut_the_answer, change_a_byte, sign_in_page, bad_gateway)


@contextmanager
def a_fault(stage: Stage, laptop: Laptop, *, may_kill: bool) -> Iterator[str]:
    """Let something go wrong while the block runs, or nothing; the wire is sound again afterwards."""
    luck, wire = stage.rng.random(), laptop.wire
    good = [let_through] * stage.rng.randrange(3)
    end: Callable[[], None] = lambda: None  # noqa: E731
    if luck < 0.4:
        name = "none"
    elif luck < 0.8:
        chosen = stage.rng.choice(_WIRE)
        wire.plan[:] = [*good, chosen]
        name = chosen.__name__
    elif luck < 0.95 or not may_kill:
        wire.plan[:] = [*good, hang_up_after(stage.rng.randrange(60))]
        name = "hang_up"
    else:
        end, name = _killing(stage, stage.rng.random() / 20), "server_killed"
    try:
        yield name
    finally:
        wire.plan.clear()
        end()


def _killing(stage: Stage, seconds: float) -> Callable[[], None]:
    """Kill the server in a moment; what is given back starts it again."""

    def kill() -> None:
        time.sleep(seconds)
        stage.server.kill()

    thread = threading.Thread(target=kill)
    thread.start()

    def again() -> None:
        thread.join()
        stage.server.start()

    return again
