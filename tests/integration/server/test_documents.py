"""Shared documents through a real server and real stores: nobody's text is lost, whatever the order and the folding."""

from __future__ import annotations

from spoc_desktop.services import documents as service
from spoc_desktop.services.attention import attention_items
from sync.content.shared_text import SharedText, joined
from sync.domain.documents import UPDATE, Update, client_of
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Refusal
from tests.integration.server.world import Laptop, World, verdicts
from tests.integration.server.writers import DAY, Person, begun, typed


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


def pushed(laptop: Laptop, raw: bytes) -> str:
    space = laptop.world.space(SpaceType.COHORT)
    ((_, verdict, _, refusal),) = verdicts(
        laptop.push(space, laptop.create(UPDATE, Update(document=b"d" * 16, update=raw)))
    )
    return Refusal(refusal).name if verdict == "REFUSED" else verdict


def test_hostile_updates_are_refused_one_by_one(world: World) -> None:
    ines, karim = world.laptop("ines"), world.laptop("karim")
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


def test_a_second_laptop_of_the_same_person_may_send_what_the_first_wrote(world: World) -> None:
    """An entry keeps its update when it gets a new name."""
    first, second = world.laptop("ines"), world.laptop("ines")
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
