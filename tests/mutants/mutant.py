"""What a known bug is: a change of lines, and the seed or test that fails on it."""

from typing import NamedTuple


class Change(NamedTuple):
    """Lines of a file that are there exactly once, and what takes their place."""

    path: str
    before: str
    after: str


class Seed(NamedTuple):
    """A seed of the simulation; `real`: with the real server in place of the model."""

    number: int
    real: bool = False


class Mutant(NamedTuple):
    """A bug. `caught_by`: a seed, or the arguments for pytest."""

    name: str
    changes: tuple[Change, ...]
    caught_by: Seed | str
