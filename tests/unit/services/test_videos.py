"""Videos: captions as they are written in the wild, words found in them, and what counts as watched."""

import pytest

from spoc_desktop.services.videos import Cue, WatchLog, cue_at, find_words, line_at, read_cues
from sync.domain.files import Attachment
from sync.domain.videos import Video

FILE = Attachment(sha256=bytes(32), name="film.webm", size=1)
FILM = Video(file=FILE, milliseconds=40_000)
CUES = (
    Cue(1_000, 4_000, "L’organe est ouvert."),
    Cue(5_000, 9_000, "Ensuite, l’étiquette :\nmon nom, l’Étiquette."),
    Cue(9_000, 12_000, "Le cœur de l’affaire."),
)


def test_captions_lose_their_markup_and_keep_their_lines() -> None:
    found = read_cues("WEBVTT\n\n1\n00:01.000 --> 00:02.500\n<v Hélène>Je <b>tire</b> dessus,\npuis la clé.\n".encode())
    assert found == (Cue(1_000, 2_500, "Je tire dessus,\npuis la clé."),)


def test_a_byte_order_mark_and_the_line_ends_of_windows_do_no_harm() -> None:
    text = "\ufeffWEBVTT\r\n\r\n00:00:01.000 --> 00:00:02.000\r\nUn\r\n\r\n00:00:02.000 --> 00:00:03.000\r\nDeux\r\n"
    assert [cue.text for cue in read_cues(text.encode())] == ["Un", "Deux"]


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"1\n00:00:01,000 --> 00:00:02,000\nsrt\n", b"WEBVTT"])
def test_a_file_that_holds_no_captions_gives_none_and_no_error(content: bytes) -> None:
    assert read_cues(content) == ()


def test_captions_stand_in_the_order_of_time_and_those_that_never_show_are_left_out() -> None:
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na\n\n00:03.000 --> 00:03.000\nnever\n"
    assert [cue.text for cue in read_cues(text.encode())] == ["a", "b"]


def test_a_caption_is_over_in_the_pause_while_its_line_stays_marked() -> None:
    assert cue_at(CUES, 4_500) is None
    assert line_at(CUES, 4_500) == 0
    assert cue_at(CUES, 9_000) == 2
    assert line_at(CUES, 0) is None


def test_words_are_found_without_case_and_accents_and_lead_back_to_the_letters_as_written() -> None:
    found = find_words(CUES, "etiquette")
    assert [(line, CUES[line].line[start:end]) for line, start, end in found] == [(1, "étiquette"), (1, "Étiquette")]


def test_a_ligature_is_found_by_its_two_letters() -> None:
    ((line, start, end),) = find_words(CUES, "coeur")
    assert CUES[line].line[start:end] == "cœur"


@pytest.mark.parametrize("words", ["", "   ", "cadenas"])
def test_nothing_typed_or_nothing_said_is_found_nowhere(words: str) -> None:
    assert find_words(CUES, words) == ()


def played(log: WatchLog, start: int, end: int, rate: float = 1.0) -> list[tuple[int, int]]:
    """Play from a moment to another in steps of half a second."""
    steps = range(start, end + 1, 500)
    return [new for moment in steps if (new := log.pass_by(moment, moment / 1000 / rate)) is not None]


def test_fifteen_seconds_count_when_two_thirds_of_them_were_played_with_the_time_that_took() -> None:
    log = WatchLog(FILM, frozenset())
    assert played(log, 0, 9_500) == []
    assert played(log, 9_500, 10_000) == [(0, 10)]
    assert log.seen == {0}


def test_at_double_speed_half_the_time_is_credited() -> None:
    assert played(WatchLog(FILM, frozenset()), 0, 40_000, rate=2.0) == [(0, 5), (1, 5), (2, 4)]


def test_jumping_through_a_film_is_not_watching_it() -> None:
    log = WatchLog(FILM, frozenset())
    assert [log.pass_by(moment, moment / 10_000) for moment in range(0, 40_000, 5_000)] == [None] * 8


def test_what_counts_already_is_not_counted_again() -> None:
    assert played(WatchLog(FILM, frozenset({0})), 0, 14_000) == []


def test_going_back_and_playing_on_does_not_add_the_jump() -> None:
    log = WatchLog(FILM, frozenset())
    played(log, 0, 5_000)
    log.still()
    assert played(log, 1_000, 3_000) == []
