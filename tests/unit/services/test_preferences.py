"""What a person chose follows them from laptop to laptop, and is written once."""

from collections.abc import Iterator

import pytest

from spoc_desktop.services.preferences import Preferences
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.ids import derived
from sync.domain.people import SETTINGS, Settings
from tests.unit.services.classroom import NADIA, Laptop, learner_laptop


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = learner_laptop()
    yield laptop
    laptop.store.close()


def test_nothing_chosen_means_as_the_system_says(laptop: Laptop) -> None:
    assert Preferences(laptop.desk).get() == Settings()


def test_a_choice_is_kept_beside_the_others_and_waits_to_be_sent(laptop: Laptop) -> None:
    preferences = Preferences(laptop.desk)
    preferences.choose(language="en")
    preferences.choose(theme="dark", text_percent=150)
    assert preferences.get() == Settings(language="en", theme="dark", text_percent=150)
    assert laptop.store.counts().waiting == 1, "a change that has not left takes the next one in"


def test_the_same_choice_again_is_not_written_again(laptop: Laptop) -> None:
    preferences = Preferences(laptop.desk)
    preferences.choose(language="en")
    assert preferences.choose(language="en", text_percent=100) == Changes()
    assert laptop.store.counts().waiting == 1


def test_a_choice_made_on_another_laptop_is_edited_here(laptop: Laptop) -> None:
    laptop.told(spaces.own(NADIA), (SETTINGS, derived("settings", NADIA), Settings(language="fr", theme="light")))
    preferences = Preferences(laptop.desk)
    preferences.choose(theme="dark")
    assert preferences.get() == Settings(language="fr", theme="dark")
