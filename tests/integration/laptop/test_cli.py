"""`spoc` on the command line: exit codes for scripts, words for people, secrets in pipes only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.laptop.harness import PASSWORD, School, school


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school")) as made:
        yield made


def test_join_sync_and_status_tell_how_it_stands(here: School) -> None:
    laptop = here.laptop(here.sample.ines)
    code = here.server.invite(here.sample.ines)
    words = ("join", "--server", laptop.wire.address, "--code", code, "--language", "en")
    joined = laptop.spoc(
        *words, "--password-fd", "{0}", "--passphrase-fd", "{1}", secrets_=(PASSWORD, laptop.passphrase)
    )
    assert joined.returncode == 0, joined.stderr
    assert "Recovery code" in joined.stdout
    synced = laptop.spoc("sync", "--language", "en", "--passphrase-fd", "{0}", secrets_=(laptop.passphrase,))
    assert (synced.returncode, "Nothing waits." in synced.stdout) == (0, True)
    again = laptop.spoc(
        *words, "--password-fd", "{0}", "--passphrase-fd", "{1}", secrets_=(PASSWORD, laptop.passphrase)
    )
    assert again.returncode == 4
    assert "used already" in again.stderr
    laptop.wire.cut()
    offline = laptop.spoc("sync", "--language", "fr", "--passphrase-fd", "{0}", secrets_=(laptop.passphrase,))
    assert offline.returncode == 3
    assert "Votre travail est enregistré sur cet ordinateur." in offline.stderr
    status = laptop.spoc("status", "--language", "en", "--passphrase-fd", "{0}", secrets_=(laptop.passphrase,))
    assert status.returncode == 0
    assert "Inès" in status.stdout


def test_nobody_signed_in_is_an_account_matter(here: School) -> None:
    laptop = here.laptop(here.sample.ines, "-empty")
    done = laptop.spoc("status", "--language", "en")
    assert done.returncode == 4
    assert "Nobody has signed in" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_learner_who_imports_is_told_that_they_write_no_course(here: School) -> None:
    laptop, _ = here.joined(here.sample.karim)
    laptop.shut()
    words = ("import", str(here.course_folder()), "--language", "en", "--passphrase-fd", "{0}")
    done = laptop.spoc(*words, secrets_=(laptop.passphrase,))
    assert done.returncode == 1
    assert "not the author" in done.stderr
    assert laptop.open().store.counts().waiting == 0


def test_a_secret_on_the_command_line_is_no_option_at_all(here: School) -> None:
    laptop = here.laptop(here.sample.ines, "-secret")
    done = laptop.spoc("login", "--server", laptop.wire.address, "--login", "x", "--password", "visible")
    assert done.returncode == 2
