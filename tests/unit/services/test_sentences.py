"""Every way to fail has words: what is safe, what failed, what to do next, in both languages."""

import pytest

from spoc_desktop import i18n
from spoc_desktop.services import errors as service_errors
from spoc_desktop.services.refusals import REFUSALS
from spoc_desktop.services.sentences import _WORDS, Sentence, refusal, sentence
from spoc_desktop.storage import errors as store_errors
from sync.protocol import errors as sync_errors
from sync.protocol.errors import Refusal, SyncError


def named_errors(base: type[Exception]) -> list[type[Exception]]:
    """A base with everything below it."""
    return [base, *(each for below in base.__subclasses__() for each in named_errors(below))]


ALL = [
    *named_errors(SyncError),
    *named_errors(store_errors.StoreError),
    *named_errors(service_errors.ServiceError),
]


def example(kind: type[Exception]) -> Exception:
    match kind.__name__:
        case "Busy":
            return sync_errors.Busy(7.0)
        case "NotReady":
            return sync_errors.NotReady(((1, "Leçon"),))
        case "NotOpenYet":
            return service_errors.NotOpenYet(1_764_000_000_000)
        case "NoAttemptsLeft":
            return service_errors.NoAttemptsLeft(2)
        case "WrittenByNewerProgram":
            return store_errors.WrittenByNewerProgram(9, 1)
        case "TooLargeToSave":
            return store_errors.TooLargeToSave(70_000, 65_536)
    return kind()


@pytest.fixture(params=["fr", "en"], autouse=True)
def language(request: pytest.FixtureRequest) -> object:
    before = i18n.language()
    i18n.use(request.param)
    yield
    i18n.use(before)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_words_of_its_own(kind: type[Exception]) -> None:
    assert kind in _WORDS
    said = sentence(example(kind))
    assert said.failed
    assert said.next
    assert "{" not in str(said)


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_has_words_and_says_that_the_text_is_kept(code: Refusal) -> None:
    assert code in REFUSALS
    said = refusal(code)
    assert said.safe
    assert said.failed
    assert said.next


def test_no_two_errors_say_the_same_thing_failed() -> None:
    said = [sentence(example(kind)).failed for kind in ALL]
    assert len(said) == len(set(said))


def test_an_error_that_nobody_named_still_says_what_is_safe() -> None:
    said = sentence(RuntimeError("boom"))
    assert said.safe
    assert "boom" not in str(said)


def test_a_later_kind_of_an_error_gets_the_words_of_its_base() -> None:
    class Later(sync_errors.CaptivePortal):
        pass

    assert sentence(Later()) == sentence(sync_errors.CaptivePortal())
    assert isinstance(sentence(Later()), Sentence)
