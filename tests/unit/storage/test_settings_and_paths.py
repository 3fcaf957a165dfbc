"""Where things are kept, what this computer remembers, what IT decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spoc_desktop import managed, paths
from spoc_desktop.settings import APPEARANCE, LANGUAGE, SERVER, SETTINGS, WINDOW, Settings, read_values
from spoc_desktop.storage.store import LocalStore
from tests.unit.storage.support import KEY, ME
from tests.unit.storage.support import SERVER as SERVER_ID


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "settings.json"


def test_what_was_remembered_is_there_at_the_next_start(file: Path) -> None:
    first = Settings(file)
    assert [first.get(name) for name in SETTINGS] == [None, None, None, ""]
    first.set("language", "fr")
    first.set("window", [10, 20, 800, 600, 1])
    first.set("appearance", {"mode": "dark", "scale": 150})
    again = Settings(file)
    assert again.value(LANGUAGE) == "fr"
    assert again.value(WINDOW) == [10, 20, 800, 600, 1]
    assert again.value(APPEARANCE) == {"mode": "dark", "scale": 150}
    assert not file.with_name("settings.json.new").exists()


@pytest.mark.parametrize(
    "said",
    [
        {"language": "klingon", "window": [1, 2], "server": 5, "appearance": []},
        {"language": ["fr"], "window": [0, 0, 0, 0, 0], "server": None, "appearance": 3},
        {"language": None, "window": "x", "server": [], "appearance": "dark"},
        [],
    ],
)
def test_a_value_that_cannot_be_used_is_the_default_and_the_others_hold(file: Path, said: object) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps(said))
    assert [Settings(file).get(name) for name in SETTINGS] == [None, None, None, ""]


def test_a_file_that_cannot_be_read_is_set_aside(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff{")
    settings = Settings(file)
    settings.set("server", "https://spoc.example")
    assert Settings(file).value(SERVER) == "https://spoc.example"
    assert file.with_name("settings.json.damaged").read_bytes() == b"\xff{"


def test_a_disk_that_takes_nothing_keeps_the_window_going(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("a file where a folder should be")
    settings = Settings(tmp_path / "deep" / "settings.json")
    settings.set("language", "en")
    assert settings.get("language") == "en"


def test_what_nobody_declared_is_a_fault(file: Path) -> None:
    with pytest.raises(KeyError):
        Settings(file).set("password", "secret")
    assert read_values(file) == {}


def test_each_setting_says_what_it_is_for() -> None:
    assert all(one.name == name and one.says.endswith(".") for name, one in SETTINGS.items())


def test_the_root_can_be_moved_and_each_person_has_a_place_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usual = paths.root()
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert usual != paths.root() == tmp_path
    assert paths.known_stores() == []
    LocalStore.create(paths.store_file(SERVER_ID, ME), KEY, server=SERVER_ID, person=ME).close()
    assert paths.known_stores() == [(SERVER_ID, ME)]
    assert paths.person(SERVER_ID, ME) != paths.person(SERVER_ID, b"x" * 16) != paths.person(b"x" * 16, ME)
    places = [paths.settings_file(), paths.lock_file(), paths.log_file(), paths.key_file(SERVER_ID, ME)]
    assert all(place.is_relative_to(tmp_path) for place in places)


def test_a_folder_with_a_strange_name_is_nobodys_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    for name in ("ab.set-aside-1", "ab"):
        (paths.people() / "cd" / name).mkdir(parents=True)
        (paths.people() / "cd" / name / "store.db").touch()
    assert paths.known_stores() == [(b"\xcd", b"\xab")]


def test_it_decides_for_the_computer_where_it_wrote_a_policy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert managed.place().is_absolute()
    monkeypatch.setenv(managed.POLICY_VARIABLE, str(tmp_path / "policy.json"))
    assert managed.read(managed.place()) == managed.Policy()
    managed.place().write_text('{"server": "https://spoc.example", "language": "fr", "later": 1}')
    assert managed.read(managed.place()) == managed.Policy("https://spoc.example", "fr")


@pytest.mark.parametrize("content", ["{", "[]", '{"server": 5}'])
def test_a_policy_that_cannot_be_read_decides_nothing_and_says_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "policy.json").write_text(content)
    policy = managed.read(tmp_path / "policy.json")
    assert (policy.server, policy.language, policy.proxy) == ("", "", "")
    assert "policy.json" in policy.trouble
