"""What a laptop will say once it has taken a reply in, so that the next request can leave before that is on the disk.

Pure. What is foreseen is never trusted: the request is made again from the store, and sent anew when it differs.
"""

from collections.abc import Iterable

from sync.client.ports import Laptop, SpaceState
from sync.client.steps import Apply, Backed, Begin, Claim, Confirm, MarkSafe, Reach, Stage, Step
from sync.protocol.messages import START, Cursor


def foreseen(laptop: Laptop, steps: Iterable[Step]) -> Laptop | None:
    """The laptop as far as a request is made from it, once these steps are done; None when they leave the usual way.

    Taken for granted: that checksums agree.
    """
    states = {state.space: state for state in laptop.spaces}
    for step in steps:
        if isinstance(step, Confirm | MarkSafe):
            continue
        if isinstance(step, Backed):
            laptop = laptop._replace(backup=step.number)
            continue
        if not isinstance(step, Claim | Begin | Apply | Stage | Reach):
            return None
        states[step.space] = _after(states.get(step.space, SpaceState(step.space, START, START, visible=False)), step)
    return laptop._replace(spaces=tuple(states[space] for space in sorted(states)))


def _after(state: SpaceState, step: Claim | Begin | Apply | Stage | Reach) -> SpaceState:
    match step:
        case Claim(cursor=cursor):
            return state._replace(claim=max(state.claim, cursor, key=lambda one: (one.epoch, one.seq)))
        case Begin(epoch=epoch):
            start = Cursor(epoch, 0)
            begun = state._replace(claim=START, lost=False, compare=False)
            return begun._replace(staged=start) if state.visible else begun._replace(cursor=start, staged=None)
        case Apply(cursor=cursor):
            return state._replace(cursor=cursor, staged=None)
        case Stage(cursor=cursor):
            return state._replace(staged=cursor)
        case Reach():
            return state._replace(cursor=state.standing, staged=None, visible=True)
