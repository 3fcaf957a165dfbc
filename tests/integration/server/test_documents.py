"""Shared documents through a real server and real stores: nobody's text is lost, whatever the order and the folding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spoc_desktop.services import documents as service
from spoc_desktop.services.attention import attention_items
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.documents import Documents
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.workplace import SystemChance
from spoc_desktop.storage.store import LocalStore
from sync.client.engine import Engine
from sync.content.shared_text import SharedText, joined
from sync.domain.documents import KEPT_MS, UPDATE, Update, client_of
from sync.domain.ids import PersonId
from sync.domain.merge import FOLDED
from sync.domain.spaces import SpaceType
from sync.domain.text_edits import Splice, splices
from sync.domain.updates import EMPTY
from sync.protocol import wire
from sync.protocol.errors import Refusal
from sync.protocol.limits import MAX_REPLY, MAX_REQUEST
from sync.protocol.messages import SyncReply, SyncRequest
from sync.server.sync import folding
from sync.server.sync.folding import Old
from tests.integration.server.world import POSTGRESQL, SQLITE, Laptop, World, verdicts, world

DAY = 86_400_000


class Person:
    """A person's store, engine and documents over the real server, by the server's clock."""

    def __init__(self, school: World, login: str) -> None:
        self.school = school
        self.laptop = school.laptop(login)
        self.person = PersonId(school.id_of(login))
        self.store = LocalStore.in_memory(server=school.core.server, person=self.person, now=self.now)
        self.documents = Documents(Desk(self.store, self.person, self, SystemChance()))
        self._engine = Engine(self.store, self, self, SystemChance())

    def now(self) -> int:
        return self.school.now

    def monotonic(self) -> int:
        return self.school.now

    def exchange(self, request: SyncRequest) -> SyncReply:
        asked = wire.unpack(SyncRequest, wire.pack(request), MAX_REQUEST)
        return wire.unpack(SyncReply, wire.pack(self.laptop.exchange(asked)), MAX_REPLY)

    def sync(self) -> None:
        self._engine.sync()

    def text(self, document: bytes) -> str:
        return self.documents.open(document).text

    def type(self, document: bytes, after: str) -> None:
        self.documents.write(document, self.text(document), after)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@contextmanager
def two_people(school: World) -> Iterator[tuple[Person, Person]]:
    ines, karim = Person(school, "ines"), Person(school, "karim")
    ines.sync()
    karim.sync()
    yield ines, karim
    ines.store.close()
    karim.store.close()


@pytest.fixture
def people(school: World) -> Iterator[tuple[Person, Person]]:
    with two_people(school) as found:
        yield found


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def people_anywhere(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Person, Person]]:
    with world(tmp_path, request.param) as made, two_people(made) as found:
        yield found


def begun(ines: Person, karim: Person, text: str) -> bytes:
    id_ = ines.documents.begin(ines.school.space(SpaceType.COHORT), "Notre rapport", text).id
    ines.sync()
    karim.sync()
    return id_


def test_two_people_in_the_same_paragraph_keep_both_their_words(people: tuple[Person, Person]) -> None:
    ines, karim = people
    id_ = begun(ines, karim, "Le filtre laisse passer un message. Nous le voyons.")
    ines.type(id_, "Le filtre laisse parfois passer un message. Nous le voyons.")
    karim.type(id_, "Le filtre laisse passer un message piégé. Nous le voyons tout de suite.")
    for each in (ines, karim, ines):
        each.sync()
    wanted = "Le filtre laisse parfois passer un message piégé. Nous le voyons tout de suite."
    assert ines.text(id_) == karim.text(id_) == wanted
    assert [(one.person, one.updates) for one in ines.documents.shares(id_)] == sorted(
        [(ines.person, 2), (karim.person, 1)]
    )


def test_what_is_typed_before_it_leaves_is_one_update_and_what_left_is_never_changed(
    people: tuple[Person, Person],
) -> None:
    ines, karim = people
    id_ = begun(ines, karim, "a")
    for letter in "bcdef":
        ines.type(id_, ines.text(id_) + letter)
    assert len([entry for entry in ines.store.outbox_list() if entry.kind == UPDATE.number]) == 1
    ines.store.waiting(100, 10**6)  # a sync has taken it along
    ines.type(id_, "abcdefg")
    assert len([entry for entry in ines.store.outbox_list() if entry.kind == UPDATE.number]) == 2
    ines.sync()
    karim.sync()
    assert karim.text(id_) == "abcdefg"


def test_what_came_while_a_person_typed_stays(people: tuple[Person, Person]) -> None:
    ines, karim = people
    id_ = begun(ines, karim, "un deux trois")
    karim.type(id_, "zéro un deux trois")
    karim.sync()
    ines.sync()  # the page of Inès still shows the older text
    ines.documents.write(id_, "un deux trois", "un deux et demi trois")
    assert ines.text(id_) == "zéro un deux et demi trois"


def test_a_version_is_read_and_brought_back_and_nothing_written_since_is_lost(people: tuple[Person, Person]) -> None:
    ines, karim = people
    id_ = begun(ines, karim, "Première version.")
    ines.school.now += DAY
    karim.type(id_, "Tout est effacé.")
    karim.sync()
    ines.sync()
    newest, first = ines.documents.versions(id_)
    assert (newest.author, first.author) == (karim.person, ines.person)
    assert ines.documents.version(id_, first.id) == "Première version."
    ines.documents.bring_back(id_, first.id)
    ines.sync()
    karim.sync()
    assert karim.text(id_) == "Première version."
    assert karim.documents.version(id_, newest.id) == "Tout est effacé."


def folded_rows(person: Person) -> int:
    space = person.school.space(SpaceType.COHORT)
    person.laptop.pull()
    return sum(bytes(row.body) == FOLDED for row in person.laptop.rows[space].values())


def test_old_updates_are_folded_younger_versions_stay_and_a_new_laptop_reads_the_same(
    people_anywhere: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "UPDATES", 3)
    ines, karim = people_anywhere
    id_ = begun(ines, karim, "un")
    for word in ("deux", "trois", "quatre"):
        ines.type(id_, f"{ines.text(id_)} {word}")
        ines.sync()
    ines.school.now += KEPT_MS - DAY
    karim.sync()
    karim.type(id_, "un deux trois quatre cinq")
    karim.sync()
    assert folding.fold_space(ines.school.core, ines.school.space(SpaceType.COHORT)) == 0
    ines.school.now += 2 * DAY
    assert folding.fold_space(ines.school.core, ines.school.space(SpaceType.COHORT)) == 4
    fresh = Person(ines.school, "sophie")
    for each in (ines, karim, fresh):
        each.sync()
        assert each.text(id_) == "un deux trois quatre cinq"
        assert len(each.documents.versions(id_)) == 1
    assert folded_rows(fresh) == 4
    assert [(one.person, one.updates, one.characters) for one in fresh.documents.shares(id_)] == sorted(
        [(ines.person, 4, 20), (karim.person, 1, 5)]
    )
    ines.type(id_, "zéro " + ines.text(id_))
    ines.sync()
    fresh.sync()
    assert fresh.text(id_) == "zéro un deux trois quatre cinq"
    fresh.store.close()


def test_documents_are_looked_at_once_a_day(people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "UPDATES", 1)
    ines, karim = people
    core = ines.school.core
    id_ = begun(ines, karim, "un")
    ines.school.now += KEPT_MS + DAY
    assert folding.fold_due(core) == 1
    karim.type(id_, "un deux")
    karim.sync()
    ines.school.now += DAY - 1
    assert folding.fold_due(core) == 0
    ines.school.now += KEPT_MS
    assert folding.fold_due(core) == 1
    assert folded_rows(ines) == 2


def test_a_snapshot_too_long_for_a_row_is_a_file_and_the_text_waits_for_it(
    people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "UPDATES", 1)
    monkeypatch.setattr(folding, "INLINE", 1000)
    ines, karim = people
    long = " ".join(f"mot{number}" for number in range(400))
    id_ = begun(ines, karim, long)
    ines.school.now += KEPT_MS + 1
    assert folding.fold_space(ines.school.core, ines.school.space(SpaceType.COHORT)) == 1
    karim.sync()
    opened = karim.documents.open(id_)
    assert not opened.complete
    with pytest.raises(NotHereYet):
        karim.documents.write(id_, "", "x")
    (wanted,) = karim.store.files_wanted()
    karim.store.files_came({wanted.sha256: b"".join(ines.school.core.files.parts(wanted.sha256, wanted.size))})
    assert karim.text(id_) == long


def test_an_update_that_was_folded_and_is_offered_again_after_a_restore_is_done_already(
    people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "UPDATES", 1)
    ines, karim = people
    begun(ines, karim, "un")
    ines.school.now += KEPT_MS + 1
    folding.fold_space(ines.school.core, ines.school.space(SpaceType.COHORT))
    laptop = ines.laptop
    laptop.pull()
    rows = laptop.rows[ines.school.space(SpaceType.COHORT)].values()
    (gone,) = [row for row in rows if bytes(row.body) == FOLDED]
    body = Update(document=bytes(16), update=joined(SharedText(client=1).change(splices("", "un"))))
    again = laptop.push(ines.school.space(SpaceType.COHORT), laptop.create(UPDATE, body, gone.id))
    assert verdicts(again)[0][1] == "DUP"


# ------------------------------------------------------------------------------------------------------------- hostile


def pushed(laptop: Laptop, raw: bytes) -> str:
    space = laptop.world.space(SpaceType.COHORT)
    ((_, verdict, _, refusal),) = verdicts(
        laptop.push(space, laptop.create(UPDATE, Update(document=b"d" * 16, update=raw)))
    )
    return Refusal(refusal).name if verdict == "REFUSED" else verdict


def typed(text: SharedText, words: str) -> bytes:
    return joined(text.change([Splice(len(text.text), 0, words)]))


def test_hostile_updates_are_refused_one_by_one(school: World) -> None:
    ines, karim = school.laptop("ines"), school.laptop("karim")
    mine = SharedText(client=client_of(ines.writer))
    first, second, third = (typed(mine, word) for word in ("un ", "deux ", "trois "))
    assert pushed(ines, b"\x01\xff") == "INVALID"
    assert pushed(ines, b"\xff" * 5000) == "INVALID"
    assert pushed(ines, first) == "ACCEPTED"
    assert pushed(ines, third) == "MISSING"
    assert pushed(ines, first) == "EXISTS"
    assert pushed(ines, second) == "ACCEPTED"
    assert pushed(ines, third) == "ACCEPTED"
    assert pushed(karim, typed(mine, "quatre")) == "NOT_ALLOWED"
    assert pushed(karim, joined([typed(mine, "cinq"), typed(SharedText(client=3), "x")])) == "NOT_ALLOWED"
    assert pushed(ines, bytes.fromhex("00014d010001")) == "ACCEPTED"


def test_a_second_laptop_of_the_same_person_may_send_what_the_first_wrote(school: World) -> None:
    """An entry keeps its update when it gets a new name."""
    first, second = school.laptop("ines"), school.laptop("ines")
    mine = SharedText(client=client_of(first.writer))
    assert pushed(first, typed(mine, "un ")) == "ACCEPTED"
    assert pushed(second, typed(mine, "deux ")) == "ACCEPTED"


def test_words_that_lost_their_access_or_were_refused_are_offered_as_text(people: tuple[Person, Person]) -> None:
    ines, karim = people
    id_ = begun(ines, karim, "Ensemble.")
    karim.type(id_, "Ensemble. Une phrase de Karim, jamais partie.")
    karim.school.administration.unenrol(karim.school.cohort, "karim")
    karim.sync()
    (one,) = service.offered(karim.store.outbox_list())
    assert (one.document, one.text, one.refusal) == (id_, " Une phrase de Karim, jamais partie.", None)
    assert [item.texts for item in attention_items(karim.store)] == [(" Une phrase de Karim, jamais partie.",)]


def test_an_update_that_waits_for_one_still_to_come_is_not_folded() -> None:
    """Folded, its words would be gone for ever: a state does not hold what hangs in the air."""
    text = SharedText(client=client_of(1))
    first, second = typed(text, "un "), typed(text, "deux")
    olds = [
        Old(seq, bytes(16), bytes(16), seq, Update(document=b"d" * 16, update=raw))
        for seq, raw in enumerate((second, first))
    ]
    assert folding.folded(EMPTY, (), olds[:1]).olds == ()
    assert folding.folded(EMPTY, (), olds).olds == tuple(olds), "in whatever order they came"


@pytest.mark.parametrize("at_once", [1, 100])
def test_an_update_whose_origin_never_comes_stays_as_it_is_and_all_others_are_folded(
    people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """A server that was restored may lack words that others wrote beside, as long as their laptop is away."""
    monkeypatch.setattr(folding, "UPDATES", 1)
    monkeypatch.setattr(folding, "_AT_ONCE", at_once)
    ines, karim = people
    core, space = ines.school.core, ines.school.space(SpaceType.COHORT)
    id_ = begun(ines, karim, "un")
    away = ines.school.laptop("karim", 99)
    lost = typed(SharedText(client=client_of(99)), "perdu ")
    beside = typed(SharedText([lost], client=client_of(karim.laptop.writer)), "suite")
    waiting = karim.laptop.create(UPDATE, Update(document=id_, update=beside))
    assert verdicts(karim.laptop.push(space, waiting))[0][1] == "ACCEPTED"
    for word in ("deux", "trois"):
        ines.sync()
        ines.type(id_, f"{ines.text(id_)} {word}")
    ines.sync()
    ines.school.now += KEPT_MS + DAY
    assert folding.fold_space(core, space) == 3
    fresh = Person(ines.school, "sophie")
    fresh.sync()
    assert fresh.text(id_) == "un deux trois"
    fresh.laptop.pull()
    assert bytes(fresh.laptop.rows[space][waiting.id].body) == bytes(waiting.body)
    away.push(space, away.create(UPDATE, Update(document=id_, update=lost)))
    ines.school.now += KEPT_MS + DAY
    assert folding.fold_space(core, space) + folding.fold_space(core, space) == 2
    fresh.sync()
    assert all(word in fresh.text(id_) for word in ("un deux trois", "perdu suite"))
    fresh.store.close()


def test_what_stands_on_a_part_of_an_update_that_waits_is_not_folded_without_it() -> None:
    lost, karim = SharedText(client=client_of(9)), SharedText(client=client_of(1))
    first = typed(karim, "un ")
    karim.take(typed(lost, "perdu "))
    both = joined([first, *karim.change([Splice(len(karim.text), 0, "deux")])])
    ines = SharedText([first], client=client_of(2))
    olds = [
        Old(seq, bytes(16), bytes(16), seq, Update(document=b"d" * 16, update=raw))
        for seq, raw in enumerate((both, typed(ines, "trois")))
    ]
    assert folding.folded(EMPTY, (), olds).olds == ()


# --------------------------------------------------------------------------------------------------------- convergence


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


def test_the_list_says_who_wrote_what_waits_and_what_is_archived(people: tuple[Person, Person]) -> None:
    ines, karim = people
    space = ines.school.space(SpaceType.COHORT)
    first = begun(ines, karim, "un")
    ines.school.now += DAY
    second = karim.documents.begin(space, "Un autre").id
    assert [(row.id, row.waiting) for row in karim.documents.documents(space)] == [(second, True), (first, False)]
    ines.documents.rename(first, "Notre rapport final")
    ines.documents.archive(first, archived=True)
    karim.type(first, "un deux")
    for each in (ines, karim, ines):
        each.sync()
    rows = {row.id: row for row in ines.documents.documents(space)}
    assert (rows[first].title, rows[first].archived, rows[first].author) == ("Notre rapport final", True, ines.person)
    assert set(rows[first].people) == {ines.person, karim.person}
    assert (rows[second].people, rows[second].waiting) == ((), False)
    assert ines.documents.open(second).text == ""
    karim.documents.rename(first, "Pas le sien")
    karim.sync()
    assert [entry.refusal for entry in karim.store.outbox_list()] == [Refusal.NOT_ALLOWED]
