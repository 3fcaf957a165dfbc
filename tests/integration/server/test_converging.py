"""Many laptops write one document offline, updates are folded: all end with the same text, and no word is lost."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.content.shared_text import SharedText
from sync.domain.documents import Update, client_of
from sync.domain.text_edits import Splice
from sync.server.sync import folding
from sync.server.sync.folding import Old


class Model:
    """A server that keeps a log and folds, and laptops that have some of it: rules only, so that many can be played."""

    def __init__(self) -> None:
        self.snapshot = SharedText().state
        self.log: list[Old] = []
        self.gone = 0

    def fold(self, count: int) -> None:
        done = folding.folded(self.snapshot, (), self.log[:count])
        self.snapshot, self.log = done.state, self.log[len(done.olds) :]
        self.gone += len(done.olds)


class Player:
    def __init__(self, number: int, model: Model) -> None:
        self.client, self.model, self.waiting = client_of(number), model, list[bytes]()
        self.sync()

    def sync(self) -> None:
        for raw in self.waiting:
            seq = len(self.model.log) + self.model.gone + 1
            body = Update(document=b"d" * 16, update=raw)
            self.model.log.append(Old(seq, seq.to_bytes(16, "big"), bytes(16), seq, body))
        self.waiting = []
        self.told = [self.model.snapshot, *(old.body.update for old in self.model.log)]

    def text(self) -> str:
        return SharedText([*self.told, *self.waiting]).text

    def edit(self, at: int, gone: int, words: str) -> str:
        """What was there and goes."""
        text = SharedText([*self.told, *self.waiting], self.client)
        at %= len(text.text) + 1
        taken = text.text[at : at + gone]
        self.waiting += text.change([Splice(at, len(taken), words)])
        return taken


_EDIT = st.tuples(st.just("edit"), st.integers(0, 2), st.integers(0, 200), st.integers(0, 6))
_STEP = st.one_of(
    _EDIT,
    _EDIT,
    st.tuples(st.just("sync"), st.integers(0, 2), st.just(0), st.just(0)),
    st.tuples(st.just("fold"), st.integers(0, 8), st.just(0), st.just(0)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEP, max_size=25))
def test_three_laptops_that_write_offline_have_the_same_text_and_nobody_lost_a_word(
    steps: list[tuple[str, int, int, int]],
) -> None:
    model = Model()
    players = [Player(number, model) for number in range(3)]
    written, taken = set[str](), set[str]()
    for number, (what, who, at, gone) in enumerate(steps):
        if what == "edit":
            sign = chr(0x4E00 + number)  # a letter that nobody else ever writes
            taken |= set(players[who].edit(at, gone, sign))
            written.add(sign)
        elif what == "sync":
            players[who].sync()
        else:
            model.fold(who)
    for player in players * 2:
        player.sync()
    model.fold(len(model.log))
    players[0].sync()
    texts = {player.text() for player in players}
    assert len(texts) == 1
    assert set(texts.pop()) == written - taken
